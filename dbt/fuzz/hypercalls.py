"""Pieces of paravirtualized kernels: hypercalls with chance arguments, batches of entries, the frame and its masks."""

from __future__ import annotations

from ring1.dbt.fuzz import kernels, peripherals
from ring1.dbt.fuzz.blocks import access, address, compute, put_word, reach
from ring1.dbt.fuzz.flow import few, loop, short_loop
from ring1.dbt.fuzz.layout import DATA, HANDLER, MORE_DATA, OTHERS, RAM, ROOTS, SUBROUTINES, TABLE_PAGES
from ring1.dbt.fuzz.mapping import space
from ring1.dbt.fuzz.paravirtual import BATCH, PLACES, ParavirtualWriter
from ring1.dbt.fuzz.tables import entries, entry, levels
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES
from ring1.dbt.vmm.hypercalls import FLUSH, KINDS, MOST_UPDATES
from ring1.dbt.vmm.shared_frame import CAUSE, MASKED, PC, PENDING, SIZE, STATUS, VALUE

BATCHES = (*(BATCH,) * 6, BATCH + 2, MORE_DATA + 0xFF8, RAM - 8, RAM - 12, RAM, ROOTS[1] + 0x100, SUBROUTINES + 0xF00)
"""Where batches lie."""
ARGUMENTS = BATCH + 0x100
"""Where the arguments of one hypercall that is repeated lie."""
REPEATED = "space", "space", "timer", "timer", "lines", "port_out"
PAIRED = (0, 1, ONES), PLACES
"""Hypercalls that are repeated, and their second arguments."""
ENDLESS = "read", "write"
"""Hypercalls that a chance argument makes long."""


def asking(w: Writer) -> ParavirtualWriter:
    assert isinstance(w, ParavirtualWriter)
    return w


def argument(w: Writer) -> int:
    """Draw an argument: an address, or anything."""
    return address(w, (5, 2, 2, 2)) & w.one((~0, ~3, ~3)) if w.chance(0.5) else w.edge()


def hypercall(w: Writer) -> None:
    """Write a hypercall, of any number, mostly with arguments that make sense to it."""
    f = asking(w).facts
    kind: str | int = w.one(KINDS[:-1])
    if w.chance(0.05):
        kind = w.one((*range(len(KINDS) + 1), w.random.getrandbits(16)))
    first, second = argument(w), argument(w)
    if kind == "register":
        first, second = (HANDLER, w.one(PLACES)) if w.chance(0.8) else (argument(w), argument(w) & ~3)
        if w.chance(0.7):
            asking(w).frame = second
    elif kind == "update":
        return batch(w)
    elif kind == "space" and w.chance(0.7):
        first = min(f.paged(w.one(ROOTS)).values(), default=0) | w.random.randrange(4) << 1
    elif kind in ENDLESS:
        second = w.one((0, 1, 3, 8, 0xFFFF)) if w.chance(0.8) else second
    elif kind == "lines":
        first = w.one((0, 1, 2, 4, 9, 15, ONES))
    elif kind == "timer":
        return kernels.timer(w)
    elif kind == "idle":
        return kernels.halt(w)
    elif kind in ("port_in", "port_out"):
        return w.one((peripherals.ports, kernels.command))(w)
    elif kind == "off" and w.chance(0.9):
        kind = "poll"
    if kind == "iret" and w.chance(0.9):
        return returned(w)
    w.constant(f.first, first)
    w.constant(f.second, second)
    asking(w).call(kind)
    return None


def looped(w: Writer) -> None:
    """Write a hypercall that is made again and again, which generated code does from some time on."""
    loop(w, lambda w: w.one((hypercall, batch, returned))(w), w.one((2, 3, 5)))


def repeated(w: Writer) -> None:
    """Write one hypercall that is made with one pair of chance arguments after the other."""
    f, load = asking(w).facts, w.facts.load_word
    if load is None:
        return
    kind, rounds = w.one(REPEATED), w.random.randint(3, 6)
    for n in range(rounds):
        tables = f.paged(w.one((*ROOTS, RAM, RAM - 0x1000, 1 << 24)))
        off = min(f.paged(0).values(), default=0) if w.chance(0.8) else 0
        root = min(tables.values(), default=0) & ~off
        sensible = root if kind == "space" else w.one((0, 1, 9, ONES))
        pair(w, ARGUMENTS + 8 * n, argument(w) if w.chance(0.3) else sensible, w.one((*w.one(PAIRED), argument(w))))
    pointer = w.one([n for n in f.spare if n not in (f.first, f.second)])
    w.constant(pointer, ARGUMENTS)
    todo = [True]

    def inside(w: Writer) -> None:
        if todo:
            todo.clear()
            for offset, register in ((0, f.first), (4, f.second)):
                w.put(load, {load.base or "": pointer, load.offset or "": offset, load.writes[0]: register})
            asking(w).call(kind)
            w.add(pointer, 8)

    loop(w, inside, rounds)


