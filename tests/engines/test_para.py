"""The engine para: each hypercall, what is refused, interrupts by the shared flag, and the OS built for it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest

from ring1.dbt.cli.main import main
from ring1.dbt.devices.console import Console
from ring1.dbt.engines import table
from ring1.dbt.engines.para import Paravirtualization
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.hypercalls import ENABLE, FIRST, INSTRUCTION, MODE, ORIGIN, REGISTERS, RETURN, SECOND
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble
from ring1.isa.files import SHIPPED
from ring1.isa.load import load
from ring1.isa.read import read
from tests import test_os

pytestmark = pytest.mark.skipif(bool(table.ENGINES["para"].why_not()), reason="no native code here")

RAM = 1 << 16
MOST = 1_000_000
ERRORS = BAD_NUMBER, BAD_ADDRESS, TOO_MUCH = (0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD)

PRELUDE = """
        .equ poll, 0
        .equ register, 1
        .equ iret, 2
        .equ update, 3
        .equ space, 4
        .equ write, 5
        .equ read, 6
        .equ lines, 7
        .equ idle, 8
        .equ time, 9
        .equ timer, 10
        .equ port_in, 11
        .equ port_out, 12
        .equ off, 13
        .equ FLUSH, 1 << 31
        .equ FRAME, 0x800
        .equ MASKED, FRAME
        .equ PENDING, FRAME + 4
        .equ PC, FRAME + 8
        .equ CAUSE, FRAME + 12
        .equ VALUE, FRAME + 16
        .equ STATUS, FRAME + 20
        .macro ask number, first=0, second=0
        li a4, \\first
        li a5, \\second
        hcall \\number
        .endm
        .macro begin                    # interrupts are masked
        li t0, 1
        sw t0, MASKED(zero)
        ask register, handler, FRAME
        .endm
_start:
"""


def start(text: str, isa: str = "pg32", checked: bool = False, **options: Any) -> Vm:
    program = assemble(load(isa), [("test.s", PRELUDE + text + "\n.ifndef handler\n.equ handler, 0\n.endif\n")])
    vm = Vm(load(isa), **{"memory": RAM, "output": io.BytesIO(), **options})
    vm.load(program.image, program.entry)
    para = ENGINES["para"]
    vm.engine = (para.checked if checked else para.make)(vm, program.image, Options())
    return vm


def ended(text: str, **options: Any) -> tuple[Stop, list[int], bytes]:
    """How it stopped, registers, output: the same when the interpreter follows."""
    found = []
    for checked in (False, True):
        output = io.BytesIO()
        with start(text, checked=checked, output=output, **options) as vm:
            stop = vm.run(MOST)
            found.append((stop, vm.cpu.s[:16].tolist(), output.getvalue(), vm.state()))
    assert found[0] == found[1]
    return found[0][:3]


def registers(text: str, *names: str, **options: Any) -> list[int]:
    """Registers where the program has switched itself off."""
    stop, values, _ = ended(text + "\n        ask off, 7", **options)
    assert stop == Stop("exit", 7)
    return [values[load("pg32").register_numbers[name]] for name in names]


# --- Each hypercall --------------------------------------------------------------------


def test_the_kernel_is_in_ring_1() -> None:
    assert registers("getpsw s0", "s0") == [1]


def test_unknown_numbers() -> None:
    for number in (14, 99, 0xFFFF):
        assert registers(f"ask {number}, 1, 2\n mv s0, a4", "s0", "a5") == [BAD_NUMBER, 0]


def test_only_the_kernel_may_ask() -> None:
    source = """
        begin
        la t0, user
        sw t0, PC(zero)
        li t0, 3 << 3
        sw t0, STATUS(zero)
        hcall iret
