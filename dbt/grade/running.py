"""A case's program run under one engine, within its limits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.engines.technique import Technique
from ring1.dbt.grade.case import Case, Limits
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.loading import NoProgram
from ring1.dbt.machine.loading import wanted
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.report.place import describe
from ring1.isa.asm.program import Program
from ring1.isa.files import contents
from ring1.isa.model import Isa

BEAT = 0.02
"""Seconds between two looks at the processor time."""
MOST_INPUT = 1 << 26
"""Bytes of console input, and of a disk."""


def setup(case: Case, files: Files, isa: Isa, program: Program) -> Setup:
    """Return the machine that a case is run on. Raises NoProgram, OSError."""
    if program.room > case.ram:
        raise NoProgram(f"the program needs {program.room:,} bytes of RAM, and the case gives {case.ram:,}")
    if case.arguments and wanted(program.image, program.entry) is None:
        raise NoProgram("the program takes no arguments: it does not begin with the C start-up")
    source = contents(files.path(case.stdin_file), MOST_INPUT) if case.stdin_file else case.stdin
    return Setup(
        isa,
        program.image,
        program.entry,
        case.ram,
        source,
        contents(files.path(case.disk), MOST_INPUT) if case.disk else None,
        case.seed,
        Mmu(),
        lambda cpu: describe(cpu, program, cpu.pc),
        case.limits.output,
        tuple(word.encode() for word in case.arguments),
    )


@contextmanager
def ran(technique: Technique, made: Setup, limits: Limits) -> Iterator[Contender]:
    """Yield a machine that has run to its end, or to a limit. Raises OSError if the host refuses memory, ValueError if
    the engine cannot run the machine."""
    contender = Contender(technique, made)
    try:
        over = threading.Event()
        watch = threading.Thread(target=watched, args=(contender, process_time() + limits.seconds, over), daemon=True)
        watch.start()
        try:
            contender.run(limits.insns)
        finally:
            over.set()
            watch.join()
        yield contender
    finally:
        contender.close()


def watched(contender: Contender, end: float, over: threading.Event) -> None:
    """Stop a machine when the process has used its time."""
    while not over.wait(BEAT):
        if process_time() >= end:
            contender.vm.interrupt("timeout")
            return
