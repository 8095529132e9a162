"""Page tables: valid, odd and hostile. Entries are chosen by the description's own predicates."""

from __future__ import annotations

from functools import lru_cache

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import CODE_PAGES, DATA, MORE_DATA, OTHERS, RAM, ROOTS, SUBROUTINES, TABLES
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.paging import FETCH, LOAD, POINTER
from ring1.isa.model import Paging

ODD = (DATA + 0x2000, DATA + 0x3000, MORE_DATA + 0x1000)
"""Pages that often lack some right, into which accesses straddle."""
MOST_FLAGS, MOST_MACHINES = 12, 32
ALL_KINDS = 15
READ_ONLY = 1 << FETCH | 1 << LOAD
"""A set of kinds of access: see Walker.judge."""


class Entries:
    """A machine's table entries without their frames, sorted by their effect in user mode."""

    def __init__(self, facts: Facts) -> None:
        cpu, isa = facts.probe, facts.isa
        walker, p = cpu.walker, isa.paging
        assert p is not None and walker is not None
        self.paging = p
        if isa.mode:
            slot = isa.slots[isa.mode.control]
            cpu.s[slot] = cpu.s[slot] & ~isa.mode.bits.mask | isa.mode.user << isa.mode.bits.lo
        bits = [1 << n for f in p.fields if f is not p.frame for n in range(f.lo, f.hi + 1)][:MOST_FLAGS]
        flags = [0]
        for bit in bits:
            flags += [each | bit for each in flags]
        judged = {each: walker.judge(each) for each in flags}
        self.all = flags
        self.pointers = [each for each, verdict in judged.items() if verdict == POINTER]
        self.full = [each for each, verdict in judged.items() if verdict == ALL_KINDS]
        self.read_only = [each for each, verdict in judged.items() if verdict == READ_ONLY]
        nearly = {full ^ bit for full in self.full for bit in bits}
        self.nearly = sorted(flags for flags in nearly if judged.get(flags) != ALL_KINDS)

    def made(self, flags: int, address: int) -> int:
        """Return the entry for a physical address."""
        frame = self.paging.frame
        return flags | address >> self.paging.page << frame.lo & frame.mask


@lru_cache(MOST_MACHINES)
def entries(facts: Facts) -> Entries | None:
    """Return the entries of a machine; None if it has no paging."""
    return Entries(facts) if facts.isa.paging else None


def entry(w: Writer, e: Entries) -> int:
    """Draw an entry: mostly for a page of RAM with most rights, else for anything."""
    r, page = w.random, 1 << e.paging.page
    address = w.one(
        (page * r.randrange(RAM // page), page * r.randrange(4, 8), *ROOTS, *TABLES, RAM, 1 << 22, r.getrandbits(32))
    )
    flags = e.full if w.chance(0.4) else e.all
    return e.made(w.one(flags), address) if flags and w.chance(0.95) else r.getrandbits(32)


def rights(w: Writer, e: Entries, full: int, page: int) -> int:
    """Draw the flags of a page's entry: mostly `full`."""
    if page in CODE_PAGES and e.read_only and w.chance(0.25):
        return w.one(e.read_only)
    if w.chance(0.6 if page in ODD else 0.96):
        return full
    return w.one(e.nearly if e.nearly and w.chance(0.75) else e.all)


def lowest(flags: list[int]) -> int:
    """Return the flags with the fewest bits set."""
    return min(flags, key=int.bit_count)


def levels(p: Paging) -> list[tuple[int, ...]]:
    """Return the addresses of the tables at each level: with two levels, each root has a table of its own below it."""
    below = [TABLES] if len(p.levels) == 2 else [(at,) for at in TABLES]
    return [ROOTS, *below][: len(p.levels)]


def tables(w: Writer) -> None:
    """Write the page tables. Each root maps RAM to itself for the most part, the second with other code in one page;
    then RAM as one large page; then everything that is amiss."""
    e = entries(w.facts)
    if e is None or not e.full or (not e.pointers and len(e.paging.levels) > 1):
        return
    p, full, pointer = e.paging, w.one(e.full) if w.chance(0.3) else lowest(e.full), lowest(e.pointers or [0])
    places = levels(p)
    for level, tables in enumerate(places):
        for n, at in enumerate(tables):
            w.org(at)
            if level == len(places) - 1:
                for page in range(0, RAM, 1 << p.page):
                    frame = OTHERS if n and page == SUBROUTINES else page
                    w.word(e.made(rights(w, e, full, page), frame))
            else:
                below = places[level + 1]
                w.word(
                    e.made(pointer, below[n % len(below)]),
                    e.made(full, 0),
                    e.made(w.one(e.all), 0),
                    e.made(full, 0x1000),
                    e.made(full, 1 << 22),
                    e.made(pointer, RAM),
                    e.made(pointer, places[-1][0]),
                )
            w.word(*(entry(w, e) for _ in w.some(4, 12)))
            last = at + (4 << p.levels[level]) - 4
            if last < RAM and w.chance(0.3):
                w.org(last)
                w.word(entry(w, e))
