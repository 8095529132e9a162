"""bt: binary translation. No sensitive instruction is ever executed: each is rewritten, in any ring.

The short ones, which touch only the virtual CPU's processor status or read its page-table base or time, become code
that acts on the virtual CPU inside the code cache. The rest are calls into the VMM. Innocuous instructions run
as they are. (Adams and Agesen, "A comparison of software and hardware techniques for x86 virtualization", 2006.)
"""

from __future__ import annotations

from dbt.translate.policy import IDENT, Action, Decision
from isa import semantics as s
from isa.effects import Effects
from isa.model import Isa


class BinaryTranslation:
    name = "bt"

    def __init__(self, isa: Isa) -> None:
        # The control-register file belongs to the VMM; what stands beside it is the virtual CPU's own status.
        self.file = {name for name, control in isa.controls.items() if control.number is not None}
        self.isa = isa

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, f"trap {name}")
        if not found.sensitive:
            return IDENT
        short = not (
            found.jumps
            or found.ports
            or found.waits
            or found.flushes
            or found.files
            or found.calls - {"time"}
            or (found.reads | found.writes) & self.file
            or self.moves_memory(found)
        )
        if short:
            return Decision(Action.INLINE, "acts on the virtual CPU")
        return Decision(Action.CALLOUT, f"callout {name}")

    def moves_memory(self, found: Effects) -> bool:
        """Does it write what says where memory is?"""
        paging = self.isa.paging
        return paging is not None and bool(found.writes & moved_by(self.isa))


def moved_by(isa: Isa) -> set[str]:
    """The control registers that switch paging on or say where its tables are."""
    from isa.python import controls_read

    return controls_read(isa, isa.paging.when, isa.paging.root) if isa.paging else set()
