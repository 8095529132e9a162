"""bare: no virtualization. The bare machine, translated; the "native" row of every comparison.

Sensitive instructions act on the machine directly. What host code cannot do, such as device accesses, is done by one
step of the interpreter.
"""

from __future__ import annotations

from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa


class Bare(Policy):
    name = "bare"
    monitor = False

    def __init__(self, isa: Isa) -> None:
        super().__init__(isa)
        self.whole_machine = self.looks = True

    @property
    def identity(self) -> tuple[object, ...]:
        return ()

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        if found.always_traps:
            return Decision(Action.TRAP, "trap")
        return IDENT
