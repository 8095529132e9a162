"""Where things are in the image that reference and peer run, and what the harness keeps (harness.s)."""

from __future__ import annotations

BASE = 0x80000000
SIZE = 18 << 20
"""Bytes of RAM."""
HARNESS = range(0x10000, 0x11000)
"""Offsets in RAM of the harness's code."""
DONE, RECORD, FINISHED, ROUND, PROGRAMS, BEGINNINGS = 0x11000, 0x11004, 0x11008, 0x1100C, 0x11100, 0x12000
"""Offsets in RAM: how many programs have ended, where the present record is, whether all have, the present program's
round, the programs' addresses, what each round begins with."""
ROUNDS = 32
"""How often each program is run, on what it has left in its memory, with other registers and data each time."""
RECORD_SIZE = 256
"""Bytes of a record and of a beginning: a word that is not used, x1 and so on, words of data, control registers."""
FIRST, STRIDE = 0x20000, 0x20000
"""The offset of the first program, and the distance to the next: a gap behind each, into which it may go astray."""
MOST = 128
"""Programs in an image."""
RECORDS = FIRST + MOST * STRIDE
LEFT_OUT, LAST = 0, 1
"""In the place of a program's address."""
SPARE, STATUS, TRAPS = "pmpaddr14", "pmpaddr15", "pmpaddr13"
"""Control registers that hold x1 and mstatus when a program has ended, and how many traps to M are left to it."""
MOST_TRAPS = 200
"""So many traps of each mode end a round."""
KEPT = (
    *("medeleg", "mideleg", "mie", "mip", "mtvec", "mcounteren", "mscratch", "mepc", "mcause", "mtval"),
    *("stvec", "scounteren", "sscratch", "sepc", "scause", "stval", "satp", "menvcfg", "senvcfg", "mcountinhibit"),
    *("sstatus", "sie", "sip", "misa", "mstatush", "mvendorid", "mhartid"),
)
"""Control registers of a record, besides mstatus."""
NAMES = ("mstatus", *(f"x{n}" for n in range(1, 32)), *KEPT)
"""The words of a record."""


def place(number: int) -> int:
    """Return the offset in RAM of a program."""
    return FIRST + number * STRIDE


def record(number: int) -> int:
    """Return the offset in RAM of a program's first record."""
    return RECORDS + number * ROUNDS * RECORD_SIZE
