"""`ring1 bench`: what it measures and writes, and what it refuses. Nothing here depends on how long anything takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.measure import run
from ring1.isa.record import replace
from tests.cli.conftest import Outcome

Call = Callable[..., Outcome]

HERE = [name for name in ("interp", "bare", "bt") if not table.ENGINES[name].why_not()]
ENGINES = ("--engines", ",".join(HERE))


@pytest.mark.usefixtures("small")
def test_tables_and_files(call: Call, tmp_path: Path) -> None:
    done = call("bench", "--suite", "nano", *ENGINES, "--json=a.json", "--html=a.html")
    assert done.status == 0 and done.err == ""
    assert "Nanobenchmarks" in done.out and "VMM events" in done.out and "Agreement" in done.out
    found = json.loads((tmp_path / "a.json").read_text())
    assert (found["schema"], found["version"], found["partial"]) == ("ring1 bench", 2, False)
    rows = found["suites"]["nano"]
    assert [row["name"] for row in rows] == ["syscall", "entropy", "cli"]
    for row in rows:
        assert list(row["cells"]) == HERE
        counts = {round(cell["instructions"]) for cell in row["cells"].values()}
        assert len(counts) == 1
        for cell in row["cells"].values():
            assert len(cell["samples"]) == 3
            assert cell["ns"]["low"] <= cell["ns"]["quartile"] <= cell["ns"]["high"]
    if "bt" in HERE:
        cell = rows[1]["cells"]["bt"]
        assert 0 < cell["events"]["callout in"] < 1.1  # what is being traced is interpreted
        assert cell["modelled_cycles"]["Prescott"] == pytest.approx(3963 * cell["events_total"], rel=0.02)
    page = (tmp_path / "a.html").read_text()
    assert page.startswith("<!doctype html>") and "syscall" in page and "<script" not in page


@pytest.mark.usefixtures("small")
def test_json_on_stdout_and_a_baseline(call: Call, tmp_path: Path) -> None:
    done = call("bench", "--suite", "nano", "--engines", "interp", "--json=-")
    assert done.status == 0
    (tmp_path / "old.json").write_text(done.out)
    done = call("bench", "--suite", "nano", "--engines", "interp", "--baseline", "old.json")
    assert done.status == 0 and "Against the baseline: " in done.out and " of 3 figures changed" in done.out


@pytest.mark.usefixtures("small")
def test_an_engine_that_cannot_run_here_says_why(call: Call) -> None:
    absent = replace(table.ENGINES["trap"], why_not=lambda: "there is no such processor")
    registry = table.ENGINES.with_rows(absent)
    done = call("bench", "--suite", "nano", "--engines", "interp,trap", "--json=-", registry=registry)
    assert done.status == 0
    found = json.loads(done.out)
    assert found["engines"]["trap"]["why_not"] == "there is no such processor"
    for row in found["suites"]["nano"]:
        assert row["cells"]["trap"] == {"why_not": "cannot run here: there is no such processor"}
    done = call("bench", "--suite", "nano", "--engines", "interp,trap", registry=registry)
    assert "trap: cannot run here: there is no such processor (syscall, entropy, cli)" in " ".join(done.out.split())


@pytest.mark.usefixtures("small")
def test_what_was_measured_before_ctrl_c_is_kept(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def begin(self: object, what: str) -> None:
        begun.append(what)
        if what == "nano: entropy":
            raise KeyboardInterrupt

    monkeypatch.setattr(run.Progress, "begin", begin)
    done = call("bench", "--suite", "nano", "--engines", "interp", "--json=a.json", "--html=a.html")
    assert done.status == 130 and "partial: the run was interrupted" in done.out
    assert begun == ["nano: syscall", "nano: entropy"]
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["partial"] and [row["name"] for row in found["suites"]["nano"]] == ["syscall"]
    assert "Partial: the run was interrupted" in (tmp_path / "a.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--suite", "micro"), "--suite: there is no 'micro'; there are nano, macro, kernels, partitions, and all"),
        (("--engines", "bt,vmware"), "--engines: there is no 'vmware'; there are interp, bare, bt,"),
        (("--engines", ""), "--engines: there is no ''"),
        (("--seed", "x"), "argument --seed: 'x' is no whole number"),
        (("--json=no/such/folder.json",), "no/such/folder.json: No such file or directory"),
        (("--html=no/such/folder.html",), "no/such/folder.html: No such file or directory"),
        (("--baseline", "missing.json"), "missing.json: No such file or directory"),
        (("--baseline", "old.json"), "--baseline: old.json: its schema has version 1, not 2: measure again"),
        (("--baseline", "notes.txt"), "--baseline: notes.txt: no result of ring1 bench"),
        (("--baseline", "new.json", "--json=new.json"), "new.json is the input, and would be overwritten"),
        (("--json=same", "--html=same"), "--json and --html name one file"),
    ],
)
def test_what_it_refuses_before_it_measures(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    def measured(*_: object) -> None:
        raise AssertionError("it has begun to measure")

    monkeypatch.setattr(run, "run", measured)
    (tmp_path / "old.json").write_text('{"schema": "ring1 bench", "version": 1}')
    (tmp_path / "new.json").write_text('{"schema": "ring1 bench", "version": 2, "suites": {}, "host": {}}')
    (tmp_path / "notes.txt").write_text("hello")
    done = call("bench", *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err and len(done.err.splitlines()) == 1
    assert (tmp_path / "new.json").read_text().startswith("{")


@pytest.mark.long
def test_partitions(call: Call, tmp_path: Path) -> None:
    """The questions of static partitioning, apart from the other suites."""
    done = call(
        "bench", "--suite", "partitions", "--quick", "--engines", "interp,bare", "--json=a.json", "--html=a.html"
    )
    assert done.status == 0 and "Partitions: latencies and costs" in done.out and "Speed to reach" not in done.out
    found = json.loads((tmp_path / "a.json").read_text())
    assert found["suites"] == {} and found["partitions"]["rows"][0]["name"] == "line"
    assert "<h1>Static partitioning</h1>" in (tmp_path / "a.html").read_text()
