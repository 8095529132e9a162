"""Where things are in the image that reference and peer run, and what the harness keeps (harness.s)."""

from __future__ import annotations

BASE = 0x80000000
SIZE = 18 << 20
"""Bytes of RAM."""
DONE, RECORD, FINISHED, PROGRAMS, RECORDS = 0x11000, 0x11004, 0x11008, 0x11100, 0x12000
"""Offsets in RAM: how many programs have ended, where the present record is, whether all have, the programs'
addresses, the records."""
RECORD_SIZE = 256
FIRST, STRIDE = 0x20000, 0x20000
"""The offset of the first program, and the distance to the next: a gap behind each, into which it may go astray."""
MOST = 128
"""Programs in an image."""
LEFT_OUT, LAST = 0, 1
"""In the place of a program's address."""
SPARE, STATUS = "pmpaddr14", "pmpaddr15"
"""Control registers that hold x1 and mstatus when a program has ended."""
NAMES = (
    *("mstatus", *(f"x{n}" for n in range(1, 32))),
    *("medeleg", "mideleg", "mie", "mip", "mtvec", "mcounteren", "mscratch", "mepc", "mcause", "mtval"),
    *("stvec", "scounteren", "sscratch", "sepc", "scause", "stval", "satp", "menvcfg", "senvcfg", "mcountinhibit"),
    *("sstatus", "sie", "sip", "misa", "mstatush", "mvendorid", "mhartid"),
)
"""The words of a record."""


def place(number: int) -> int:
    """Return the offset in RAM of a program."""
    return FIRST + number * STRIDE
