"""What an engine does with an instruction: its policy over the one translation pipeline."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from isa import semantics as s
from isa.effects import Effects
from isa.record import Record


class Action(Enum):
    IDENT = "ident"
    """Run the semantics as they are."""
    INLINE = "inline"
    """Rewritten: act on the virtual CPU inside the code cache."""
    CALLOUT = "callout"
    """Rewritten: leave for the VMM, which does it."""
    TRAP = "trap"
    """It traps: leave, and let the machine take the trap."""


class Decision(Record):
    action: Action
    reason: str
    """Of a CALLOUT or TRAP: the name under which exits are counted. Of an INLINE: what it is rewritten to."""


class Policy(Protocol):
    """Decides by what the instruction does where it stands, never by its name."""

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision: ...


IDENT = Decision(Action.IDENT, "")
ADAPTED = "adapted"
"""The reason of a CALLOUT that was not the policy's: see dbt.vmm.adapt."""
