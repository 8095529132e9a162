"""An interpreter whose TLB may hold whatever the manual permits (docs/pg32.md).

The rule: a TLB may hold any entry as it was in its table at any time since the last flush. An access either walks the
tables as they are, or uses a held leaf that grants it and already has the accessed and dirty bits that it would set;
then it changes nothing in the table. All accesses of one instruction to one page reach the same frame.
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
"""A virtual page, and whether the access is a fetch."""
Lookup = tuple[int, int]
"""A virtual page, and the kind of access (dbt/machine/paging): the rights and marks of a translation differ by kind."""
Choose = Callable[[Lookup, int], int]
"""Given a look-up and how many ways are open, return the index of the way to take; way 0 is to walk the tables."""


def walks(lookup: Lookup, ways: int) -> int:
    """Always walk the tables, as a machine without a TLB does."""
    return 0


class Impossible(Exception):
    """No machine can make this combination of choices."""


class OpenWalker(Walker):
    """Walks the tables, or uses a translation that a TLB may hold."""

    def __init__(self, isa: Isa, cpu: OpenCpu, memory: Memory) -> None:
        super().__init__(isa, cpu, memory)
        self.choose: Choose = walks
        self.past: dict[int, set[int]] = {}
        """Physical address of an entry -> the values that it has had since the last flush, besides the present one."""
        self.path: list[int] = []
        """Physical addresses of the entries that the present walk has read."""
        self.frames: dict[Page, int] = {}
        """Page used by the present instruction, where the choice was open -> the frame chosen."""

    def refer(self, address: int) -> int:
        """Watch the table that is being walked, so that later writes to it are seen."""
        if self.memory.has(address, self.paging.entry):
            self.path.append(address)
            self.memory.watch[address >> 12] |= GUARDED
        return address

    def written(self, address: int) -> None:
        """Record the present value of a word of a table that is about to change."""
        self.past.setdefault(address, set()).add(self.memory.words[address >> 2])

    def is_open(self, path: list[int] | tuple[int, ...]) -> bool:
        """Has any of these entries changed since the last flush?"""
        return any(at in self.past for at in path)

    def walk(self, address: int, kind: int) -> Walk:
        """See Walker.walk. Raises Trap; Impossible if this instruction has used another frame for the page."""
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
        """Choose one of the ways."""
        shift = self.paging.page
        page = address >> shift, kind == FETCH
        if page in self.frames:
            ways = [way for way in ways if isinstance(way, Walk) and way.physical >> shift == self.frames[page]]
            if not ways:
                raise Impossible
        way = ways[self.choose((page[0], kind), len(ways))] if len(ways) > 1 else ways[0]
        if isinstance(way, Walk):
            self.frames[page] = way.physical >> shift
        return way

    def others(self, address: int, kind: int, fresh: Walk | Trap) -> list[Walk]:
        """Return what held translations would give, where that differs from the fresh walk."""
        found = {held.physical: held for held in self.held(address, kind)}
        if isinstance(fresh, Walk) and fresh.marked == fresh.entry:
            found.pop(fresh.physical, None)
        return list(found.values())

    def held(self, address: int, kind: int) -> Iterator[Walk]:
        """Yield the result of each translation that a TLB may hold, marking no entry."""
        if self.straight >> kind & 1:
            return
        p, memory, shift = self.paging, self.memory, WORD
        marks = p.accessed | (p.dirty if kind == STORE else 0)
        tables: list[tuple[int, tuple[int, ...]]] = [(self.table, ())]
        for bits in p.levels:
            shift -= bits
            below = list[tuple[int, tuple[int, ...]]]()
            for table, path in tables:
                at = table + (address >> shift & (1 << bits) - 1) * p.entry
                if not memory.has(at, p.entry):
                    continue
                now = memory.words[at >> 2]
                for entry in (now, *self.past.get(at, ())):
                    frame, verdict = entry >> p.frame.lo & self.most_frames, self.judge(entry)
                    if verdict == POINTER:
                        below.append((frame << p.page, (*path, at)))
                    elif verdict >> kind & 1 and entry & marks == marks and not frame & (1 << shift - p.page) - 1:
                        yield Walk(frame << p.page | address & (1 << shift) - 1, (*path, at), now, now, shift)
            tables = below

    def forget(self, address: int | None) -> None:
        """Forget what entries have been: those of all pages, or the leaves that an address can have been translated
        by."""
        if address is None:
            self.past.clear()
            return
        p, memory, shift, tables = self.paging, self.memory, WORD, {self.table}
        for bits in p.levels:
            shift -= bits
            below = set[int]()
            for at in {table + (address >> shift & (1 << bits) - 1) * p.entry for table in tables}:
                if memory.has(at, p.entry):
                    past = self.past.get(at, set())
                    pointers = {entry for entry in past if self.judge(entry) == POINTER}
                    below |= {entry >> p.frame.lo & self.most_frames for entry in (memory.words[at >> 2], *pointers)}
                    if past:
                        self.past[at] = pointers
            tables = {frame << p.page for frame in below}

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """Commit, but keep no translation that came from open entries: the next access chooses again."""
        if not self.is_open(walk.path):
            super().commit(address, kind, walk)
        elif walk.marked != walk.entry:
            self.memory.mark(walk.path[-1], walk.marked)


class OpenCpu(Cpu):
    """An interpreter that asks `choose` at each access for which the manual permits several outcomes. Of a machine with
    second tables it knows of none, and walks the tables as they are."""

    def __init__(self, isa: Isa, memory: Memory, bus: Bus) -> None:
        super().__init__(isa, memory, bus)
        self.open = OpenWalker(isa, self, memory) if isa.paging and not isa.nested else None
        self.walker = self.open or self.walker

    def fetch_word(self, pc: int) -> int:
        if self.open is not None:
            self.open.frames.clear()
        return super().fetch_word(pc)

    def fetch_parts(self, pc: int) -> int:
        if self.open is not None:
            self.open.frames.clear()
        return super().fetch_parts(pc)

    def page_written(self, page: int, address: int, length: int) -> None:
        if self.open is not None:
            for at in range(max(address, page << 12) & ~3, min(address + length, page + 1 << 12), 4):
                self.open.written(at)

    def decide(self, choose: Choose) -> None:
        """Ask `choose` from now on; the present contents of memory become the only ones that a TLB can hold."""
        if self.open is not None:
            self.open.choose = choose
            self.open.past.clear()

    def flushed(self, address: int | None = None) -> None:
        if self.open is not None:
            self.open.forget(address)
