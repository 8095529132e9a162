"""The checkpoints that are kept of a run: many where the machine is, fewer further away, within a budget of memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.travel.checkpoint import Checkpoint
from ring1.dbt.travel.moment import Moment

BUDGET = 256 << 20
"""Bytes of pages and disks that checkpoints may take, unless two of them need more."""
MOST = 1024
"""Most checkpoints: more than 10^9 instructions need at 100 M instructions/s."""
ANYWAY = 1 << 14
"""Bytes that a checkpoint takes besides pages: registers and devices."""


class Kept:
    """Checkpoints by their moments. The first one, from which everything can be run again, is never dropped."""

    def __init__(self, budget: int = BUDGET, most: int = MOST) -> None:
        self.budget = budget
        self.most = most
        self.all: list[Checkpoint] = []
        self.uses = Counter[int]()
        """Identity of a page or disk -> how many checkpoints have it."""
        self.size = 0
        """Bytes taken by all of them."""

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def latest(self) -> Moment:
        """The moment of the last one."""
        return self.all[-1].moment

    def before(self, moment: Moment) -> Checkpoint:
        """Return the last checkpoint at or before a moment, which is not before the first."""
        return self.all[max(bisect_right(self.all, moment, key=lambda at: at.moment) - 1, 0)]

    def add(self, at: Checkpoint) -> None:
        """Keep a checkpoint, in place of one of the same moment; others are dropped where they lie closest, as seen
        from it."""
        index = bisect_left(self.all, at.moment, key=lambda other: other.moment)
        if index < len(self.all) and self.all[index].moment == at.moment:
            self.drop(index)
        self.all.insert(index, at)
        self.size += ANYWAY + sum(self.taken(at))
        while len(self.all) > 2 and (len(self.all) > self.most or self.size > self.budget):
            self.drop(self.least_missed(at.moment))

    def taken(self, at: Checkpoint) -> Iterator[int]:
        """Count the uses of a checkpoint's parts, and yield the bytes of those that are new."""
        for part in (*at.pages.values(), *([at.disk] if at.disk else [])):
            self.uses[id(part)] += 1
            if self.uses[id(part)] == 1:
                yield max(len(part), PAGE)

    def least_missed(self, here: Moment) -> int:
        """Return the index of the checkpoint whose neighbours are closest to each other for their distance from
        here."""
        counts = [at.moment.retired for at in self.all]

        def gap(index: int) -> float:
            left, right = counts[index - 1], counts[index + 1] if index + 1 < len(counts) else here.retired
            return (right - left) / (1 + abs(here.retired - counts[index]))

        own = next(index for index, at in enumerate(self.all) if at.moment == here)
        return min((index for index in range(1, len(self.all)) if index != own), key=gap)

    def drop(self, index: int) -> None:
        at = self.all.pop(index)
        self.size -= ANYWAY
        for part in (*at.pages.values(), *([at.disk] if at.disk else [])):
            self.uses[id(part)] -= 1
            if not self.uses[id(part)]:
                del self.uses[id(part)]
                self.size -= max(len(part), PAGE)

    def cut(self, moment: Moment, done: int) -> None:
        """Drop what comes after a moment at which so many entries of the journal are carried out."""
        while self.all and (self.all[-1].moment, self.all[-1].done) > (moment, done):
            self.drop(len(self.all) - 1)
