"""Breakpoints and watchpoints, by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.machine import Machine
from ring1.dbt.debug.expression import Value
from ring1.dbt.travel.body import NOTHING
from ring1.dbt.travel.probe import Interest
from ring1.dbt.travel.search import Watched
from ring1.dbt.travel.watch import Watch
from ring1.isa.record import replace

KINDS = {
    "write": "is stored to",
    "change": "changes",
    "read": "is loaded from",
    "access": "is loaded from or stored to",
}
"""What a watchpoint waits for."""
MOST_BYTES = 1 << 16
"""Most bytes that a watchpoint is on."""


class NoSuchPoint(MachineError):
    """There is no breakpoint or watchpoint of this number."""


@dataclass
class Point:
    """A breakpoint at `place`, or with `kind` a watchpoint on the bytes that are at physical addresses place..end-1."""

    number: int
    text: str
    """As the user named it."""
    place: int
    end: int = 0
    kind: str = ""
    condition: Value | None = None
    condition_text: str = ""
    temporary: bool = False
    enabled: bool = True
    skip: int = 0
    """How many more times it is passed."""
    hits: int = 0

    @property
    def name(self) -> str:
        return f"{'watchpoint' if self.kind else 'breakpoint'} {self.number}"

    def holds(self, machine: Machine) -> bool:
        """Does its condition hold now? Raises MachineError if it has no value."""
        return self.condition is None or bool(self.condition(machine))

    def counts(self, machine: Machine) -> bool:
        """The machine has come to it going forward: does it stop there?"""
        if not self.holds(machine):
            return False
        self.hits += 1
        if self.skip:
            self.skip -= 1
            return False
        return True


class Points:
    """The points of one debugger."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.all: dict[int, Point] = {}
        self.made = 0
        self.met: list[tuple[Point, bytes, bytes]] = []
        """Watchpoints that have been met in the present run, with the bytes before and behind."""
        self.met_at = 0
        """How many instructions had retired when the first of them was met."""
        self.exits: Callable[[str], None] | None = None
        """Told the reason of each exit to the VMM on the way forward."""

    def add(self, text: str, place: int, end: int = 0, kind: str = "", temporary: bool = False) -> Point:
        self.made += 1
        made = self.all[self.made] = Point(self.made, text, place, end, kind, temporary=temporary)
        return made

    def watch_bytes(self, text: str, at: int, size: int, kind: str) -> Point:
        """Add a watchpoint on bytes at an address of the guest's. Raises MachineError."""
        if not 0 < size <= MOST_BYTES:
            raise MachineError(f"{size} bytes are not watched: 1 to {MOST_BYTES}")
        pieces = list(self.machine.mem.pieces(at, size))
        if any(one + length != other for (one, length), (other, _) in pairwise(pieces)):
            raise MachineError("these bytes are in pages that do not lie side by side: watch them one by one")
        return self.add(text, pieces[0][0], pieces[0][0] + size, kind)

    def __getitem__(self, number: int) -> Point:
        if number not in self.all:
            raise NoSuchPoint(f"there is no breakpoint or watchpoint {number}")
        return self.all[number]

    def delete(self, number: int) -> None:
        del self.all[self[number].number]

    def enabled(self, watching: bool) -> Iterator[Point]:
        return (point for point in self.all.values() if point.enabled and bool(point.kind) == watching)

    def here(self) -> list[Point]:
        """Return the breakpoints at the present pc whose conditions hold."""
        pc = self.machine.pc
        return [point for point in self.enabled(False) if point.place == pc and point.holds(self.machine)]

    # --- Forward -----------------------------------------------------------------------

    def interest(self, extra: dict[int, Callable[[], bool]] | None = None) -> Interest:
        """Return the interest of a run that stops at points, and at `extra` places if their conditions hold."""
        self.met = []
        stops: dict[int, list[Callable[[], bool]]] = {}
        for point in self.enabled(False):
            stops.setdefault(point.place, []).append(self.coming_to(point))
        for place, condition in (extra or {}).items():
            stops.setdefault(place, []).append(condition)
        watching = list(self.enabled(True))
        return Interest(
            {place: any_of(tuple(conditions)) for place, conditions in stops.items()},
            watches=tuple(self.watch(point) for point in watching if point.kind != "read"),
            reads=tuple(self.watch(point, True) for point in watching if point.kind in ("read", "access")),
            exits=self.exits,
        )

    def stepping(self) -> Interest:
        """Return the interest of a single step, which only watchpoints end as they end a run."""
        if not any(self.enabled(True)):
            return NOTHING
        return replace(self.interest(), stops={}, entries=True)

    def coming_to(self, point: Point) -> Callable[[], bool]:
        return lambda: point.counts(self.machine)

    def watch(self, point: Point, loads: bool = False) -> Watch:
        """Return the watch of a watchpoint, which notes what it meets."""
        memory = self.machine.now().body.vm.memory
        held = [b""]

        def read() -> bytes:
            return memory.read(point.place, point.end - point.place)

        def act(address: int, length: int) -> bool:
            held[0] = read()
            if loads:
                return self.meets(point, held[0], held[0])
            return True  # what becomes of it is known behind it

        def told(address: int, data: bytes) -> None:
            if not loads:
                after = read()
                if point.kind != "change" or after != held[0]:
                    self.meets(point, held[0], after)

        return Watch(point.place, point.end, act, told)

    def meets(self, point: Point, before: bytes, after: bytes) -> bool:
        """A watchpoint has been met: does the machine stop?"""
        if (self.met and self.met_at != self.machine.count) or not point.counts(self.machine):
            return False
        self.met_at = self.machine.count
        self.met.append((point, before, after))
        return True

    # --- Back --------------------------------------------------------------------------

    def stops(self) -> dict[int, Callable[[], bool]]:
        """Return the places of breakpoints with their conditions."""
        found: dict[int, list[Callable[[], bool]]] = {}
        for point in self.enabled(False):
            found.setdefault(point.place, []).append(self.holding(point))
        return {place: any_of(tuple(conditions)) for place, conditions in found.items()}

    def holding(self, point: Point) -> Callable[[], bool]:
        return lambda: point.holds(self.machine)

    def watched(self) -> tuple[Watched, ...]:
        """Return what watchpoints look for."""
        found: list[Watched] = []
        for point in self.enabled(True):
            if point.kind in ("read", "access"):
                found.append(Watched(point.place, point.end, True))
            if point.kind != "read":
                found.append(Watched(point.place, point.end, False, point.kind == "change"))
        return tuple(found)


def any_of(conditions: tuple[Callable[[], bool], ...]) -> Callable[[], bool]:
    """Return whether one of the conditions holds, having asked all of them: each counts its hits."""
    if len(conditions) == 1:
        return conditions[0]
    return lambda: sum([condition() for condition in conditions]) > 0
