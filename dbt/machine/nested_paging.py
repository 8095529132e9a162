"""Nested paging, where a description has second tables: what the first tables take for physical is translated by them.

n levels of the first and m of the second make (n + 1)(m + 1) - 1 references; n is 0 with the first paging off. Every
entry of a path is in the machine's memory, so whoever compares paths with memory need not know of which tables it is.
"""

from __future__ import annotations

from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.paging import FETCH, HOST_PAGE, LOAD, STORE, UPDATE, Walk, Walker
from ring1.dbt.machine.state import ONES
from ring1.isa.model import Isa
from ring1.isa.python import Trap, functions

TABLE = 4
"""A kind of access: to an entry of the first tables, which the machine may write to."""
KINDS = 1 << FETCH | 1 << LOAD | 1 << STORE | 1 << UPDATE
NESTED = 1 << 40
"""Set in the leaf of a walk that the second tables are part of: so it is no word of memory. Bits 35:32 are the kinds of
access that they deny."""


def walker(isa: Isa, cpu: object, memory: Memory) -> Walker | None:
    """Return a walker of all tables that a machine has; None if it has none."""
    if isa.nested is not None:
        return NestedWalker(isa, cpu, memory)
    return Walker(isa, cpu, memory) if isa.paging is not None else None


class SecondWalker(Walker):
    """Walks the second tables. Marks nothing, as they have no accessed and dirty bits."""

    def __init__(self, isa: Isa, cpu: object, memory: Memory) -> None:
        p, made = isa.nested, functions(isa)
        assert p is not None and p.table is not None and p.misconfigured is not None
        super().__init__(isa, cpu, memory, p)
        self.rights = (*self.rights, (made["nested_may_table"], p.table.cause))
        self.denials = (*self.denials, self.denials[-1])
        self.misconfigured, self.cause = made["nested_misconfigured"], p.misconfigured.cause

    def judge(self, entry: int) -> int:
        """See Walker.judge."""
        return 0 if self.misconfigured(self.present(), entry) else super().judge(entry)

    def fault(self, address: int, kind: int, entry: int) -> Trap:
        """See Walker.fault."""
        present = self.present()
        wrong = not self.invalid(present, entry) and self.misconfigured(present, entry)
        return Trap(self.cause, address) if wrong else super().fault(address, kind, entry)


class NestedWalker(Walker):
    """Translates by the first tables, by the second ones, or by both, as paging is on."""

    whole = False

    def __init__(self, isa: Isa, cpu: object, memory: Memory) -> None:
        super().__init__(isa, cpu, memory)
        self.below = SecondWalker(isa, cpu, memory)
        self.beyond = frozenset((self.below.cause, *(cause for _, cause in self.below.rights)))
        self.first, self.second = False, False
        """Which tables translate now."""
        self.references: tuple[int, ...] = ()
        """The entries of the second tables that the present walk has read."""

    def translates(self) -> bool:
        """See Walker.translates."""
        return bool(self.when(self.cpu) or self.below.when(self.cpu))

    def enter(self, context: tuple[int, ...]) -> dict[int, int]:
        """See Walker.enter."""
        self.first, self.second = bool(self.when(self.cpu)), bool(self.below.when(self.cpu))
        self.below.enter(context)
        return super().enter(context)

    def walk(self, address: int, kind: int) -> Walk:
        """See Walker.walk. The fault of the tables that are come to first counts."""
        if not self.second:
            return super().walk(address, kind)
        self.references = ()
        walk = super().walk(address, kind) if self.first else Walk(address, (), ONES, ONES, HOST_PAGE)
        last = self.below.walk(walk.physical, kind)
        denied = (KINDS & ~self.below.judge(last.entry)) << 32 | NESTED
        path = (*self.references, *last.path, *walk.path)
        return Walk(last.physical, path, walk.entry | denied, walk.marked | denied, HOST_PAGE, walk.physical)

    def refer(self, address: int) -> int:
        """See Walker.refer."""
        if not self.second:
            return address
        walk = self.below.walk(address, TABLE)
        self.references += walk.path
        return walk.physical

    def judge(self, entry: int) -> int:
        """See Walker.judge."""
        if not entry & NESTED:
            return super().judge(entry)
        return (super().judge(entry & ONES) if self.first else KINDS) & ~(entry >> 32)

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """See Walker.commit."""
        super().commit(address, kind, walk._replace(entry=walk.entry & ONES, marked=walk.marked & ONES))

    def reported(self, walk: Walk) -> int:
        """See Walker.reported."""
        return walk.first if self.second else walk.physical
