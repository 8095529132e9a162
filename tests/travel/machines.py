"""Timelines of small guests that trap, are interrupted, change their own code, and use console and disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.travel import journal
from ring1.dbt.travel.body import Body, Kind
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import ENTRY
from ring1.dbt.travel.timeline import Timeline
from ring1.dbt.travel.transcript import Transcript
from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load
from tests.programs import PROGRAMS

HERE = [name for name in ("interp", "bare", "bt", "hw", "kvm") if not ENGINES[name].why_not()]
"""Engines that are equivalent on every machine."""
GUESTS = ("timer", "traps", "smc", "disk", "echo", "holes")
RAM = 1 << 20
State = tuple[Any, ...]


def program(name: str) -> Program:
    return assemble_files(load("pg32"), [str(next(p for p in PROGRAMS if p.name == name).source)])


def text(source: str) -> Program:
    return assemble(load("pg32"), [("test.s", source)])


@contextmanager
def timeline(
    engine: str, made: Program, stdin: bytes | None = b"", disk: bytes | None = None, ram: int = RAM, **options: Any
) -> Iterator[Timeline]:
    """The timeline of a program at reset; its console's input is closed, unless `stdin` is None."""
    body = Body(Kind(load("pg32"), ram, made.image, sectors=disk), ENGINES[engine], Transcript())
    body.vm.load(made.image, made.entry)
    line = Timeline(body, **options)
    try:
        if stdin is not None:
            line.change(journal.fed(stdin))
            line.change(journal.closed)
        yield line
    finally:
        line.close()


@contextmanager
def example(engine: str, name: str) -> Iterator[Timeline]:
    """The timeline of an example, with the input and the disk that tests/programs.py gives it."""
    given = next(p for p in PROGRAMS if p.name == name and p.disk_after != b"" and p.exit_code == 0)
    with timeline(engine, program(name), given.stdin, given.disk, 16 << 20) as line:
        yield line


def state(line: Timeline) -> State:
    """All that a machine is made of at its moment."""
    vm = line.body.vm
    memory = {page: vm.memory.read(page << 12, 1 << 12) for page in vm.memory.occupied()}
    return line.now, vm.cpu.save(), vm.bus.save(), line.body.transcript.text, memory, line.body.disk.contents()


def recorded(name: str, most: int) -> dict[Moment, State]:
    """Every state of an example's first instructions, by a run of the interpreter, step by step."""
    states: dict[Moment, State] = {}
    with example("interp", name) as line:
        line.body.transcript.cut()
        while line.now.retired < most:
            states[line.now] = state(line)
            if line.step().reason not in ("limit", ENTRY):
                break
    return states
