"""Pieces in which several addresses share entries of page tables, which are used, changed and flushed through any of
them."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.fuzz.blocks import compute, put_word, reach
from ring1.dbt.fuzz.flow import loop
from ring1.dbt.fuzz.kernels import home, ring, user
from ring1.dbt.fuzz.layout import DATA, MORE_DATA, OTHERS, ROOTS, SPARE
from ring1.dbt.fuzz.mapping import flush, space, switch
from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.fuzz.tables import Entries, entries, levels, lowest
from ring1.dbt.fuzz.writer import Writer

ROWS = (7, 8, 9)
"""Rows of a root table that are made to lead to a table again."""
FRAMES = (DATA, MORE_DATA, OTHERS)
AT = (0, 0x40, 0x600, 0xFFC)
"""Offsets in a page that are accessed, where words differ from frame to frame."""


class Shared:
    """A page, and the addresses that it is mapped to."""

    def __init__(self, w: Writer, e: Entries, root: int) -> None:
        self.w, self.e, self.root = w, e, root
        self.forms = users(w)
        p, places = e.paging, levels(e.paging)
        own = places[-1][root % len(places[-1])]
        self.table, self.page = own, w.one((DATA, MORE_DATA, 0xD000, 0xE000))
        if len(p.levels) == 2 and w.chance(0.5):  # a table that nothing else is mapped by
            self.table, self.page = SPARE, w.random.randrange(8) << p.page
        self.row = p.page + sum(p.levels[1:])
        self.rows = (*((0,) if self.table == own else ()), *ROWS)[: w.random.randint(1, 3)]
        self.offset = w.one(AT)
        self.flags = w.one(e.full)

    @property
    def at(self) -> int:
        """Address of the entry."""
        return self.e.place(self.table, self.w.at(self.page))

    def begin(self) -> None:
        """Map the table by several rows, or a superpage by one; mark each frame by a word."""
        w, e, p = self.w, self.e, self.e.paging
        places = levels(p)
        for row in self.rows:
            if row and len(places) > 1:
                below = self.table if len(places) == 2 else places[1][0]
                at = e.place(ROOTS[self.root], w.at(row << self.row), 0)
                put_word(w, at, e.made(lowest(e.pointers), below))
        for frame in w.random.sample(FRAMES, 2):
            put_word(w, w.at(frame + self.offset), w.edge())
        self.enter()
        flush(w)

    def enter(self) -> None:
        """Change the entry: its frame, its rights, its accessed and dirty bits."""
        w, e, p = self.w, self.e, self.e.paging
        marks = p.accessed | p.dirty
        if w.chance(0.4):
            self.flags = w.one(e.full) if w.chance(0.8) or not e.nearly else w.one(e.nearly)
        self.flags = self.flags & ~marks | w.one((0, p.accessed, p.dirty, marks, marks, self.flags & marks))
        put_word(w, self.at, e.made(self.flags, w.one(FRAMES)))

    def clear(self) -> None:
        """Clear the accessed or the dirty bit alone, as a kernel does to learn which pages are in use."""
        self.enter_frame(self.flags & ~self.w.one((self.e.paging.accessed, self.e.paging.dirty)))

    def enter_frame(self, flags: int) -> None:
        put_word(self.w, self.at, self.e.made(flags, DATA))

    def use(self) -> None:
        w = self.w
        where = w.at((w.one(self.rows) << self.row) + self.page + self.offset)
        reach(w, w.one(self.forms), where)

    def ask(self) -> None:
        """Read the entry itself."""
        load = self.w.facts.load_word
        if load is not None:
            reach(self.w, load, self.at)


def users(w: Writer) -> Sequence[Shape]:
    """Return the instructions that access memory: all of them, or only kinds for which generated code must exit."""
    forms = [form for form in w.usable("access") if form.base]
    both = [form for form in forms if form.effects.loads and form.effects.stores]
    stores = [form for form in forms if form.effects.stores]
    return w.one([some for some in (forms, both, both, stores) if some] or [forms])


def started(w: Writer) -> Shared | None:
    """Begin with a shared page; None if the machine cannot have one."""
    f, e = w.facts, entries(w)
    if e is None or not e.full or not f.constants or f.store_word is None or not f.flushes:
        return None
    if (not e.pointers and len(e.paging.levels) > 1) or not users(w) or not f.paged(0):
        return None
    root = w.random.randrange(len(ROOTS))
    home(w)
    space(w, root)
    shared = Shared(w, e, root)
    shared.begin()
    return shared


def shared(w: Writer) -> None:
    """Write uses of a page by several addresses, in any processor mode, while its entry changes and is flushed at
    times."""
    s = started(w)
    if s is None:
        return
    for _ in w.some(1, 3):
        s.use()
    for _ in w.some(2, 5):
        if w.facts.rights and w.chance(0.6):
            switch(w)
            s.use()
        if w.chance(0.3):
            w.one((ring, user, user))(w)
            for _ in w.some(1, 2):
                s.use()
            home(w)
        w.one((s.enter, s.enter, s.enter, s.clear))()
        for _ in w.some(0, 2):
            s.use()
        if w.chance(0.75):
            flush(w)
        for _ in w.some(1, 3):
            s.use()


def aged(w: Writer) -> None:
    """Write rounds in which a page is used or not, its entry is read, and its accessed and dirty bits are cleared."""
    s = started(w)
    if s is None:
        return

    def inside(w: Writer) -> None:
        for step in (s.use, s.ask, s.clear):
            if w.chance(0.85):
                step()
        if w.chance(0.85):
            flush(w)
        if w.chance(0.3):
            compute(w)

    loop(w, inside, w.one((3, 5, 12)))


def faulting(w: Writer) -> None:
    """Write rounds in which a page is there and then is not, or has not all rights, amid what is computed; of some page
    faults the cause is read."""
    s = started(w)
    if s is None:
        return
    f, e = w.facts, s.e

    def uses(w: Writer) -> None:
        for _ in w.some(1, 3):
            for _ in w.some(0, 3):
                compute(w)
            s.use()
            for name in (f.handling.cause if f.handling else None, w.one(list(f.control_reads) or [None])):
                if name in f.control_reads and w.chance(0.4):
                    w.move(f.control_reads[name], w.one(f.targets))

    def inside(w: Writer) -> None:
        uses(w)
        if w.chance(0.8):
            put_word(w, s.at, e.made(w.one((0, *e.nearly)), DATA) if w.chance(0.7) else 0)
        if w.chance(0.8):
            flush(w)
        uses(w)
        s.enter()
        if w.chance(0.8):
            flush(w)

    loop(w, inside, w.one((3, 8, 20)))
