"""Campaigns: the engines agree on what they make; a fault is found, shrunk, written down, and found again."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis.database import DirectoryBasedExampleDatabase

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz import campaign as fuzz
from ring1.dbt.fuzz.campaign import Batch, Campaign, CampaignPlan, Processes
from ring1.dbt.fuzz.case import facts
from ring1.dbt.fuzz.compare import check
from ring1.dbt.fuzz.finding import read
from ring1.dbt.fuzz.ways import engines
from ring1.dbt.host.values import Condition
from ring1.dbt.host.x86_64 import selection
from ring1.dbt.translate.hypercall import Plan, frame_word
from ring1.dbt.vmm.hypercall_plans import HypercallPlans
from ring1.dbt.vmm.shared_frame import STATUS
from ring1.isa import semantics as s
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load
from ring1.isa.record import replace

FOREIGN = ("tests/theory/riscish.isa", "tests/translate/two.isa")


PARA = ENGINES["para"]
paravirtualized = pytest.mark.skipif(bool(PARA.why_not()), reason="no native code here")


def started(folder: Path, *isas: str, seed: int = 1) -> Campaign:
    plan = CampaignPlan(isas, tuple(engines()), seed)
    return Campaign(plan, folder, DirectoryBasedExampleDatabase(folder / "corpus"))


@pytest.mark.parametrize("numbers", [range(8), pytest.param(range(8, 40), marks=pytest.mark.soak)], ids=len)
@pytest.mark.parametrize("isa", ["pg32", "pg32v", "pg32h", "pg32x", "rv32", *FOREIGN])
def test_no_differences(isa: str, numbers: range) -> None:
    """Every machine, foreign ones as well: what an engine does otherwise a theorem explains. Programs that can put no
    address into a register mostly end at their first access."""
    made = fuzz.batch(CampaignPlan((isa,), tuple(engines()), 2), numbers)
    assert made.programs == len(numbers) and 2 * made.runs > 3 * len(numbers)
    assert made.instructions > len(numbers) * (12 if facts(isa).constants else 1)
    assert made.differences == ()


@paravirtualized
@pytest.mark.parametrize("numbers", [range(6), pytest.param(range(6, 60), marks=pytest.mark.soak)], ids=len)
@pytest.mark.parametrize("isa", ["pg32", "pg32v", "pg32h"])
def test_paravirtualized_programs(isa: str, numbers: range) -> None:
    """Programs for a VMM: generated code does with hypercalls and frame what the interpreter under this VMM does."""
    made = fuzz.batch(CampaignPlan((isa,), (PARA,), 2), numbers)
    assert made.runs == 2 * made.programs == 2 * len(numbers) and made.instructions > 50 * len(numbers)
    assert made.differences == ()


@paravirtualized
def test_what_is_modified_has_a_share() -> None:
    """A campaign of all engines makes programs of both kinds, each for engines that run it; one without para makes no
    others."""
    plan = CampaignPlan(("pg32", "tests/theory/riscish.isa"), tuple(ENGINES.here()), 4)
    seen = [fuzz.program(plan, number) for number in range(80)]
    builds = [case.build for case, _ in seen]
    assert set(builds[::2]) == {"", PARA.build} and 3 < builds.count(PARA.build) < 16
    assert set(builds[1::2]) == {""}, "that machine has no hypercalls"
    for case, ways in seen:
        for engine in [engine for way in ways for engine in (way.engine, *way.heirs)]:
            assert engine.policy is None or engine.build == case.build
    plan = CampaignPlan(("pg32",), tuple(engines()), 3)
    assert {fuzz.program(plan, number)[0].build for number in range(30)} == {""}


@pytest.mark.soak
@paravirtualized
def test_a_fault_of_hypercalls_is_found(tmp_path: Path) -> None:
    """A return that may go to ring 0, in generated code alone: found, shrunk, written down, and shown again."""
    with mock.patch.object(HypercallPlans, "iret", lambda self, pc: ring_0(self, pc)):
        campaign = Campaign(
            CampaignPlan(("pg32",), (PARA,), 1), tmp_path, DirectoryBasedExampleDatabase(tmp_path / "corpus")
        )
        for number in range(60):
            campaign.take(fuzz.batch(campaign.plan, [number]))
            if campaign.findings:
                break
        [path, *_] = campaign.findings
        case, way = read(path)
        assert way is not None and way.engine == PARA and case.build == PARA.build
        assert check(case, [way]).unexplained
    assert f"// build: {PARA.build}" in path.read_text()
    assert check(case, [way]).differences == ()


IRET = HypercallPlans.iret


def ring_0(plans: HypercallPlans, pc: int) -> Plan:
    """The plan of a return, which writes the status as the frame has it."""
    plan = IRET(plans, pc)
    (epc, status, *rest) = plan.body
    assert isinstance(status, s.SetControl)
    return replace(plan, body=(epc, replace(status, value=frame_word(STATUS)), *rest))


@pytest.mark.soak
@pytest.mark.usefixtures("no_stencils")
def test_a_fault_is_found(tmp_path: Path) -> None:
    """Signed and unsigned comparison mixed up in translated code: a few lines, that assemble, and show it again."""
    with mock.patch.dict(selection.CONDITIONS, {"<s": Condition.BELOW}):
        campaign = started(tmp_path, "pg32")
        for number in range(400):
            campaign.take(fuzz.batch(campaign.plan, [number]))
            if campaign.findings:
                break
        [path, *_] = campaign.findings
        case, way = read(path)
        assert way is not None
        assert [d.hole for d in check(case, [way]).differences] == [""]
        again = started(tmp_path, "pg32", seed=3)
        again.resume()
        assert again.findings
    text = path.read_text()
    assert "is not as interp" in text and f"ring1 fuzz --replay {path}" in text
    assert assemble_files(load("pg32"), [str(path)]).image
    assert sum(line.startswith(" ") for line in text.splitlines()) < 30
    assert check(case, [way]).differences == ()
    healed = started(tmp_path, "pg32", seed=4)
    kept, gone = healed.resume()
    assert kept and gone and not healed.findings


def test_numbers_are_all_that_counts() -> None:
    """A program depends on the campaign's seed and its number."""
    plan = CampaignPlan(("pg32", "pg32v"), tuple(engines()), 5)
    assert [fuzz.program(plan, n) for n in range(6)] == [fuzz.program(plan, n) for n in range(6)]
    assert fuzz.program(plan, 1) != fuzz.program(replace(plan, seed=6), 1)


def test_processes() -> None:
    """Two processes run each number once."""
    plan, crew = CampaignPlan(("pg32v",), (ENGINES["interp"], ENGINES["bt"]), 1), Processes(2)
    results = list(crew.results(plan, iter(range(12))))
    crew.close()
    assert sum(result.programs for result in results if isinstance(result, Batch)) == 12
