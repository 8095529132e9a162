"""A technique of which ring1's own files say nothing is everywhere where techniques are: it is a row of a registry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import LeftOut
from ring1.isa.record import replace
from tests.cli.conftest import EXAMPLES, Outcome
from tests.engines.naive import NAIVE

OURS = ENGINES.with_rows(NAIVE)
HOLES = EXAMPLES / "holes.s"

pytestmark = pytest.mark.skipif(bool(NAIVE.why_not()), reason="no native code here")


@pytest.fixture
def ours(call: Callable[..., Outcome]) -> Callable[..., Outcome]:
    return lambda *arguments: call(*arguments, registry=OURS)


def cell(text: str, row: str, column: str) -> str:
    """A cell of a table whose columns are names without blanks."""
    lines = text.splitlines()
    head = next(line for line in lines if column in line.split())
    body = next(line for line in lines[lines.index(head) :] if line.startswith(row))
    return re.split(r"  +", body[len(row) :].strip())[re.split(r"  +", head.strip()).index(column)]


def test_others_do_not_know_it(call: Callable[..., Outcome]) -> None:
    assert "naive" not in ENGINES and list(OURS) == [*ENGINES, "naive"]
    assert "naive" not in call("engines").out
    assert "invalid choice: 'naive'" in call("run", HOLES, "--engine", "naive").err


def test_it_is_listed(ours: Callable[..., Outcome]) -> None:
    assert ours("engines").lines == []
    assert ours("engines").out.splitlines()[-1] == f"naive   yes  {NAIVE.text}"


def test_it_runs_and_tells_its_figures(ours: Callable[..., Outcome]) -> None:
    done = ours("run", HOLES, "--engine", "naive", "--stats", "--json=naive.json")
    assert done.status == 0 and done.out == ours("run", HOLES).out
    said = dict(re.findall(r"ring1: ( *\S.*?)  +(.+)", done.err))
    assert said["engine"] == "naive" and int(said["  asked getpsw"]) > 0
    found = json.loads(Path("naive.json").read_text())
    assert found["engine"] == "naive" and found["exits"]["asked getpsw"] == int(said["  asked getpsw"])
    assert found["translation"]["blocks"] > 0 and "modelled_hardware" not in found


def test_it_is_checked_traced_and_shown(ours: Callable[..., Outcome]) -> None:
    for option in ("--check", "--trace=-"):
        assert ours("run", HOLES, "--engine", "naive", option).status == 0
    shown = json.loads(ours("translate", HOLES, "--engine", "naive", "--format", "json").out)
    reasons = {each["reason"] for block in shown["blocks"] for each in block["instructions"]}
    assert shown["engine"] == "naive" and "asked getpsw" in reasons


def test_a_snapshot_goes_on_under_it(ours: Callable[..., Outcome]) -> None:
    whole = ours("run", EXAMPLES / "fib.s")
    first = ours("run", EXAMPLES / "fib.s", "--max-insns", 5000, "--snapshot", "half.snap", "--quiet")
    rest = ours("resume", "half.snap", "--engine", "naive")
    assert (first.out + rest.out, rest.status) == (whole.out, whole.status)


def test_it_is_compared(ours: Callable[..., Outcome]) -> None:
    done = ours("compare", HOLES, "--engines", "interp,bt,naive", "--costs", "nehalem", "--json=c.json")
    assert done.out.startswith("equivalent: interp, bt, naive, for ")
    assert int(cell(done.out, "callouts", "naive")) > int(cell(done.out, "callouts", "bt"))
    assert cell(done.out, "emulated inline, static", "naive") == "0"
    found = json.loads(Path("c.json").read_text())
    assert found["equivalent"] and found["engines"]["naive"]["modelled"][0]["event"] == "exits"


@pytest.mark.usefixtures("small")
def test_it_is_measured(ours: Callable[..., Outcome]) -> None:
    done = ours("bench", "--suite", "nano", "--engines", "bare,bt,naive", "--json=n.json", "--html=n.html")
    found = json.loads(Path("n.json").read_text())
    assert found["engines"]["naive"] == {"technique": NAIVE.text, "why_not": "", "modelled": False}
    assert found["colours"]["naive"] == NAIVE.colour and "naive" not in found["parts"].values()
    for row in found["suites"]["nano"]:
        mine = row["cells"]["naive"]
        assert mine["ns"]["quartile"] > 0 and mine["slowdown"]["quartile"] > 0
    cli = next(row["cells"] for row in found["suites"]["nano"] if row["name"] == "cli")
    # It asks for each instruction that masks interrupts; a round trip is 3963 cycles of a Prescott (bench/costs).
    assert cli["naive"]["events"]["asked cli"] > 0.1 and "asked cli" not in cli["bt"]["events"]
    assert cli["naive"]["modelled_cycles"]["Prescott"] == pytest.approx(3963 * cli["naive"]["events_total"], rel=0.02)
    for title in ("Nanobenchmarks", "VMM events", "Cycles an operation, modelled"):
        table = done.out[done.out.index(title) :]
        assert "naive" in table.splitlines()[1], title
    page = Path("n.html").read_text()
    assert f'style="background:{NAIVE.colour}"></span>naive' in page
    assert f"background:{NAIVE.colour}" in page[page.index('id="nano"') :]
    assert f'stroke="{NAIVE.colour}"' in page[page.index('id="generations"') :]


@pytest.mark.usefixtures("small")
def test_what_it_is_left_out_of(call: Callable[..., Outcome]) -> None:
    shy = replace(NAIVE, left_out=(LeftOut("nano", "it is shy"), LeftOut("macro", "it is slow", quick=True)))
    assert (shy.left_out_of("macro", True), shy.left_out_of("macro", False)) == ("it is slow", "")
    registry = ENGINES.with_rows(shy)
    done = call("bench", "--suite", "nano", "--engines", "interp,naive", "--json=-", registry=registry)
    assert {str(row["cells"]["naive"]) for row in json.loads(done.out)["suites"]["nano"]} == {
        "{'why_not': 'it is shy'}"
    }


def test_it_models_what_it_models(call: Callable[..., Outcome]) -> None:
    """Its times are never shown without saying so."""
    model = replace(NAIVE, modelled=True)
    done = call("run", HOLES, "--engine", "naive", "--stats", registry=ENGINES.with_rows(model))
    assert re.search(r"wall time +[0-9.]+ s \(modelled\)", done.err)
    done = call("compare", HOLES, "--engines", "interp,naive", registry=ENGINES.with_rows(model))
    assert "naive (modelled)" in done.out


@pytest.mark.soak
def test_it_is_fuzzed(ours: Callable[..., Outcome]) -> None:
    """In processes of its own, to which the row is handed."""
    done = ours("fuzz", "--engines", "naive", "--programs", 12, "--seed", 3, "--isa", "pg32,generated")
    assert done.status == 0 and "engines naive" in done.err and " 12 programs" in done.out
    again = ours("fuzz", "--replay", finding(Path("finding.s")))
    assert again.out == "as interp: naive/traced\n"


def finding(path: Path) -> Path:
    path.write_text("// way: naive/traced\n// stops: 20\n\n    getpsw a0\n    addi a1, a0, 1\n")
    return path
