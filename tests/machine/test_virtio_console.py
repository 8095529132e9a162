"""The console by virtio: guest programs that talk through it, under every engine alike."""

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
from ring1.isa.board import Board
from ring1.isa.boards import load
from tests.machine.test_rv32_board import ENGINES
from tests.machine.virtio import ALONE, NO_UART, OLD, Machine

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
