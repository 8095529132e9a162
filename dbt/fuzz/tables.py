"""Page tables: valid, odd and hostile. Entries are what the description's predicates say of them."""

from __future__ import annotations

from dbt.fuzz.facts import Facts
from dbt.fuzz.layout import CODE_PAGES, DATA, MORE_DATA, RAM, ROOTS, TABLES
from dbt.fuzz.writer import Writer
from dbt.machine.paging import FETCH, LOAD, POINTER

ODD = (DATA + 0x2000, DATA + 0x3000, MORE_DATA + 0x1000)
"""Pages that often lack something; accesses straddle into them."""
MOST_FLAGS = 12
ALL_KINDS = 15
READ_ONLY = 1 << FETCH | 1 << LOAD
"""Kinds of access: see Walker.judge."""


class Entries:
    """The entries of a machine, without their frames, by what they are in user mode."""

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
        self.nearly = [full ^ bit for full in self.full for bit in bits]

    def made(self, flags: int, address: int) -> int:
        """The entry for a physical address."""
        frame = self.paging.frame
        return flags | address >> self.paging.page << frame.lo & frame.mask


def entry(w: Writer, e: Entries) -> int:
    """Mostly of a page of RAM with most rights, else of anything."""
    r, page = w.random, 1 << e.paging.page
    address = w.one(
        (page * r.randrange(RAM // page), page * r.randrange(4, 8), *ROOTS, TABLES, RAM, 1 << 22, r.getrandbits(32))
    )
    flags = e.full if w.chance(0.4) else e.all
    return e.made(w.one(flags), address) if flags and w.chance(0.95) else r.getrandbits(32)


def rights(w: Writer, e: Entries, full: int, page: int) -> int:
    """The flags of a page's entry: mostly those of `full`."""
    if page in CODE_PAGES and e.read_only and w.chance(0.15):
        return w.one(e.read_only)
    if w.chance(0.6 if page in ODD else 0.96):
        return full
    return w.one(w.one((e.all, e.nearly)))


def lowest(flags: list[int]) -> int:
    """The plainest of some entries."""
    return min(flags, key=int.bit_count)


def tables(w: Writer, e: Entries) -> None:
    """RAM where it is, for the most part; then RAM again in one large page; then everything that is amiss."""
    p = e.paging
    below = [TABLES + (n << p.page) for n in range(len(p.levels) - 1)]
    if not e.full or (not e.pointers and below):
        return
    full = w.one(e.full) if w.chance(0.3) else lowest(e.full)
    last = [*ROOTS, *below]
    for level, places in enumerate([ROOTS, *((at,) for at in below)]):
        deepest = level == len(p.levels) - 1
        for at in places:
            w.org(at)
            if deepest:
                pages = [page << p.page for page in range(RAM >> p.page)]
                w.word(*(e.made(rights(w, e, full, page), page) for page in pages))
            else:
                odd = (
                    e.made(w.one(e.all), 0),
                    e.made(full, 0x1000),
                    e.made(full, 1 << 22),
                    e.made(lowest(e.pointers), RAM),
                )
                w.word(
                    e.made(lowest(e.pointers), below[level]),
                    e.made(full, 0),
                    *odd,
                    e.made(lowest(e.pointers), last[level]),
                )
            w.word(*(entry(w, e) for _ in w.some(4, 12)))
            if w.chance(0.3):
                w.org(at + (4 << p.levels[level]) - 4)
                w.word(entry(w, e))
