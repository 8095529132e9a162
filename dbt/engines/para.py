"""para: paravirtualization. The guest's kernel is built for the VMM: hypercalls replace privileged instructions.

The kernel knows that it runs in ring 1, its programs in ring 3. Instructions run as they are; state that must be at
hand at any moment, such as whether interrupts are masked or pending, is in memory shared with the VMM (see
dbt/vmm/hypercalls.py). Nothing is emulated: a kernel that executes a privileged instruction was not built for this VMM,
and is refused.
(Barham, Dragovic, Fraser, Hand, Harris, Ho, Neugebauer, Pratt and Warfield, "Xen and the art of virtualization", 2003.)
"""

from __future__ import annotations

from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.dbt.vmm.hypercalls import INSTRUCTION, kind, lacking
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa


class Paravirtualization(Policy):
    name = "para"

    def __init__(self, isa: Isa) -> None:
        """Raises ValueError for a machine that lacks what the hypercall ABI needs."""
        super().__init__(isa)
        self.looks = True
        missing = lacking(isa)
        if missing:
            raise ValueError(f"{isa.name} has no {missing}")

    @property
    def identity(self) -> tuple[object, ...]:
        return ()

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if not found.always_traps:
            return IDENT
        match body[-1]:
            case s.Raise(_, s.Const(_, word)) if name == INSTRUCTION:
                return Decision(Action.CALLOUT, f"hcall {kind(self.isa, word)}")
        return Decision(Action.CALLOUT, f"reflect {name}")
