"""Machines unlike PG32 are fuzzed as PG32 is: programs are made for them, and all engines agree on what they do."""

from __future__ import annotations

from random import Random

import pytest

from ring1.dbt.fuzz.case import case, facts
from ring1.dbt.fuzz.compare import check, runs
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.round_trips import faults
from ring1.dbt.fuzz.ways import draw, engines
from tests.fuzz.machines import MACHINES


@pytest.mark.parametrize("numbers", [range(48), pytest.param(range(48, 300), marks=pytest.mark.soak)], ids=len)
@pytest.mark.parametrize("what", MACHINES)
def test_programs(what: str, numbers: range) -> None:
    """Of every kind; a few of them are run."""
    isa = MACHINES[what]
    able, paged = [each for each in engines() if runs(isa, each)], facts(isa).isa.paging is not None
    assert {"interp", "bare", "bt"} <= {each.name for each in able}
    longest = 0
    for number in numbers:
        r = Random(number)
        made = case(isa, r)
        longest = max(longest, len(Listing(made.facts, made.lines).words))
        if number % 12 == 0:
            ways = [draw(r, able, paged, 2) for _ in range(2)]
            assert check(made, ways).unexplained == ()
            assert list(faults(made, ways[0])) == []
    assert longest > 100