def returned(w: Writer) -> None:
    """Write a return that was no trap's, as the frame says."""
    a, there = asking(w), w.label()
    for offset, word in ((STATUS, kernels.status(w)), (PC, there if w.chance(0.95) else argument(w))):
        if w.chance(0.9):
            a.constant(a.facts.second, word)
            a.to_frame(offset, a.facts.second)
    a.call("iret")
    few(w)
    w.place(there)


def pair(w: Writer, at: int, place: int, word: int) -> None:
    put_word(w, at, place)
    put_word(w, at + 4, word)


def batch(w: Writer) -> None:
    """Write a batch of entries, or of words elsewhere, and the hypercall that makes them so."""
    f, e = asking(w).facts, entries(w)
    if e is None:
        return
    at, number = w.one(BATCHES), w.one((1, 1, 2, 3, 4))
    for n in range(number):
        place = w.one(TABLE_PAGES) + 4 * w.random.randrange(28)
        if w.chance(0.3):
            among = [at + 4 * w.random.randrange(8) for _ in range(6)]
            odd = (asking(w).frame, DATA, SUBROUTINES, HANDLER, RAM, RAM - 4, place + 2)
            place = w.one((*among, *odd, argument(w)))
        pair(w, at + 8 * n, place, entry(w, e))
    count = number if w.chance(0.9) else w.one((0, number + 1, MOST_UPDATES, MOST_UPDATES + 1, ONES >> 1))
    w.constant(f.first, at)
    w.constant(f.second, count | (FLUSH if w.chance(0.7) else 0))
    asking(w).call("update")


def remapped(w: Writer) -> None:
    """Write repeated accesses to a page, in any mode, while batches change its entry."""
    f, e, forms = asking(w).facts, entries(w), w.usable("access")
    if e is None or not e.full or not forms:
        return
    root, page = w.random.randrange(len(ROOTS)), w.one((DATA + 0x1000, DATA + 0x2000, MORE_DATA, OTHERS))
    deepest = levels(e.paging)[-1]
    place = deepest[root % len(deepest)] + e.paging.entry * (page >> e.paging.page)
    space(w, root)
    flushes = w.chance(0.8)

    def inside(w: Writer) -> None:
        flags = w.one(e.full) if not e.nearly or w.chance(0.6) else w.one(e.nearly)
        pair(w, BATCH, place, e.made(flags, w.one((page, page, MORE_DATA, DATA + 0x2000))))
        if w.chance(0.3):
            pair(w, BATCH + 8, place + 4, entry(w, e))
        w.constant(f.first, BATCH)
        w.constant(f.second, w.one((1, 1, 2)) | (FLUSH if flushes else 0))
        asking(w).call("update")
        if w.chance(0.3):
            w.one((kernels.user, kernels.home))(w)
        for _ in w.some(1, 2):
            reach(w, w.one(forms), page + w.one((0, 4, 0x80, 0xFFC)))

    loop(w, inside, w.one((1, 4, 12)))


def masking(w: Writer) -> None:
    """Write what masks interrupts and unmasks them, with a timer that may come at any instruction of it."""
    a = asking(w)
    if w.chance(0.6):
        kernels.rearm(w, w.one(w.facts.spare), w.one((1, 2, 3, 5, 8, 13, 21)), w.facts.scratch[0])
    if w.chance(0.4):
        a.constant(a.facts.first, w.one((1, 9, ONES)))
        a.call("lines")

    def inside(w: Writer) -> None:
        a.mask(w.chance(0.5))
        w.one((few, compute, access))(w)
        if w.chance(0.3):
            a.of_frame(w.one((MASKED, PENDING, PC, CAUSE, VALUE, STATUS)), w.one(w.facts.spare))

    loop(w, inside, w.one((2, 10, 30)))
    a.mask(False)


def garbled(w: Writer) -> None:
    """Write a word of the frame that is not the kernel's to write, or any."""
    put_word(w, asking(w).frame + 4 * w.random.randrange(SIZE // 4), w.edge())


HYPERCALLS = (
    *(hypercall,) * 4,
    *(looped,) * 5,
    *(repeated,) * 6,
    *(remapped,) * 3,
    *(masking,) * 3,
    returned,
    garbled,
    kernels.trap,
    kernels.ring,
    kernels.home,
    kernels.home,
    kernels.timer,
    access,
    short_loop,
)
"""Kinds of pieces that ask the VMM, as often as they are drawn."""
