"""A machine that goes on from a snapshot ends as if nobody had stopped it, whichever engines it ran under; and at one
instruction count all engines write the same bytes."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm import snapshot
from ring1.isa.asm.assemble import assemble_files
from tests.machine.builder import ENGINES, Outcome, Program, machine, run, started
from tests.machine.compare import Look, apart, by_engine
from tests.machine.generator import KINDS, SIZE, Case, Plan, case
from tests.machine.tables import DATA, ONE, RAM, ROOT, TWO, R, Space, V, W, image
from tests.programs import PROGRAMS
from tests.vmm.machines import resumed, saved

words = st.integers(0, 2**32 - 1)
pieces = st.lists(st.tuples(st.sampled_from(KINDS), words), min_size=1, max_size=12).map(tuple)
plans = st.builds(Plan, words, pieces, st.sampled_from(("pg32", "pg32", "pg32v", "pg32h")))


def difference(c: Case, at: int, folder: Path) -> str:
    """How a case that is stopped at a count and goes on differs from the case that is not; nothing if it does not."""
    isa, end = machine(c.plan.isa), c.limits[-1]
    want = by_engine("interp", c)[-1]
    files = {engine: folder / f"{engine}.snap" for engine in ENGINES}
    disk = None if c.disk is None else folder / "disk"
    outputs, disks = {}, {}
    for engine, path in files.items():
        if disk is not None:
            disk.write_bytes(c.disk or b"")
        settings = {"source": c.source, "disk": disk and str(disk), "seed": c.seed, "hot": c.hot}
        _, outputs[engine] = saved(engine, c.image, at, path, isa=isa, memory=SIZE, options=c.options, **settings)
        disks[engine] = disk and disk.read_bytes()
    if len({path.read_bytes() for path in files.values()}) > 1:
        return f"the snapshots at {at} differ"
    for before, path in files.items():
        for after in ENGINES:
            if disk is not None:
                disk.write_bytes(disks[before] or b"")
            with resumed(after, path, isa=isa, disk=disk) as (vm, output):
                stop = vm.run(end)
                got = Look(stop, vm.state(), outputs[before] + output.getvalue(), disk.read_bytes() if disk else None)
            if got != want:
                return f"{before} until {at}, then {after}: {apart(want, got)}"
    return ""


@pytest.mark.soak
@settings(max_examples=25)
@given(plans, st.integers(0, 600))
def test_generated_programs(plan: Plan, at: int) -> None:
    with TemporaryDirectory() as folder:
        made = case(plan)
        assert difference(made, at % made.limits[-1], Path(folder)) == ""


EXAMPLES = ["echo", "timer", "holes", "smc", "disk"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, tmp_path: Path) -> None:
    """Stopped anywhere in the run; a disk that it writes to is kept as it was then."""
    program = next(p for p in PROGRAMS if p.name == name and len(p.stdin) < 256)
    made = assemble_files(machine(), [str(program.source)])
    disk, path = tmp_path / "disk", tmp_path / "snap"
    options = {"source": program.stdin, "disk": str(disk) if program.disk else None, "entry": made.entry}
    options["memory"] = 4 << 20
    disk.write_bytes(program.disk or b"")
    want = run("interp", made.image, None, **options)
    r = Random(name)
    for at in (r.randrange(want.state.instructions) for _ in range(3)):
        contents = set()
        for engine in ENGINES:
            disk.write_bytes(program.disk or b"")
            stop, begun = saved(engine, made.image, at, path, **options)
            assert stop == Stop("limit")
            contents.add(path.read_bytes())
        assert len(contents) == 1, at
        then = disk.read_bytes()
        for engine in ENGINES:
            disk.write_bytes(then)
            with resumed(engine, path, disk=disk if program.disk else None) as (vm, output):
                assert (vm.run(), vm.state()) == (want.stop, want.state), (at, engine)
                assert begun + output.getvalue() == program.output
            assert disk.read_bytes() == (program.disk_after or b"")


def disk_program() -> Program:
    """Reads a sector by an interrupt, counting while it waits, and draws from the entropy device before and after."""
    p = Program()
    p.control("tvec", "handler")
    p.control("ie", 4)
    p.inp(0x20, "s0")
    for port, value in ((0x10, 1), (0x11, 0x8000), (0x12, 1), (0x13, 1)):
        p.out(port, value)
    p("sti")
    p.label("wait")
    p("addi", "a1", "a1", 1)
    p("jal", "zero", "wait")
    p.label("handler")
    p.inp(0x20, "s1")
    p.li("a2", 0x8000)
    p("lw", "a2", 0, "a2")
    p.off(5)
    return p


def test_a_disk_command_under_way(tmp_path: Path) -> None:
    """It completes when it would have."""
    disk, path = tmp_path / "disk", tmp_path / "snap"
    disk.write_bytes(b"a" * 512 + b"bcde" * 128)
    options: dict[str, Any] = {"disk": str(disk), "seed": 7, "registers": {"a1": 0}}
    want = run("interp", disk_program(), **options)
    assert want.stop == Stop("exit", 5) and want["a2"] == int.from_bytes(b"bcde", "little")
    for at in (0, 500, want.state.instructions - 1):
        saved("bt", disk_program(), at, path, **options)
        for engine in ENGINES:
            with resumed(engine, path, disk=disk) as (vm, _):
                assert (vm.run(100_000), vm.state()) == (want.stop, want.state)


def test_every_instruction_boundary_of_a_short_program(tmp_path: Path) -> None:
    """Timer interrupts, a halt that skips time, a trap and a return from it: stopped and resumed at each of them."""
    p = Program()
    p.control("tvec", "handler")
    p.control("ie", 1)
    p("wrcr", "timecmph", "zero")
    p.control("timecmp", 12)
    p("sti")
    p("syscall", 3)
    p("hlt")
    p("syscall", 4)
    p.off(1)
    p.label("handler")
    p("rdcr", "a1", "cause")
    p("add", "a2", "a2", "a1")
    p("blt", "a1", "zero", "timer")
    p("rdcr", "a3", "epc")
    p("addi", "a3", "a3", 4)
    p("wrcr", "epc", "a3")
    p("rfe")
    p.label("timer")
    p("rdcr", "a4", "timecmp")
    p("addi", "a4", "a4", 20)
    p("wrcr", "timecmp", "a4")
    p("rfe")
    assert everywhere(p, tmp_path / "snap").stop == Stop("exit", 1)


def everywhere(program: Program | bytes, path: Path, **options: Any) -> Outcome:
    """A program's end, which is the same wherever it is stopped and whatever it goes on under."""
    want = run("interp", program, **options)
    for at in range(want.state.instructions + 1):
        _, begun = saved("interp", program, at, path, **options)
        for engine in ENGINES:
            with resumed(engine, path) as (vm, output):
                assert (vm.run(1000), vm.state()) == (want.stop, want.state), at
                assert begun + output.getvalue() == want.output
    return want


