"""Moving through a guest's run: by instructions, statements, calls and points, forward and back.

A function that moves returns the Stop by which it ended; Stop("limit") is where it was to go.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.api.errors import MachineError
from ring1.dbt.debug.callers import caller
from ring1.dbt.debug.session import Session
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel import journal
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import BREAKPOINT, ENTRY, WATCHPOINT
from ring1.dbt.travel.search import last
from ring1.dbt.travel.timeline import FOREVER, Halted

ARRIVED = Stop("limit")
BEGINNING = Stop("beginning")
"""There is nothing before this moment."""
STACK = "sp"
"""The register that tells one activation of a function from another, where the machine has it."""


class Motion:
    """Moves a session's machine."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.machine = session.machine

    # --- What moves are made of ----------------------------------------------------------

    def pc(self) -> int:
        return self.machine.pc

    def frame(self) -> tuple[int, int]:
        """Return what tells activations apart: the processor mode, and the stack pointer."""
        isa, cpu = self.machine.isa, self.session.timeline.body.cpu
        mode = cpu.s[isa.slots[isa.mode.control]] & isa.mode.bits.mask if isa.mode else 0
        stack = isa.register_numbers.get(STACK)
        return mode, 0 if stack is None else cpu.s[stack]

    def in_frame(self) -> Callable[[], bool]:
        """Return the condition that the guest is in the present activation."""
        here = self.frame()
        return lambda: self.frame() == here

    def statement(self) -> tuple[int, int]:
        """Return the addresses of the present source statement, or of the present instruction."""
        pc, program = self.pc(), self.machine.program
        position = program.where(pc)
        if position is None:
            return pc, self.behind(pc, self.session.word())
        index = program.starts.index(max(start for start in program.starts if start <= pc))
        start, length, _ = program.lines[index]
        return start, start + length

    # --- Forward -----------------------------------------------------------------------

    def step_one(self) -> Stop:
        """Execute one instruction, or take one trap."""
        timeline = self.session.timeline
        stop = timeline.step(self.session.points.stepping())
        if stop.reason == WATCHPOINT:
            return stop if self.session.points.met else ARRIVED
        if stop.reason == "input":
            return self.step_one() if self.feed() else stop
        if stop.reason == "interrupt" and self.session.attend():
            return self.step_one()
        return ARRIVED if stop.reason in ("limit", ENTRY) else stop

    def feed(self) -> bool:
        """Give the guest the console input that it waits for. False if it has to wait."""
        data = self.session.ask()
        if data == b"":
            return False
        self.session.timeline.change(journal.closed if data is None else journal.fed(data))
        return True

    def run(self, extra: dict[int, Callable[[], bool]] | None = None, limit: int = FOREVER) -> Stop:
        """Run until a point stops the machine, or an `extra` place whose condition holds, or a count is reached. The
        instruction at pc is executed first, whatever is there."""
        timeline, points = self.session.timeline, self.session.points
        if timeline.now.retired >= limit:
            return ARRIVED
        stop = self.step_one()
        while stop == ARRIVED and timeline.now.retired < limit:
            if timeline.now.entries:
                arrived = self.arrived(extra)
                if arrived is not None:
                    return arrived
                stop = self.step_one()
                continue
            stop = timeline.run(limit, points.interest(extra))
            if points.met:
                stop = self.watched()
            elif stop.reason == WATCHPOINT:
                stop = ARRIVED
            elif stop.reason == "input":
                stop = ARRIVED if self.feed() else stop
            elif stop.reason == "interrupt" and self.session.attend():
                stop = ARRIVED
        return stop

    def watched(self) -> Stop:
        """A watchpoint has been met: be behind the instruction that retired next. The machine may be elsewhere where a
        device has written, which it does between two instructions."""
        timeline, behind = self.session.timeline, self.session.points.met_at + 1
        if timeline.now.retired > behind:
            timeline.go(Moment(behind))
        while timeline.now.retired < behind:
            if timeline.run(behind).reason != "interrupt":  # the machine is about to stop anyway
                break
        return Stop(WATCHPOINT)

    def arrived(self, extra: dict[int, Callable[[], bool]] | None) -> Stop | None:
        """Return a stop at a point or an extra place that the machine is at."""
        here = self.pc()
        own = (extra or {}).get(here)
        found = [point for point in self.session.points.enabled(False) if point.place == here]
        stops = [point.counts(self.machine) for point in found] + [own is not None and own()]
        return Stop(BREAKPOINT) if any(stops) else None

    def run_to(self, places: tuple[int, ...], condition: Callable[[], bool]) -> Stop:
        """Run to one of these places where a condition holds; a point on the way, or there, stops the machine."""
        stop = self.run(dict.fromkeys(places, condition))
        there = stop.reason == BREAKPOINT and self.pc() in places and condition()
        return ARRIVED if there and not self.session.points.here() else stop

    def next_one(self) -> Stop:
        """Execute one instruction; if it is a call or traps, all that comes before the guest is behind it."""
        at, word, here = self.pc(), self.session.word(), self.in_frame()
        behind = self.behind(at, word)
        flow = None if word is None else self.session.flows.of(word)
        stop = self.step_one()
        if stop != ARRIVED:
            return stop
        if self.session.timeline.now.entries:
            if at in self.session.points.stops() and self.pc() == at:
                return stop
            return self.run_to((at, behind), here)
        if flow is not None and flow.calls and self.pc() != behind:
            if self.session.points.here():
                return Stop(BREAKPOINT)
            return self.run_to((behind,), here)
        return stop

    def over_statement(self, move: Callable[[], Stop]) -> Stop:
        """Move until the guest is at another statement, or at this one again."""
        start, end = self.statement()
        while True:
            stop = move()
            if stop != ARRIVED:
                return stop
            pc = self.pc()
            if not start < pc < end or self.session.points.here():
                return stop

    def step(self) -> Stop:
        return self.over_statement(self.step_one)

    def next(self) -> Stop:
        return self.over_statement(self.next_one)

    def until(self) -> Stop:
        """As `next`, but not back: a loop is run to its end."""
        start = self.pc()
        here = self.in_frame()
        while True:
            stop = self.next()
            if stop != ARRIVED or self.pc() > start or not here() or self.session.points.here():
                return stop

    def finish(self) -> Stop:
        """Run until the function that the guest is in has returned to its caller."""
        while True:
            word, before = self.session.word(), self.pc()
            flow = None if word is None else self.session.flows.of(word)
            stop = self.next_one()
            if stop != ARRIVED:
                return stop
            returns = flow is not None and flow.indirect and not flow.links and bool(self.calls_before())
            if returns and self.pc() != self.behind(before, word):
                return stop
            if self.session.points.here():
                return Stop(BREAKPOINT)

    def behind(self, at: int, word: int | None) -> int:
        """Return the address behind an instruction, of which nothing is known if it cannot be fetched."""
        return at + self.machine.isa.words.size(word or 0)

    def before(self) -> list[tuple[int, int]]:
        """Return address and word of what may be the instruction before the present one."""
        from ring1.dbt.report.place import before

        return before(self.session.timeline.body.cpu, self.pc())

    def calls_before(self) -> list[int]:
        """Return the addresses of what may be the instruction before the present one and is a call."""
        return [at for at, word in self.before() if self.session.flows.of(word).calls]

    # --- Back --------------------------------------------------------------------------

    def back_one(self) -> Stop:
        """Take back one instruction, or one trap."""
        return BEGINNING if self.session.timeline.previous() is None else ARRIVED

    def back_run(self, extra: dict[int, Callable[[], bool]] | None = None) -> Stop:
        """Go back to the last moment before this one at which a point would have stopped the machine."""
        points = self.session.points
        points.met = []
        stops = points.stops()
        for place, condition in (extra or {}).items():
            stops[place] = either(stops[place], condition) if place in stops else condition
        found = last(self.session.timeline, stops, points.watched())
        if found.stop is not None:
            return Stop(BREAKPOINT)
        if found.write is None:
            return BEGINNING
        points.met = [(point, found.write.before, found.write.after) for point in points.enabled(True)]
        return Stop(WATCHPOINT)

    def back_next(self) -> Stop:
        """Take back one instruction; if that is a return, or the end of a handler, all that was called."""
        timeline = self.session.timeline
        behind, here = self.pc(), self.in_frame()
        called, preceding = self.calls_before(), [at for at, _ in self.before()]
        stop = self.back_one()
        word, at = self.session.word(), timeline.now
        if stop != ARRIVED or word is None or self.pc() in preceding or (here() and self.session.points.here()):
            return stop
        flow = self.session.flows.of(word)
        if flow.restores:
            targets = dict.fromkeys((behind, *preceding), here)
        elif flow.indirect and not flow.links and called:
            targets = dict.fromkeys(called, here)
        else:
            return stop
        stop = self.back_run(targets)
        if stop == BEGINNING:  # it was not called from there
            timeline.go(at)
            return ARRIVED
        return ARRIVED if stop.reason == BREAKPOINT and self.pc() in targets and here() else stop

    def back_over_statement(self, move: Callable[[], Stop]) -> Stop:
        """Go back to the beginning of the statement before."""
        stop = move()
        while stop == ARRIVED:
            start, _ = self.statement()
            if self.pc() == start or self.session.points.here():
                break
            stop = move()
        return stop

    def back_step(self) -> Stop:
        return self.back_over_statement(self.back_one)

    def back_next_statement(self) -> Stop:
        return self.back_over_statement(self.back_next)

    def back_finish(self) -> Stop:
        """Go back to the call of the function that the guest is in."""
        found = caller(self.session.timeline, self.session.flows)
        if found is None:
            self.session.timeline.go(self.session.timeline.start)
            return BEGINNING
        self.session.timeline.last_at(found)
        return ARRIVED

    def back_until(self) -> Stop:
        """As the reverse of `next`, but not forward: a loop is taken back to its beginning."""
        start, here = self.pc(), self.in_frame()
        while True:
            stop = self.back_next_statement()
            if stop != ARRIVED or self.pc() < start or not here() or self.session.points.here():
                return stop

    # --- To a count --------------------------------------------------------------------

    def go(self, count: int) -> Stop:
        """Go to an instruction count, forward or back, whatever points there are."""
        timeline = self.session.timeline
        if count < timeline.start.retired:
            raise MachineError(f"the run begins after {timeline.start.retired:,} instructions")
        while True:
            try:
                timeline.go(Moment(count))
                return ARRIVED
            except Halted as halted:
                reason = halted.stop.reason
                if not (reason == "input" and self.feed()) and not (reason == "interrupt" and self.session.attend()):
                    return halted.stop

    def to_end(self) -> Stop:
        """Run until the guest stops by itself, whatever points there are."""
        while True:
            stop = self.session.timeline.run()
            if not (stop.reason == "input" and self.feed()) and not (
                stop.reason == "interrupt" and self.session.attend()
            ):
                return stop


def either(one: Callable[[], bool], other: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: one() or other()
