"""Pieces of programs that the timer interrupts again and again, amid loops that generated code does not leave."""

from __future__ import annotations

from ring1.dbt.fuzz import flow, hot, kernels
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s


def allows(f: Facts, form: Shape) -> bool:
    """Does an instruction set a bit that allows interrupts?"""
    sets = [stmt for stmt in form.insn.body if isinstance(stmt, s.SetControl) and isinstance(stmt.control, s.Control)]
    return any(
        isinstance(stmt.value, s.Const) and bool(stmt.value.value << stmt.lo & f.enabling.get(stmt.control.name, 0))
        for stmt in sets
        if isinstance(stmt.control, s.Control)
    )


def together(w: Writer) -> None:
    """Loop with interrupts off for a while, in which lines are asserted and the timer may come: several are pending
    when interrupts are allowed again."""
    f = w.facts

    def inside(w: Writer) -> None:
        for form in sorted(f.enables, key=lambda form: allows(f, form)):
            w.put(form, {})
            if not allows(f, form):
                for name in f.lines[1:]:
                    w.control(name, w.one((ONES, ONES, 8)), w.one(f.spare))
                for _ in w.some(1, 8):
                    flow.few(w)

    if len(f.enables) > 1:
        flow.loop(w, inside, w.one((5, 20, 60)))


def ticking(w: Writer) -> None:
    """Set the timer to a time that comes soon, allow interrupts in one of the ways there are, and loop."""
    f = w.facts
    if not f.deadline or not f.lines or not f.constants:
        return
    kernels.home(w)
    w.control(f.lines[0], w.one((1, 9, ONES, ONES)), w.one(f.spare))
    for n, name in enumerate(reversed(f.deadline)):
        if n:
            w.control(name, w.time >> 32 * n & ONES, w.one(f.spare))
    kernels.rearm(w, w.one(f.spare), w.one((1, 2, 3, 5, 8, 13, 21, 34)))
    for form in w.random.sample(f.enables, len(f.enables)):
        if w.chance(0.9 if allows(f, form) else 0.2):
            w.put(form, {})
    if w.chance(0.3):
        kernels.ring(w)
    for _ in w.some(1, 3):
        w.one((flow.short_loop, hot.hot_loop, flow.twice, hot.parted, together, together, together, kernels.halt))(w)