user:   hcall off
handler: lw s0, PC(zero)
        lw s1, CAUSE(zero)
        lw t0, VALUE(zero)
        lw t1, STATUS(zero)
        lw t2, MASKED(zero)
        getpsw a0
        andi a0, a0, 3
    """
    stop, values, _ = ended(source + "        la a1, user\n        ask off, 7")
    names = load("pg32").register_numbers
    assert stop == Stop("exit", 7)
    assert values[names["s0"]] == values[names["a1"]]
    word = 0x72000000 | 13
    assert [values[names[name]] for name in ("s1", "t0", "t1", "t2", "a0")] == [0, word, 1 | 3 << 3, 1, 1]


@pytest.mark.parametrize(("status", "expected"), [(0, 1), (1 << 3, 1), (2 << 3, 2), (3 << 3 | 0xA500, 0xA503)])
def test_iret_goes_anywhere_but_to_ring_0(status: int, expected: int) -> None:
    source = f"""
        begin
        la t0, there
        sw t0, PC(zero)
        li t0, {status}
        sw t0, STATUS(zero)
        hcall iret
there:  getpsw s0
        brk
handler: lw s1, MASKED(zero)"""
    psw, masked = registers(source, "s0", "s1")
    assert (psw & 0xFF03, masked) == (expected, 1)


def test_traps_of_the_kernel_reach_its_handler() -> None:
    source = "begin\nhere: div a0, a0, zero\n brk\nhandler: lw s0, CAUSE(zero)\n lw s1, STATUS(zero)"
    assert registers(source, "s0", "s1") == [4, 1 | 1 << 3]


def test_without_a_handler_the_machine_stops() -> None:
    assert ended("here: brk")[0] == Stop("trap", trap=TrapInfo(2, 0, 0))


MAPPED = """
        begin
        la t0, batch
        ask update, batch, 4
        mv s0, a4
        ask space, 0x2001
        mv s1, a4
        li t0, 0x400000
        lw t1, 0(t0)
        ask update, other, 1 | FLUSH
        lw t2, 0(t0)
        j over
        .align 2
batch:  .word 0x2000, 0x0000000f        # 4 MiB, where the kernel is
        .word 0x2004, 0x00003001
        .word 0x3000, 0x00004007
        .word 0x4000, 1234
other:  .word 0x3000, 0x00005007
handler: ask off, 99
over:
"""


def test_page_tables_in_batches() -> None:
    assert registers(MAPPED, "s0", "s1", "t1", "t2") == [4, 0, 1234, 0]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("0x10000, 1", BAD_ADDRESS),
        ("0xfffc, 1", BAD_ADDRESS),
        ("0xfffffffc, 1", BAD_ADDRESS),
        ("bad, 2", BAD_ADDRESS),
        ("odd, 2", BAD_ADDRESS),
        ("good + 2, 1", BAD_ADDRESS),
        ("good, 513", TOO_MUCH),
        ("good, 0x7fffffff", TOO_MUCH),
    ],
)
def test_a_bad_batch_changes_nothing(arguments: str, error: int) -> None:
    source = f"""
        ask update, {arguments}
        mv s0, a4
        li t0, 0x3000
        lw s1, 0(t0)
        j over
        .align 2
