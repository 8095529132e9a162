"""Files that come with ring1, and how they are named to a user."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ring1.dbt.cli.main import COMMANDS, main
from ring1.dbt.share import located, share

ROOT = Path(__file__).resolve().parents[1]


def test_they_are_there() -> None:
    for name in (
        "examples/hello.s",
        "examples/c/rt/start.s",
        "bench/costs/nehalem.toml",
        "bench/nano/in.s",
        "docs/isa.md",
    ):
        assert share(name).is_file(), name


def test_names_can_be_used_from_where_one_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    assert located("ring1 run examples/hello.s < build/x") == "ring1 run examples/hello.s < build/x"
    monkeypatch.chdir(tmp_path)
    assert located("(examples/hello.s)") == f"({share('examples/hello.s')})"
    assert located("see docs/isa.md.") == f"see {share('docs/isa.md')}."
    for other in ("my/examples/hello.s", "examples/none.s", "build/examples", "an example/hello.s"):
        assert located(other) == other


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_whatever_help_names_exists(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*filter(None, [command]), "--help"]) == 0
    named = [word.strip("(),;:.") for word in capsys.readouterr().out.split()]
    assert not [word for word in named if word.startswith(("examples/", "docs/", "bench/"))]
    assert all(Path(word).exists() for word in named if word.startswith(str(ROOT)))


def test_the_commit_is_that_of_the_clone(tmp_path: Path) -> None:
    from ring1.dbt.measure.host import commit

    head = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True).stdout
    assert not head or head.startswith(commit().rstrip("+"))
