"""The console by virtio: guest programs that talk through it, under every engine alike, and drivers that lay out their
queues as no driver may."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import pytest

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.devices.host_input import PATIENCE
from ring1.dbt.engines import table
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.board import Board
from ring1.isa.board_reader import read
from ring1.isa.boards import find, load
from tests.machine.builder import machine
from tests.machine.test_rv32_board import BASE, ENGINES, HEAD, SIZE, TAIL
from tests.ways import way

VIRT = Path(find("virt")).read_text()
MODERN = """
        .macro queue number, at
        li t0, \\number
        sw t0, 0x30(s0)
        lw t0, 0x34(s0)                 # the largest: 256
        srli t0, t0, 5
        sw t0, 0x38(s0)                 # 8 descriptors
        li t0, \\at
        sw t0, 0x80(s0)
        sw zero, 0x84(s0)
        addi t0, t0, 0x80
        sw t0, 0x90(s0)
        sw zero, 0x94(s0)
        addi t0, t0, 0x80
        sw t0, 0xa0(s0)
        sw zero, 0xa4(s0)
        li t0, 1
        sw t0, 0x44(s0)
        .endm
"""
# The rings of a queue of 8 descriptors from a page on, aligned to 256: at +0, +0x80 and +0x100 as well.
LEGACY = """
        .macro queue number, at
        li t0, 4096
        sw t0, 0x28(s0)
        li t0, \\number
        sw t0, 0x30(s0)
        lw t0, 0x34(s0)
        srli t0, t0, 5
        sw t0, 0x38(s0)
        li t0, 256
        sw t0, 0x3c(s0)
        li t0, \\at / 4096
        sw t0, 0x40(s0)
        .endm
"""
# s0: the device; s1, s2: entries of the used rings of RX and TX that have been seen; s3: the PLIC's context.
START = """
        .equ CONSOLE, 0x10007000
        .equ RX, 0x80020000
        .equ TX, 0x80021000
        .macro descriptor at, address, length, flags, next
        li t1, \\at
        li t0, \\address
        sw t0, 0(t1)
        sw zero, 4(t1)
        li t0, \\length
        sw t0, 8(t1)
        li t0, \\flags + (\\next << 16)
        sw t0, 12(t1)
        .endm
        .macro offer number, at, head   # the one more chain
        li t1, \\at + 0x80
        lhu t2, 2(t1)
        andi t0, t2, 7
        slli t0, t0, 1
        add t0, t0, t1
        li a7, \\head
        sh a7, 4(t0)
        addi t2, t2, 1
        sh t2, 2(t1)
        li t0, \\number
        sw t0, 0x50(s0)
        .endm
        .macro begin
        li s0, CONSOLE
        sw zero, 0x70(s0)
        li t0, 3
        sw t0, 0x70(s0)
        li t0, 11
        sw t0, 0x70(s0)
        queue 0, RX
        queue 1, TX
        li t0, 15
        sw t0, 0x70(s0)
        li s1, 0
        li s2, 0
        .endm
"""
ECHO = """
        begin
        lw s10, 4(s0)                   # version
        lw s11, 8(s0)                   # device
        li t1, PLIC
        li t0, 1
        sw t0, 28(t1)                   # source 7
        li t2, PLIC + 0x2000
        li t0, 0x80
        sw t0, 0(t2)
        li s3, PLIC + 0x200000
        li t0, 0x800
        csrs mie, t0
        descriptor RX, 0x80022000, 4, 3, 1              # 4 bytes, and 12 elsewhere
        descriptor RX + 16, 0x80022100, 12, 2, 0
        descriptor TX, prompt, 2, 1, 1
        descriptor TX + 16, prompt + 2, 1, 0, 0
        offer 0, RX, 0
        offer 1, TX, 0
next:   wfi
        lw t0, 4(s3)
        lw t1, 0x60(s0)
        sw t1, 0x64(s0)                 # 1: a queue has been used
        sw t0, 4(s3)
        or s9, s9, t1
        li t1, RX + 0x100
        lhu t0, 2(t1)
        beq t0, s1, next                # what has been transmitted is of no interest
        andi t0, s1, 7
        slli t0, t0, 3
        add t0, t0, t1
        lw s4, 8(t0)                    # so many bytes
        addi s1, s1, 1
        li t0, 0x80022000               # together in one place
        lw t0, 0(t0)
        li t1, 0x80022400
        sw t0, 0(t1)
        li t2, 0x80022100
        li t3, 3