good:   .word 0x3000, 0x00004007
bad:    .word 0x3000, 0x00004007, 0x10000, 5
odd:    .word 0x3000, 0x00004007, 0x3002, 5
over:"""
    assert registers(source, "s0", "s1") == [error, 0]


def test_an_empty_batch_flushes() -> None:
    assert registers("ask update, 0, FLUSH\n mv s0, a4", "s0") == [0]


@pytest.mark.parametrize(
    "asked", ["space, 0x10001", "space, -1", "register, 0, 0", "register, 0, 0xfffc", "register, 0, 6"]
)
def test_bad_tables_and_frames(asked: str) -> None:
    assert registers(f"ask {asked}\n mv s0, a4", "s0") == [BAD_ADDRESS]


def test_console() -> None:
    source = """
        ask read, 0x1000, 5
        mv s0, a4
        ask write, 0x1000, 5
        mv s1, a4
        ask read, 0x2000, 4096
        mv t0, a4
        ask read, 0x3000, 10
        mv t1, a4
        ask write, 0x2000, 2
        ask off, 3"""
    stop, values, output = ended(source, source=b"hello world")
    assert stop == Stop("exit", 3) and output == b"hello w"
    assert [values[load("pg32").register_numbers[name]] for name in ("s0", "s1", "t0", "t1")] == [5, 5, 6, 0]


def test_a_read_that_is_interrupted_loses_nothing() -> None:
    """The wish to stop comes when a byte has been taken and the next one is being asked for."""
    ours, theirs = os.pipe()
    os.write(theirs, b"a")
    vm = start("begin\n ask read, 0x1000, 5\n mv s0, a4\n ask read, 0x2000, 5\n mv s1, a4\n ask off, 0", source=ours)
    source = next(device.source for device in vm.bus.devices if isinstance(device, Console))
    ready, stops = source.ready, list[Stop]()

    def asked() -> bool:
        if not stops:
            vm.interrupt()
        return ready()

    with mock.patch.object(source, "ready", asked):
        stops.append(vm.run(MOST))
        os.write(theirs, b"bc")
        os.close(theirs)
        stops.append(vm.run(MOST))
    assert stops == [Stop("interrupt"), Stop("exit", 0)]
    numbers = vm.isa.register_numbers
    first, second = (vm.cpu.s[numbers[name]] for name in ("s0", "s1"))
    assert vm.memory.read(0x1000, first) + vm.memory.read(0x2000, second) == b"abc"
    vm.close()
    os.close(ours)


@pytest.mark.parametrize("kind", ["read", "write"])
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ("0xffff, 2", BAD_ADDRESS),
        ("-1, 1", BAD_ADDRESS),
        ("0x80000000, 0", BAD_ADDRESS),
        ("0, 4097", TOO_MUCH),
        ("0, -1", TOO_MUCH),
    ],
)
def test_bad_buffers(kind: str, arguments: str, error: int) -> None:
    source = f"ask {kind}, {arguments}\n mv s0, a4\n ask read, 0x1000, 9\n mv s1, a4"
    assert registers(source, "s0", "s1", source=b"kept") == [error, 4]


def test_time_and_ports() -> None:
    """`li` of a constant this small is one instruction; time is that before the hypercall."""
    source = "ask time\n mv s0, a4\n mv s1, a5\n ask port_in, 0x14\n mv t0, a4\n ask port_in, 0x10055\n mv t1, a4"
    assert registers(source, "s0", "s1", "t0", "t1") == [2, 0, 0, 0xFFFFFFFF]
    assert ended("ask port_out, 0, 'x'\n ask port_out, 0xf0, 5")[::2] == (Stop("exit", 5), b"x")


def test_waiting_for_nothing() -> None:
    stop, _, _ = ended("begin\n ask idle\nhandler:")
    assert stop == Stop("halt")


# --- Interrupts --------------------------------------------------------------------------


TIMED = """
        begin
        ask lines, 1
        ask timer, 200, 0
"""


@pytest.mark.soak
def test_what_the_guest_writes_over_the_pending_lines() -> None:
    """Stays until they change, however often the host looks."""
    source = """
        begin
        li t0, 0x55
        sw t0, PENDING(zero)
        li t1, 100000
loop:   addi t1, t1, -1
        bnez t1, loop
        lw s0, PENDING(zero)
    """
    assert registers(source, "s0") == [0x55]


def test_idle_wakes_although_masked() -> None:
    source = TIMED + "ask idle\n lw s0, PENDING(zero)\n rdtime s1\n j over\nhandler: ask off, 99\nover:"
    assert registers(source, "s0", "s1") == [1, 202]


def test_an_interrupt_comes_at_its_time_when_it_is_not_masked() -> None:
    source = (
        TIMED + "sw zero, MASKED(zero)\nloop: j loop\nhandler: rdtime s0\n lw s1, CAUSE(zero)\n lw t2, STATUS(zero)"
    )
    assert registers(source, "s0", "s1", "t2") == [200, 0x80000000, 1 | 1 << 3 | 1 << 5]


UNMASKED = (
    TIMED
    + """
loop:   rdtime t0
        slti t0, t0, 400
        bnez t0, loop
        lw s0, PENDING(zero)
        sw zero, MASKED(zero)
        li s1, 0
count:  addi s1, s1, 1
        slti t0, s1, 1000
        bnez t0, count                  # nothing comes of the store alone
        ask poll
        ask off, 99
