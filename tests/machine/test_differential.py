"""Whole programs, generated, under interp, bare, bt and the independent model: registers, control registers, memory,
output, disk, instruction count and stop are the same, wherever a run is looked at.

The programs (tests/machine/generator.py) compute, loop, call, jump indirectly, trap, change rings, overwrite their own
code, switch paging on and off, are interrupted by timer, console, disk and software, use devices and go astray. Engines
keep their code in caches of one block and of many, chained or not, traced early or not, remembered or not.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.machine.compare import apart, by_engine, by_model, difference, shrunk
from tests.machine.fragments import KINDS
from tests.machine.generator import Plan, case, plan

ISAS = ("pg32", "pg32v", "pg32h")
words = st.integers(0, 2**32 - 1)
fragments = st.lists(st.tuples(st.sampled_from(KINDS), words), min_size=1, max_size=12).map(tuple)
plans = st.builds(Plan, words, fragments, st.sampled_from((*ISAS, "pg32", "pg32")))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Translations of these programs are nobody else's business."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))


@settings(max_examples=30)
@given(plans)
def test_generated_programs(given: Plan) -> None:
    """hypothesis chooses the fragments, and drops those that a difference does not need."""
    assert difference(case(given)) == ""


@pytest.mark.parametrize("seed", range(24))
def test_long_programs(seed: int) -> None:
    """Programs of up to 25 fragments."""
    made = plan(Random(seed), ISAS[seed % 3])
    found = difference(case(made))
    assert found == "", shrunk(made)


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
def test_each_kind_of_fragment(kind: str) -> None:
    """Each by itself, so that a failure names what is wrong."""
    for seed in range(2):
        assert difference(case(Plan(seed, ((kind, seed), (kind, seed + 100))))) == ""


def test_the_model_can_differ() -> None:
    """The comparison sees a difference if there is one: a program against another."""
    one, two = (case(Plan(3, (("edges", seed), ("alu", seed)))) for seed in (1, 2))
    assert apart(by_model(one)[-1], by_engine("interp", two)[-1]) != ""
    assert apart(by_model(one)[-1], by_engine("interp", one)[-1]) == ""
