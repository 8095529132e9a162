"""Two results compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ring1.dbt.report.bench.baseline import changes, differences, read
from tests.measure.results import made, measured


def test_changes_beyond_noise() -> None:
    old = made({"in": {"bare": measured(100), "bt": measured(100), "trap": measured(100), "kvm": measured(1)}})
    new = made({"in": {"bare": measured(50), "bt": measured(101), "trap": measured(200), "hw": measured(1)}})
    found = {each.name: each.kind for each in changes(new, old)}
    assert found == {"bare": "faster", "bt": "same", "trap": "slower"}
    assert {each.kind for each in changes(old, old)} == {"same"}


def test_what_makes_a_comparison_doubtful_is_said() -> None:
    old, new = made({}), made({})
    assert differences(new, old) == []
    old["host"]["cpu"], old["quick"], old["partial"] = "another", True, True
    assert differences(new, old) == [
        "processor: another before, a processor now",
        "quick: True before, False now",
        "the baseline is partial",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no result of ring1 bench"),
        ("[1]", "no result of ring1 bench"),
        ('{"isa": "pg32"}', "no result of ring1 bench"),
        ('{"schema": "x", "version": 1}', "no result of ring1 bench"),
        ('{"schema": "ring1 bench", "version": 99}', "its schema has version 99, not 2: measure again"),
        ('{"schema": "ring1 bench", "version": 2}', "a damaged result of ring1 bench"),
    ],
)
def test_files_that_are_no_baseline(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read(str(path))


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    whole = made({"in": {"bare": measured(100, {"exit": 1})}})
    path = tmp_path / "old.json"
    path.write_text(json.dumps(whole))
    assert read(str(path)) == whole
