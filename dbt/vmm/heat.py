"""Where the time goes: every so many instructions the budget runs out, and where it did is a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ring1.isa.record import Record

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Block, Place  # hosts that only interpret have nothing to keep blocks in


class Sampling(Record):
    """How often samples are taken, and what they lead to."""

    first: int = 1 << 12
    longest: int = 1 << 22
    """Instructions between two samples; the longest is more than any block has."""
    traced: int = 2
    """Samples of a block before the path from it is traced."""
    pinned: tuple[int, ...] = (32, 256, 2048)
    """Numbers of samples after which it is seen whether the right registers are pinned."""


class Heat:
    """The samples of a run, and when the next is due."""

    def __init__(self, sampling: Sampling) -> None:
        self.sampling = sampling
        self.interval = sampling.first
        self.due = 0
        """The time of the next sample, wherever the guest may leave generated code before."""
        self.taken = 0
        self.samples: Counter[Place] = Counter()
        """Since registers were last pinned."""
        self.weights: Counter[Place] = Counter()
        """Block -> instructions that its samples stand for."""

    def take(self, place: Place) -> None:
        """The budget ran out just before this block."""
        self.samples[place] += 1
        self.weights[place] += self.interval
        self.taken += 1

    def hot(self, place: Place) -> bool:
        """Is it worth knowing where the guest goes from here?"""
        return self.samples[place] >= self.sampling.traced

    def sooner(self) -> None:
        """What is hot changes: sample more often."""
        self.interval = self.sampling.first

    def later(self) -> None:
        """Nothing came of a sample: sample more seldom."""
        self.interval = min(self.interval * 2, self.sampling.longest)

    def pinning_due(self) -> bool:
        """Is it time to see which registers the hot code uses?"""
        return self.taken in self.sampling.pinned

    def words(self, blocks: Mapping[Place, Block]) -> Counter[int]:
        """Instruction words of the sampled blocks that there still are, with about how often each was executed."""
        words = Counter[int]()
        for place, weight in self.weights.items():
            block = blocks.get(place)
            if block is not None:
                share = weight // len(block.translation.words)
                for word in block.translation.words:
                    words[word] += share
        return words

    def hottest(self, most: int) -> list[tuple[Place, float]]:
        """The places at which samples found the run, the hottest first, each with its share of the time."""
        whole = max(sum(self.weights.values()), 1)
        return [(place, weight / whole) for place, weight in self.weights.most_common(most)]
