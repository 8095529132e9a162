"""Lower quartiles and their intervals.

What a host does besides only ever adds time: the noise of samples is one-sided, and comes in bursts that can last for
half of a measurement. A median then is as noisy as the host was. The lower quartile holds unless three samples of four
were disturbed, and unlike the least sample it does not go on falling with the number of samples.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Sequence
from functools import cache

from ring1.isa.record import Record

QUARTILE = 0.25
RESAMPLES = 1000
CONFIDENCE = 0.95
NOISY = 0.1
"""The width of an interval, as a share of its quartile, above which it is noise."""


class Interval(Record):
    """A lower quartile with its 95 % confidence interval, and the median."""

    quartile: float
    low: float
    high: float
    median: float

    @property
    def noisy(self) -> bool:
        return self.high - self.low > NOISY * self.quartile


def quartile(samples: Sequence[float]) -> float:
    """Return the lower quartile, between two samples in proportion."""
    ordered = sorted(samples)
    below, share = divmod((len(ordered) - 1) * QUARTILE, 1)
    low = ordered[int(below)]
    return low + share * (ordered[math.ceil(below + share)] - low)


@cache
def ranks(n: int) -> tuple[int, int]:
    """Return which of n ordered samples, counted from 0, bound the interval of the lower quartile, whatever their
    distribution is: how many of them lie below the true quartile is binomial (Conover, "Practical nonparametric
    statistics", section 3.2)."""
    below, tail, low, high = 0.0, (1 - CONFIDENCE) / 2, 0, n - 1
    for rank in range(n):
        below += math.comb(n, rank) * QUARTILE**rank * (1 - QUARTILE) ** (n - rank)
        if below <= tail:
            low = rank
        if below >= 1 - tail:
            high = min(high, rank)
    return low, high


def interval(samples: Sequence[float]) -> Interval:
    """Return the lower quartile of samples with its interval."""
    ordered = sorted(samples)
    low, high = ranks(len(ordered))
    return Interval(quartile(ordered), ordered[low], ordered[high], statistics.median(ordered))


def ratio(samples: Sequence[float], reference: Sequence[float], seed: int = 0) -> Interval:
    """Return the quotient of two lower quartiles, with its interval from the percentiles of those of resampled rounds:
    samples of the same round stay together, since what disturbs a host disturbs neighbours (Efron, "Bootstrap methods:
    another look at the jackknife", 1979)."""
    rounds = list(zip(samples, reference, strict=True))
    choose = random.Random(seed).choices
    found = sorted(quotient(choose(rounds, k=len(rounds))) for _ in range(RESAMPLES))
    cut = round(RESAMPLES * (1 - CONFIDENCE) / 2)
    return Interval(quotient(rounds), found[cut], found[-1 - cut], statistics.median(a / b for a, b in rounds))


def quotient(rounds: Sequence[tuple[float, float]]) -> float:
    """Return the quotient of the lower quartiles of pairs."""
    return quartile([a for a, _ in rounds]) / quartile([b for _, b in rounds])
