"""para: paravirtualization. The guest's kernel is built for the VMM, and asks it for what it must not do itself.

The kernel runs in ring 1 and knows it, its programs in ring 3. Instructions run as they are; what it would do by a
privileged one it asks for by a hypercall, and what it has to know at every moment, whether interrupts are masked or
pending, is in memory that it shares with the VMM (see dbt/vmm/hypercalls.py). Nothing is emulated: a kernel that
executes a privileged instruction was not built for this, and is refused.
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
        """Raises ValueError for a machine on which nobody can ask."""
        super().__init__(isa)
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
