"""The textbook's machines (examples/machines): ring1's verdicts against the literature's, each source in the
machine's file.

Beside them the figure that docs/theory.md has: which instructions, in which mode of the kernel, and what is known of
the monitors.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.theory.experiment import findings
from ring1.dbt.theory.judge import holds
from ring1.dbt.theory.programs import Search, diverges
from ring1.isa.classify import best_mode, classify, holes, user_holes, verdicts
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.record import Record

ROOT = Path(__file__).parent.parent.parent
MACHINES = ROOT / "examples" / "machines"


class Expected(Record):
    """What the literature says: the instructions that are in theorem 1's way in the best mode of the kernel, those in
    theorem 3's, the modes for which theorem 1 holds."""

    first: str
    third: str
    modes: tuple[int, ...] = ()
    equivalent: tuple[bool, bool] = (False, False)
    """Is the monitor of theorem 1 equivalent though it fails; and that of theorem 3?"""
    silent: str = ""
    """Of these no program shows a guest under trap that it is, on the modelled machine."""
    silent_user: str = ""
    """The same under hybrid."""


EXPECTED = {
    # Popek and Goldberg 1974: JRST 1 is the PDP-10's one hole, and a hybrid monitor is possible.
    "pdp10": Expected("jrst1", ""),
    # CP-67 ran on it.
    "s360": Expected("", "", (1,)),
    # Hall and Robinson 1991.
    "vax": Expected("rei movpsl prober", "rei movpsl prober", silent_user="movpsl prober"),
    # Robin and Irvine 2000, as far as modelled.
    "x86": Expected(
        "pushf popf smsw sgdt sidt sldt str lar movcs",
        "pushf popf smsw sgdt sidt sldt str lar movcs",
        silent_user="lar movcs",
    ),
    # Penneman et al. 2013.
    "armv6": Expected("mrs msr cps movs", "mrs msr cps movs", silent_user="msr cps movs"),
    # Bugnion et al. 1997: equivalent, at the price of a trap for each access to the kernel's segment.
    "mips": Expected("lw sw", "lw sw", equivalent=(True, True), silent="lw sw", silent_user="lw sw"),
    # The privileged specification 1.10: for a kernel in U.
    "riscv": Expected("", "", (0,)),
    # By the definition.
    "backwards": Expected("backwards", "backwards", equivalent=(False, True), silent_user="backwards"),
    "tablewriter": Expected("settable", "settable"),
}


def machine(name: str) -> Isa:
    return load(str(MACHINES / f"{name}.isa"))


def test_every_machine_is_here_and_small() -> None:
    files = {path.stem: path.read_text() for path in MACHINES.glob("*.isa")}
    assert files.keys() == EXPECTED.keys()
    for name, text in files.items():
        assert 30 <= len(text.splitlines()) <= 120, name
        assert re.search(r"^// .*\d{4}", text, re.M), name  # a source with its year


@pytest.mark.parametrize("name", EXPECTED)
def test_verdicts(name: str) -> None:
    isa, want = machine(name), EXPECTED[name]
    classes = classify(isa)
    first, second, third = verdicts(isa, classes)
    assert (holes(isa, classes, best_mode(isa)), first.modes) == (tuple(want.first.split()), want.modes)
    assert first.by == tuple(want.first.split()) and third.by == tuple(want.third.split())
    assert (first.holds, second.holds, third.holds) == (bool(want.modes), bool(want.modes), not want.third)
    assert (first.equivalent, third.equivalent) == want.equivalent


@pytest.mark.parametrize("name", EXPECTED)
def test_analysis_and_experiment_agree(name: str) -> None:
    isa = machine(name)
    for insn, finding in findings(isa, classify(isa).values(), 300, 1).items():
        assert finding.disagreements == [], insn
        for witness in finding.witnesses.values():
            assert holds(isa, witness) is not None


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("theorem", [1, 3])
def test_programs(name: str, theorem: int) -> None:
    """Each instruction in a theorem's way has a program on which the monitor diverges, but for those of which the
    modelled machine shows nothing in that mode."""
    isa, want = machine(name), EXPECTED[name]
    classes = classify(isa)
    names = holes(isa, classes, best_mode(isa)) if theorem == 1 else user_holes(classes)
    search = Search(isa, ENGINES.monitors[theorem], names)
    found = {insn: search.find(isa.instructions[insn]) for insn in names}
    search.close()
    assert {insn for insn, program in found.items() if program is None} == {
        *(want.silent if theorem == 1 else want.silent_user).split()
    }
    for program in found.values():
        if program is not None:
            assert diverges(isa, ENGINES[program.engine], program.words)
            assert not diverges(isa, ENGINES["bt"], program.words)
