"""Pieces of programs that the timer interrupts again and again, amid loops that generated code does not leave."""

from __future__ import annotations

from ring1.dbt.fuzz import flow, hot, kernels
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES


def together(w: Writer) -> None:
    """Loop with interrupts off for a while, in which lines are asserted and the timer may come: several are pending
    when interrupts are allowed again."""
    f = w.facts

    def inside(w: Writer) -> None:
        for each in sorted(f.allowances, key=lambda each: each.allows):
            w.allow(each)
            if not each.allows:
                for name in f.lines[1:]:
                    w.control(name, w.one((ONES, ONES, 8)), w.one(f.spare))
                for _ in w.some(1, 8):
                    flow.few(w)

    if len(f.allowances) > 1:
        flow.loop(w, inside, w.one((5, 20, 60)))


def ticking(w: Writer) -> None:
    """Set the timer to a time that comes soon, allow interrupts in one of the ways there are, and loop."""
    f = w.facts
    if not f.deadline or not f.lines or not f.constants:
        return
    kernels.home(w)
    w.control(f.lines[0], w.one((1, 9, ONES, ONES)), w.one(f.spare))
    for n, part in enumerate(reversed(f.deadline)):
        if n:
            register = w.one(f.spare)
            w.constant(register, w.time >> 32 * n & ONES)
            kernels.due(w, part, register, f.scratch[0])
    kernels.rearm(w, w.one(f.spare), w.one((1, 2, 3, 5, 8, 13, 21, 34)), f.scratch[0])
    for each in w.random.sample(f.allowances, len(f.allowances)):
        if w.chance(0.9 if each.allows else 0.2):
            w.allow(each)
    if w.chance(0.3):
        kernels.ring(w)
    for _ in w.some(1, 3):
        w.one((flow.short_loop, hot.hot_loop, flow.twice, hot.parted, together, together, together, kernels.halt))(w)
