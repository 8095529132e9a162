"""Search the choices of dbt/machine/lookaside for a run, permitted by the manual, that does what an engine has done.

A run follows a list of choices. Beyond its end it chooses for each look-up what it last chose for that look-up,
initially to walk the tables. An engine mostly keeps a translation until the next flush, so runs that rarely change
their choice are tried first.

Invariant: whatever a run has chosen, the runs that choose otherwise from some point on are tried after it, even if it
came to an end that no machine can come to: its beginning may lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count

from ring1.dbt.machine.lookaside import Impossible, Lookup

Choices = tuple[int, ...]
MOST_RUNS = 40
"""Most runs that are tried for one stretch."""


class TooMany(Exception):
    """More than MOST_RUNS runs are possible."""


class Tape:
    """Makes the choices that it was given, and records what there was to choose from."""

    def __init__(self, told: Choices = ()) -> None:
        self.told = told
        self.taken: list[int] = []
        self.ways: list[int] = []
        """At each choice: how many ways were open,"""
        self.lookups: list[Lookup] = []
        """for which look-up,"""
        self.times: list[int] = []
        """and at what time."""
        self.habit: dict[Lookup, int] = {}

    def choose(self, lookup: Lookup, ways: int, time: int = 0) -> int:
        n = len(self.taken)
        found = self.told[n] if n < len(self.told) else self.usual(lookup)
        self.habit[lookup] = found = min(found, ways - 1)
        self.taken.append(found)
        self.ways.append(ways)
        self.lookups.append(lookup)
        self.times.append(time)
        return found

    def usual(self, lookup: Lookup) -> int:
        """Return the choice beyond the end of what was given."""
        return self.habit.get(lookup, 0)


class WalkingTape(Tape):
    """Beyond the choices that it was given it walks the tables, which is possible whatever was chosen before."""

    def usual(self, lookup: Lookup) -> int:
        return 0


def search(told: Choices, run: Callable[[Tape], bool], most: int = MOST_RUNS) -> Choices | None:
    """Return the choices, beginning with `told`, of a run that `run` accepts; None if there is none. `run` makes the
    choices of the tape; it may raise Impossible. Raises TooMany."""
    order = count()
    queue: list[tuple[int, int, Choices]] = [(0, 0, told)]
    for _ in range(most):
        if not queue:
            return None
        cost, _, begun = heappop(queue)
        tape = Tape(begun)
        with suppress(Impossible):
            if run(tape):
                return tuple(tape.taken)
        for n in range(len(begun), len(tape.taken)):
            first = tape.lookups[n] not in tape.lookups[:n]
            for way in range(tape.ways[n]):
                if way != tape.taken[n]:
                    heappush(queue, (cost + (1 if first else 4), next(order), (*tape.taken[:n], way)))
    if queue:
        raise TooMany
    return None
