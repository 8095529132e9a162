"""The VMM's side of nested paging: filling the tables that the processor walks."""

from __future__ import annotations

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.nested import BITS, FRAME, LEVELS, RIGHTS


class NestedTables:
    """The tables below `root`, for a guest whose RAM is contiguous. Whoever removes rights has to flush the TLB."""

    def __init__(self, host: HostMemory, root: int) -> None:
        self.host = host
        self.root = root

    def leaf(self, page: int, make: bool = False) -> int:
        """Return the address of the leaf entry for a guest-physical page; 0 if there is none and `make` is false."""
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
        """Return the leaf entry for a page; 0 if there is none."""
        at = self.leaf(page)
        return self.host.quads[at >> 3] if at else 0

    def map(self, page: int, rights: int = RIGHTS) -> None:
        """Map a page of the guest's RAM with these rights. A and D bits are kept."""
        at = self.leaf(page, make=True)
        kept = self.host.quads[at >> 3] & ~RIGHTS
        self.host.quads[at >> 3] = kept | self.host.base + page * PAGE | rights
