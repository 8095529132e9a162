"""Pieces with self-modifying code."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.fuzz.blocks import compute
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.flow import ROUTINES, body, call, few, link_register, loop
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.shapes import fits
from ring1.dbt.fuzz.writer import Writer

UNTIDY = (0, 0, 0, 0, 1, 2, 3, -1, -2, -3)
"""Where stores to an instruction begin, relative to its address."""
Change = Callable[[Writer, str], None]
"""Changes a routine, or the page that it is in."""


def code_word(w: Writer) -> int:
    """Draw an instruction word to store as code, mostly of one that only computes."""
    own = Writer(w.facts, w.random)
    if w.chance(0.8):
        body(own, 1)
    else:
        forms = [form for kind in ("access", "trap", "port", "system") for form in w.usable(kind)]
        forms = [form for form in forms if not form.relative and not form.effects.waits]
        if forms and w.chance(0.8):
            own.put(w.one(forms), {})
    return Listing(w.facts, own.lines).words[0] if own.lines else w.random.getrandbits(32)


def varied(w: Writer) -> Callable[[], int]:
    """Return what draws words of an instruction, which mostly differ in a constant only; often one comes again."""
    draw, known = differing(w), list[int]()

    def word() -> int:
        if known and w.chance(0.5):
            return w.one(known)
        known.append(draw())
        return known[-1]

    return word


def differing(w: Writer) -> Callable[[], int]:
    """Return what draws words of an instruction, which mostly differ in a constant only."""
    f = w.facts
    found = [
        (form, operand)
        for form in w.usable("compute")
        for operand in form.insn.operands
        if operand.kind in ("signed", "unsigned")
    ]
    if not found:
        return lambda: code_word(w)
    usual, operand = w.one(found)
    alike = [form for form, same in found if (form.reads, form.writes, same) == (usual.reads, usual.writes, operand)]
    given = {name: w.one(f.spare) for name in dict.fromkeys((*usual.reads, *usual.writes))}

    def word() -> int:
        form = usual if w.chance(0.7) else w.one(alike)
        own, value = Writer(f, w.random), w.random.getrandbits(operand.width)
        value -= (value >> operand.width - 1 << operand.width) if operand.kind == "signed" else 0
        if fits(form.insn, operand, value):
            own.put(form, {**given, operand.name: value})
        return Listing(f, own.lines).words[0] if own.lines else code_word(w)

    return word


def store_to(w: Writer, label: str, offset: int, word: int, whole: bool = False) -> None:
    """Write a store to code, of a whole word or of any kind."""
    f = w.facts
    form = f.store_word if whole else None
    if form is None:
        form = w.one([form for form in f.kinds["access"] if form.effects.stores])
    base, value = w.pair()
    w.constant(value, word)
    w.constant(base, label)
    if not whole:
        few(w)
    given = dict.fromkeys(form.reads, value)
    w.put(form, {**given, **dict.fromkeys(form.writes, value), form.base or "": base, form.offset or "": offset})


def patches(f: Facts) -> bool:
    """Can programs store to their code?"""
    return f.constants and any(form.effects.stores for form in f.kinds.get("access", ()))


def patch(w: Writer) -> None:
    """Write a store to an instruction a little ahead or behind."""
    if not patches(w.facts):
        return
    place, behind = w.label(), w.chance(0.3)
    if behind:
        w.place(place)
        compute(w)
    store_to(w, place, w.one(UNTIDY), code_word(w))
    few(w)
    if not behind:
        w.place(place)
        compute(w)


def rewrite(w: Writer) -> None:
    """Write a store to a subroutine, and a call of it."""
    if patches(w.facts):
        store_to(w, f"sub{w.random.randrange(ROUTINES)}", 4 * w.random.randrange(3), code_word(w))
        call(w)


def beside(w: Writer) -> None:
    """Write stores to data in the same page as the code, and perhaps to the code."""
    f, store = w.facts, w.facts.store_word
    jump = f.kinds.get("jump")
    if store is None or not jump or not f.constants:
        return
    here, over = w.label(), w.label()
    base = w.one(f.spare)
    w.constant(base, here)

    def inside(w: Writer) -> None:
        w.put(store, {store.base or "": base, store.offset or "": 0})
        few(w)
        w.constant(base, here)

    loop(w, inside, w.one((3, 12, 30)))
    w.put(jump[0], {jump[0].relative or "": over, **dict.fromkeys(jump[0].writes, f.zero or 0)})
    w.place(here)
    w.word(0)
    w.place(over)
    for _ in w.some(0, 2):
        patch(w)


def again(w: Writer, change: Change, apart: bool | None = None) -> None:
    """Write a routine that calls another one, in a page apart or beside it, and is run repeatedly while the other one
    changes."""
    f = w.facts
    jumps, returns = f.kinds.get("jump"), f.kinds.get("indirect")
    if not jumps or not returns or not f.constants:
        return
    form, back, (kept, *rounds) = jumps[0], returns[0], w.random.sample(f.counters, len(f.counters))
    over, routine, inner = w.label(), w.label(), w.label()
    target = f"sub{w.random.randrange(ROUTINES)}" if (w.chance(0.5) if apart is None else apart) else inner

    jumping = w.one(w.usable("indirect") or [None]) if w.chance(0.3) else None
    pointers = [n for n in f.spare if n not in (kept, *rounds, link_register(w))]

    def go(to: str, link: int) -> None:
        if jumping is not None and pointers and w.chance(0.8):
            pointer = w.one(pointers)
            w.constant(pointer, to)
            offset = {jumping.offset: 0} if jumping.offset else {}
            w.put(jumping, {jumping.base or "": pointer, **offset, **dict.fromkeys(jumping.writes, link)})
        else:
            w.put(form, {form.relative or "": to, **dict.fromkeys(form.writes, link)})

    def come(link: int) -> None:
        spare = f.zero if f.zero is not None else link
        w.put(back, {back.base or "": link, back.offset or "": 0, **dict.fromkeys(back.writes, spare)})

    go(over, link_register(w))
    w.place(routine)
    go(target, link_register(w))
    come(kept)
    compute(w)
    w.place(inner)
    body(w, w.random.randint(2, 5))
    come(link_register(w))
    w.place(over)

    def inside(w: Writer) -> None:
        for _ in w.some(2, 6):
            go(routine, kept)
            change(w, target)

    if rounds and w.chance(0.7):
        loop(w, inside, w.one((2, 5, 12)), rounds[0])
    else:
        inside(w)
    go(routine, kept)


def rewritten(w: Writer) -> None:
    """Write a routine that is stored to repeatedly, perhaps after data in its page was."""
    if not patches(w.facts):
        return
    apart = w.chance(0.6)
    if apart and w.chance(0.7):
        call(w)
        loop(w, lambda w: store_to(w, "sub0", 0x400, w.edge(), True), 8)
    words = [varied(w) for _ in w.some(1, 2)]

    def change(w: Writer, routine: str) -> None:
        for n, word in enumerate(words):
            store_to(w, routine, 4 * n, word(), w.chance(0.9))

    def anyhow(w: Writer, routine: str) -> None:
        store_to(w, routine, w.one(UNTIDY), code_word(w))

    again(w, change if w.chance(0.7) else anyhow, apart)