1:      lw t0, 0(t2)
        addi t1, t1, 4
        sw t0, 0(t1)
        addi t2, t2, 4
        addi t3, t3, -1
        bnez t3, 1b
        li t1, 0x80022400
        add t2, t1, s4
        lbu s5, -1(t2)                  # the last one
        descriptor TX + 32, 0x80022400, 0, 0, 0
        sw s4, 8(t1)
        offer 1, TX, 2
        li t1, TX + 0x100               # and wait for that by looking
1:      lhu t0, 2(t1)
        li t2, TX + 0x82
        lhu t2, 0(t2)
        bne t0, t2, 1b
        li t0, 'q'
        beq s5, t0, quit
        offer 0, RX, 0
        j next
quit:   off
prompt: .ascii "? \\n"
"""
INPUT = b"a line of some length, then another one\nquite short\nq"


CONSOLE = "virtio_console @0x10007000 size 0x1000 line 7 of plic"
OLD = read("old.board", VIRT.replace(CONSOLE, CONSOLE + " legacy"))
NO_UART = "\n".join(line for line in VIRT.split("\n") if "ns16550" not in line)
ALONE = read("alone.board", NO_UART)


class Machine:
    """A machine with a program."""

    def __init__(
        self, text: str, name: str = "interp", source: int | bytes | FedInput = b"", board: Board | None = None
    ) -> None:
        engine, mmu = way(name)
        self.isa = machine("rv32")
        queues = LEGACY if board is OLD else MODERN
        image = assemble(self.isa, [("a.s", HEAD + queues + START + text + TAIL)]).image
        self.output = io.BytesIO()
        self.vm = vm = Vm(self.isa, SIZE, source, self.output, board=board)
        vm.load(image, BASE)
        vm.engine = table.ENGINES[engine].make(vm, image, Options(mmu=mmu))

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *error: object) -> None:
        self.vm.close()

    def __getitem__(self, name: str) -> int:
        return self.vm.state().registers[name]

    def so_far(self) -> tuple[object, ...]:
        self.vm.bus.flush()
        return self.vm.state(), self.output.getvalue(), [device.save() for device in self.vm.bus.devices]


@pytest.mark.parametrize("board", [None, OLD, ALONE], ids=["modern", "legacy", "alone"])
def test_what_is_received_is_echoed(board: Board | None) -> None:
    states = []
    for engine in ("interp", *ENGINES):
        with Machine(ECHO, engine, INPUT, board) as made:
            assert made.vm.run(200_000) == Stop("exit", 0), engine
            states.append(made.so_far())
            assert made.output.getvalue() == b"? \n" + INPUT
            assert (made["s10"], made["s11"], made["s9"]) == (1 if board is OLD else 2, 3, 1)
            assert made["s1"] == -(-len(INPUT) // 16)
    assert all(state == states[0] for state in states)


def test_the_checker_follows() -> None:
    with Machine(ECHO, source=INPUT) as made:
        made.vm.engine = table.ENGINES["bt"].checked(made.vm, b"", Options())
        assert made.vm.run(200_000) == Stop("exit", 0)
        assert made.output.getvalue() == b"? \n" + INPUT


@pytest.mark.parametrize("engine", ENGINES)
def test_input_that_is_fed(engine: str) -> None:
    """A guest that halts with a buffer for input waits for that; what it finds depends on when it is fed alone."""
    states = []
    for each in ("interp", engine):
        keyboard = FedInput()
        with Machine(ECHO, each, keyboard) as made:
            for piece in (b"one", b"another line, of two buffers' length", b"q"):
                assert made.vm.run(200_000) == Stop("input")
                states.append(made.so_far())
                keyboard.feed(piece)
            assert made.vm.run(200_000) == Stop("exit", 0)
            states.append(made.so_far())
            assert made.output.getvalue() == b"? \none" + b"another line, of two buffers' lengthq"
    assert states[:4] == states[4:]


def test_input_that_comes_later() -> None:
    """Through a pipe: the machine has halted meanwhile."""
    reading, writing = os.pipe()
    pieces = [b"first", b"second q"]

    def write() -> None:
        for piece in pieces:
            time.sleep(2 * PATIENCE)
            os.write(writing, piece)
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with Machine(ECHO, "bt", reading) as made:
            assert made.vm.run(200_000) == Stop("exit", 0)
            assert made.output.getvalue() == b"? \n" + b"".join(pieces)
    finally:
        writer.join()
        os.close(reading)


def test_the_end_of_the_input() -> None:
    """There is no way to tell the guest: it waits for ever."""
    with Machine(ECHO, source=b"no end") as made:
        assert made.vm.run(200_000) == Stop("halt")
        assert made.output.getvalue() == b"? \nno end"


@pytest.mark.parametrize("stop", [50, 400, 1200, 2500, 3300])
@pytest.mark.parametrize("board", [None, ALONE], ids=["shared", "alone"])
def test_a_snapshot_has_all_of_it(tmp_path: Path, stop: int, board: Board | None) -> None:
    """Input that is waiting is in it once, whether or not a UART shares the stream."""
    if board is ALONE:
        (tmp_path / "alone.board").write_text(NO_UART)
        board = load(str(tmp_path / "alone.board"))
    with Machine(ECHO, source=INPUT, board=board) as whole, Machine(ECHO, source=INPUT, board=board) as made:
        assert whole.vm.run(200_000) == Stop("exit", 0)
        assert made.vm.run(stop) == Stop("limit")
        snapshot.save(made.vm, str(tmp_path / "half.snap"))
        more = io.BytesIO()
        with snapshot.load(str(tmp_path / "half.snap"), output=more) as vm:
            vm.engine = table.ENGINES["bt"].make(vm, b"", Options())
            assert vm.run(200_000) == Stop("exit", 0)
            assert vm.state() == whole.vm.state()
            assert made.output.getvalue() + more.getvalue() == whole.output.getvalue()


@pytest.mark.parametrize("engine", ["interp", *ENGINES])
def test_a_limit_of_the_output(engine: str) -> None:
    """The machine stops amid a chain of buffers, and goes on there."""
    with Machine(ECHO, engine, INPUT) as made:
        states = []
        for room in (0, 1, 3, 17, 0):
            made.vm.output.room = room
            assert made.vm.run(200_000) == Stop("output")
            states.append(made.so_far())
            assert len(made.output.getvalue()) == {0: 0, 1: 1, 2: 4, 3: 21, 4: 21}[len(states) - 1]
        made.vm.output.room = None
        assert made.vm.run(200_000) == Stop("exit", 0)
        assert made.output.getvalue() == b"? \n" + INPUT
        with Machine(ECHO, source=INPUT) as other:
            assert other.vm.run(200_000) == Stop("exit", 0)
            assert other.so_far() == made.so_far()


# Once something has been transmitted, the UART's status says that there is input until the console has taken it.
SHARED = """
        begin
        li s3, UART
        descriptor RX, 0x80022000, 64, 2, 0
        descriptor TX, prompt, 3, 0, 0
        offer 0, RX, 0
        lbu s4, 5(s3)                   # input, which is the UART's
        lbu s5, 0(s3)
        li s6, 2000
