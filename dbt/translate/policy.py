"""The policy of a technique: what is done with each instruction in the one translation pipeline."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from ring1.dbt.host.target import Hardware
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa
from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.host.interface import Walk


class Action(Enum):
    IDENT = "ident"
    """Execute the semantics as they are."""
    INLINE = "inline"
    """Rewrite it into code that acts on the virtual CPU inside the code cache."""
    CALLOUT = "callout"
    """Rewrite it into an exit to the VMM, which executes it."""
    TRAP = "trap"
    """It always traps: leave, and let the machine take the trap."""


class Decision(Record):
    action: Action
    reason: str
    """For CALLOUT and TRAP, the name under which exits are counted; for INLINE, what it is rewritten to."""


class Site(Enum):
    """How an instruction is translated that is an exception at its place (see ring1.dbt.vmm.adapt)."""

    CALL = "call"
    """It calls the VMM, whatever the policy says."""
    PROBE = "probe"
    """It looks its addresses up in the software TLB."""
    DEVICE = "device"
    """It accesses a register of a device if its address is one's, and calls the VMM if not."""


Sites = Mapping[int, Site]
"""pc of an instruction -> how it is translated."""
NO_SITES: Sites = {}


class Policy(ABC):
    """Decides by what the instruction does at its place and in its mode, not by its name."""

    name = ""
    monitor = True
    """Is there a VMM? If so, exits from generated code are exits to it, and not to the machine."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.modes: Sequence[int] = range(isa.mode.count if isa.mode else 1)
        """Guest's processor mode -> the real mode that its code runs in and is translated for."""
        self.interpreted: frozenset[int] = frozenset()
        """Modes of the guest whose code is always interpreted."""
        self.hardware: Hardware | None = None
        self.whole_machine = False
        """The guest has a machine to itself: all traps are its own, and physical memory is RAM as it lies."""
        self.looks = False
        """Generated code may write what interrupt lines depend on, and looks around behind that by itself."""

    @property
    @abstractmethod
    def identity(self) -> tuple[object, ...]:
        """Everything that its decisions depend on besides its class and the description, for `repr`: translations made
        under one policy are reused under another of the same identity."""

    @abstractmethod
    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        """Decide on an instruction with this body, bound in a real mode, and these effects."""

    def with_kernel(self, mode: int | None) -> Policy:
        """Return the policy with the guest's kernel in this real mode, if it deprivileges the kernel; None: the mode of
        its choice."""
        return self

    @property
    def walk(self) -> Callable[..., Walk]:
        """The page walk in generated code (see Host.walk)."""
        from ring1.dbt.host.present import present

        return present().walk


IDENT = Decision(Action.IDENT, "")
UNTRANSLATED, HOLE = "step", "hole"
"""First words of exit reasons that do not concern a VMM: the slow path executes what the translator cannot, or what
acts on the real machine, and nothing has trapped or called."""
PAGE_FAULT = "guest page fault"
"""The reason of exits at which the guest takes a page fault."""
FLUSHED = f"{UNTRANSLATED} flush"
"""The reason of exits at which the VMM has to flush the TLB of the bare machine."""
ADAPTED = "adapted"
"""The reason of a CALLOUT that the policy has not decided on: see ring1.dbt.vmm.adapt."""
MAPPED = "device"
"""The reason of exits at an access to a device in memory that generated code cannot make by itself."""
