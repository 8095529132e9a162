"""Lower quartiles, intervals and quotients."""

from __future__ import annotations

import random

import pytest

from ring1.dbt.measure.statistics import Interval, interval, quartile, ranks, ratio


def test_a_quartile_lies_between_two_samples_in_proportion() -> None:
    assert quartile([3.0]) == 3.0
    assert quartile([5.0, 1.0, 3.0, 2.0, 4.0]) == 2.0
    assert quartile([4.0, 1.0, 3.0, 2.0]) == 1.75


def test_samples_that_are_alike_have_an_interval_without_width() -> None:
    assert interval([7.0] * 10) == Interval(7.0, 7.0, 7.0, 7.0)
    assert not interval([7.0] * 10).noisy


def test_what_disturbs_more_than_half_of_the_samples_does_not_move_the_quartile() -> None:
    clean = [10.0 + n / 100 for n in range(20)]
    disturbed = [each * (1 if n % 5 < 2 else 3) for n, each in enumerate(clean)]
    assert interval(disturbed).quartile == pytest.approx(10, rel=0.02)
    assert interval(disturbed).median > 25


def test_ranks_are_those_of_tables_of_the_binomial_distribution() -> None:
    """Of 20 and a quarter: at most 1 with probability .0243, at most 9 with .9861, at most 8 with .9591."""
    assert ranks(20) == (1, 9)
    assert ranks(1) == (0, 0) and ranks(2) == (0, 1)


def test_an_interval_holds_the_true_quartile_at_least_as_often_as_it_says() -> None:
    choose = random.Random(5)
    held, true = 0, random.Random(0)
    lower = sorted(true.gauss(10, 1) for _ in range(40_000))[10_000]
    for _ in range(200):
        found = interval([choose.gauss(10, 1) for _ in range(20)])
        held += found.low <= lower <= found.high
    assert 185 <= held <= 200


def test_what_slows_a_whole_round_does_not_show_in_quotients() -> None:
    slowed = [1.0, 1.0, 5.0, 1.0, 9.0, 1.0]
    found = ratio([2 * each for each in slowed], slowed)
    assert found == Interval(2.0, 2.0, 2.0, 2.0)
    with pytest.raises(ValueError):
        ratio([1.0], [1.0, 2.0])


def test_the_seed_decides() -> None:
    samples, reference = [random.Random(n).uniform(1, 9) for n in range(40)], [1.0 + n % 3 / 7 for n in range(40)]
    assert ratio(samples, reference, 3) == ratio(samples, reference, 3)
    assert ratio(samples, reference, 3) != ratio(samples, reference, 4)
