"""Interrupts in generated code: what the run loop decides between two bursts, lowered into routines.

A line is pending as the description says, from control registers, deadlines that time has reached, and what devices
assert, which changes only when Python runs. So nothing changes by itself before the earliest deadline ahead, and the
budget ends there: at a block's beginning, or amid it, where its instructions are then executed one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ring1.dbt.host.target import Unsupported
from ring1.dbt.ir.bind import written_out
from ring1.dbt.ir.exchange import exchange
from ring1.dbt.machine.state import DUE, END, HARD, HARD_INEXACT, INEXACT, LEFT, LINES, LOOKED, PENDING, QUIET, SKIPPED
from ring1.dbt.translate.routine import Routine
from ring1.isa import semantics as s
from ring1.isa.model import WORD, Interrupts, Isa

TIME = 64
NEVER = s.Const(TIME, (1 << TIME) - 1)
NOW = s.Call(TIME, "time", ())
PLACES = {"the hard end": HARD, "the quiet end": QUIET, "the time skipped": SKIPPED, "the end": END}
HARD_END, QUIET_END, TIME_SKIPPED, THE_END = (s.Local(TIME, name) for name in PLACES)
PRESENT = s.Local(TIME, "now")
"""The time at which a routine looks."""
CALLED, WAITS = frozenset((s.Call,)), frozenset((s.Wait,))


class Clock(NamedTuple):
    """What lines depend on besides control registers, as values that are kept."""

    pending: s.Expr
    """The pending lines, over stored bits of control registers."""
    now: s.Local
    deadlines: Mapping[s.Expr, s.Local]
    """A call that asks whether time has reached a deadline -> that deadline."""
    lines: Mapping[s.Expr, s.Expr]
    """A call that asks whether a device asserts a line -> whether it does."""
    due: s.Local
    """The earliest deadline ahead; NEVER if there is none."""


def look(routine: Routine, at_end: bool = False) -> None:
    """See slots.LOOK_AROUND, and with `at_end` slots.TIME_UP. Raises Unsupported."""
    given, host, pc = interrupts(routine), routine.host, routine.given()
    now = begin(routine)
    if at_end:
        routine.unless(less_or_equal(THE_END, now), routine.away)
    routine.unless(less(now, HARD_END), routine.away)
    clock = read(routine, given, now)
    lines = routine.let("the lines", pending(clock, now))
    go_on = host.label()
    routine.unless(s.Binary(1, "!=", lines, s.Const(WORD, 0)), go_on)
    enable, taken = written_out(routine.isa, given.enable), lines
    if enable.width > 1:
        taken = routine.let("the lines taken", s.Binary(WORD, "&", lines, enable))
        enable = s.Binary(1, "!=", taken, s.Const(WORD, 0))
    routine.unless(routine.taken_if(enable), go_on)

    def again() -> None:
        routine.looked(lines)
        rearm(routine, clock, lines)

    take(routine, given, taken, lines, pc, again)
    host.place(go_on)
    host.fresh()
    again()
    routine.go_on()


def wait(routine: Routine) -> None:
    """See slots.WAIT. It leaves if the guest waits for a device. Raises Unsupported."""
    given, host, pc = interrupts(routine), routine.host, routine.given()
    size = waits(routine.isa)
    host.unless_left(routine.away)
    now = begin(routine)
    routine.unless(less(now, HARD_END), routine.away)
    clock = read(routine, given, now)
    skip = routine.let("the wait", s.Const(TIME, 0))
    ready = host.label()
    routine.unless(s.Binary(1, "==", pending(clock, now), s.Const(WORD, 0)), ready)
    # Nothing is pending: the next deadline must make it so, and come before whatever Python has to see.
    routine.unless(less(clock.due, NEVER), routine.away)
    routine.unless(s.Binary(1, "!=", pending(clock, clock.due), s.Const(WORD, 0)), routine.away)
    distance = s.Binary(TIME, "-", clock.due, now)
    routine.unless(less_or_equal(distance, s.Binary(TIME, "-", QUIET_END, HARD_END)), routine.away)
    routine.set(skip, distance)
    host.keep(HARD, s.Binary(TIME, "+", HARD_END, skip), wide=True)
    host.keep(SKIPPED, s.Binary(TIME, "+", TIME_SKIPPED, skip), wide=True)
    host.place(ready)
    after = s.Binary(TIME, "+", s.Binary(TIME, "+", now, skip), s.Const(TIME, 1))
    host.fresh()
    for place in (END, DUE):  # somebody looks before anything else retires
        host.keep(place, after, wide=True)
    host.keep(INEXACT, s.Const(WORD, 0))
    host.set_budget(s.Const(TIME, 0))
    host.set_pc_value(host.compute(s.Binary(WORD, "+", pc, s.Const(WORD, size))))
    routine.go_on()


def waits(isa: Isa) -> int:
    """Return the bytes of the instructions that wait. Raises Unsupported if they have several lengths."""
    sizes = set(isa.words.table.values())
    if isa.words.mixed and not any(c.setter and s.has(WAITS, *c.setter.body) for c in isa.controls.values()):
        sizes = {insn.size for insn in isa.instructions.values() if s.has(WAITS, *insn.body)}
    if len(sizes) != 1:
        raise Unsupported("instructions of several lengths that wait")
    return sizes.pop()


def interrupts(routine: Routine) -> Interrupts:
    given = routine.isa.interrupts
    if given is None:
        raise Unsupported("interrupts")
    return given


def begin(routine: Routine) -> s.Local:
    """Name what routines for interrupts are given; return the name of the time."""
    for name, place in PLACES.items():
        routine.host.name(name, place, wide=True)
    routine.host.name("the device lines", LINES)
    routine.host.name("the hard end is inexact", HARD_INEXACT)
    return routine.let(PRESENT.name, NOW)


def read(routine: Routine, given: Interrupts, now: s.Local) -> Clock:
    """Evaluate what lines depend on."""
    lines_pending = written_out(routine.isa, given.pending)
    asked = dict.fromkeys(e for e in s.walk(lines_pending) if isinstance(e, s.Call))
    deadlines, lines, due = dict[s.Expr, s.Local](), dict[s.Expr, s.Expr](), routine.let("due 0", NEVER)
    for number, call in enumerate(asked, 1):
        match call:
            case s.Call(_, "reached", (deadline,)) if not s.has(CALLED, deadline):
                at = deadlines[call] = routine.let(f"deadline {number}", deadline)
                ahead = s.Binary(1, "&", less(now, at), less(at, due))
                due = routine.let(f"due {number}", s.Select(TIME, ahead, at, due))
            case s.Call(_, "line", (s.Const(_, line),)) if line < WORD:
                lines[call] = s.Slice(1, s.Local(WORD, "the device lines"), line, line)
            case _:
                raise Unsupported(call.name)
    return Clock(lines_pending, now, deadlines, lines, due)


def pending(clock: Clock, at: s.Expr) -> s.Expr:
    """Return the lines that are pending at a time."""
    reached = {call: less_or_equal(deadline, at) for call, deadline in clock.deadlines.items()}
    return exchange(clock.pending, {**reached, **clock.lines})


def take(
    routine: Routine, given: Interrupts, lines: s.Local, pending: s.Local, pc: s.Local, decided: Callable[[], None]
) -> None:
    """Take the interrupt of the first of some lines; leave if one of those pending is let into the handler."""
    host = routine.host
    written = host.position()
    try:
        number = s.Local(WORD, "the line")
        host.lowest(routine.room(number), lines)
        host.name(number.name, routine.kept[number])
        for line in reversed(given.order):
            there = s.Slice(1, lines, line, line)
            routine.set(number, s.Select(WORD, there, s.Const(WORD, line), number))
        known: dict[s.Expr, s.Expr] = {s.Local(WORD, "line"): number}
        told = [exchange(written_out(routine.isa, e), known) for e in (given.cause, given.value)]
        cause, value = (routine.let(f"told {n}", e) for n, e in enumerate(told))

        def taken() -> None:
            routine.interrupts(number)
            decided()

        trap = s.Raise(cause, value)
        routine.divert(trap, pc, False)
        routine.unless_enabled(trap, pending)
        routine.enter(trap, pc, taken)
    except Unsupported:
        host.back(written)
        host.jump(routine.away)


def rearm(routine: Routine, clock: Clock, lines: s.Local) -> None:
    """Have the budget end when lines may change by themselves, or at the hard end."""
    host = routine.host
    sooner = less(HARD_END, clock.due)
    inexact = s.Select(WORD, sooner, s.Local(WORD, "the hard end is inexact"), s.Const(WORD, 0))
    host.keep(LOOKED, clock.now, wide=True)
    host.keep(PENDING, lines)
    host.keep(LEFT, s.Const(WORD, 0))
    host.keep(DUE, clock.due, wide=True)
    host.keep(INEXACT, inexact)
    host.keep(END, s.Select(TIME, sooner, HARD_END, clock.due), wide=True)
    host.set_budget(s.Binary(TIME, "-", THE_END, clock.now))


def less(a: s.Expr, b: s.Expr) -> s.Expr:
    return s.Binary(1, "<u", a, b)


def less_or_equal(a: s.Expr, b: s.Expr) -> s.Expr:
    return s.Binary(1, "<=u", a, b)
