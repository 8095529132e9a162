"""The policy by itself: fair by shares, and nobody starves or saves up."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from ring1.dbt.hosting.stride import Stride


def chosen(policy: Stride) -> str:
    name = policy.next()
    assert name is not None
    return name


def shared(shares: dict[str, int], rounds: int, seed: int = 1) -> Counter[str]:
    """What each machine has had of a processor, in slices of different lengths."""
    policy, used, r = Stride(), Counter[str](), Random(seed)
    for name, share in shares.items():
        policy.add(name, share)
        policy.wake(name)
    for _ in range(rounds):
        name = chosen(policy)
        slice_ = r.randint(1, 9)
        policy.charge(name, slice_)
        used[name] += slice_
        policy.enter(name)
    return used


@pytest.mark.parametrize("shares", [(1, 1), (1, 2, 3), (1, 100), (7, 7, 7, 13, 500), tuple(range(1, 40))])
def test_it_is_fair(shares: tuple[int, ...]) -> None:
    named = {f"m{n}": share for n, share in enumerate(shares)}
    used = shared(named, 200_000)
    whole = sum(used.values())
    for name, share in named.items():
        assert abs(used[name] / whole - share / sum(shares)) < 0.02 * share / sum(shares) + 2e-5


def test_nobody_starves() -> None:
    """Whoever is ready runs before each other has had its share twice."""
    policy = Stride()
    for name, share in (("large", 1000), ("small", 1)):
        policy.add(name, share)
        policy.wake(name)
    waited = longest = 0
    for _ in range(10_000):
        name = chosen(policy)
        waited = 0 if name == "small" else waited + 1
        longest = max(longest, waited)
        policy.charge(name, 1)
        policy.enter(name)
    assert longest <= 1001


def test_who_sleeps_saves_nothing_up() -> None:
    policy = Stride()
    for name in ("busy", "sleepy"):
        policy.add(name, 1)
    policy.wake("busy")
    for _ in range(1000):
        assert policy.next() == "busy"
        policy.charge("busy", 1)
        policy.enter("busy")
    policy.wake("sleepy")
    had = Counter[str]()
    for _ in range(100):
        name = chosen(policy)
        had[name] += 1
        policy.charge(name, 1)
        policy.enter(name)
    assert abs(had["busy"] - had["sleepy"]) <= 2


def test_another_share_counts_from_now_on() -> None:
    policy = Stride()
    for name in ("a", "b"):
        policy.add(name, 1)
        policy.wake(name)
    policy.share("a", 3)
    had = Counter[str]()
    for _ in range(400):
        name = chosen(policy)
        had[name] += 1
        policy.charge(name, 1)
        policy.enter(name)
    assert had == {"a": 300, "b": 100}


def test_one_that_is_removed_is_not_chosen() -> None:
    policy = Stride()
    for name in ("a", "b"):
        policy.add(name, 1)
        policy.wake(name)
    policy.remove("a")
    assert (policy.next(), policy.next()) == ("b", None)
