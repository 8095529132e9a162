"""One guest under several engines in lock step: each is equal to the first, the reference, at every checkpoint, or the
instruction is found at which it becomes different.

A checkpoint compares all that a machine is: registers, time, memory, devices, console output, disk. Checkpoints lie
the further apart the longer a run lasts. At a difference both machines are made anew as they were at the last
checkpoint, and the stretch is bisected; from reset, if the difference depends on what the engine did before that.

An engine that needs a build of the guest of its own executes other instructions. It runs beside the others, and what
can be compared is compared when both have ended: how they ended, console output, disk.
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
from ring1.dbt.machine.choices import TooMany
from ring1.isa.record import replace

FIRST = 1000
"""Instructions to the first checkpoint."""
SECONDS = 0.5
"""Checkpoints lie no further apart when a stretch takes the machines so long ..."""
SHARE = 0.1
"""... and comparing them takes less than this part of that."""


class Lockstep:
    """Machines with one guest, the first technique's being the reference."""

    def __init__(
        self, setup: Setup, techniques: Sequence[Technique], builds: Mapping[str, Setup] | None = None
    ) -> None:
        """`builds`: engine -> the build of the guest that it has for itself, for each engine that has one, of which the
        reference is none. Raises OSError if the host refuses memory."""
        self.setup = setup
        self.builds = builds or {}
        self.divergences: dict[str, Divergence] = {}
        self.equal = 0
        """Instructions after which all that have not diverged were last found equal."""
        self.witnesses: dict[str, OpenMachine] = {}
        """Engines that have done what the manual allows and the reference has not -> what they are compared with."""
        self.moments: dict[str, Moment] = {}
        """Their last moments."""
        self.left_open, self.untold = Counter[str](), Counter[str]()
        """Stretches in which they did so, and those of which that could not be told to the end."""
        self.history: OpenMachine | None = None
        """The reference again, if it has ever been asked what may be held in its look-aside buffer."""
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
        """Run all machines to their end, or for `limit` instructions, or to a checkpoint at which it is `enough`; an
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
                self.witnesses[party.name].run(at)
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
        """How the engines ended that have a build for themselves."""
        return {party.name: ending(party, self.reference) for party in self.parties if party.name in self.builds}

    # --- What is open -------------------------------------------------------------------

    def opened(self, parties: Sequence[Contender]) -> list[Contender]:
        """Those of these that have a witness."""
        return [party for party in parties if party.name in self.witnesses]

    def beside(self, party: Contender) -> Contender:
        """What a party is compared with."""
        return self.witnesses[party.name].party if party.name in self.witnesses else self.reference

    def judge(self, party: Contender, last: Checkpoint, at: int) -> Divergence | None:
        """How a party that is not as it should be diverges; None if the manual leaves that open."""
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
        if found is None:  # nobody can tell: go on from where the party is
            found = OpenMachine(self.setup, replace(origin, checkpoint=party.checkpoint()))
            found.party.stop = party.stop
            self.untold[party.name] += 1
        if party.name in self.witnesses:
            self.witnesses[party.name].close()
        self.witnesses[party.name] = found
        self.left_open[party.name] += 1
        return None

    def held(self, last: Checkpoint) -> Moment | None:
        """What may be held in the look-aside buffer of the reference; None if it makes choices itself."""
        self.history = self.history or OpenMachine(self.setup)
        self.history.run(last.retired)
        party = self.history.party
        same = party.vm.cpu.save() == last.cpu and party.vm.bus.save() == last.bus
        return self.history.moment() if same else None

    def allowed(self, technique: Technique, divergence: Divergence, origin: Moment) -> bool:
        """Does the manual leave it open what the one instruction does at which an engine has become different?"""
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
                return False  # it does not come about again
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
        """The machine at reset."""
        party = Contender(self.reference.technique, self.setup)
        try:
            return party.checkpoint()
        finally:
            party.close()

    @contextmanager
    def pair(
        self, engine: Technique, origin: Checkpoint, count: int, singly: bool = False
    ) -> Iterator[tuple[Contender, Contender]]:
        """The engine and the reference, made anew at `origin` and run until `count` instructions have retired."""
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
        """Where a party became different that differs after `high` instructions, and did not at `last`."""
        for origin in (last, self.beginning):
            for singly in (True, False):
                if self.differs(party.technique, origin, high, singly):
                    return self.bisect(party.technique, origin, last.retired, high, singly)
        # It does not happen again: what is known is between which checkpoints it did.
        with self.pair(party.technique, last, last.retired) as (_, theirs):
            cpu = theirs.vm.cpu
            return Divergence(
                party.name, last.retired, high, cpu.pc, theirs.place(), apart(party, self.reference, last)
            )

    def bisect(self, engine: Technique, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence:
        """Between `low` and `high` instructions the engine, made anew at `origin`, becomes different."""
        if origin.retired < low and self.differs(engine, origin, low, singly):
            low = origin.retired
        while high - low > 1:
            middle = (low + high) // 2
            with self.pair(engine, origin, middle, singly) as (mine, theirs):
                if not mine.equals(theirs):
                    high = middle
                    continue
                low, nearer = middle, theirs.checkpoint()
            # A machine made anew here is taken instead if the difference does not depend on what was before.
            if self.differs(engine, nearer, high, singly):
                origin = nearer
        return self.step(engine, origin, low, high, singly) or self.whole(engine, origin, high)

    def step(self, engine: Technique, origin: Checkpoint, low: int, high: int, singly: bool) -> Divergence | None:
        """What the instruction does behind which they differ; None if it is right when they stop before it."""
        with self.pair(engine, origin, low, singly) as (mine, theirs):
            before, cpu = theirs.checkpoint(), theirs.vm.cpu
            pc, place = cpu.pc, theirs.place()
            for party in (mine, theirs):
                party.run(high)
            if mine.equals(theirs):
                return None
            return Divergence(engine.name, low, high, pc, place, apart(mine, theirs, before))

    def whole(self, engine: Technique, origin: Checkpoint, high: int) -> Divergence:
        """What the instructions from `origin` on do, which differ only together."""
        with self.pair(engine, origin, origin.retired) as (_, theirs):
            pc, place = theirs.vm.cpu.pc, theirs.place()
        with self.pair(engine, origin, high) as (mine, theirs):
            return Divergence(engine.name, origin.retired, high, pc, place, apart(mine, theirs, origin))