handler: lw t2, MASKED(zero)
"""
)


def test_an_interrupt_waits_while_masked_and_comes_when_the_kernel_polls() -> None:
    assert registers(UNMASKED, "s0", "s1", "t2") == [1, 1000, 1]


@pytest.mark.parametrize("slice_", [1, 7, 100])
def test_when_the_vmm_looks_does_not_matter(slice_: int) -> None:
    """However the run is cut, the interrupt is taken at the same instruction."""
    with start(UNMASKED + "ask off, 7") as whole, start(UNMASKED + "ask off, 7") as cut:
        assert whole.run(MOST) == Stop("exit", 7)
        stop = Stop("limit")
        while stop == Stop("limit"):
            stop = cut.run(cut.cpu.retired + slice_)
        assert stop == Stop("exit", 7) and cut.state() == whole.state()


def test_iret_unmasks() -> None:
    source = (
        TIMED
        + """
        la t0, user
        sw t0, PC(zero)
        li t0, 3 << 3 | 1 << 5
        sw t0, STATUS(zero)
        hcall iret
user:   lw s0, MASKED(zero)
loop:   j loop
handler: rdtime s1
        lw t0, STATUS(zero)
        lw t1, MASKED(zero)
    """
    )
    assert registers(source, "s0", "s1", "t0", "t1") == [0, 200, 1 | 3 << 3 | 1 << 5, 1]


# --- Refusal -----------------------------------------------------------------------------


PRIVILEGED = (
    "in a0, a1",
    "out a0, a1",
    "setptb a0",
    "tlbflush",
    "rdcr a0, ie",
    "wrcr ie, a0",
    "cli",
    "sti",
    "hlt",
    "rfe",
)


@pytest.mark.parametrize("instruction", PRIVILEGED)
def test_a_privileged_instruction_of_the_kernel_is_refused(instruction: str) -> None:
    """Whether or not it could have handled the trap."""
    for before in ("", "begin\n"):
        stop, _, _ = ended(f"{before}nop\nhere: {instruction}\nhandler: ask off, 99")
        assert stop.reason == "refused" and stop.trap is not None
        assert (stop.trap.cause, stop.trap.pc) == (1, 32 if before else 4) or before


def test_holes_are_seen_only_where_they_are_privileged() -> None:
    for isa, hole, reason in (
        ("pg32", "getpsw a0", "exit"),
        ("pg32v", "jru a0", "refused"),
        ("pg32h", "lra a0, a1", "refused"),
    ):
        assert ended(f"here: {hole}\n ask off", isa=isa)[0].reason == reason


HELLO = Path(image.__file__).parents[1] / "hello.s"


def test_the_command_says_where(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--engine", "para", str(HELLO)]) == 120
    said = capfd.readouterr().err
    assert said.startswith(
        "ring1: the kernel is not paravirtualized: it executes a privileged instruction, at 0x00000014 "
    )
    assert re.search(r"\(next\+0x8, .*hello.s:\d+\): out a2, a3$", said)


def test_a_machine_without_hypercalls(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    description = Path(__file__).parents[1] / "translate" / "two.isa"
    (tmp_path / "empty.bin").write_bytes(bytes(4))
    assert main(["run", "--engine", "para", "--isa", str(description), str(tmp_path / "empty.bin")]) == 123
    assert "has no instruction hcall" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("what", "missing"),
    [
        *((name, f"control register {name}") for name in REGISTERS),
        *((name, f"field psw.{name}") for name in (ENABLE, ORIGIN)),
        (MODE, "field psw.RING"),
        (INSTRUCTION, "instruction hcall"),
        (RETURN, "instruction rfe"),
        (FIRST, "register a4"),
        (SECOND, "register a5"),
    ],
)
def test_a_machine_that_calls_it_otherwise(
    what: str, missing: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """PG32, but for one name of those that the ABI is about."""
    # Two are words of the language as well.
    usual = rf"\b{what}\b"
    where = {"cause": r"(?<=control )cause|cause(?= = number)", "time": r"(?<=control )time\b"}.get(what, usual)
    text = re.sub(where, f"{what}other", (Path(SHIPPED) / "pg32.isa").read_text())
    (tmp_path / "own.isa").write_text(text.replace("isa pg32 ", "isa own ", 1))
    with pytest.raises(ValueError, match=f"own has no {missing}"):
        Paravirtualization(read(str(tmp_path / "own.isa")))
    (tmp_path / "empty.bin").write_bytes(bytes(4))
    assert main(["run", "--engine", "para", "--isa", str(tmp_path / "own.isa"), str(tmp_path / "empty.bin")]) == 123
    assert f"own has no {missing}" in capfd.readouterr().err


@pytest.mark.parametrize("command", [1, 2])
@pytest.mark.parametrize("address", [RAM - 256, RAM, 1 << 31, 0xFFFFFE01, 0xFFFFFFFF])
def test_dma_that_is_asked_for_and_is_out_of_range(address: int, command: int, tmp_path: Path) -> None:
    """The disk says that it failed, and moves nothing."""
    path, sectors = tmp_path / "disk.img", bytes(range(256)) * 4
    path.write_bytes(sectors)
    source = f"""
        ask port_out, 0x10, 0
        ask port_out, 0x11, {address}
        ask port_out, 0x12, 1
        ask port_out, 0x13, {command}
        li s1, 1