1:      addi s6, s6, -1
        bnez s6, 1b
        lhu s6, RX_USED(zero)           # none, long since
        offer 1, TX, 0
        li t0, 8000
2:      lbu s7, 5(s3)                   # read again and again
        addi t0, t0, -1
        bnez t0, 2b
        li t1, RX + 0x100
        lw s8, 8(t1)                    # the rest
        li t0, 1
        sb t0, 1(s3)                    # a driver of the UART listens: input is its
        descriptor RX + 16, 0x80022100, 64, 2, 0
        off
prompt: .ascii "? \\n"
"""


@pytest.mark.parametrize("engine", ["interp", *ENGINES])
def test_a_uart_has_the_same_stream(engine: str) -> None:
    with Machine(SHARED.replace("lhu s6, RX_USED(zero)", "li t1, RX + 0x102\n lhu s6, 0(t1)"), engine, b"abcd") as made:
        assert made.vm.run(200_000) == Stop("exit", 0)
        assert (made["s4"], made["s5"], made["s6"]) == (0x61, ord("a"), 0)
        assert (made["s7"], made["s8"]) == (0x60, 3)


LISTENING = """
        begin
        li s3, UART
        li t0, 1
        sb t0, 1(s3)                    # what is received
        descriptor RX, 0x80022000, 64, 2, 0
        descriptor TX, prompt, 3, 0, 0
        offer 0, RX, 0
        offer 1, TX, 0
        li t0, 4000
