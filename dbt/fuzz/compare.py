"""Comparison of a case's runs: in every way the state must be that of the reference, unless a theorem explains the
difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from ring1.dbt.engines.technique import Technique
from ring1.dbt.fuzz.case import Case, facts
from ring1.dbt.fuzz.machine import PLAIN, CaseGuest, Look
from ring1.dbt.fuzz.observe import Cell, Event, Observer, cells
from ring1.dbt.fuzz.ways import Way
from ring1.dbt.machine.choices import Choices, Tape, TooMany, WalkingTape, search
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.saved import Saved
from ring1.dbt.vmm.vm import Vm
from ring1.isa.classify import best_mode, classify, user_holes
from ring1.isa.classify import holes as theorem_holes
from ring1.isa.record import Record, replace

MOST_KNOWN = 256
"""Machines and techniques whose holes are memoized."""
UNSTEADY = frozenset(("external interrupt", "preemption timer"))
"""VM exits that depend on the host's timing."""
FEW = 4
"""Open choices between two stops when a run has to be judged exactly ..."""
MOST_STRETCHES = 60
"""... and the most stretches between stops then."""


class Difference(Record):
    """A way to run a case that does not end as the reference does. Pairs are the reference's and the way's."""

    case: Case
    way: Way
    stop: int
    """The instruction count at which it was seen."""
    rows: tuple[tuple[str, str, str], ...]
    """What differs: name, the reference's value, the way's value."""
    at: str = ""
    """The instructions executed where it arises, if it arises again when stopped there."""
    hole: str = ""
    """The instruction that causes it, if the theorems say that it can under this technique."""


