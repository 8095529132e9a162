"""bt: binary translation. No sensitive instruction is ever executed: each is rewritten, in any ring.

The short ones, which touch only the virtual CPU's registers or read its time, become code that acts on the virtual CPU
inside the code cache; so does the way into the guest's trap handler. The rest, whatever devices, waiting or the
shadow of the guest's page tables have a part in, are calls into the VMM, and so is what an INLINE turns out to be
that must tell the VMM (interrupt lines enabled, the timer set). A port is read without a call if its device has
published what it would answer, as a status is. Innocuous instructions run as they are.
(Adams and Agesen, "A comparison of software and hardware techniques for x86 virtualization", 2006.)
"""

from __future__ import annotations

from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.isa import semantics as s
from ring1.isa.effects import Effects


class BinaryTranslation(Policy):
    name = "bt"

    @property
    def identity(self) -> tuple[object, ...]:
        return ()

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, f"trap {name}")
        if not found.sensitive:
            return IDENT
        if found.ports and isinstance(body[-1], s.SetRegister):
            return Decision(Action.INLINE, "reads what the device has published")
        if found.ports or found.waits or found.calls - {"time"}:
            return Decision(Action.CALLOUT, f"callout {name}")
        return Decision(Action.INLINE, "acts on the virtual CPU")
