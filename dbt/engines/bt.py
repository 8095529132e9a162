"""bt: binary translation. No sensitive instruction is executed as it is: each is rewritten, in any processor mode.

Those that touch only the virtual CPU's registers or read its time become code that acts on the virtual CPU inside the
code cache, as does entry to the guest's trap handler. All others, which involve devices, waiting or the shadow page
tables, become calls to the VMM, as do INLINE ones whose effect the VMM must see (enabling interrupt lines, setting the
timer). A port is read without a call if its device has published an answer, such as a status. Innocuous instructions
run as they are.
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
