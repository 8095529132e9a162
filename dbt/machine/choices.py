"""Search the choices of dbt/machine/lookaside for a run, permitted by the manual, that does what an engine has done.

A run follows a list of choices. Beyond its end it chooses for each page what it last chose for that page, initially to
walk the tables. An engine mostly keeps a translation until the next flush, so runs that rarely change their choice for
a page are tried first.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from ring1.dbt.machine.lookaside import Impossible, Page

Choices = tuple[int, ...]
MOST_RUNS = 40
"""Most runs that are tried for one stretch."""


class TooMany(Exception):
    """More than MOST_RUNS runs are possible."""


class Tape:
    """Makes the choices that it was given, and records what there was to choose from."""

    def __init__(self, told: Choices = (), time: Callable[[], int] = lambda: 0) -> None:
        self.told = told
        self.time = time
        self.taken: list[int] = []
        self.ways: list[int] = []
        """At each choice: how many ways were open,"""
        self.pages: list[Page] = []
        """for which page,"""
        self.times: list[int] = []
        """and at what time."""
        self.habit: dict[Page, int] = {}

    def choose(self, page: Page, ways: int) -> int:
        n = len(self.taken)
        found = self.told[n] if n < len(self.told) else self.habit.get(page, 0)
        self.habit[page] = found = min(found, ways - 1)
        self.taken.append(found)
        self.ways.append(ways)
        self.pages.append(page)
        self.times.append(self.time())
        return found


def search(told: Choices, run: Callable[[Choices], tuple[Tape, bool]], most: int = MOST_RUNS) -> Choices | None:
    """Return the choices, beginning with `told`, of a run that `run` accepts; None if there is none. Raises TooMany."""
    order = count()
    queue: list[tuple[int, int, Choices]] = [(0, 0, told)]
    for _ in range(most):
        if not queue:
            return None
        cost, _, begun = heappop(queue)
        try:
            tape, right = run(begun)
        except Impossible:
            continue
        if right:
            return tuple(tape.taken)
        for n in range(len(begun), len(tape.taken)):
            first = tape.pages[n] not in tape.pages[:n]
            for way in range(tape.ways[n]):
                if way != tape.taken[n]:
                    heappush(queue, (cost + (1 if first else 4), next(order), (*tape.taken[:n], way)))
    if queue:
        raise TooMany
    return None
