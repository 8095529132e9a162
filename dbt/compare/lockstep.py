"""Lockstep comparison of engines that run one guest: each must equal the first, the reference, at every checkpoint;
otherwise the instruction at which it diverges is found.

A checkpoint compares everything that makes up a machine: registers, time, memory, devices, console output, disk. The
longer a run lasts, the further apart its checkpoints are. At a difference both machines are rebuilt in the state of the
last checkpoint, and the stretch is bisected, or from reset if the difference depends on what the engine did earlier.

An engine that needs its own build of the guest executes other instructions. It runs beside the others, and when both
have ended, what can be compared is: how they ended, console output, disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from time import perf_counter

from ring1.dbt.compare.contender import Checkpoint, Contender, Setup
from ring1.dbt.compare.difference import Divergence, Ending, apart, ending
from ring1.dbt.compare.open_machine import Moment, OpenMachine, choosing
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.choices import TooMany, WalkingTape
from ring1.dbt.machine.lookaside import Impossible
from ring1.isa.record import replace

FIRST = 1000
"""Instructions before the first checkpoint."""
SECONDS = 0.5
"""Checkpoints are not spaced further apart once a stretch takes this many seconds ..."""
SHARE = 0.1
"""... and comparing takes less than this share of that."""


class Lockstep:
    """Machines with one guest, of which the first technique's is the reference."""

    def __init__(
        self, setup: Setup, techniques: Sequence[Technique], builds: Mapping[str, Setup] | None = None
    ) -> None:
        """`builds` holds, for each engine with its own build of the guest, that build; the reference must not have one.
        Raises OSError if the host refuses memory."""
        self.setup = setup
        self.builds = builds or {}
        self.divergences: dict[str, Divergence] = {}
        self.equal = 0
        """Instructions after which all that have not diverged were last found equal."""
        self.witnesses: dict[str, OpenMachine] = {}
        """Engines that behaved as the manual allows but the reference did not -> the machines that they are compared
        with."""
        self.moments: dict[str, Moment] = {}
        """The last moment of each such engine."""
        self.left_open, self.untold = Counter[str](), Counter[str]()
        """Numbers of stretches in which they did so, and of those among them that could not be decided."""
        self.history: OpenMachine | None = None
        """A rerun of the reference that tracks what its look-aside buffer may hold, made on first use."""
        with ExitStack() as made:
            self.parties: list[Contender] = []
            for each in techniques:
                self.parties.append(Contender(each, self.builds.get(each.name, setup)))
                made.callback(self.parties[-1].close)
            made.callback(self.close_witnesses)
            self.close = made.pop_all().close
        self.reference = self.parties[0]

    def close_witnesses(self) -> None:
        for witness in (*self.witnesses.values(), *([self.history] if self.history else [])):
            witness.close()

    def run(
        self,
        limit: int | None = None,
        progress: Callable[[int], None] = lambda retired: None,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Run all machines to their end, for `limit` instructions, or to a checkpoint at which `enough` holds; an
        engine that diverges stops there."""
        reference, at, stretch = self.reference, 0, FIRST
        running = [party for party in self.parties[1:] if party.name not in self.builds]
        built = others = [party for party in self.parties if party.name in self.builds]
        last = reference.checkpoint()
        while (running or others) and at != limit and not enough():
            at = at + stretch if limit is None else min(at + stretch, limit)
            began = perf_counter()
            for party in (reference, *running, *others):
                party.run(at)
            for party in self.opened(running):
                self.accompany(party.name, at)
            ran = perf_counter()
            for party in [party for party in running if not party.equals(self.beside(party))]:
                divergence = self.judge(party, last, at)
                if divergence is not None:
                    running.remove(party)
                    self.divergences[party.name] = divergence
            for party in self.opened(running):
                self.moments[party.name] = self.witnesses[party.name].moment()
            progress(at)
            if running:
                self.equal = reference.vm.cpu.retired
                last = reference.checkpoint()
            ended = reference.stop.reason != "limit"
            if ended:
                running = []
            awaited = {"limit"} if ended else {"limit", "exit", "trap", "double-fault", "halt"}
            others = [party for party in built if party.stop.reason in awaited]
            if ran - began < SECONDS or perf_counter() - ran > SHARE * (ran - began):
                stretch *= 2

    def endings(self) -> dict[str, Ending]:
        """Return how the engines with their own builds ended."""
        return {party.name: ending(party, self.reference) for party in self.parties if party.name in self.builds}

    # --- What is open -------------------------------------------------------------------

    def opened(self, parties: Sequence[Contender]) -> list[Contender]:
        """Return those of these contenders that are compared with an open machine."""
        return [party for party in parties if party.name in self.witnesses]

    def beside(self, party: Contender) -> Contender:
        """Return the contender that this one is compared with."""
        return self.witnesses[party.name].party if party.name in self.witnesses else self.reference

    def accompany(self, name: str, at: int) -> None:
        """Run the open machine of an engine as far. It chooses as it did before; where that comes to what no machine
        can do, it walks the tables instead."""
        try:
            self.witnesses[name].run(at)
        except Impossible:
            self.witnesses[name].close()
            self.witnesses[name] = OpenMachine(self.setup, self.moments[name], WalkingTape())
            self.witnesses[name].run(at)

    def judge(self, party: Contender, last: Checkpoint, at: int) -> Divergence | None:
        """Judge a contender that differs. Returns its divergence, or None if the manual leaves the behaviour open."""
        origin = None if self.setup.mmu.traced else self.moments.get(party.name) or self.held(last)
        if origin is None:
            return self.narrow(party, last, at)
        found, told = None, True
        try:
            found = choosing(party, origin, self.setup, at)
        except TooMany:
            told = False
        if found is None and party.name not in self.witnesses:
            divergence = self.narrow(party, last, at)
            if told or not self.allowed(party.technique, divergence, origin):
                return divergence
        elif found is None and told:
            pc, place = self.beside(party).vm.cpu.pc, self.beside(party).place()
            return Divergence(
                party.name, last.retired, at, pc, place, apart(party, self.beside(party), origin.checkpoint)
            )
        if found is None:  # undecided: continue from where the contender is
            found = OpenMachine(self.setup, replace(origin, checkpoint=party.checkpoint()))
            found.party.stop = party.stop
            self.untold[party.name] += 1
        if party.name in self.witnesses:
            self.witnesses[party.name].close()
        self.witnesses[party.name] = found
        self.left_open[party.name] += 1
        return None

    def held(self, last: Checkpoint) -> Moment | None:
        """Return what the reference's look-aside buffer may hold; None if the reference itself depended on such a
        choice."""
        self.history = self.history or OpenMachine(self.setup)
        self.history.run(last.retired)
        party = self.history.party
        same = party.vm.cpu.save() == last.cpu and party.vm.bus.save() == last.bus
        return self.history.moment() if same else None

    def allowed(self, technique: Technique, divergence: Divergence, origin: Moment) -> bool:
        """Does the manual leave open the effect of the one instruction at which an engine diverged?"""
        if not divergence.exact or divergence.low < origin.checkpoint.retired:
            return False
        witness = OpenMachine(self.setup, origin)
        try:
            witness.run(divergence.low)
            before = witness.moment()
        finally:
            witness.close()
        with self.pair(technique, origin.checkpoint, divergence.high, singly=True) as (mine, theirs):
            if mine.equals(theirs):
                return False  # the difference does not arise again
            try:
                found = choosing(mine, before, self.setup, divergence.high)
            except TooMany:
                return True
            if found is not None:
                found.close()
            return found is not None

    # --- Finding the instruction --------------------------------------------------------

    @cached_property
    def beginning(self) -> Checkpoint:
        """Return the state at reset."""
        party = Contender(self.reference.technique, self.setup)
        try:
            return party.checkpoint()
        finally:
            party.close()

    @contextmanager
    def pair(
        self, engine: Technique, origin: Checkpoint, count: int, singly: bool = False
    ) -> Iterator[tuple[Contender, Contender]]:
        """Rebuild the engine and the reference at `origin`, and run both until `count` instructions have retired."""
        with ExitStack() as made:
            pair = []
            for each in (engine, self.reference.technique):
                pair.append(Contender(each, self.setup, origin, singly and each is engine))
                made.callback(pair[-1].close)
                if count > origin.retired:
                    pair[-1].run(count)
            yield pair[0], pair[1]

    def differs(self, engine: Technique, origin: Checkpoint, count: int, singly: bool) -> bool:
        with self.pair(engine, origin, count, singly) as (mine, theirs):
            return not mine.equals(theirs)

    def narrow(self, party: Contender, last: Checkpoint, high: int) -> Divergence:
        """Find where a contender diverged that differs after `high` instructions and was equal at `last`."""
        for origin in (last, self.beginning):
            for singly in (True, False):
                if self.differs(party.technique, origin, high, singly):
                    return self.bisect(party.technique, origin, last.retired, high, singly)
        # It does not diverge again: only the checkpoints around it are known.
        with self.pair(party.technique, last, last.retired) as (_, theirs):
            cpu = theirs.vm.cpu
            return Divergence(
                party.name, last.retired, high, cpu.pc, theirs.place(), apart(party, self.reference, last)
            )

    def bisect(self, engine: Technique, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence:
        """Bisect the stretch between `low` and `high` instructions, in which the engine, rebuilt at `origin`,
        diverges."""
        if origin.retired < low and self.differs(engine, origin, low, singly):
            low = origin.retired
        while high - low > 1:
            middle = (low + high) // 2
            with self.pair(engine, origin, middle, singly) as (mine, theirs):
                if not mine.equals(theirs):
                    high = middle
                    continue
                low, nearer = middle, theirs.checkpoint()
            # Replay from a nearer state if the divergence does not depend on what was before.
            if self.differs(engine, nearer, high, singly):
                origin = nearer
        return self.step(engine, origin, low, high, singly) or self.whole(engine, origin, high)

    def step(self, engine: Technique, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence | None:
        """Return the effect of the instruction after which they differ; None if it is right when both stop before
        it."""
        with self.pair(engine, origin, low, singly) as (mine, theirs):
            before, cpu = theirs.checkpoint(), theirs.vm.cpu
            pc, place = cpu.pc, theirs.place()
            for party in (mine, theirs):
                party.run(high)
            if mine.equals(theirs):
                return None
            return Divergence(engine.name, low, high, pc, place, apart(mine, theirs, before))

    def whole(self, engine: Technique, origin: Checkpoint, high: int) -> Divergence:
        """Return the effect of all instructions from `origin` on, which are wrong only together."""
        with self.pair(engine, origin, origin.retired) as (_, theirs):
            pc, place = theirs.vm.cpu.pc, theirs.place()
        with self.pair(engine, origin, high) as (mine, theirs):
            return Divergence(engine.name, origin.retired, high, pc, place, apart(mine, theirs, origin))
