"""Medians, intervals and quotients."""

from __future__ import annotations

import random

import pytest

from ring1.dbt.measure.statistics import Interval, interval, ratio


def test_samples_that_are_alike_have_an_interval_without_width() -> None:
    assert interval([7.0] * 10) == Interval(7.0, 7.0, 7.0)
    assert not interval([7.0] * 10).noisy


def test_the_seed_decides() -> None:
    samples = [random.Random(1).uniform(1, 9) for _ in range(5)] + [1.0, 2.0, 3.0, 8.0, 9.0]
    assert interval(samples, 3) == interval(samples, 3)
    assert interval(samples).noisy


def test_an_interval_holds_the_true_median_about_as_often_as_it_says() -> None:
    choose = random.Random(5)
    held = 0
    for _ in range(100):
        found = interval([choose.gauss(10, 1) for _ in range(15)], 1)
        held += found.low <= 10 <= found.high
    assert 85 <= held <= 100


def test_quotients_are_of_the_same_round() -> None:
    """What slows a whole round does not show in them."""
    slowed = [1.0, 1.0, 5.0, 1.0, 9.0, 1.0]
    found = ratio([2 * each for each in slowed], slowed)
    assert found == Interval(2.0, 2.0, 2.0)
    with pytest.raises(ValueError):
        ratio([1.0], [1.0, 2.0])
