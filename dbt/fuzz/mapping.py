"""Pieces that change mappings: paging is turned on, page tables are exchanged and stored to."""

from __future__ import annotations

from ring1.dbt.fuzz.blocks import alias, compute, put_word, reach
from ring1.dbt.fuzz.changing import again
from ring1.dbt.fuzz.kernels import home, ring, user
from ring1.dbt.fuzz.layout import DATA, MORE_DATA, OTHERS, ROOTS, SUBROUTINES
from ring1.dbt.fuzz.tables import ODD, entries, entry, levels, table_word
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES


def flush(w: Writer) -> None:
    if w.facts.flushes:
        w.put(w.facts.flushes[0], {})


def paging(w: Writer) -> None:
    """Turn paging on or off, or select another table."""
    f = w.facts
    root = w.one((*ROOTS, ROOTS[0], ROOTS[0], 1 << 24))
    for name, word in f.paged(root).items():
        on = f.turning.get(name, 0)
        other = w.random.getrandbits(12) & ~on if w.chance(0.3) else 0
        off = on if w.chance(0.15) else 0
        w.control(name, word & ~off | other, w.one(f.spare))
    if w.chance(0.3):
        flush(w)


def space(w: Writer, root: int) -> None:
    """Turn paging on with the root of this number."""
    for name, word in w.facts.paged(ROOTS[root]).items():
        w.control(name, word, w.one(w.facts.spare))


def switch(w: Writer) -> None:
    """Change control bits that the rights of pages depend on, but not the processor mode."""
    f, mode = w.facts, w.facts.isa.mode
    for name in f.rights:
        word = w.one((0, ONES, w.random.getrandbits(32), w.random.getrandbits(32)))
        word &= ~f.enabling.get(name, 0)
        if mode and name == mode.control:
            word = word & ~mode.bits.mask | mode.supervisor << mode.bits.lo
        w.control(name, word & ~f.turning.get(name, 0), w.one(f.spare))


def remap(w: Writer) -> None:
    """Change an entry of a page table, with paging on or not."""
    e = entries(w)
    if e is not None:
        low = 0 if w.chance(0.2) else 4
        put_word(w, table_word(w, low, 28), entry(w, e))
        if w.chance(0.7):
            flush(w)


def change(w: Writer, page: int, root: int) -> None:
    """Change the entry of a page in RAM below this root: fewer rights, full rights, or another frame."""
    e = entries(w)
    if e is not None and e.full:
        frame = w.one((page, page, OTHERS, DATA, MORE_DATA)) if page != SUBROUTINES else w.one((page, OTHERS))
        some = e.full if page == SUBROUTINES or not e.nearly or w.chance(0.4) else w.one((*[e.nearly] * 3, e.all))
        flags = w.one(some)
        deepest = levels(e.paging)[-1]
        put_word(w, e.place(deepest[root % len(deepest)], w.at(page)), e.made(flags, frame))
        if w.chance(0.8):
            flush(w)


def remapped(w: Writer) -> None:
    """Write repeated accesses to a page, in any mode, while its entry changes."""
    forms = w.usable("access")
    if not forms or not w.facts.constants or w.facts.isa.paging is None:
        return
    page, root = w.one((DATA, MORE_DATA, OTHERS, *ODD)), w.random.randrange(len(ROOTS))
    space(w, root)
    for _ in w.some(2, 6):
        if w.chance(0.8):
            home(w)
        if w.chance(0.25):
            root = w.random.randrange(len(ROOTS))
            space(w, root)
        for _ in w.some(0, 2):
            change(w, page, root)
        if w.chance(0.7):
            w.one((ring, user, user))(w)
        for _ in w.some(1, 3):
            where = w.at(page + w.one((0, 4, 0x80, 0xFFC, 0xFFE, -2)))
            reach(w, w.one(forms), alias(w, where) if w.chance(0.2) else where)


def moved(w: Writer) -> None:
    """Write a routine that is replaced by another, since its page is mapped to another frame."""

    def moving(w: Writer, routine: str) -> None:
        step = w.random.randrange(6)
        if step < 2:
            change(w, SUBROUTINES, root)
        elif step < 5:
            space(w, w.random.randrange(len(ROOTS)))
        else:
            compute(w)

    root = w.random.randrange(len(ROOTS))
    home(w)
    space(w, root)
    again(w, moving)
