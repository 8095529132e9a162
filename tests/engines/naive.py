"""A technique in one file, which ring1 knows nothing of: binary translation that calls the VMM for whatever is
sensitive, and acts on the virtual CPU nowhere."""

from __future__ import annotations

from ring1.dbt.engines.technique import Technique
from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.isa import semantics as s
from ring1.isa.effects import Effects


class Naive(Policy):
    name = "naive"

    @property
    def identity(self) -> tuple[object, ...]:
        return ()

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, f"trap {name}")
        return Decision(Action.CALLOUT, f"asked {name}") if found.sensitive else IDENT


NAIVE = Technique(Naive.name, "binary translation that always calls", "#123456", Naive, priced=True)
