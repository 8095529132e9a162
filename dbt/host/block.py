"""A block of host code, and the ways out of it: what everybody knows of it, whatever the host."""

from __future__ import annotations

from typing import NamedTuple

from ring1.dbt.native import slots
from ring1.isa.record import Record

NEXT, STEP, LEAVE, GO, BUDGET, STALE = "next", "step", "leave", "go", "budget", "stale"


class Exit(NamedTuple):
    """A way out of a block to the VMM, with pc at `pc`, or in the state block if that is None.

    kind: NEXT goes to a known place and can be chained to its block; STEP leaves the instruction at pc to the
    reference interpreter; LEAVE lets the VMM look at interrupts and the mode; GO has it find the block to go on with;
    BUDGET cannot afford the block; STALE has found that memory no longer holds what the block translates.
    """

    kind: str
    pc: int | None
    reason: str
    label: int
    refund: int = 0
    """Instructions of the block that were paid for and not executed."""
    site: int = 0
    """Label of the jump that is patched to chain a NEXT: `label` itself, or one behind the refund."""
    by: int = slots.VMM
    """The slot of the stub that it leaves by."""


class HostBlock(Record):
    """The bytes of a block, and where in them is what."""

    code: bytes
    marks: list[int]
    """Offset at which each guest instruction begins."""
    labels: dict[int, int]
    exits: dict[int, tuple[Exit, int]]
    """Offset behind the call that leaves -> the exit, and the offset of the jump distance that leads to it, -1 if
    several do or none."""
