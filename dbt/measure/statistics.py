"""Medians and their bootstrap intervals (Efron, "Bootstrap methods: another look at the jackknife", 1979)."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence

from ring1.isa.record import Record

RESAMPLES = 1000
CONFIDENCE = 0.95
NOISY = 0.2
"""An interval that is wider than this share of its median is noise."""


class Interval(Record):
    """A median, and the interval that it lies in with 95 % confidence."""

    median: float
    low: float
    high: float

    @property
    def noisy(self) -> bool:
        return self.high - self.low > NOISY * self.median


def interval(samples: Sequence[float], seed: int = 0) -> Interval:
    """The median of samples, by percentiles of the medians of resamples."""
    choose = random.Random(seed).choices
    medians = sorted(statistics.median(choose(samples, k=len(samples))) for _ in range(RESAMPLES))
    cut = round(RESAMPLES * (1 - CONFIDENCE) / 2)
    return Interval(statistics.median(samples), medians[cut], medians[-1 - cut])


def ratio(samples: Sequence[float], reference: Sequence[float], seed: int = 0) -> Interval:
    """How many times as much as the reference, sample by sample of the same round."""
    return interval([a / b for a, b in zip(samples, reference, strict=True)], seed)