def test_an_address_space_of_its_own(tmp_path: Path) -> None:
    """With paging on an address is what the tables say, from the first instruction on."""
    p = Program()
    p.li("a1", TWO)
    p.li("a2", ROOT | 1)
    p("setptb", "a2")
    p("lw", "a3", 0, "a1")
    p("sw", "a3", 4, "a1")
    p("lw", "a4", 4, "a1")
    p.off(2)
    got = everywhere(image(Space({TWO >> 12: ONE | V | R | W}), p), tmp_path / "snap", memory=RAM)
    assert got["a3"] == got["a4"] == got.word(ONE + 4) == int.from_bytes(DATA[:4], "little")


def test_console_interrupts(tmp_path: Path) -> None:
    """A line that was let through stays let through."""
    p = Program()
    p.control("tvec", "handler")
    p.control("ie", 2)
    p.out(1, 1)
    p("sti")
    p.label("wait")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "wait")
    p.off(3)
    p.label("handler")
    p("in", "a2", "zero")
    p("out", "zero", "a2")
    p("rfe")
    got = everywhere(p, tmp_path / "snap", source=b"typed", registers={"a1": 8})
    assert (got.output, got.stop) == (b"typed", Stop("exit", 3))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_machine_that_has_ended(engine: str, tmp_path: Path) -> None:
    """It ends again, for the same reason: switched off, trapped in its handler, or waiting for nothing."""
    off, double, halted = Program(), Program(), Program()
    off.off(77)
    double.control("tvec", "handler")
    double("syscall", 9)
    double.label("handler")
    double.word(0)
    halted("hlt")
    path = tmp_path / "snap"
    for program, reason in ((off, "exit"), (double, "double-fault"), (halted, "halt")):
        stop, _ = saved(engine, program, 1000, path)
        assert stop.reason == reason
        with resumed(engine, path) as (vm, _):
            assert vm.run(1000) == stop


