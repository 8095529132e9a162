"""The timeline of a machine: its run as a function of the moment, to go to any of them.

A run is deterministic, so the number of instructions is all that has to be recorded of it; the journal has what came
from outside. A moment is reached from the last checkpoint before it. Checkpoints are spaced so that this takes
SECONDS, and dropped within a budget of memory where the machine is far away from them.
"""

from __future__ import annotations

from time import perf_counter

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel.body import NOTHING, STEPPING, Body
from ring1.dbt.travel.checkpoint import Checkpoint
from ring1.dbt.travel.journal import Change, Entry
from ring1.dbt.travel.kept import BUDGET, Kept
from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import ENTRY, RETURNED, WATCHPOINT, Interest
from ring1.isa.record import replace

SECONDS = 0.03
"""Time that a stretch between two checkpoints should take to run."""
SHARE = 0.25
"""Most of that time that a checkpoint may take."""
FIRST, LEAST = 1 << 14, 1 << 10
"""Instructions between two checkpoints, at first and at least."""
NEAR = (1 << 12, 1 << 17)
"""Distances, in instructions, before a moment that was gone to, at which there is a checkpoint: what is asked for next
is mostly close before it."""
FAR = 1 << 18
"""Instructions that an interpreter does not go over again if another engine can."""
FOREVER = 1 << 127
"""More instructions than any machine executes."""
MOST_ENTRIES = 1 << 17
"""Most entries of a journal; a run with more begins where there are too many."""
HAS_RETURNED = Stop(RETURNED)
GOING_ON = ("limit", ENTRY)
"""Reasons of a Stop that end a stretch, not a run."""


class Halted(Exception):
    """The guest has stopped before the moment that was wanted; `stop` says why."""

    def __init__(self, stop: Stop, at: Moment) -> None:
        self.stop = stop
        self.at = at
        super().__init__(f"the guest stops after {at} ({stop.reason})")


def stepping(interest: Interest) -> Interest:
    """Return an interest for a single step."""
    return STEPPING if interest is NOTHING else replace(interest, entries=True)


