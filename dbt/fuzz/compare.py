"""Comparing: every engine, in every way, ends in the state of the reference, or a theorem says why not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from dbt.engines.table import ENGINES
from dbt.fuzz.case import Case, facts
from dbt.fuzz.machine import PLAIN, Guest, Look
from dbt.fuzz.observe import Cell, Event, Observer, cells
from dbt.fuzz.ways import Way
from dbt.machine.saved import Saved
from isa.classify import classify
from isa.record import Record, replace


class Difference(Record):
    """A way to run a case that does not end as the reference does. Pairs are the reference's and the way's."""

    case: Case
    way: Way
    stop: int
    """The instruction count at which it was seen."""
    rows: tuple[tuple[str, str, str], ...]
    """What differs."""
    at: str = ""
    """The instructions executed where it comes about, if it does when stopped there."""
    hole: str = ""
    """The instruction that shows it, if the theorems say that it does so under this engine."""


class Result(Record):
    """What came of a case."""

    differences: tuple[Difference, ...]
    instructions: int
    """That the reference executed."""
    events: frozenset[Event]
    compared: int
    """Ways in which it was run."""

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that no theorem speaks of: faults."""
        return tuple(difference for difference in self.differences if not difference.hole)

    def cells(self, isa: str) -> set[Cell]:
        return {cell for event in self.events for cell in cells(facts(isa).isa, event)}


@cache
def holes(isa: str, engine: str) -> frozenset[str]:
    """The instructions by which programs on a machine can tell an engine from the bare machine: by theorem 1 those that
    are sensitive and not privileged, by theorem 3 those that are so in user mode."""
    made, policy = facts(isa).isa, ENGINES[engine].policy
    theorem = policy(made).theorem if policy is not None else None
    found = () if theorem is None else classify(made).values()
    return frozenset(c.name for c in found if (c.user if theorem == 3 else c.sensitive) and not c.privileged)


class Observed:
    """A case, and what the reference shows of it."""

    def __init__(self, case: Case) -> None:
        """Raises Malformed."""
        self.case = case
        self.guest = Guest(case)
        self.looks, self.observer = self.reference(case.stops)

    def reference(self, stops: tuple[int, ...]) -> tuple[tuple[Look, ...], Observer]:
        observers: list[Observer] = []
        forms = self.case.facts.forms
        looks = self.guest.run(PLAIN, stops, lambda vm: observers.append(Observer(vm.cpu, lambda n: forms[n].reads)))
        return looks, observers[0]

    def comparable(self, way: Way) -> bool:
        """Must this way be as the reference? One that looks at tables only when they are flushed need not be, if the
        program relies on what it has not flushed."""
        return not self.observer.stale or way.mmu.traced or not self.translates(way)

    @staticmethod
    def translates(way: Way) -> bool:
        return bool({way.engine, *way.heirs} - {PLAIN.engine})

    def difference(self, way: Way) -> Difference | None:
        """How a way differs, if it does."""
        for stop, want, got in zip(self.case.stops, self.looks, self.guest.run(way), strict=False):
            if want != got:
                return Difference(self.case, way, stop, tuple(rows(want, got)))
        return None

    def explained(self, difference: Difference) -> Difference:
        """The same with the instruction at which it comes about, and the hole that it shows, if it is one that the
        theorems speak of."""
        way = difference.way
        known = frozenset().union(*(holes(self.case.isa, name) for name in (way.engine, *way.heirs)))
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
            self.guest.run(way, (*before, low), after=lambda vm: escaped.append(lost(vm.engine)))
        return replace(difference, at=" ".join(names), hole=shown[0] if shown else "escape" if any(escaped) else "")


def lost(engine: object) -> bool:
    """Has a hole taken the guest to a processor mode of which the engine has not been told?"""
    return getattr(getattr(engine, "real", None), "believed", None) is not None


def check(case: Case, ways: Sequence[Way]) -> Result:
    """Run a case in these ways. Raises Malformed."""
    observed = Observed(case)
    found, compared = list[Difference](), 0
    for way in ways:
        if observed.comparable(way):
            compared += 1
            difference = observed.difference(way)
            if difference is not None:
                found.append(observed.explained(difference))
    return Result(tuple(found), observed.looks[-1].state.instructions, frozenset(observed.observer.events), compared)


def rows(want: Look, got: Look) -> list[tuple[str, str, str]]:
    """What differs."""
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
    """What devices do not agree on."""
    pairs = [
        ([name, what, a[what]], [name, what, b[what]])
        for name, a in one.items()
        for what, b in [(what, other[name]) for what in a]
        if a[what] != b[what]
    ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def describe(look: Look) -> str:
    """Why a machine stopped, in few words."""
    stop = look.stop
    if stop.trap is not None:
        return f"{stop.reason} {stop.trap.cause} at {stop.trap.pc:#x}"
    return stop.reason if stop.code is None else f"{stop.reason} {stop.code}"
