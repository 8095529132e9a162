"""Pieces of hot code: loops that become traces, with what a translator makes one instruction of, and parted ways."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.fuzz.blocks import access, alu, combined, edges
from ring1.dbt.fuzz.flow import branch, call, count_down, counts, few, indirect, loop
from ring1.dbt.fuzz.idioms import idioms
from ring1.dbt.fuzz.kernels import enter
from ring1.dbt.fuzz.layout import CODE_PAGES, DATA, RAM
from ring1.dbt.fuzz.writer import Writer

ROUNDS = (30, 60, 100)
BORDERS = (DATA + 0x1000, DATA + 0x2000, RAM, CODE_PAGES[1], DATA)
"""Addresses around which pages, memory or code begin or end."""


def again_in(w: Writer) -> None:
    """Write a loop with instructions that touch the machine's state, and execute it in one mode after another."""
    f, mode = w.facts, w.facts.isa.mode
    reads = list(f.control_reads.values())
    if (
        mode is None
        or len(f.modes) < 2
        or not (reads and counts(f) and f.previous and f.handling)
        or len(f.counters) < 2
    ):
        return
    counter, other = f.counters[:2]
    first, second = w.random.sample(f.modes, 2)
    back = w.label()
    enter(w, first)
    w.constant(other, 2)
    w.place(back)

    def inside(w: Writer) -> None:
        w.one((branch, few, idioms))(w)
        if w.chance(0.6):
            w.move(w.one(reads), w.one(f.spare))

    loop(w, inside, w.one(ROUNDS), counter)
    enter(w, second)
    count_down(w, other, back)


def walking(w: Writer) -> None:
    """Write a loop with an access that walks over a border of pages, of memory or of code, in one of its ways."""
    f, forms = w.facts, w.usable("access")
    if not (forms and counts(f)) or len(f.counters) < 2:
        return
    counter, other = f.counters[:2]
    pointer, rounds, every, step = w.one(f.spare), w.one(ROUNDS), w.one((1, 2, 2, 3)), w.one((1, 2, 4, 4, 8))
    kept = [n for n in f.spare if n != pointer]
    w.constant(pointer, w.at(w.one(BORDERS) - step * (rounds // every * w.one((1, 2, 3)) // 4)))
    w.constant(other, every)
    todo = [True]

    def inside(w: Writer) -> None:
        if not todo:
            return
        todo.clear()
        on = w.label()
        careful(w, kept)
        count_down(w, other, on)
        w.constant(other, every)
        careful(w, kept)
        form = w.one(forms)
        given: dict[str, int | str] = {form.base or "": pointer, form.offset or "": w.one((0, 0, 4))}
        w.put(form, given | {name: w.one(kept or f.targets) for name in form.writes})
        w.add(pointer, step)
        careful(w, kept)
        w.place(on)
        careful(w, kept)

    loop(w, inside, rounds, counter)


def careful(w: Writer, targets: Sequence[int]) -> None:
    """Write some instructions that compute and write to these registers alone."""
    forms = w.usable("compute")
    for _ in w.some(0, 3) if forms and targets else ():
        form = w.one(forms)
        w.put(form, dict.fromkeys(form.writes, w.one(targets)) | {name: w.one(targets) for name in form.reads})


def rarely(w: Writer) -> None:
    """Write an access, which may trap, or more often something else."""
    w.one((access, alu, few, idioms))(w)


def parted(w: Writer) -> None:
    """Write a loop whose rounds go different ways: every so many do something else."""
    f = w.facts
    if not counts(f) or len(f.counters) < 2:
        return alu(w)
    counter, other = f.counters[:2]
    every = w.one((2, 4, 5, 6, 7))
    todo = [True]

    def inside(w: Writer) -> None:
        if not todo:
            return few(w)
        todo.clear()
        on, near, far, forms = w.label(), w.label(), w.label(), w.usable("indirect")
        form = w.one(forms) if forms and w.chance(0.4) else None
        place = w.one(f.spare)
        if form is not None:
            w.constant(place, near)
        w.one((few, idioms))(w)
        count_down(w, other, on)
        w.constant(other, every)
        if form is None:
            for _ in w.some(1, 2):
                w.one((alu, few, rarely, call))(w)
        else:
            w.constant(place, far)
        w.place(on)
        if form is not None:
            w.put(form, {form.base or "": place, form.offset or "": 0} | dict.fromkeys(form.writes, f.zero or place))
            w.place(near)
            few(w)
            w.place(far)
        w.one((few, alu, rarely))(w)
        return None

    w.constant(other, every)
    loop(w, inside, w.one(ROUNDS), counter)
    return None


def led(w: Writer) -> None:
    """Write a loop with an indirect jump that goes mostly to one place, sometimes to others."""
    f, forms = w.facts, w.usable("indirect")
    if not (forms and counts(f)) or len(f.counters) < 2 or len(f.spare) < 4:
        return parted(w)
    counter, other = f.counters[:2]
    place, next_place, last = w.random.sample(f.spare, 3)
    kept = [n for n in f.spare if n not in (place, next_place, last)]
    near, far, farther, on = (w.label() for _ in range(4))
    form, every, todo = w.one(forms), w.one((2, 3, 5)), [True]

    def inside(w: Writer) -> None:
        if not todo:
            return
        todo.clear()
        w.constant(place, near)
        careful(w, kept)
        count_down(w, other, on)
        w.constant(other, every)
        copy(w, place, next_place)
        w.place(on)
        w.put(form, {form.base or "": place, form.offset or "": 0} | dict.fromkeys(form.writes, f.zero or last))
        for there in (far, farther, near):
            w.place(there)
            careful(w, kept)
            if there is far and w.chance(0.5):
                w.constant(next_place, w.one((farther, near)))
            elif there is farther:
                w.constant(next_place, w.one((far, far, near)))

    w.constant(next_place, far)
    w.constant(other, every)
    loop(w, inside, w.one(ROUNDS), counter)
    return None


def copy(w: Writer, to: int, source: int) -> None:
    """Copy a register, where the machine can add."""
    for add in w.facts.adds:
        immediate = add.solve(0)
        if immediate is not None and add.source is not None:
            w.put(add.form, {add.target: to, add.source: source, add.immediate.name: immediate})
            return


def hot_loop(w: Writer) -> None:
    """Write a loop in which nothing forces generated code to exit, except what fails."""
    pieces = (alu, access, branch, call, indirect, edges, combined, idioms, idioms, idioms)
    loop(w, lambda w: w.one(pieces)(w), w.one((10, *ROUNDS)))


HOT = (*(parted,) * 3, led, *(walking,) * 2, *(hot_loop,) * 4, again_in)
"""Kinds of hot code, as often as they are drawn."""
