"""A block of host code and its exits, as far as they are the same on every host."""

from __future__ import annotations

from typing import NamedTuple

from ring1.dbt.native import slots
from ring1.isa.record import Record

NEXT, STEP, LEAVE, GO, BUDGET, STALE, FAULT = "next", "step", "leave", "go", "budget", "stale", "fault"
READ, WRITE = "read", "write"


class Exit(NamedTuple):
    """An exit of a block to the VMM, with the guest at `pc`; None: pc is already in the state block.

    kind: NEXT goes to a known pc and can be chained to its block; STEP leaves the instruction at pc to the reference
    interpreter; READ and WRITE have the VMM make the port access that slots.PORT and slots.VALUE describe, and return
    to where they left, which is within the instruction; LEAVE has the VMM look at interrupts and the mode; GO has it
    find the next block; BUDGET is taken if the budget is less than the block's length; STALE if memory no longer holds
    what the block translates; FAULT if an access of the instruction at pc is a page fault, as a walk in generated code
    has found.
    """

    kind: str
    pc: int | None
    reason: str
    label: int
    refund: int = 0
    """Instructions of the block that were taken from the budget and not executed."""
    site: int = 0
    """Label whose jump is patched to chain a NEXT: `label` itself, or one after the refund."""
    by: int = slots.VMM
    """The slot of the stub by which it leaves."""


class HostBlock(Record):
    """The bytes of a block, and the offsets of its parts."""

    code: bytes
    marks: list[int]
    """Offset at which each guest instruction begins."""
    labels: dict[int, int]
    exits: dict[int, tuple[Exit, int]]
    """Offset after the call that leaves -> the exit, and the offset of the distance of the jump to it, -1 unless
    exactly one jump leads to it."""
