"""The two-dimensional page walk: of the guest's page tables, with each reference translated by the nested tables.

n levels of guest tables and m of nested tables make (n + 1)(m + 1) - 1 references; n is 0 with the guest's paging off.
"""

from __future__ import annotations

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import FETCH, LOAD, STORE, UPDATE, Walk, Walker
from ring1.dbt.machine.step import Cpu
from ring1.dbt.vt import nested
from ring1.dbt.vt.nested import LEVELS, Nested

ALLOWED = 0xFFFFFFFF
"""Stands for the guest's leaf entry with its paging off: it grants everything, with all marks set. In a table this
value need not be a leaf."""
EVERYTHING = 1 << FETCH | 1 << LOAD | 1 << STORE | 1 << UPDATE
NEEDS = {FETCH: nested.FETCH, LOAD: nested.READ, STORE: nested.WRITE, UPDATE: nested.WRITE}
DOES = NEEDS | {UPDATE: nested.READ}


def references(levels: int) -> int:
    """Return the memory references of a walk with so many levels of guest tables."""
    return (levels + 1) * (LEVELS + 1) - 1


class Walker2D(Walker):
    """Translates every address, through the nested tables while `active`."""

    whole = False

    def __init__(self, cpu: Cpu, nested: Nested) -> None:
        super().__init__(cpu.isa, cpu, cpu.memory)
        self.nested = nested
        self.active = False
        self.linear = 0
        self.page = PAGE.bit_length() - 1

    def translates(self) -> bool:
        """Always true: the nested tables translate even with the guest's paging off."""
        return True

    def walk(self, address: int, kind: int) -> Walk:
        """See Walker.walk. Raises Trap, VmExit."""
        self.linear = address
        if self.when(self.cpu):
            walk = super().walk(address, kind)._replace(span=self.page)
        else:
            walk = Walk(address, (), ALLOWED, ALLOWED, self.page)
        if self.active:
            self.nested.access(walk.physical, NEEDS[kind], address, True, mark=False)
        return walk

    def judge(self, entry: int) -> int:
        """See Walker.judge."""
        return super().judge(entry) if self.when(self.cpu) else EVERYTHING

    def refer(self, address: int) -> int:
        """Check the reference to an entry of the guest's tables. Raises VmExit."""
        if self.active and self.memory.has(address, self.paging.entry):
            self.nested.access(address, nested.WRITE, self.linear, False)
        return address

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """See Walker.commit."""
        if self.active and self.memory.has(walk.physical):
            self.nested.access(walk.physical, DOES[kind], address, True)
        super().commit(address, kind, walk)
