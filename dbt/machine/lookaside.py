"""What a translation look-aside buffer may hold: an interpreter with all that the manual leaves open (docs/pg32.md).

The rule: a buffer may hold any entry as its table had it at any time since the last flush. An access may use a leaf
that is held if that grants it and has the marks which the access sets, and changes nothing in the table then; or it
walks the tables as they are. All that an instruction accesses in one page is in the same frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ring1.dbt.machine.memory import GUARDED, Memory
from ring1.dbt.machine.paging import FETCH, POINTER, STORE, Walk, Walker
from ring1.dbt.machine.step import Cpu
from ring1.isa.model import WORD, Isa
from ring1.isa.python import Trap

if TYPE_CHECKING:
    from ring1.dbt.machine.bus import Bus

Page = tuple[int, bool]
"""A page of addresses; is it fetched from?"""
Choose = Callable[[Page, int], int]
"""Of so many ways that are open for a page, the first being to walk the tables: which is taken."""


def walks(page: Page, ways: int) -> int:
    """What a machine without a buffer does."""
    return 0


class Impossible(Exception):
    """No machine makes these choices together."""


class OpenWalker(Walker):
    """Walks the tables, or uses what a buffer may hold."""

    def __init__(self, isa: Isa, cpu: OpenCpu, memory: Memory) -> None:
        super().__init__(isa, cpu, memory)
        self.choose: Choose = walks
        self.past: dict[int, set[int]] = {}
        """Physical address of an entry -> what it was since the last flush, other than now."""
        self.path: list[int] = []
        """The entries that the present walk has read."""
        self.frames: dict[Page, int] = {}
        """Pages that the present instruction has used, for data or as code -> their frames, where they are open."""

    def refer(self, address: int) -> None:
        """What is written to a table that has been walked is seen from now on."""
        self.path.append(address)
        self.memory.watch[address >> 12] |= GUARDED

    def written(self, address: int) -> None:
        """A word of a table is about to change."""
        self.past.setdefault(address, set()).add(self.memory.words[address >> 2])

    def is_open(self, path: list[int] | tuple[int, ...]) -> bool:
        """Have any of these entries been others since the last flush?"""
        return any(at in self.past for at in path)

    def walk(self, address: int, kind: int) -> Walk:
        """Raises Trap; Impossible if this instruction has used another frame of the page."""
        self.path.clear()
        fresh: Walk | Trap
        try:
            fresh = super().walk(address, kind)
        except Trap as trap:
            fresh = trap
        if self.is_open(self.path):
            fresh = self.chosen(address, kind, [fresh, *self.others(address, kind, fresh)])
        if isinstance(fresh, Trap):
            raise fresh
        return fresh

    def chosen(self, address: int, kind: int, ways: list[Walk | Trap]) -> Walk | Trap:
        """The way that is taken."""
        shift = self.paging.page
        page = address >> shift, kind == FETCH
        if page in self.frames:
            ways = [way for way in ways if isinstance(way, Walk) and way.physical >> shift == self.frames[page]]
            if not ways:
                raise Impossible
        way = ways[self.choose(page, len(ways))] if len(ways) > 1 else ways[0]
        if isinstance(way, Walk):
            self.frames[page] = way.physical >> shift
        return way

    def others(self, address: int, kind: int, fresh: Walk | Trap) -> list[Walk]:
        """The uses of what may be held that come to something else than a walk."""
        found = {held.physical: held for held in self.held(address, kind)}
        if isinstance(fresh, Walk) and fresh.marked == fresh.entry:
            found.pop(fresh.physical, None)
        return list(found.values())

    def held(self, address: int, kind: int) -> Iterator[Walk]:
        """By all that a buffer may hold. Nothing is marked."""
        p, memory, shift = self.paging, self.memory, WORD
        marks = p.accessed | (p.dirty if kind == STORE else 0)
        tables: list[tuple[int, tuple[int, ...]]] = [(self.table, ())]
        for bits in p.levels:
            shift -= bits
            below = list[tuple[int, tuple[int, ...]]]()
            for table, path in tables:
                at = table + (address >> shift & (1 << bits) - 1) * p.entry
                if at + p.entry > memory.size:
                    continue
                now = memory.words[at >> 2]
                for entry in (now, *self.past.get(at, ())):
                    frame, verdict = entry >> p.frame.lo & self.most_frames, self.judge(entry)
                    if verdict == POINTER:
                        below.append((frame << p.page, (*path, at)))
                    elif verdict >> kind & 1 and entry & marks == marks and not frame & (1 << shift - p.page) - 1:
                        yield Walk(frame << p.page | address & (1 << shift) - 1, (*path, at), now, now, shift)
            tables = below

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """What is open is so again at the next access."""
        if not self.is_open(walk.path):
            super().commit(address, kind, walk)
        elif walk.marked != walk.entry and walk.physical < self.memory.size:
            self.memory.mark(walk.path[-1], walk.marked)


class OpenCpu(Cpu):
    """An interpreter that is asked, at each access which may go several ways, which way to go."""

    def __init__(self, isa: Isa, memory: Memory, bus: Bus) -> None:
        super().__init__(isa, memory, bus)
        self.open = OpenWalker(isa, self, memory) if isa.paging else None
        self.walker = self.open

    def fetch(self, pc: int) -> int:
        if self.open is not None:
            self.open.frames.clear()
        return super().fetch(pc)

    def page_written(self, page: int, address: int, length: int) -> None:
        if self.open is not None:
            for at in range(max(address, page << 12) & ~3, min(address + length, page + 1 << 12), 4):
                self.open.written(at)

    def decide(self, choose: Choose) -> None:
        """Who is asked from now on, when what is in memory is what all tables have ever been."""
        if self.open is not None:
            self.open.choose = choose
            self.open.past.clear()

    def flushed(self) -> None:
        if self.open is not None:
            self.open.past.clear()
