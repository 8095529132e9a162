"""What an engine does with an instruction: its policy over the one translation pipeline."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from ring1.dbt.host.target import Hardware, Target
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.host.interface import Walk


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


class Policy(ABC):
    """Decides by what the instruction does where it stands, never by its name."""

    name = ""
    monitor = True
    """Is there a VMM? What leaves generated code has then left for it, and not for the machine."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.modes: Sequence[int] = range(isa.mode.count if isa.mode else 1)
        """Processor mode of the guest -> the real one that its code runs in, and is translated for."""
        self.interpreted: frozenset[int] = frozenset()
        """Modes of the guest whose code is interpreted, all of it."""
        self.hardware: Hardware | None = None

    @property
    @abstractmethod
    def identity(self) -> tuple[object, ...]:
        """All that its decisions depend on beside its class and the description, for `repr`: what was translated under
        one policy is used under another one of the same identity."""

    @abstractmethod
    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        """What becomes of an instruction with this body in a real mode."""

    def with_kernel(self, mode: int | None) -> Policy:
        """The same policy with the guest's kernel in this mode, if it puts it into another than its own; None: the one
        of its choice."""
        return self

    @property
    def walk(self) -> Callable[[Target, int], Walk]:
        """The page walk in generated code (see Host.walk)."""
        from ring1.dbt.host.present import present

        return present().walk


IDENT = Decision(Action.IDENT, "")
UNTRANSLATED, HOLE = "step", "hole"
"""What the reasons of exits begin with that are no business of a VMM's: the slow path does what the translator cannot,
or what acts on the real machine, and nothing has trapped or called."""
ADAPTED = "adapted"
"""The reason of a CALLOUT that was not the policy's: see ring1.dbt.vmm.adapt."""