class Timeline:
    """The run of one machine, at its present moment."""

    def __init__(self, body: Body, budget: int = BUDGET) -> None:
        """`body` is in the state in which the run begins. `budget`: bytes of memory for checkpoints."""
        self.body = body
        self.journal: list[Entry] = []
        self.done = 0
        """Entries of the journal that have been carried out at the present moment."""
        self.kept = Kept(budget)
        self.spacing = FIRST
        self.now = Moment(body.cpu.retired)
        self.swift: Body | None = None
        """Runs long stretches in the place of an interpreter."""
        self.keep()
        self.start = self.now

    # --- The present -------------------------------------------------------------------

    def change(self, change: Change) -> None:
        """Change the machine from outside. What was known to come later comes no more."""
        self.cut()
        if len(self.journal) >= MOST_ENTRIES:
            self.begin_here()
        self.journal.append((self.now, change))
        self.carry_out()

    def cut(self) -> None:
        """Forget what comes after the present moment."""
        if self.done < len(self.journal) or self.kept.latest > self.now:
            del self.journal[self.done :]
            self.kept.cut(self.now, self.done)
        self.body.transcript.cut()

    def carry_out(self) -> None:
        """Make the changes that are due at the present moment."""
        while self.done < len(self.journal) and self.journal[self.done][0] <= self.now:
            change = self.journal[self.done][1]
            if isinstance(change, bytes):
                self.body.put(change)
            else:
                change(self.body)
            self.done += 1

    def keep(self) -> Checkpoint:
        """Keep a checkpoint of the present moment."""
        before = self.kept.before(self.now) if len(self.kept) else None
        made = self.body.capture(self.now, self.done, before)
        self.kept.add(made)
        return made

    # --- Forward -----------------------------------------------------------------------

    def run(self, limit: int = FOREVER, interest: Interest = NOTHING, interpreted: bool = False) -> Stop:
        """Run until `limit` instructions have retired since reset, the guest stops, or something of interest ends the
        run."""
        if interest.reads and not self.body.reads:
            self.swap(self.body.technique, True)
        while True:
            self.carry_out()
            if self.now.retired >= limit:
                return Stop("limit")
            last = self.kept.before(self.now).moment.retired
            goal = min(limit, max(last + self.spacing, self.now.retired + LEAST))
            if self.done < len(self.journal):
                goal = min(goal, max(self.journal[self.done][0].retired, self.now.retired))
            if goal == self.now.retired:  # an entry is due between two traps
                stop = self.step(stepping(interest))
                if stop.reason not in GOING_ON:
                    return stop
                continue
            began, from_ = perf_counter(), self.now.retired
            stop = self.body.run(goal, interest, interpreted)
            took = perf_counter() - began
            self.arrive(stop)
            self.body.complain()
            if stop.reason != "limit":
                return stop
            if self.now.retired - last >= self.spacing:
                self.space(took, self.now.retired - from_)

    def space(self, took: float, count: int) -> None:
        """Keep a checkpoint, and adapt the distance to the next; the last `count` instructions took `took` seconds."""
        began = perf_counter()
        self.keep()
        cost = perf_counter() - began
        wanted = max(SECONDS, cost / SHARE) * count / max(took, 1e-6)
        self.spacing = int(min(max(wanted, self.spacing / 2, LEAST), self.spacing * 2))

    def step(self, interest: Interest = NOTHING) -> Stop:
        """Execute one instruction, or take one trap or interrupt; `interest` has `entries`. Stops for the reasons of a
        run, or for "entry"."""
        self.carry_out()
        if interest.reads and not self.body.reads:
            self.swap(self.body.technique, True)
        before = self.now
        stop = self.body.step(STEPPING if interest is NOTHING else interest)
        if stop.reason == ENTRY:
            self.now = Moment(before.retired, before.entries + 1)
        else:
            self.arrive(stop)
        self.body.complain()
        self.carry_out()
        return stop

    def arrive(self, stop: Stop) -> None:
        """Find out at which moment the body is."""
        cpu = self.body.cpu
        before, count = self.now, cpu.retired
        if count == before.retired:
            if stop.reason in ("limit", WATCHPOINT) or not cpu.trapped:
                return
            begin = before.entries
        else:
            begin = 0
        self.now = Moment(count, begin)
        if cpu.trapped and stop.reason != "limit":
            self.locate(begin)

    def locate(self, begin: int) -> None:
        """The body is at an unknown one of the moments at its count, from `begin` traps on: find it by going there
        again."""
        body, count = self.body, self.body.cpu.retired
        words = len(body.kind.isa.slots)
        there = body.capture(self.now, self.done, self.kept.before(self.now))
        wanted = body.cpu.s[:words].tobytes()
        self.back_to(Moment(count, begin))
        while body.cpu.s[:words].tobytes() != wanted:
            if self.step().reason != ENTRY:
                break
        if self.now.retired == count:
            return
        self.now = Moment(count, begin)  # under an engine that is not equivalent
        body.restore(there)

    # --- Calls -------------------------------------------------------------------------

    def call(self, words: bytes, interest: Interest, limit: int) -> Stop:
        """Put these words in the place of the first ones of the state block, and run to where `interest` says that a
        call returns."""
        self.put(words)
        body = self.body
        if body.visit(limit, interest.returns):
            self.now = Moment(body.cpu.time - body.cpu.idle)
            return HAS_RETURNED
        self.arrive(Stop("visit"))
        return self.run(limit, interest)

    def put(self, words: bytes) -> None:
        """Change the first words of the state block, which are the general registers and pc."""
        if self.done < len(self.journal) or self.kept.latest > self.now:
            self.cut()
        if self.done >= MOST_ENTRIES:
            self.begin_here()
        self.journal.append((self.now, words))
        self.done += 1
        self.body.put(words)

    def begin_here(self) -> None:
        """Forget what was before this moment: it takes too much memory."""
        self.journal.clear()
        self.done, self.start = 0, self.now
        self.kept = Kept(self.kept.budget)
        self.keep()

    def undo(self, moment: Moment, done: int) -> None:
        """Go back to a moment at which so many entries of the journal had been carried out, as if nothing had been done
        since."""
        del self.journal[done:]
        self.kept.cut(moment, done)
        self.back_to(moment)
        self.cut()

    def interrupt(self) -> None:
        """Ask for what is under way to end soon, for the reason "interrupt". Can be called from any thread and from a
        signal handler."""
        self.body.interrupt()

    # --- To a moment -------------------------------------------------------------------

    def back_to(self, moment: Moment) -> None:
        """Go to a moment from a checkpoint. Raises Halted if the guest stops before it."""
        at = self.kept.before(moment)
        self.body.restore(at)
        self.now, self.done = at.moment, at.done
        self.forward_to(moment)

    def forward_to(self, moment: Moment) -> None:
        """Go to a moment that is not before the present one. Raises Halted."""
        for distance in sorted(NEAR, reverse=True):
            if moment.retired - distance > self.now.retired + 2 * distance:
                self.advance(moment.retired - distance)
                self.keep()
        self.advance(moment.retired)
        while self.now < moment:
            stop = self.step()
            if stop.reason not in GOING_ON:
                raise Halted(stop, self.now)

    def advance(self, count: int) -> None:
        """Run to an instruction count. Raises Halted."""
        if count > self.now.retired:
            far = count - self.now.retired >= FAR and self.body.technique.policy is None
            stop = self.run_swiftly(count) if far else self.run(count)
            if self.now.retired < count:
                raise Halted(stop, self.now)

    def run_swiftly(self, count: int) -> Stop:
        """Run to an instruction count in a body under an engine that translates, in the interpreter's place: it comes
        to the same state."""
        own = self.body
        if self.swift is None and not ENGINES.default.cannot(own.kind.isa):
            self.swift = Body(own.kind, ENGINES.default, own.transcript)
        if self.swift is None:
            return self.run(count)
        self.swift.restore(own.capture(self.now, self.done, self.kept.before(self.now)))
        self.body = self.swift
        try:
            return self.run(count)
        finally:
            self.body = own
            own.restore(self.swift.capture(self.now, self.done, self.kept.before(self.now)))

    def go(self, moment: Moment) -> None:
        """Go to a moment, forward or back. Raises Halted, with the machine at its last moment, if the guest stops
        before it. A moment with more traps than there are is the one behind them."""
        moment = max(moment, self.start)
        self.carry_out()
        if moment == self.now:
            return
        if moment > self.now and self.kept.before(moment).moment <= self.now:
            self.forward_to(moment)
        else:
            self.back_to(moment)

    def previous(self) -> Moment | None:
        """Go to the moment before the present one; None, and nothing is done, at the beginning."""
        if self.now <= self.start:
            return None
        if self.now.entries:
            self.go(Moment(self.now.retired, self.now.entries - 1))
        else:
            self.last_at(self.now.retired - 1)
        return self.now

    def last_at(self, count: int) -> None:
        """Go to the last moment at an instruction count, from which the next instruction retires."""
        self.go(Moment(count))
        entries = 0
        while self.step().reason == ENTRY:
            entries += 1
        self.go(Moment(count, entries))

    def swap(self, technique: Technique, reads: bool = False) -> None:
        """Go on in another body, in the same state, under this technique. Raises OSError, ValueError; then nothing has
        changed."""
        old = self.body
        if technique.build != old.technique.build:
            raise ValueError("its guests are built for it")
        made = Body(old.kind, technique, old.transcript, reads)
        made.restore(old.capture(self.now, self.done, self.kept.before(self.now)))
        self.body = made
        old.close()

    def close(self) -> None:
        """Release the host's resources."""
        self.body.close()
        if self.swift is not None:
            self.swift.close()
