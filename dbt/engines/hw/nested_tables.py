"""The VMM's side of nested paging: it fills the tables that the processor walks."""

from __future__ import annotations

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.nested import BITS, FRAME, LEVELS, RIGHTS


class NestedTables:
    """The tables below `root`, for a guest whose RAM is in one piece. Who takes rights away has to flush the TLB."""

    def __init__(self, host: HostMemory, root: int) -> None:
        self.host = host
        self.root = root

    def leaf(self, page: int, make: bool = False) -> int:
        """The address of the leaf entry for a guest-physical page; 0 if it has none and none is to be made."""
        quads, table = self.host.quads, self.root
        for level in reversed(range(LEVELS)):
            at = table + 8 * (page >> BITS * level & (1 << BITS) - 1)
            if level == 0:
                return at
            if not quads[at >> 3] & RIGHTS:
                if not make:
                    return 0
                quads[at >> 3] = self.host.page() | RIGHTS
            table = quads[at >> 3] & FRAME
        raise AssertionError

    def entry(self, page: int) -> int:
        """The leaf entry for a page; 0 if there is none."""
        at = self.leaf(page)
        return self.host.quads[at >> 3] if at else 0

    def map(self, page: int, rights: int = RIGHTS) -> None:
        """Give the guest access to a page of its RAM. A and D bits stay, if it had some."""
        at = self.leaf(page, make=True)
        kept = self.host.quads[at >> 3] & ~RIGHTS
        self.host.quads[at >> 3] = kept | self.host.base + page * PAGE | rights
