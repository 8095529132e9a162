"""The write-up's tables and figures come from a result, and those of docs/results.md from the one beside it."""

from __future__ import annotations

import pytest

from bench.results import DOCS, TABLES, filled
from ring1.dbt.report.bench.baseline import read
from tests.measure.results import made, measured

TEXT = """\
Before.

<!-- table nano -->
| old | table |
| --- | --- |

A system call takes <!-- = nano/in/bt -->long<!-- . -->, <!-- = nano/in/bt/slowdown -->?<!-- . --> times bare.
"""


def test_tables_and_figures_are_filled_in() -> None:
    found = made({"in": {"bare": measured(100), "bt": measured(2500)}})
    text = filled(TEXT, found)
    assert "old" not in text and "| in | 100 ±" in text and "| 2,500 ±" in text
    assert "takes <!-- = nano/in/bt -->2.50 us<!-- . -->, <!-- = nano/in/bt/slowdown -->25.0<!-- . --> times" in text
    assert filled(text, found) == text


def test_what_there_is_not_is_an_error() -> None:
    found = made({"in": {"bare": measured(100)}})
    with pytest.raises(ValueError, match="nano/in/bt was not measured"):
        filled(TEXT, found)
    with pytest.raises(KeyError):
        filled("<!-- table micro -->\n", found)


def test_every_table_can_be_made() -> None:
    found = made({"in": {"bare": measured(100), "bt": measured(1), "hw": measured(1, {"io": 1.0})}})
    for name, table in TABLES.items():
        assert table(found).count("|") >= 3, name


def test_the_write_up_says_what_its_result_says() -> None:
    result, text = DOCS / "results" / "full.json", DOCS / "results.md"
    if not result.exists():
        pytest.skip("no result is kept in docs/results yet")
    assert filled(text.read_text(), read(str(result))) == text.read_text()