busy:   ask port_in, 0x13
        mv s0, a4
        beq s0, s1, busy
        ask off, 7
    """
    with start(source, disk=str(path)) as vm:
        assert vm.run(MOST) == Stop("exit", 7)
        assert vm.cpu.s[vm.isa.register_numbers["s0"]] == 2
        image_end = len(assemble(load("pg32"), [("test.s", PRELUDE + source + "\n.equ handler, 0\n")]).image)
        assert not any(vm.memory.read(image_end, RAM - image_end))
    assert path.read_bytes() == sectors


# --- Hostile kernels, snapshots ------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_hostile_kernels(seed: int) -> None:
    """Hypercalls with any arguments do nothing to the host: the run goes on to its limit, or the guest stops."""
    r = Random(seed)
    values = (
        0,
        1,
        2,
        4,
        0x800,
        0xFFC,
        0x1000,
        0x2001,
        RAM - 4,
        RAM - 24,
        RAM,
        1 << 31,
        (1 << 31) + 2,
        0xFFFFFFFC,
        0xFFFFFFFF,
    )
    lines = []
    for _ in range(60):
        number = r.choice((*range(13), *range(13), 14, 0xFFFF))
        lines.append(f"ask {number}, {r.choice(values)}, {r.choice(values)}")
        if r.random() < 0.2:
            lines.append(f"li t0, {r.randrange(0, RAM, 4)}\n li t1, {r.choice(values)}\n sw t1, 0(t0)")
    text = "\n".join(lines) + "\nhandler: j _start"
    outcomes = []
    for checked in (False, True):
        with start(text, checked=checked, source=b"input") as vm:
            outcomes.append((vm.run(3000), vm.state()))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0].reason in ("limit", "halt", "trap", "double-fault", "exit")


@pytest.mark.parametrize("at", [3, 40, 150, 900])
def test_a_snapshot_goes_on(at: int, tmp_path: Path) -> None:
    path, text = str(tmp_path / "half.snap"), UNMASKED + "ask off, 7"
    with start(text) as whole, start(text) as half:
        assert whole.run(MOST) == Stop("exit", 7)
        half.run(at)
        snapshot.save(half, path)
        with snapshot.load(path, load("pg32"), b"", io.BytesIO(), None) as other:
            other.engine = Executor(other.cpu, ENGINES["para"].over, b"")
            assert other.run(MOST) == Stop("exit", 7)
            assert other.state() == whole.state()


def test_a_snapshot_that_lies(tmp_path: Path) -> None:
    """About the frame: it is as if there were none."""
    with start(
        "begin\n ask lines, 1\n ask timer, 60, 0\n sw zero, MASKED(zero)\nloop: j loop\nhandler: ask off, 7"
    ) as vm:
        assert vm.run(40) == Stop("limit")
        vm.cpu.s[vm.isa.slots["scratch"]] = 0xFFFFFFF0
        assert vm.run(400) == Stop("limit")


# --- The OS --------------------------------------------------------------------------------


SETTINGS = ".equ PARAVIRT, 1\n"
SESSIONS: list[Callable[[Path], None]] = [
    test_os.test_programs,
    test_os.test_ls,
    test_os.test_shown_lines,
    test_os.test_end_of_input_without_newline,
    test_os.test_cat_copies_the_input,
    test_os.test_long_lines,
    test_os.test_other_processes_run_meanwhile,
    test_os.test_sleep,
    test_os.test_nothing_leaks,
    test_os.test_tallies,
    test_os.test_forkbomb,
    test_os.test_every_way_to_crash,
    test_os.test_session_in_the_readmes,
    test_os.test_what_is_not_a_program,
    test_os.test_disk_of_odd_size,
    test_os.test_page_that_cannot_be_read,
    test_os.test_what_a_system_call_reads_and_writes_across_pages,
    test_os.test_files_are_closed_and_opened_again,
]
VARY = re.compile(r"\d+ (ticks of virtual time|page faults|context switches)")


@pytest.fixture
def paravirtual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of tests.test_os compare the build for para with the other on the bare machine."""

    def session(
        script: str | bytes,
        tmp_path: Path,
        files: Mapping[str, bytes] | None = None,
        disk: bytes | None = None,
        memory: int = test_os.MEMORY,
        code: int = 0,
    ) -> str:
        path = tmp_path / "disk.img"
        path.write_bytes(image.build({**test_os.standard(), **(files or {})}) if disk is None else disk)
        plain = test_os.run("interp", script, path, memory)
        outcome = test_os.run("para", script, path, memory, SETTINGS)
        assert VARY.sub("", outcome.output) == VARY.sub("", plain.output)
        assert outcome.stop == plain.stop == Stop("exit", code)
        return outcome.output

    monkeypatch.setattr(test_os, "session", session)


