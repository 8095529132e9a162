"""Medians and their bootstrap intervals (Efron, "Bootstrap methods: another look at the jackknife", 1979)."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence

from ring1.isa.record import Record

RESAMPLES = 1000
CONFIDENCE = 0.95
NOISY = 0.2
"""The width of an interval, as a share of its median, above which it is noise."""


class Interval(Record):
    """A median with its 95 % confidence interval."""

    median: float
    low: float
    high: float

    @property
    def noisy(self) -> bool:
        return self.high - self.low > NOISY * self.median


def interval(samples: Sequence[float], seed: int = 0) -> Interval:
    """Return the median of samples with its interval from the percentiles of the medians of resamples."""
    choose = random.Random(seed).choices
    medians = sorted(statistics.median(choose(samples, k=len(samples))) for _ in range(RESAMPLES))
    cut = round(RESAMPLES * (1 - CONFIDENCE) / 2)
    return Interval(statistics.median(samples), medians[cut], medians[-1 - cut])


def ratio(samples: Sequence[float], reference: Sequence[float], seed: int = 0) -> Interval:
    """Return the ratio of samples to those of the reference in the same rounds."""
    return interval([a / b for a, b in zip(samples, reference, strict=True)], seed)