def test_snapshots_of_a_resumed_machine(tmp_path: Path) -> None:
    """In small steps, each from a file under another engine, it gets to the same end."""
    program = next(p for p in PROGRAMS if p.name == "timer")
    made, path = assemble_files(machine(), [str(program.source)]), tmp_path / "snap"
    want = run("interp", made.image, None, entry=made.entry)
    _, output = saved("interp", made.image, 1, path, entry=made.entry)
    for n, at in enumerate(range(5_000, want.state.instructions + 5_000, 5_000)):
        with resumed(ENGINES[n % 3], path) as (vm, part):
            stop = vm.run(at)
            state = vm.state()
            snapshot.save(vm, str(path))
        output += part.getvalue()
    assert (stop, state, output) == (want.stop, want.state, program.output)


# --- Console input -------------------------------------------------------------------


def echo() -> bytes:
    program = next(p for p in PROGRAMS if p.name == "echo")
    return assemble_files(machine(), [str(program.source)]).image


@pytest.mark.parametrize("at", [0, 3, 100])
def test_input_that_has_been_handed_over_is_in_the_snapshot(at: int, tmp_path: Path) -> None:
    """All of a pipe whose writer is done, though the guest has not asked for it; what comes then is behind it."""
    path, text = tmp_path / "snap", bytes(range(256)) * 300
    reader, writer = os.pipe()

    def feed() -> None:
        os.write(writer, text)
        os.close(writer)

    feeder = threading.Thread(target=feed)
    feeder.start()
    stop, begun = saved("bt", echo(), at, path, source=reader)
    feeder.join()
    os.close(reader)
    assert stop == Stop("limit")
    with resumed("bare", path, source=b" and more") as (vm, output):
        assert vm.run() == Stop("exit", 0)
        assert begun + output.getvalue() == text + b" and more"


def test_the_machine_that_goes_on_keeps_its_input(tmp_path: Path) -> None:
    source = tmp_path / "input"
    source.write_bytes(bytes(100_000))
    with open(source, "rb") as file, started("bt", echo(), source=file.fileno()) as (vm, output):  # type: ignore[arg-type]
        vm.run(1000)
        snapshot.save(vm, str(tmp_path / "snap"))
        vm.run()
        assert output.getvalue() == bytes(100_000)


def test_gathering_waits_for_nobody() -> None:
    """A pipe that keeps its counsel has its patience waited for once; a wish to stop is not in the way."""
    reader, writer = os.pipe()
    interrupted = threading.Event()
    source = HostInput(reader, interrupted)
    os.write(writer, b"abc")
    assert source.gather() == b"abc" and source.take() == ord("a")
    os.write(writer, b"d")
    interrupted.set()
    assert source.gather() == b"bc"
    interrupted.clear()
    source.live = True
    assert source.gather() == b"bc"
    source.live = False
    source.precede(b"x")
    assert source.gather() == b"xbcd"
    os.close(writer)
    os.close(reader)
