"""Which of the runs that the manual leaves open an engine has made: a search over the choices of dbt/machine/lookaside.

A run is told what to choose as far as a list goes. From there on it does with each page as it did last with that page,
and at first walks the tables: what an engine holds it mostly holds until the flush, so that runs with few turns of mind
are tried first.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from ring1.dbt.machine.lookaside import Impossible, Page

Choices = tuple[int, ...]
MOST_RUNS = 40
"""Runs that are tried for one stretch."""


class TooMany(Exception):
    """There are more runs than are tried."""


class Tape:
    """Chooses as it is told, and notes what there was to choose."""

    def __init__(self, told: Choices = (), time: Callable[[], int] = lambda: 0) -> None:
        self.told = told
        self.time = time
        self.taken: list[int] = []
        self.ways: list[int] = []
        """How many there were at each choice ..."""
        self.pages: list[Page] = []
        """... for which page ..."""
        self.times: list[int] = []
        """... and when."""
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
    """The choices of a run that is the right one, as `run` says, and begins as it is told; None if there is none.
    Raises TooMany."""
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
