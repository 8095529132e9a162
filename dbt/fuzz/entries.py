"""Pieces that enter another kind of operation, and exit from it, where a machine has that (ring1.dbt.fuzz.entering)."""

from __future__ import annotations

from ring1.dbt.fuzz.blocks import put_word
from ring1.dbt.fuzz.flow import loop
from ring1.dbt.fuzz.layout import BLOCK, HANDLER, SECOND_ROOT, SECOND_TABLE
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.nested_paging import SecondWalker
from ring1.isa.model import WORD


def enter(w: Writer) -> None:
    """Enter, mostly again and again: what exits and entries do is generated once there have been some."""
    if w.facts.entering is not None and w.facts.constants and w.facts.store_word is not None:
        loop(w, once, w.one((1, 3, 6, 12)))


def once(w: Writer) -> None:
    """Say where the block is, and enter: at the next instruction, and so do exits come back behind some more."""
    found = w.facts.entering
    assert found is not None
    there, back = w.label(), w.label()
    put_word(w, w.at(BLOCK + found.pc), there)
    put_word(w, w.at(BLOCK + found.back), w.one((there, back, back)))
    for at, mask in w.random.sample(found.legal, min(len(found.legal), w.random.randrange(3))):
        put_word(w, w.at(BLOCK + at), mask & w.random.getrandbits(WORD) ^ dict(found.needed).get(at, 0))
    by = w.one(w.facts.spare)
    w.constant(by, w.at(BLOCK))
    w.put(found.points, dict.fromkeys(found.points.reads, by))
    for form in w.random.sample(found.enters, len(found.enters)):
        w.put(form, {})
    w.place(there)
    within(w)
    w.place(back)


def within(w: Writer) -> None:
    """Write some of what may exit."""
    for _ in w.some(1, 4):
        kind = w.one(("system", "system", "trap", "access", "compute", "port"))
        forms = [form for form in w.usable(kind) if not form.effects.waits]
        if forms:
            w.put(w.one(forms), {})


def block(w: Writer) -> None:
    """Lay the block out as it is in the beginning, and second tables."""
    found = w.facts.entering
    if found is None:
        return
    words = dict(found.needed)
    for at, mask in found.legal:
        if w.chance(0.15):
            words[at] = words.get(at, 0) ^ mask & w.random.getrandbits(WORD) & w.random.getrandbits(WORD)
    handling = w.facts.handling
    for name, at in found.restored:
        if handling is not None and name == handling.vector and w.chance(0.8):
            words[at] = w.at(HANDLER)
    if found.second and w.chance(0.5):
        for at, bit in found.second:
            words[at] = words.get(at, 0) | bit
        words[found.root] = w.at(SECOND_ROOT)
    for at, word in sorted(words.items()):
        w.org(BLOCK + at)
        w.word(word)
    second_tables(w)


def second_tables(w: Writer) -> None:
    """Lay out second tables of two levels, whose pages lead where they are, most with all rights."""
    p, probe = w.facts.isa.nested, w.facts.probe
    if p is None or len(p.levels) != 2:
        return
    probe.reset()
    walker = SecondWalker(w.facts.isa, probe.cpu, probe.cpu.memory)
    some = [n & walker.flags for n in range(1 << p.page)]
    whole = [n for n in dict.fromkeys(some) if walker.judge(n).bit_count() > 3 and walker.leaf(probe.cpu, n)]
    below = [n for n in dict.fromkeys(some) if not walker.leaf(probe.cpu, n)]
    above = [n for n in below if not walker.invalid(probe.cpu, n) and not walker.misconfigured(probe.cpu, n)]
    if not whole or not above:
        return

    def entry(offset: int, flags: int) -> int:
        return w.at(offset) >> p.page << p.frame.lo | flags

    first = w.facts.base >> WORD - p.levels[0]
    w.org(SECOND_ROOT + 4 * first)
    table = entry(SECOND_TABLE, w.one(above))
    w.word(table if w.chance(0.7) else first << WORD - p.levels[0] - p.page + p.frame.lo | w.one(whole))
    page = w.facts.base >> p.page & (1 << p.levels[1]) - 1
    w.org(SECOND_TABLE + 4 * page)
    w.word(*(entry(n << p.page, w.one(whole) if w.chance(0.9) else w.one(some)) for n in range(16)))
