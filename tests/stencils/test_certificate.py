"""The certificate: stencils and the interpreter do the same; and it notices where they do not."""

from __future__ import annotations

from unittest import mock

import pytest

from ring1.dbt.compare.certificate import Certificate
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.host.x86_64 import arithmetic, operations
from ring1.isa import shipped
from ring1.isa.load import load

TWO = "tests/translate/two.isa"


def test_what_comes_with_ring1_is_of_these_sources() -> None:
    """Otherwise `python -m bench.shipped` is to be run."""
    assert shipped.entries()


@pytest.mark.parametrize("engine", ["bare", "bt", "hw"])
def test_a_small_machine(engine: str) -> None:
    made = Certificate(load(TWO), ENGINES[engine], ENGINES["interp"])
    made.make()
    assert made.words > 50 and made.runs == 2 * made.words and made.copied >= made.words - 1
    assert not made.differences


OTHERS = ("examples/machines/vax.isa", "examples/machines/s360.isa")
LONG = (("pg32", "bare"), ("pg32v", "bare"), ("pg32v", "bt"))


@pytest.mark.soak
@pytest.mark.parametrize(
    ("machine", "engine"),
    [
        ("pg32", "bt"),
        *((other, engine) for other in OTHERS for engine in ("bare", "bt")),
        *(pytest.param(*pair, marks=pytest.mark.long) for pair in LONG),
    ],
)
def test_machines(machine: str, engine: str) -> None:
    made = Certificate(load(machine), ENGINES[engine], ENGINES["interp"])
    made.make()
    assert made.words > 1000 and made.copied > 0.9 * made.words
    assert not made.differences


@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_stencil_is_noticed() -> None:
    with mock.patch.dict(arithmetic.ARITHMETIC, {"-": operations.ADD}):
        made = Certificate(load(TWO), ENGINES["bt"], ENGINES["interp"])
        made.make()
    assert {found.name for found in made.differences} == {"sbn"}