1:      addi t0, t0, -1
        bnez t0, 1b
        li t1, RX + 0x100
        lhu s4, 2(t1)                   # none
        lbu s5, 0(s3)
        sb zero, 1(s3)
        li t0, 4000
1:      addi t0, t0, -1
        bnez t0, 1b
        lhu s6, 2(t1)
        lw s7, 8(t1)                    # the rest
        off
prompt: .ascii "? \\n"
"""


@pytest.mark.parametrize("engine", ["interp", *ENGINES])
def test_input_is_a_drivers_who_waits_for_it_at_the_uart(engine: str) -> None:
    states = []
    for each in ("interp", engine):
        with Machine(LISTENING, each, b"xyz") as made:
            assert made.vm.run(200_000) == Stop("exit", 0)
            assert (made["s4"], made["s5"], made["s6"], made["s7"]) == (0, ord("x"), 1, 2)
            states.append(made.so_far())
    assert states[0] == states[1]


BOTH = """
        begin
        li s3, UART
        li s5, 6
        descriptor TX, prompt, 3, 0, 0
again:  li t0, 'u'
        sb t0, 0(s3)
        offer 1, TX, 0
        li t0, 1500
1:      addi t0, t0, -1
        bnez t0, 1b
        addi s5, s5, -1
        bnez s5, again
        off
prompt: .ascii "? \\n"
"""


@pytest.mark.parametrize("engine", ["interp", "bt", "bare", "trap", "hw"])
@pytest.mark.parametrize("room", range(0, 24, 5))
def test_both_have_one_limit(engine: str, room: int) -> None:
    with Machine(BOTH, engine) as made:
        made.vm.output.room = room
        assert made.vm.run(200_000) == Stop("output")
        made.vm.bus.flush()
        assert made.output.getvalue() == (b"u? \n" * 6)[:room]


HOSTILE: dict[str, tuple[str, int]] = {
    "a chain without an end": ("descriptor TX, prompt, 3, 1, 0\noffer 1, TX, 0", 0x4F),
    "a buffer outside of RAM": ("descriptor TX, UART, 3, 0, 0\noffer 1, TX, 0", 0x4F),
    "a buffer over the end of RAM": ("descriptor TX, 0x800ffffe, 3, 0, 0\noffer 1, TX, 0", 0x4F),
    "a buffer of 4 GiB": ("descriptor TX, 0x80000000, 0xffffffff, 0, 0\noffer 1, TX, 0", 0x4F),
    "a buffer of nothing": ("descriptor TX, prompt, 0, 0, 0\noffer 1, TX, 0", 0x4F),
    "more than RAM has": (
        "descriptor TX, 0x80000000, 0x100000, 1, 1\ndescriptor TX + 16, prompt, 1, 0, 0\noffer 1, TX, 0",
        0x4F,
    ),
    "a buffer above 4 GiB": ("descriptor TX, prompt, 3, 0, 0\nli t0, 1\nsw t0, 4(t1)\noffer 1, TX, 0", 0x4F),
    "a buffer to be written": ("descriptor TX, prompt, 3, 2, 0\noffer 1, TX, 0", 0x4F),
    "input into a buffer to be read": ("descriptor RX, 0x80022000, 3, 0, 0\noffer 0, RX, 0", 0x4F),
    "an indirect table": ("descriptor TX, prompt, 16, 4, 0\noffer 1, TX, 0", 0x4F),
    "a head that there is not": ("descriptor TX, prompt, 3, 0, 0\noffer 1, TX, 8", 0x4F),
    "another that there is not": ("descriptor TX, prompt, 3, 1, 0xffff\noffer 1, TX, 0", 0x4F),
    "an index that jumps": ("li t1, TX + 0x80\nli t0, 100\nsh t0, 2(t1)\noffer 1, TX, 0", 0x4F),
    "an index that goes back": ("li t1, TX + 0x80\nli t0, -3\nsh t0, 2(t1)\noffer 1, TX, 0", 0x4F),
    "queues that there are not": ("li t0, 2\nsw t0, 0x50(s0)\nli t0, -1\nsw t0, 0x50(s0)", 0x0F),
    "nothing new": ("sw zero, 0x50(s0)\nli t0, 1\nsw t0, 0x50(s0)", 0x0F),
    "a driver that is not ready": ("li t0, 11\nsw t0, 0x70(s0)\ndescriptor TX, UART, 3, 0, 0\noffer 1, TX, 0", 0x0B),
    "a driver that leaves": ("descriptor TX, UART, 3, 0, 0\noffer 1, TX, 0\nsw zero, 0x70(s0)", 0x00),
}
"""What a driver may not do -> instructions that do it, behind `begin`; the status then."""
MODERN_ONLY = {
    "a queue that is not ready": ("sw zero, 0x44(s0)\ndescriptor TX, UART, 3, 0, 0\noffer 1, TX, 0", 0x0F),
    "a queue that goes": ("descriptor TX, UART, 3, 0, 0\noffer 1, TX, 0\nsw zero, 0x44(s0)", 0x0F),
    "rings outside of RAM": ("sw zero, 0x90(s0)\noffer 1, TX, 0", 0x4F),
    "a ring above 4 GiB": ("li t0, -1\nsw t0, 0xa4(s0)\ndescriptor TX, prompt, 3, 0, 0\noffer 1, TX, 0", 0x4F),
    "a size that there is not": (
        "li t0, 3\nsw t0, 0x38(s0)\nli t0, -1\nsw t0, 0x38(s0)\nsw zero, 0x38(s0)\noffer 1, TX, 7\n"
        "descriptor TX + 112, prompt, 3, 0, 0",
        0x0F,
    ),
}
SENT = "a size that there is not", "a ring above 4 GiB"
"""Those of which something has been transmitted before."""
WAIT = """
        li t0, 3000
