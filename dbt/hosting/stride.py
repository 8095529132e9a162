"""The scheduler's policy: stride scheduling (Waldspurger and Weihl, "Stride Scheduling", 1995).

Each machine has a pass, which advances by what it uses over its share; whoever has the least pass is next. A machine
that begins, or has slept, begins at the present pass: nobody saves up time, and nobody starves.
"""

from __future__ import annotations

from heapq import heappop, heappush


class Stride:
    """Machines by name, with shares; those that are ready, in the order of their passes."""

    def __init__(self) -> None:
        self.shares: dict[str, int] = {}
        self.passes: dict[str, float] = {}
        self.ready: list[tuple[float, int, str]] = []
        """A heap of pass, order of arrival and name."""
        self.arrivals = 0
        self.present = 0.0
        """The greatest pass of a machine that has been chosen."""

    def add(self, name: str, share: int) -> None:
        """Add a machine, which is not ready yet. Its share is at least 1."""
        self.shares[name], self.passes[name] = share, self.present

    def remove(self, name: str) -> None:
        self.drop(name)
        del self.shares[name], self.passes[name]

    def drop(self, name: str) -> None:
        """The machine is not ready any more."""
        self.ready = sorted(entry for entry in self.ready if entry[2] != name)

    def share(self, name: str, share: int) -> None:
        """Give a machine another share from now on."""
        self.shares[name] = share

    def wake(self, name: str) -> None:
        """The machine is ready again."""
        self.passes[name] = max(self.passes[name], self.present)
        self.enter(name)

    def enter(self, name: str) -> None:
        """The machine, which has been chosen, goes on being ready."""
        self.arrivals += 1
        heappush(self.ready, (self.passes[name], self.arrivals, name))

    def next(self) -> str | None:
        """Choose the machine to run next, which is not ready until it enters or wakes; None if none is ready."""
        if not self.ready:
            return None
        at, _, name = heappop(self.ready)
        self.present = max(self.present, at)
        return name

    def charge(self, name: str, used: float) -> None:
        """A machine has used so much: seconds, or whatever else is shared."""
        self.passes[name] += used / self.shares[name]