class CaseResult(Record):
    """The result of a case."""

    differences: tuple[Difference, ...]
    instructions: int
    """Instructions that the reference executed."""
    events: frozenset[Event]
    runs: int
    """Number of ways in which it was run."""
    untold: int
    """Number of those that cannot be judged, since too much is open."""

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that no theorem explains: bugs."""
        return tuple(difference for difference in self.differences if not difference.hole)

    def cells(self, isa: str) -> set[Cell]:
        return {cell for event in self.events for cell in cells(facts(isa).isa, event)}


@lru_cache(MOST_KNOWN)
def holes(isa: str, technique: Technique) -> frozenset[str]:
    """Return the instructions by which programs can tell a technique from the bare machine: by theorem 1 those that are
    sensitive and not privileged, by theorem 3 those that are user-sensitive and not privileged."""
    made, theorem = facts(isa).isa, technique.theorem
    if theorem is None:
        return frozenset()
    classes = classify(made)
    return frozenset(user_holes(classes) if theorem == 3 else theorem_holes(made, classes, best_mode(made)))


@lru_cache(MOST_KNOWN)
def runs(isa: str, technique: Technique) -> bool:
    """Can a technique run a machine?"""
    return not technique.cannot(facts(isa).isa)


class Observed:
    """A case, with the reference's run of it."""

    def __init__(self, case: Case) -> None:
        """Run the reference. Raises Malformed."""
        self.case = case
        self.guest = CaseGuest(case)
        self.tape = Tape()
        self.looks, self.observer = self.reference(case.stops, self.tape)

    def reference(self, stops: tuple[int, ...], tape: Tape | None = None) -> tuple[tuple[Look, ...], Observer]:
        """Run the reference, which makes the choices of a tape. Raises Impossible."""
        made = tape or Tape()
        forms = self.case.facts.forms
        with self.guest.start(PLAIN, OpenCpu) as running:
            cpu = running.vm.cpu
            assert isinstance(cpu, OpenCpu)
            cpu.decide(lambda lookup, ways: made.choose(lookup, ways, cpu.retired))
            observer = Observer(cpu, lambda name: forms[name].reads)
            looks = running.through(stops)
            observer.ended(looks[-1].stop)
        return looks, observer

    def is_open(self, way: Way) -> bool:
        """Does the manual leave open what a program sees in this way? A translator that keeps translations until the
        flush may use old or new entries if the program has not flushed what it has changed."""
        translates = bool({way.engine, *way.heirs} - {PLAIN.engine})
        return bool(self.tape.taken) and translates and not way.mmu.traced

    def difference(self, way: Way) -> Difference | None:
        """Return how a way differs; None if it does not. Raises TooMany if that cannot be judged."""
        try:
            return self.compared(way)
        except TooMany:
            raise
        except Exception as error:
            row = "raised", "", f"{type(error).__name__}: {error}"
            return Difference(self.case, way, self.case.stops[-1], (row,), type(error).__name__)

    def compared(self, way: Way) -> Difference | None:
        """See `difference`. Raises what the run raises."""
        looks = self.guest.run(way)
        for stop, want, got in zip(self.case.stops, self.looks, looks, strict=False):
            if want != got:
                if self.is_open(way):
                    return None if self.is_allowed(looks) else self.settled(way)
                return self.explained(Difference(self.case, way, stop, tuple(rows(want, got))))
        missing = ", ".join(sorted(self.unseen(way))) if way.checked and not way.heirs else ""
        if missing:
            return Difference(self.case, way, self.case.stops[-1], (("exits", missing, "none of these"),), "exits")
        return None

    def unseen(self, way: Way) -> frozenset[str]:
        """Return the reasons of VM exits that occur without the check but not with it: then the check has tested
        something else."""
        plain, checked = set[str](), set[str]()
        if not way.engine.modelled:
            return frozenset()
        engine = replace(way, checked=False)
        self.guest.run(engine, after=lambda vm: plain.update(exits(vm)))
        if plain:
            self.guest.run(way, after=lambda vm: checked.update(exits(vm)))
        return frozenset(plain - checked - UNSTEADY)

    # --- What is open ------------------------------------------------------------------------------

    def chosen(self, told: Choices, got: Look, stop: int) -> Choices | None:
        """Extend the choices `told` so that the reference shows this state; None if none do. Raises TooMany."""

        def run(tape: Tape) -> bool:
            return self.reference((stop,), tape)[0][-1] == got

        return search(told, run)

    def is_allowed(self, looks: Sequence[Look]) -> bool:
        """Can a machine that the manual allows show these states, as far as the search finds one?"""
        told: Choices = ()
        for stop, got in zip(self.case.stops, looks, strict=False):
            try:
                found = self.chosen(told, got, stop)
            except TooMany:
                return False
            if found is None:
                return False
            told = found
        return True

    def settled(self, way: Way) -> Difference | None:
        """As `compared`, with more stops, so that little is open between two of them and all choices can be tried."""
        known, told, low, stretches, escaped = self.holes(way), Choices(), 0, 0, False
        goals = list(self.case.stops)
        with self.guest.start(way) as running:
            while goals:
                tape = WalkingTape(told)
                looks, observer = self.reference((goals[0],), tape)
                times = tape.times[len(told) :]
                stop = min(goals[0], times[FEW - 1] + 2 + times[FEW - 1] % 4) if len(times) > FEW else goals[0]
                gone = (time + 1 for name in known for time in observer.times.get(name, ()))
                stop = min([stop, *(time for time in gone if low < time)])
                got, before = running.to(stop), told
                found = self.chosen(told, got, stop)
                if found is None:
                    looks, observer = self.reference((stop,), WalkingTape(before))
                    shown = [n for n in known if any(low <= time < stop for time in observer.times.get(n, ()))]
                    hole = shown[0] if shown else "escape" if escaped or lost(running.vm) else ""
                    found_rows = tuple(rows(looks[-1], got))
                    return Difference(self.case, way, stop, found_rows, " ".join(observer.last[1]), hole)
                told, low, stretches, escaped = found, stop, stretches + 1, lost(running.vm)
                if got.stop.reason != "limit":
                    break
                if stretches > MOST_STRETCHES:
                    raise TooMany
                if stop == goals[0]:
                    goals.pop(0)
                    running.hand_over()
        return None

    # --- What a theorem explains -------------------------------------------------------------------

    def holes(self, way: Way) -> frozenset[str]:
        """Return the holes of all engines of a way."""
        return frozenset().union(*(holes(self.case.isa, each) for each in (way.engine, *way.heirs)))

    def explained(self, difference: Difference) -> Difference:
        """Return the difference with the instruction at which it arises and, if the theorems speak of that, the hole it
        shows."""
        way = difference.way
        known = self.holes(way)
        before = tuple(stop for stop in self.case.stops if stop < difference.stop)
        low, high = (before or (0,))[-1], difference.stop
        times = {time for name in known for time in self.observer.times.get(name, ())}
        likely = sorted(times | {time + 1 for time in times})
        while high - low > 1:
            inside = [time for time in likely if low < time < high] or [(low + high) // 2]
            middle = inside[len(inside) // 2]
            stops = (*before, middle)
            if self.reference(stops)[0][-1] == self.guest.run(way, stops)[-1]:
                low = middle
            else:
                high = middle
        _, names = self.reference((*before, high))[1].last
        shown = [name for name in names if name in known]
        escaped = list[bool]()
        if known and not shown and low not in (0, *before):
            self.guest.run(way, (*before, low), after=lambda vm: escaped.append(lost(vm)))
        return replace(difference, at=" ".join(names), hole=shown[0] if shown else "escape" if any(escaped) else "")


def exits(vm: Vm) -> Iterable[str]:
    """Return the reasons of VM exits that have occurred."""
    assert vm.engine is not None
    return vm.engine.exits()


def lost(vm: Vm) -> bool:
    """See Engine.lost."""
    assert vm.engine is not None
    return vm.engine.lost


def check(case: Case, ways: Sequence[Way]) -> CaseResult:
    """Run a case in these ways. Raises Malformed."""
    observed = Observed(case)
    found, untold = [Difference(case, PLAIN, observed.case.stops[-1], (row,)) for row in observed.observer.doubts], 0
    for way in ways:
        try:
            difference = observed.difference(way)
        except TooMany:
            untold += 1
            continue
        if difference is not None:
            found.append(difference)
    instructions = observed.looks[-1].state.instructions
    return CaseResult(tuple(found), instructions, frozenset(observed.observer.events), len(ways), untold)


def rows(want: Look, got: Look) -> list[tuple[str, str, str]]:
    """Return what differs, in rows."""
    found = [("stop", describe(want), describe(got))] if want.stop != got.stop else []
    one, other = want.state, got.state
    numbers = [("pc", one.pc, other.pc)]
    numbers += [(name, value, other.registers[name]) for name, value in one.registers.items()]
    numbers += [(name, value, other.control[name]) for name, value in one.control.items()]
    found += [(name, f"{a:#010x}", f"{b:#010x}") for name, a, b in numbers if a != b]
    if one.instructions != other.instructions:
        found.append(("instructions", str(one.instructions), str(other.instructions)))
    for name, a, b in (
        ("memory", one.memory_sha256[:16], other.memory_sha256[:16]),
        ("output", repr(want.output), repr(got.output)),
        ("devices", *map(str, differing(want.devices["devices"], got.devices["devices"]))),
        ("disk", "", "another"),
    ):
        if (want.disk != got.disk) if name == "disk" else a != b:
            found.append((name, a, b))
    return found


def differing(one: Saved, other: Saved) -> tuple[list[Any], list[Any]]:
    """Return the states of the devices that differ."""
    pairs = [
        ([name, what, a[what]], [name, what, b[what]])
        for name, a in one.items()
        for what, b in [(what, other[name]) for what in a]
        if a[what] != b[what]
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def describe(look: Look) -> str:
    """Describe in a few words why a machine stopped."""
    stop = look.stop
    if stop.trap is not None:
        return f"{stop.reason} {stop.trap.cause} at {stop.trap.pc:#x}"
    return stop.reason if stop.code is None else f"{stop.reason} {stop.code}"