1:      addi t0, t0, -1
        bnez t0, 1b
        lw s4, 0x70(s0)
        lw s5, 0x60(s0)
        li t0, 1
        sw t0, 0x50(s0)                 # it serves nothing until it has been reset
        li t0, 2000
1:      addi t0, t0, -1
        bnez t0, 1b
        sw zero, 0x70(s0)
        lw s6, 0x70(s0)
        lw s7, 0x60(s0)
        begin                           # and then all is well
        li t1, RX + 0x80
        sh zero, 2(t1)
        li t1, TX + 0x80
        sh zero, 2(t1)
        descriptor TX, prompt, 3, 0, 0
        offer 1, TX, 0
        li t0, 3000
1:      addi t0, t0, -1
        bnez t0, 1b
        lw s8, 0x60(s0)
        off
prompt: .ascii "ok\\n"
"""


@pytest.mark.parametrize("board", [None, OLD], ids=["modern", "legacy"])
@pytest.mark.parametrize("name", [*HOSTILE, *MODERN_ONLY])
def test_what_no_driver_does(name: str, board: Board | None) -> None:
    """The device asks for a reset and tells so, or nothing comes of it; after a reset it is as new."""
    if board is OLD and name in MODERN_ONLY:
        return
    text, status = (HOSTILE | MODERN_ONLY)[name]
    states = []
    for engine in ("interp", "bt", "hw"):
        with Machine("begin\n" + text + WAIT, engine, b"xyz", board) as made:
            assert made.vm.run(200_000) == Stop("exit", 0)
            states.append(made.so_far())
            reset = bool(status & 0x40)
            assert made["s4"] == status and made["s5"] & 2 == 2 * reset
            assert (made["s6"], made["s7"], made["s8"]) == (0, 0, 1)
            assert made.output.getvalue().endswith(b"ok\n")
            assert (made.output.getvalue() == b"ok\n") == (name not in SENT)
    assert all(state == states[0] for state in states)