@pytest.mark.parametrize(
    "scripted",
    [*SESSIONS[::3], *(pytest.param(test, marks=pytest.mark.soak) for n, test in enumerate(SESSIONS) if n % 3)],
    ids=lambda test: test.__name__,
)
def test_os_session(scripted: Callable[[Path], None], paravirtual: None, tmp_path: Path) -> None:
    scripted(tmp_path)


@pytest.mark.parametrize("memory", [220 << 10, 300 << 10])
def test_os_out_of_memory(memory: int, tmp_path: Path) -> None:
    """The two kernels are not equally large: some program is killed or fails, and the shell lives to the end."""
    path = tmp_path / "disk.img"
    path.write_bytes(image.build(test_os.standard()))
    outcome = test_os.run("para", "hog &\nhog &\nhog\nforkbomb\nchurn 1 30\nexit 3\n", path, memory, SETTINGS)
    assert outcome.stop == Stop("exit", 3) and "panic" not in outcome.output


@pytest.mark.parametrize("isa", ["pg32", "pg32v", "pg32h"])
def test_os_on_the_variants(isa: str, tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    path.write_bytes(image.build(test_os.standard()))
    script = "hello\nforkwait 2\ncrash hlt\nexit 3\n"
    plain = test_os.run("interp", script, path, isa=isa)
    outcome = test_os.run("para", script, path, settings=SETTINGS, isa=isa)
    assert (outcome.output, outcome.stop) == (plain.output, plain.stop)


@pytest.mark.soak
def test_os_with_the_interpreter_following(tmp_path: Path) -> None:
    path, program, output = tmp_path / "disk.img", test_os.kernel(SETTINGS), io.BytesIO()
    path.write_bytes(image.build(test_os.standard()))
    with Vm(load("pg32"), source=b"hello\nforkwait 2\nexit 3\n", output=output, disk=str(path)) as vm:
        vm.load(program.image, program.entry)
        vm.engine = ENGINES["para"].checked(vm, program.image, Options())
        assert vm.run(test_os.MOST) == Stop("exit", 3)
        counts = vm.engine.exits()
    assert counts["hcall register"] == counts["hcall lines"] == 1
    assert all(counts[f"hcall {kind}"] for kind in ("iret", "update", "space", "write", "time", "timer", "port_out"))


def test_os_that_was_not_built_for_it_is_refused(tmp_path: Path) -> None:
    outcome = test_os.run("para", "", None)
    assert outcome.stop.reason == "refused" and outcome.output == ""
