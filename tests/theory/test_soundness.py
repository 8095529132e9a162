"""Descriptions by chance go through the classification: a share of what `python -m bench.theory` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.theory import main, tried
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.theory.programs import Search
from ring1.dbt.theory.soundness import kernels, told
from ring1.isa.load import load

MACHINES = Path(__file__).parents[2] / "examples" / "machines"


@pytest.mark.parametrize(
    "number", [*range(1, 5), *(pytest.param(number, marks=pytest.mark.soak) for number in range(5, 13))]
)
def test_what_is_said_is_so(number: int, tmp_path: Path) -> None:
    _, result = tried(number, tmp_path)
    assert result.contradictions == () and result.faults == ()
    assert result.holds.keys() == {1, 3}
    assert result.programs.keys() == {theorem for theorem, holds in result.holds.items() if not holds}


@pytest.mark.parametrize("theorem", [1, 3])
def test_what_is_not_would_be_found(theorem: int) -> None:
    """PG32's holes, had they been said to be none; on the machine without holes there is nothing to find."""
    for name, there in (("pg32", True), ("pg32v", False)):
        isa = load(name)
        search = Search(isa, ENGINES.monitors[theorem], ())
        assert bool(told(search, ["getpsw", "getptb"], 1)) == there
        assert bool(kernels(isa, search, ["getpsw"], 1)) == there
        search.close()


def test_machines_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "1", *(f"{MACHINES / name}.isa" for name in ("pdp10", "tablewriter"))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["pdp10", "tablewriter"]
    assert all(line.endswith("1 seeds, 0 disagreements") for line in lines)


def test_the_campaign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "2", "--first", "100", "--keep", str(tmp_path)]) == 0
    lines = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines()[:-1])
    assert lines["descriptions"] == "2" and lines["disagreements"] == lines["faults"] == "0"
