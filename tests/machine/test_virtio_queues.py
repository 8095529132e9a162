"""Drivers of the console by virtio that lay out their queues as no driver may."""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.isa.board import Board
from tests.machine.virtio import OLD, Machine

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


@pytest.mark.parametrize(
    ("name", "board"),
    [
        *((name, None) for name in (*HOSTILE, *MODERN_ONLY)),
        *(pytest.param(name, OLD, marks=pytest.mark.soak, id=f"{name}-legacy") for name in HOSTILE),
    ],
)
def test_what_no_driver_does(name: str, board: Board | None) -> None:
    """The device asks for a reset and tells so, or nothing comes of it; after a reset it is as new."""
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
