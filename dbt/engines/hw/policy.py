"""hw: hardware assistance, modelled. The guest runs in non-root operation of the extension that docs/vt.md specifies.

Kernel and programs have control registers of their own, with the machine's semantics: nothing is deprivileged and
nothing rewritten. Accesses to devices and interrupt lines exit to the VMM, as the VMCS says; everything else, including
traps, page faults and switches of the address space, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ring1.dbt.translate.policy import IDENT, Action, Decision, Policy
from ring1.dbt.vt import exits
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.intercept import Exiting, Intercepts
from ring1.dbt.vt.setup import standard
from ring1.isa import semantics as s
from ring1.isa.effects import Effects
from ring1.isa.model import Isa

if TYPE_CHECKING:
    from ring1.dbt.host.interface import Walk


class HardwareAssistance(Policy):
    name = "hw"

    def __init__(self, isa: Isa, exiting: Exiting | None = None) -> None:
        """`exiting`: what exits; None: what the standard VMCS says. Raises ValueError for a machine with a cause that
        no event can have."""
        super().__init__(isa)
        great = max(isa.causes.values(), key=lambda cause: cause.number, default=None)
        if great is not None and great.number > exits.NUMBER:
            raise ValueError(
                f"{isa.name}'s cause {great.name} is {great.number:#x}: the greatest of an event is {exits.NUMBER:#x}"
            )
        self.looks = True
        host = HostMemory(0)
        self.exiting = exiting or Intercepts(isa, standard(isa, host), host).exiting

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.exiting,)

    @property
    def walk(self) -> Callable[..., Walk]:
        from ring1.dbt.host.present import present

        return present().nested_walk

    def __call__(self, name: str, body: s.Body, found: Effects) -> Decision:
        exit_name = self.exiting.name(self.isa, body, found)
        if exit_name:
            return Decision(Action.CALLOUT, exit_name)
        if found.always_traps:
            return Decision(Action.TRAP, "trap")
        return IDENT
