"""trap: trap-and-emulate. The guest's code runs as it is, in a lesser processor mode than it believes to be in.

The guest's kernel is deprivileged: it is put into the most privileged mode for which theorem 1 holds, and where there
is none into the one next to the supervisor's (on PG32 ring 1), which aliases the two, or into any that one chooses
(`--kernel`); the VMM alone has the supervisor's. Whatever traps there has come to the VMM: a privileged instruction it
emulates on the virtual CPU, by one step of the reference interpreter; a system call, an undefined instruction or a
fault of the guest's own it reflects: the virtual CPU takes that trap.

All other instructions run directly, sensitive or not. Where every sensitive instruction is privileged, that is as good
as the bare machine (theorem 1). Where one is not, it shows the guest the real machine: see dbt/vmm/deprivileged.py.
(Goldberg, "Architectural principles for virtual computer systems", 1973; Popek and Goldberg, "Formal requirements for
virtualizable third generation architectures", 1974.)
"""

from __future__ import annotations

from ring1.dbt.translate.policy import HOLE, IDENT, Action, Decision, Policy
from ring1.isa import semantics as s
from ring1.isa.classify import best_mode
from ring1.isa.effects import Effects, sensitive
from ring1.isa.model import Isa
from ring1.isa.virtual import compressed, kept


class TrapAndEmulate(Policy):
    name = "trap"

    def __init__(self, isa: Isa, kernel: int | None = None) -> None:
        """`kernel`: the mode of the guest's kernel; None: the best one."""
        super().__init__(isa)
        self.modes = compressed(isa, best_mode(isa) if kernel is None else kernel) if isa.mode else (0,)
        self.machine = kept(isa).keys() - ({isa.mode.control} if isa.mode else set())
        """Control registers with bits that a monitor keeps, but for the one with the mode."""

    @property
    def identity(self) -> tuple[object, ...]:
        return (tuple(self.modes),)

    def with_kernel(self, mode: int | None) -> TrapAndEmulate:
        return self if mode is None else type(self)(self.isa, mode)

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if not found.always_traps:
            # A hole acts on the real machine's registers, not on those that say where this guest's memory is.
            return Decision(Action.CALLOUT, f"{HOLE} {name}") if found.writes & self.machine else IDENT
        privileged = name in sensitive(self.isa)
        return Decision(Action.CALLOUT, f"emulate {name}" if privileged else f"reflect {name}")
