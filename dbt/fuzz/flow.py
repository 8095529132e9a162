"""Pieces of control flow: branches, loops that end, calls, indirect jumps."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.fuzz.blocks import access, alu, compute, edges, matching, operands
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import DATA, HANDLER, OTHERS, RAM, SUBROUTINES
from ring1.dbt.fuzz.writer import Writer

ROUTINES = 4


def few(w: Writer) -> None:
    for _ in w.some(0, 3):
        compute(w)


def branch(w: Writer) -> None:
    """Write a branch over some instructions or back; a backward one may be ended only by the limit."""
    forms = w.usable("branch")
    if not forms:
        return
    form, label = w.one(forms), w.label()
    back = w.chance(0.1 if w.facts.while_nonzero else 0.5)
    if back:
        w.place(label)
        few(w)
    given = operands(w, form) if w.chance(0.7) else {}
    w.put(form, {**given, form.relative or "": label})
    if not back:
        few(w)
        compute(w)
        w.place(label)


def counts(f: Facts) -> bool:
    """Can a machine count rounds?"""
    return bool(f.while_nonzero and f.constants and f.adds)


def loop(w: Writer, inside: Callable[[Writer], None], rounds: int, counter: int | None = None) -> None:
    """Write a loop of `rounds` rounds, or a single one if the machine cannot count."""
    f = w.facts
    if not counts(f):
        return inside(w)
    counter, again = w.one(f.counters) if counter is None else counter, w.label()
    w.constant(counter, rounds)
    w.place(again)
    for _ in w.some(1, 3):
        inside(w)
    count_down(w, counter, again)
    return None


def count_down(w: Writer, counter: int, label: str) -> None:
    """Subtract 1 from a counter and jump if it is not 0, on a machine that can."""
    assert w.facts.while_nonzero is not None
    form, operands = w.facts.while_nonzero
    w.add(counter, -1)
    w.put(form, {form.relative or "": label} | {n: counter if v is None else v for n, v in operands.items()})


def short_loop(w: Writer) -> None:
    loop(w, lambda w: w.one(PLAIN)(w), w.one((1, 2, 3, 5, 20, 60)))


def call(w: Writer) -> None:
    forms = w.usable("jump")
    target = f"sub{w.random.randrange(ROUTINES)}"
    if forms:
        form = w.one(forms)
        link = link_register(w) if w.chance(0.97) else w.one((*w.facts.free[:4], w.facts.zero or 0))
        w.put(form, {form.relative or "": target, **dict.fromkeys(form.writes, link)})
    else:
        jump_to(w, target)


def link_register(w: Writer) -> int:
    """Return the register by which subroutines return."""
    return (w.facts.free or w.facts.registers)[0]


def jump_to(w: Writer, target: int | str) -> None:
    """Write an indirect jump, if possible."""
    forms = w.usable("indirect")
    if not forms or not w.facts.constants:
        return
    form = w.one(forms)
    register = w.one(w.facts.spare)
    offset = w.one((0, 0, 0, 1, 2, 3, -8, 16)) if form.offset else 0
    if form.offset and w.chance(0.3):
        drawn = w.operand(form, next(o for o in form.insn.operands if o.name == form.offset))
        assert isinstance(drawn, int)
        offset = drawn
    w.constant(register, target)
    if offset & ~3:
        for part in (offset // 2, offset - offset // 2):
            w.add(register, -part)
    given = {form.base or "": register, form.offset or "": offset}
    w.put(form, given | dict.fromkeys(form.writes, w.one((w.facts.zero or 0, link_register(w), register))))


def indirect(w: Writer) -> None:
    there = w.label()
    jump_to(w, there)
    few(w)
    w.place(there)


def astray(w: Writer) -> None:
    """Write a jump to where there is no code or no memory, or into the middle of something, such as the beginning."""
    r, hardwired = w.random, list(w.facts.isa.hardwired)
    forms = [form for form in (*w.usable("indirect"), *w.usable("system")) if form.effects.jumps and form.base]
    if not forms or not w.facts.constants:
        return
    form, register = w.one(forms), w.one(w.facts.spare)
    if hardwired and w.chance(0.15):
        register = w.one(hardwired)
    odd = (r.getrandbits(32), w.at(r.randrange(RAM)))
    places = (w.at(0), w.at(RAM), w.at(RAM - 4), 0xFFFFFFFC, w.at(DATA), w.at(HANDLER - 4), *odd)
    w.constant(register, w.one(places))
    w.put(form, {form.base or "": register})


def twice(w: Writer) -> None:
    """Write calls of one subroutine from several places, in a loop: each return may go to another place than the
    last."""
    forms, number = w.usable("jump"), w.random.randrange(ROUTINES)

    def inside(w: Writer) -> None:
        form = w.one(forms)
        w.put(form, {form.relative or "": f"sub{number}", **dict.fromkeys(form.writes, link_register(w))})
        few(w)

    if forms:
        loop(w, inside, w.one((10, 30, 60, 100)))


def body(w: Writer, count: int) -> None:
    """Write `count` instructions that only compute, and preserve the register by which subroutines return."""
    forms, targets = w.usable("compute"), [n for n in w.facts.targets if n != link_register(w)]
    for _ in range(count if forms else 0):
        form = w.one(forms)
        w.put(form, {name: w.one(targets) for name in form.writes})


def routines(w: Writer) -> None:
    """Write the subroutines, and those in a page that may be mapped in their place: most begin and end at the same
    offsets."""
    lengths = [w.random.randint(1, 70 if number == ROUTINES - 1 else 6) for number in range(ROUTINES)]
    for page, name in ((SUBROUTINES, "sub"), (OTHERS, "other")):
        w.org(page)
        for number, length in enumerate(lengths):
            routine(w, f"{name}{number}", length)


def routine(w: Writer, name: str, length: int) -> None:
    """Write a subroutine. Nothing needs the words before it, so that stores that reach into it may begin there."""
    forms = w.facts.kinds.get("indirect", [])
    compute(w)
    w.place(name)
    body(w, length)
    if forms:
        form = forms[0]
        spare = w.facts.zero if w.facts.zero is not None else w.facts.registers[-1]
        w.put(form, {form.base or "": link_register(w), form.offset or "": 0, **dict.fromkeys(form.writes, spare)})


PLAIN = (alu, edges, access, matching, branch, call, indirect)
"""Kinds of pieces that may be in a loop."""
