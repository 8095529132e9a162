"""The cost model: figures with their sources, and nothing where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.measure.costs import Costs, Figure, Modelled, generations, model, nested_references, read

ROUND_TRIPS = {
    "prescott": 3963,
    "merom": 1579,
    "penryn": 1266,
    "nehalem": 1009,
    "westmere": 761,
    "sandy-bridge": 784,
}
PAGE_FAULTS = {"prescott": 1931 + 2409, "merom": 1186 + 937}
LEVELS = st.integers(0, 6)


def counted(guest: int, nested: int) -> int:
    """The references of a walk, made one by one: the guest's addresses are translated, then what they lead to."""
    references = 0

    def translate() -> None:
        nonlocal references
        for _ in range(nested):
            references += 1

    for _ in range(guest):
        translate()
        references += 1  # the guest's entry
    translate()
    return references


@given(LEVELS, LEVELS)
def test_nested_walks(guest: int, nested: int) -> None:
    assert nested_references(guest, nested) == counted(guest, nested)


def test_nested_walks_of_the_literature() -> None:
    """Four by four levels are 24 references; without nesting there are as many as levels."""
    assert (nested_references(4, 4), nested_references(4, 0), nested_references(2, 4)) == (24, 4, 14)


def test_each_generation_and_its_figures() -> None:
    assert set(generations()) == set(ROUND_TRIPS)
    for name, cycles in ROUND_TRIPS.items():
        costs = read(name)
        assert costs.figures["round_trip"].value == cycles
        assert all(figure.source for figure in costs.figures.values())


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_events_become_cycles(name: str) -> None:
    """Of page faults only where both parts were published; walks are counted in references, whose cycles were not."""
    costs = read(name)
    exits, faults, walks = model(costs, {"exits": 3, "page faults": 5, "walks": 7}, 2)
    assert (exits.cycles, exits.count) == (3 * ROUND_TRIPS[name], 3)
    if name in PAGE_FAULTS:
        assert faults.cycles == 5 * PAGE_FAULTS[name]
    else:
        assert (faults.cycles, faults.formula, faults.sources) == (None, "no published figure", ())
    assert walks.cycles is None
    nested = "nested_levels" in costs.figures
    assert walks.formula.startswith("up to 14 references each, 98 in all" if nested else "no published figure")


def test_what_did_not_happen_and_what_nobody_has_measured() -> None:
    costs = Costs("Loom", {"entry": Figure(9, "the weaver", "")})
    found = model(costs, {"exits": 0, "page faults": 2, "shuttles": 4}, 2)
    assert found == [
        Modelled("page faults", 2, None, "no published figure", ()),
        Modelled("shuttles", 4, None, "no published figure", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "generation = 1\n[round_trip]\ncycles = 5",
        'generation = "x"\n[round_trip]\ncycles = 5\nsource = ""',
        'generation = "x"\n[round_trip]\ncycles = -5\nsource = "me"',
        'generation = "x"\n[round_trip]\ncycles = "5"\nsource = "me"',
        'generation = "x"\nround_trip = 5',
        "=",
    ],
)
def test_a_number_without_its_source_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match="makes no sense as costs"):
        read(str(path))
