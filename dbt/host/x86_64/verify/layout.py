"""What a block may access of the state block, the window and the tables below it; the slots by which it leaves."""

from __future__ import annotations

from ring1.dbt.machine.state import (
    ANSWERED,
    ANSWERS,
    ATTENTION,
    CAUSE,
    CODE_WORDS,
    END,
    FETCHED,
    FLAT,
    FLUSH,
    FLUSH_PAGE,
    FRAME_AT,
    INEXACT,
    LINES,
    LOAD_DEVICE,
    MOST_VARYING,
    ORIGIN,
    PENDING,
    POST,
    PROBE,
    RAM_END,
    REFILLS,
    ROUTINE_SLOTS,
    ROUTINES,
    SCRATCH,
    SCRATCHES,
    SPACE,
    SPACE_ROW,
    SPACE_ROWS,
    SPACES,
    STORE_DEVICE,
    TRAPPED,
    TRAPPED_AT,
    VALUE,
    VIRTUAL,
    WORDS,
    WORK,
    WORKS,
)
from ring1.dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMPS, TLB_ENTRIES, TLB_FRAME, TLB_LOAD
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
    range(PROBE, PROBE + 4),
    range(CODE_WORDS, CODE_WORDS + 4 * MOST_VARYING),
    range(VIRTUAL, FRAME_AT),
    range(CAUSE, VALUE + 4),
    range(WORK, WORK + 8 * WORKS),
    range(FETCHED, FETCHED + 4),
)
"""What a block may write in the state block, as displacements from rbp."""
READ: tuple[range, ...] = (
    range(-ORIGIN, 4 * WORDS - ORIGIN),
    range(SCRATCH, SCRATCH + 8 * SCRATCHES),
    range(END, PENDING + 4),
    range(INEXACT, INEXACT + 4),
    range(LINES, LINES + 4),
    range(FLAT, SPACE + 8),
    range(TRAPPED_AT, TRAPPED_AT + 8),
    range(ANSWERS, ANSWERS + 8 * ANSWERED),
    range(slots.VALUE, slots.VALUE + 4),
    range(ATTENTION, ATTENTION + 4),
    range(PROBE, PROBE + 4),
    range(CODE_WORDS, CODE_WORDS + 4 * MOST_VARYING),
    range(VIRTUAL, FRAME_AT),
    range(WORK, WORK + 8 * WORKS),
    range(RAM_END, RAM_END + 4),
    range(SPACES, SPACES + SPACE_ROWS * SPACE_ROW),
)

LEAVING = frozenset((slots.VMM, slots.OUT, slots.IN, slots.HALT, *range(ROUTINES, ROUTINES + 8 * ROUTINE_SLOTS, 8)))
"""Slots that are called and do not return."""
LOOKING = frozenset((slots.LOOK, REFILLS, REFILLS + 8))
"""Slots that are called with a guest address in rax, and return with it."""
POSTING = frozenset((POST, LOAD_DEVICE, STORE_DEVICE))
"""Slots that are called and return, having changed rax, slots.PORT and slots.VALUE, and nothing else of a block's."""
RETURNING = frozenset((FLUSH, FLUSH_PAGE))
"""Slots that are called, and return with anything in rax."""
GOING = frozenset((slots.MISS, slots.GATE, slots.SWITCH))
"""Slots that are jumped through."""
POINTERS = {FLAT: FLAT_RAM, SPACE: ROW}
TAGS = range(TLB_LOAD, TLB_FRAME)
TABLES = {
    "jmp": range(JUMPS, JUMPS + MOST_MODES * JUMP_CACHE),
    "cmp": range(CODE_MAP, JUMPS),
    "add": range(TLB_FRAME, TLB_FRAME + 8 * TLB_ENTRIES),
    "xor": TAGS,
}
"""Mnemonic -> what it may read below the window."""


def within(inner: range, outer: range) -> bool:
    return outer.start <= inner.start and inner.stop <= outer.stop


def shown(where: range) -> str:
    return f"{where.start:+#x} .. {where.stop - 1:+#x}"
