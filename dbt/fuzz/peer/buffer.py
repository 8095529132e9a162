"""The look-aside buffer of QEMU 7.2, as a walker: what the manual leaves to a machine, and what it does not permit."""

from __future__ import annotations

from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.paging import FETCH, HOST_PAGE, LOAD, STORE, UPDATE, Walk, Walker
from ring1.dbt.machine.step import Cpu
from ring1.isa.model import Isa

NEEDS = {FETCH: 1 << FETCH, LOAD: 1 << LOAD, STORE: 1 << STORE, UPDATE: 1 << LOAD | 1 << STORE}
"""Kind of access -> the rights that it needs."""
EVERYTHING = 1 << FETCH | 1 << LOAD | 1 << STORE
READABLE, WRITABLE, EXECUTABLE, DIRTY = 2, 4, 8, 0x80
"""Bits of an entry."""
MXR = 1 << 19
MODES, PAGES = 3, 20
"""Bits of the processor mode, and log2 of how many pages there are."""


class Buffer(Walker):
    """Keeps what has been translated until the peer flushes, by the mode in which the machine then was.

    So in machine mode fetches, data in its own name and data in another's (MPRV) share what is kept; what is kept
    grants what its entry did for any access, even fetches from pages of U that S has read by SUM; and none of it
    changes as tables do. The peer's own buffer holds some hundred pages; programs use less.
    """

    def __init__(self, isa: Isa, cpu: Cpu, memory: Memory) -> None:
        super().__init__(isa, cpu, memory)
        self.held: dict[int, tuple[int, int]] = {}
        """Mode and page -> address of the physical page, and rights."""
        self.words, self.mode, self.status = cpu.s, isa.slots["priv"], isa.slots["mstatus"]
        self.index = 0
        """The present mode, in place."""
        self.on = False
        """Is anything translated in the present context?"""

    def enter(self, context: tuple[int, ...]) -> dict[int, int]:
        self.on = self.translates()
        self.index = (self.words[self.mode] & MODES) << PAGES
        return super().enter(context)

    def forget(self) -> None:
        """Flush the peer's buffer."""
        self.held.clear()

    def holds(self, address: int, kind: int) -> int | None:
        """Return the physical address of an access that what is kept grants, else None."""
        entry = self.held.get(self.index | address >> HOST_PAGE)
        if entry is None or entry[1] & NEEDS[kind] != NEEDS[kind]:
            return None
        return entry[0] | address & (1 << HOST_PAGE) - 1

    def walk(self, address: int, kind: int) -> Walk:
        """See Walker.walk. What the peer translates it keeps, and marks, whatever then becomes of the access."""
        physical = self.holds(address, kind)
        if physical is not None:
            return Walk(physical, (), 0, 0, HOST_PAGE)
        walk = super().walk(address, kind) if self.on else Walk(address, (), 0, 0, HOST_PAGE)
        marked, rights = walk.marked | (DIRTY if kind == UPDATE else 0), EVERYTHING
        if walk.path:
            rights = self.granted(marked)
            if marked != walk.entry:
                self.memory.mark(walk.path[-1], marked)
        self.held[self.index | address >> HOST_PAGE] = walk.physical & -1 << HOST_PAGE, rights
        return walk

    def translate(self, address: int, kind: int) -> int:
        return self.walk(address, kind).physical

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """Do nothing: that has been done."""

    def granted(self, entry: int) -> int:
        """Return the rights that the peer keeps for a marked entry."""
        readable = entry & (READABLE | (EXECUTABLE if self.words[self.status] & MXR else 0))
        return (
            bool(readable) << LOAD
            | bool(entry & EXECUTABLE) << FETCH
            | bool(entry & WRITABLE and entry & DIRTY) << STORE
        )
