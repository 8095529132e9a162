"""Sampling of hot code: the budget runs out at intervals, and the block before which it did is a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import isqrt
from typing import TYPE_CHECKING

from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.cache.block import Block, Place  # hosts that only interpret cannot import the code cache

BACK_OFF = 16
"""By which factor the next path is recorded later than the last one if nothing came of that."""


class Sampling(Record):
    """How often samples are taken, and what follows from them."""

    first: int = 1 << 12
    longest: int = 1 << 24
    """Instructions between two samples, at first and at most; both exceed the length of any block."""
    traced: int = 2
    """Samples of a block before a path is recorded from it, and how often paths have to show a place as the beginning
    of a trace before one is made."""
    pinned: tuple[int, ...] = (20, 80, 600)
    """Numbers of samples after which it is checked whether the right registers are pinned."""
    recorded: int = 1 << 21
    paths: int = 4
    """At most so many paths are recorded, and one more in a run of `recorded` instructions, two more in one of four
    times as many, and so on."""
    path: int = 256
    """Most instructions of a path."""


class Heat:
    """The samples of a run, and when the next is due."""

    def __init__(self, sampling: Sampling) -> None:
        self.sampling = sampling
        self.interval = sampling.first
        self.due = 0
        """Instructions retired at the next sample, whatever exits come before it."""
        self.pauses: dict[Place, tuple[int, int]] = {}
        """Trace -> when a path is to be recorded from it again, to see where the guest strays from it, and how long the
        pause was."""
        self.paths = 0
        """Paths recorded."""
        self.taken = 0
        self.samples: Counter[Place] = Counter()
        """Samples of each block since registers were last pinned."""
        self.weights: Counter[Place] = Counter()
        """Block -> instructions that its samples stand for."""

    def take(self, place: Place) -> None:
        """Record a sample: the budget ran out just before this block."""
        self.samples[place] += 1
        self.weights[place] += self.interval
        self.taken += 1

    def hot(self, place: Place, traced: bool, now: int) -> bool:
        """Is a path to be recorded from this block, which is a trace or none?"""
        if self.samples[place] < self.sampling.traced or self.paths >= self.most(now):
            return False
        return not (traced and now < self.pauses.get(place, (0, 0))[0])

    def most(self, now: int) -> int:
        """Return how many paths may be recorded until now."""
        return self.sampling.paths + isqrt(now // self.sampling.recorded)

    def recorded(self, place: Place, now: int, traces: int) -> None:
        """Note that a path has been recorded from a block, and how many traces came of it."""
        del self.samples[place]
        self.paths += 1
        _, pause = self.pauses.get(place, (0, self.sampling.first * 4))
        if traces:
            self.sooner()
        else:
            self.later()
            pause *= BACK_OFF
        self.pauses[place] = now + pause, pause

    def sooner(self) -> None:
        """Sample more often, as hot code has changed."""
        self.interval = self.sampling.first

    def later(self) -> None:
        """Sample less often, as nothing came of a sample."""
        self.interval = min(self.interval * 2, self.sampling.longest)

    def pinning_due(self) -> bool:
        """Is it time to check which registers hot code uses?"""
        return self.taken in self.sampling.pinned

    def words(self, blocks: Mapping[Place, Block]) -> Counter[int]:
        """Return the instruction words of the sampled blocks that still exist, with an estimate of how often each was
        executed."""
        words = Counter[int]()
        for place, weight in self.weights.items():
            block = blocks.get(place)
            if block is not None:
                share = weight // len(block.translation.words)
                for word in block.translation.words:
                    words[word] += share
        return words

    def hottest(self, most: int) -> list[tuple[Place, float]]:
        """Return the sampled places, the hottest first, each with its share of the time."""
        whole = max(sum(self.weights.values()), 1)
        return [(place, weight / whole) for place, weight in self.weights.most_common(most)]
