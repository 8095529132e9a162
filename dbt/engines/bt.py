"""bt: binary translation. No sensitive instruction is executed as it is: each is rewritten, in any processor mode.

Those that touch only the virtual CPU's registers or read its time become code that acts on the virtual CPU inside the
code cache, as does entry to the guest's trap handler. Behind one that may make an interrupt due, such as setting the
timer, the cache looks whether it does. All others, which involve devices, waiting or the shadow page tables, become
calls to the VMM. A port is read without a call if its device has published an answer, such as a status, and a write to
one is posted if the device says that it can wait. Innocuous instructions run as they are.
(Adams and Agesen, "A comparison of software and hardware techniques for x86 virtualization", 2006.)
"""

from __future__ import annotations

from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa

KEPT = {"time", "reached", "line", "phys", "memory_size"}
"""What generated code is told without asking the VMM."""


class BinaryTranslation(Policy):
    name = "bt"

    def __init__(self, isa: Isa) -> None:
        super().__init__(isa)
        self.whole_machine = self.looks = True

    @property
    def identity(self) -> tuple[object, ...]:
        return ()

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, f"trap {name}")
        if not found.sensitive:
            return IDENT
        if found.ports and isinstance(body[-1], s.SetRegister | s.Out):
            reads = isinstance(body[-1], s.SetRegister)
            return Decision(Action.INLINE, "reads what the device has published" if reads else "posts what is written")
        if found.ports or found.waits or found.calls - KEPT:
            return Decision(Action.CALLOUT, f"callout {name}")
        return Decision(Action.INLINE, "acts on the virtual CPU")
