"""Page tables: valid, odd and hostile. Entries are chosen by the description's own predicates."""

from __future__ import annotations

from copy import copy
from functools import lru_cache

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import (
    CODE_PAGES,
    DATA,
    HANDLER,
    MORE_DATA,
    OTHERS,
    RAM,
    ROOTS,
    SUBROUTINES,
    TABLE_PAGES,
    TABLES,
)
from ring1.dbt.fuzz.probe import Probe
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.paging import FETCH, LOAD, POINTER
from ring1.isa.model import Paging

ODD = (DATA + 0x2000, DATA + 0x3000, MORE_DATA + 0x1000)
"""Pages that often lack some right, into which accesses straddle."""
MOST_FLAGS, MOST_MACHINES, MOST_PLACES = 12, 32, 1024
ALL_KINDS = 15
READ_ONLY = 1 << FETCH | 1 << LOAD
"""A set of kinds of access: see Walker.judge."""


class Entries:
    """A machine's table entries without their frames, sorted by their effect in a processor mode."""

    def __init__(self, probe: Probe, mode: int) -> None:
        p = probe.isa.paging
        walker = probe.cpu.walker
        assert p is not None and walker is not None
        self.paging, self.base = p, probe.isa.memory
        """The paging of the machine, and where its programs' memory begins."""
        probe.reset(mode)
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

    def made(self, flags: int, offset: int) -> int:
        """Return the entry for an offset in RAM."""
        frame = self.paging.frame
        return flags | self.base + offset >> self.paging.page << frame.lo & frame.mask

    def index(self, address: int, level: int = -1) -> int:
        """Return the index of an address in a table of a level, by default the deepest."""
        p = self.paging
        below = p.levels[level % len(p.levels) + 1 :]
        return address >> p.page + sum(below) & (1 << p.levels[level]) - 1

    def place(self, table: int, address: int, level: int = -1) -> int:
        """Return the address of the entry of an address in a table, given by its offset in RAM."""
        return self.base + table + self.paging.entry * self.index(address, level)


@lru_cache(MOST_MACHINES)
def sorted_entries(probe: Probe, mode: int) -> Entries:
    return Entries(probe, mode)


@lru_cache(MOST_PLACES)
def entries_of(facts: Facts, mode: int) -> Entries | None:
    """Return the entries of a machine for a processor mode; None if it has no paging."""
    if facts.isa.paging is None:
        return None
    made = copy(sorted_entries(facts.probe, mode))
    made.base = facts.base
    return made


def entries(w: Writer) -> Entries | None:
    """Return the entries of a machine for the mode for which the program's tables grant most."""
    return entries_of(w.facts, w.pages_of)


@lru_cache(MOST_PLACES)
def modes(facts: Facts) -> tuple[int, ...]:
    """Return the processor modes that need tables of their own: the user's, and each other for which pages that the
    user may access in every way are of no use."""
    isa, walker = facts.isa, facts.probe.cpu.walker
    if isa.mode is None or walker is None or not facts.turning:
        return (isa.mode.user if isa.mode else 0,)
    users, found = entries_of(facts, isa.mode.user), [isa.mode.user]
    for mode in facts.modes:
        facts.probe.reset(mode)
        for name, mask in facts.turning.items():
            facts.probe.cpu.s[isa.slots[name]] = mask
        own = entries_of(facts, mode) if walker.translates() else None
        if own and users and own.full and not {*users.full} <= {*own.full}:
            found.append(mode)
    return tuple(found)


def choose_pages(w: Writer) -> None:
    """Draw the mode for which the program's tables grant most."""
    if len(found := modes(w.facts)) > 1:
        w.pages_of = w.one(found)


def entry(w: Writer, e: Entries) -> int:
    """Draw an entry: mostly for a page of RAM with most rights, else for anything."""
    r, page = w.random, 1 << e.paging.page
    pages = max(1, RAM // page)
    address = w.one(
        (page * r.randrange(pages), page * r.randrange(4, 8), *ROOTS, *TABLES, RAM, 1 << 22, r.getrandbits(32))
    )
    flags = e.full if w.chance(0.4) else e.all
    return e.made(w.one(flags), address) if flags and w.chance(0.95) else r.getrandbits(32)


def rights(w: Writer, e: Entries, full: int, page: int) -> int:
    """Draw the flags of a page's entry: mostly `full`. Trap handlers of a mode that has pages are in one for them."""
    others = [h.mode for h in w.facts.handlings if h.mode != w.pages_of and h.mode in modes(w.facts)]
    if page == HANDLER and others and w.chance(0.9):
        own = entries_of(w.facts, others[0])
        return lowest(own.full) if own and own.full else full
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


def devices(w: Writer, e: Entries) -> list[int]:
    """Return the entries of the root table for the addresses of devices in memory."""
    return sorted({e.index(place.address, 0) for place in w.facts.devices.places})


def table_word(w: Writer, least: int, most: int) -> int:
    """Draw the address of an entry of a table, from those for the beginning of RAM on."""
    table, number = w.one(TABLE_PAGES), w.random.randrange(least, most)
    e = entries(w)
    return 4 * number + (w.at(table) if e is None else e.place(table, w.at(0), 0 if table in ROOTS else -1))


def tables(w: Writer) -> None:
    """Write the page tables. Each root maps RAM to itself for the most part, the second with other code in one page;
    then RAM as one large page; then everything that is amiss. Devices in memory are mapped to themselves."""
    e = entries(w)
    if e is None or not e.full or (not e.pointers and len(e.paging.levels) > 1):
        return
    p, full, pointer = e.paging, w.one(e.full) if w.chance(0.3) else lowest(e.full), lowest(e.pointers or [0])
    places = levels(p)
    for level, tables in enumerate(places):
        for n, at in enumerate(tables):
            beginning = e.place(at, w.at(0), level) - w.at(0)
            if beginning >= RAM:
                continue
            w.org(beginning)
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
            for row in devices(w, e) if level == 0 and len(places) > 1 else ():
                w.org(at + p.entry * row)
                w.word(e.made(full, (row << p.page + sum(p.levels[1:])) - e.base))
            last = at + (4 << p.levels[level]) - 4
            if last < RAM and w.chance(0.3):
                w.org(last)
                w.word(entry(w, e))
