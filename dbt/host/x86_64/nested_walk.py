"""The page walk in two dimensions in generated code, for a guest with nested paging that is modelled (ring1.dbt.vt).

Each reference that the walk makes, to an entry of the guest's tables or to the page itself, needs its right in the
nested tables, with all accessed and dirty bits set that it sets there. The processor's walker knows of which pages that
is so; of all others the walk is left to it. With the guest's paging off, addresses are looked up as well.
"""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import Condition
from ring1.dbt.host.x86_64.operations import ADD, AND, HOLE, MOV, Memory, state
from ring1.dbt.host.x86_64.registers import EAX, RAX
from ring1.dbt.host.x86_64.walk import ADDRESS, AT, PAGE, Refill
from ring1.dbt.machine.memory import PAGE as HOST_PAGE
from ring1.dbt.machine.paging import LOAD
from ring1.dbt.machine.state import MAY_LOAD, MAY_STORE, MOST_WALKED, NESTED, WALKED


class NestedRefill(Refill):
    """The walk for accesses of one kind. It counts the walks that fill the TLB, and notes each of them: what a
    superpage maps is shown page by page, and missed page by page."""

    def unless_known(self, place: Memory, right: int, label: int) -> None:
        """Emit a jump unless the nested tables are known to allow an access to the page of the physical address in a
        scratch quadword."""
        self.flagged(place, right, NESTED)
        self.jump(label, Condition.EQUAL)

    def unpaged(self) -> None:
        """With the guest's paging off, put the page at the address itself into the TLB."""
        p, paged = self.isa.paging, self.label()
        assert p is not None
        if len(p.levels) >= MOST_WALKED:
            raise Unsupported("levels")
        self.jump(paged, self.compare(self.of_entry(p.when)))
        self.emit(MOV, EAX, self.scratch_at(ADDRESS, 32))
        self.emit(AND, EAX, HOLE, imm=-HOST_PAGE)
        self.within_ram(self.fail)
        self.emit(MOV, self.scratch_at(PAGE, 64), RAX)
        self.demand_page()
        self.tags(None, None)
        self.count_walk(0)
        self.fill(True)
        self.place(paged)

    def met(self, level: int) -> None:
        """The reference may set bits of the entry, so it needs the right to write."""
        self.unless_known(self.scratch_at(AT, 64), MAY_STORE, self.fail)

    def demand_page(self) -> None:
        if self.kind == LOAD:
            self.unless_known(self.scratch_at(PAGE, 64), MAY_LOAD, self.fail)
        super().demand_page()

    def unless_storable(self, label: int) -> None:
        self.unless_known(self.scratch_at(PAGE, 64), MAY_STORE, label)
        super().unless_storable(label)

    def settle(self, span: int, level: int) -> None:
        p = self.isa.paging
        assert p is not None
        self.tags(p.load.allowed, p.store.allowed)
        self.count_walk(level + 1)
        self.fill(True)

    def count_walk(self, levels: int) -> None:
        self.emit(ADD, state(8, WALKED + 8 * levels), HOLE, imm=1)
