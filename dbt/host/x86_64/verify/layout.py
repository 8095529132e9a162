"""What a block may access of the state block, the window and the tables below it; the slots by which it leaves."""

from __future__ import annotations

from ring1.dbt.machine.state import (
    ANSWERED,
    ANSWERS,
    END,
    FLAT,
    ORIGIN,
    PENDING,
    REFILLS,
    SCRATCH,
    SCRATCHES,
    SPACE,
    SPACE_ROW,
    SPACE_ROWS,
    SPACES,
    TRAPPED,
    TRAPPED_AT,
    WORDS,
)
from ring1.dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMPS, TLB_ADDEND, TLB_ENTRIES, TLB_LOAD
from ring1.dbt.native import slots
from ring1.isa.model import MOST_MODES

STATE, WINDOW, ROW, FLAT_RAM, SHOWN, STACK = "state", "window", "row", "flat", "shown", "stack"
"""Kinds of pointers: rbp; r15; to a row of SPACES in the state block; to RAM; to what the software TLB has found;
rsp."""
WRITTEN: tuple[range, ...] = (
    range(-ORIGIN, 4 * WORDS - ORIGIN),
    range(SCRATCH, SCRATCH + 8 * SCRATCHES),
    range(TRAPPED_AT, TRAPPED + 16),
    range(SPACE, SPACE + 8),
    range(slots.FAULT_ERROR, slots.FAULT_ERROR + 8),
    range(slots.PORT, slots.VALUE + 8),
)
"""What a block may write in the state block, as displacements from rbp."""
READ: tuple[range, ...] = (
    range(-ORIGIN, 4 * WORDS - ORIGIN),
    range(SCRATCH, SCRATCH + 8 * SCRATCHES),
    range(END, PENDING + 4),
    range(FLAT, SPACE + 8),
    range(TRAPPED_AT, TRAPPED_AT + 8),
    range(ANSWERS, ANSWERS + 8 * ANSWERED),
    range(SPACES, SPACES + SPACE_ROWS * SPACE_ROW),
)

LEAVING = frozenset((slots.VMM, slots.OUT, slots.IN, slots.HALT))
"""Slots that are called and do not return."""
LOOKING = frozenset((slots.LOOK, REFILLS, REFILLS + 8))
"""Slots that are called with a guest address in rax, and return with it."""
GOING = frozenset((slots.MISS, slots.GATE, slots.SWITCH))
"""Slots that are jumped through."""
POINTERS = {FLAT: FLAT_RAM, SPACE: ROW}
TABLES = {
    "jmp": range(JUMPS, JUMPS + MOST_MODES * JUMP_CACHE),
    "cmp": range(CODE_MAP, JUMPS),
    "add": range(TLB_ADDEND, TLB_ADDEND + 8 * TLB_ENTRIES),
}
"""Mnemonic -> what it may read below the window."""
TAGS = range(TLB_LOAD, TLB_ADDEND)


def within(inner: range, outer: range) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def shown(where: range) -> str:
    return f"{where.start:+#x} .. {where.stop - 1:+#x}"
