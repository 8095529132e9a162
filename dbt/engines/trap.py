"""trap: trap-and-emulate. The guest's code runs directly, in a less privileged mode than it believes to be in.

The guest's kernel is deprivileged: it runs in the most privileged mode for which theorem 1 holds; if there is none, in
the mode next to the supervisor's (ring 1 on PG32), which aliases the two; or in one chosen by `--kernel-mode`. Only the
VMM runs in the supervisor's mode. All traps go to the VMM. It emulates a privileged instruction on the virtual CPU, by
one step of the reference interpreter; it reflects a system call, an undefined instruction or a fault of the guest's
own: the virtual CPU takes that trap.

All other instructions run directly, sensitive or not. If every sensitive instruction is privileged, this is equivalent
to the bare machine (theorem 1). A sensitive one that is not privileged shows the guest the real machine: see
dbt/vmm/deprivileged.py.
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
        """`kernel`: the mode in which the guest's kernel runs; None: the best one (classify.best_mode)."""
        super().__init__(isa)
        self.modes = compressed(isa, best_mode(isa) if kernel is None else kernel) if isa.mode else (0,)
        self.looks = True
        self.machine = kept(isa).keys() - ({isa.mode.control} if isa.mode else set())
        """Control registers with bits that a monitor keeps, except for the one with the mode."""

    @property
    def identity(self) -> tuple[object, ...]:
        return (tuple(self.modes),)

    def with_kernel(self, mode: int | None) -> TrapAndEmulate:
        return self if mode is None else type(self)(self.isa, mode)

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if not found.always_traps:
            # A hole acts on the real machine's registers; it must not change those on which ring1's own access to this
            # guest's memory depends.
            return Decision(Action.CALLOUT, f"{HOLE} {name}") if found.writes & self.machine else IDENT
        privileged = name in sensitive(self.isa)
        return Decision(Action.CALLOUT, f"emulate {name}" if privileged else f"reflect {name}")
