"""ring1 test --mutants: tests that were handed in, and what they notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.grade.case_file import CaseError, read
from ring1.dbt.grade.mutation import noticed
from ring1.dbt.grade.submission import named
from ring1.dbt.grade.verdict import Graded
from tests.grade.folders import folder

CASES = """
title = "Clamp"
solution = "solution"
[mutants]
of = "clamp.s"
tests = "tests.toml"
given = ["off.s"]
share = 0.75
"""
CLAMP = """
        .globl clamp
clamp:  li a1, 100                      # a0, but 100 at most, and 0 if it is negative
        blt a0, a1, below
        mv a0, a1
below:  bgez a0, done
        li a0, 0
done:   la a1, last
        sw a0, 0(a1)
        ret
        .data
        .globl last
last:   .word 0
"""
OFF = "        .globl off\noff: li t0, 0xf0\n out t0, a0\n"
GUEST = "_start: li a0, {}\n call clamp\n la a1, last\n lw a0, 0(a1)\n j off\n"
TEST = '[[case]]\nname = "{0}"\nprogram = ["{0}.s", "clamp.s", "off.s"]\nexit = {1}\nengines = ["interp"]\n'


def assignment(path: Path, cases: str = CASES) -> Path:
    files = {"cases.toml": cases, "clamp.s": CLAMP, "off.s": OFF}
    folder(path, files)
    handed_in(path / "solution", high=(300, 100), low=(-5, 0), between=(7, 7))
    return path


def handed_in(path: Path, **tests: tuple[int, int]) -> Path:
    """Tests by their names: what they clamp, and what they expect."""
    files = {f"{name}.s": GUEST.format(given) for name, (given, _) in tests.items()}
    files["tests.toml"] = "".join(TEST.format(name, expected) for name, (_, expected) in tests.items())
    return folder(path, files)


def graded(cases: Path, *paths: Path) -> dict[str, Graded]:
    return {each.name: each for each in noticed(read(cases), named(list(paths)), ENGINES, 2)}


def test_who_tests_more_notices_more(tmp_path: Path) -> None:
    """Mutants: two branches that are never or always taken, and a store. One that is right for whatever is tried is not
    noticed."""
    cases = assignment(tmp_path / "cases")
    all_ = handed_in(tmp_path / "all", a=(101, 100), b=(-1, 0), c=(50, 50))
    high = handed_in(tmp_path / "high", a=(500, 100))
    found = graded(cases, all_, high)
    assert found["all"].passed and len(found["all"].verdicts) == 5
    names = [verdict.case for verdict in found["high"].verdicts if not verdict.passed]
    assert [name.partition(": ")[2] for name in names] == [
        "`blt a0, a1, below` is never taken",
        "`below: bgez a0, done` is always taken",
    ]
    assert all("at clamp.s:" in name for name in names) and not found["high"].passed  # 3 of 5 are not 0.75
    assert found["high"].verdicts[0].case.startswith("weakened check at clamp.s:4")


def test_tests_that_are_wrong_are_told(tmp_path: Path) -> None:
    cases = assignment(tmp_path / "cases")
    wrong = handed_in(tmp_path / "wrong", a=(101, 101))
    typo = handed_in(tmp_path / "typo", a=(101, 100))
    (typo / "tests.toml").write_text((typo / "tests.toml").read_text().replace("exit", "exti"))
    none = folder(tmp_path / "none", {"a.s": OFF})
    outside = folder(tmp_path / "outside", {"tests.toml": '[[case]]\nprogram = "../cases/clamp.s"\n'})
    host = folder(tmp_path / "host", {"tests.toml": '[[case]]\nprogram = "clamp.s"\nstdin_file = "/etc/passwd"\n'})
    machine = folder(tmp_path / "machine", {"tests.toml": '[[case]]\nprogram = "clamp.s"\nisa = "/etc/passwd"\n'})
    given = folder(tmp_path / "given", {"tests.toml": '[[case]]\nprogram = "cases.toml"\n'})
    found = graded(cases, wrong, typo, none, outside, host, machine, given)
    assert "its case a fails on the reference, which has no fault" in found["wrong"].refused
    assert "the exit code is 100, and should be 101" in found["wrong"].refused
    assert "tests.toml:4:1: error: there is no key exti; did you mean exit?" in found["typo"].refused
    assert found["none"].refused == "there is no tests.toml in it"
    for name in ("outside", "host", "machine"):
        assert "this is no name of a file of the submission's" in found[name].refused, name
        assert "root" not in found[name].refused
    assert "there is no file cases.toml" in found["given"].refused


def test_hidden_mutants_are_numbered(tmp_path: Path) -> None:
    cases = assignment(tmp_path / "cases", CASES + "hidden = true\n")
    found = graded(cases, handed_in(tmp_path / "high", a=(500, 100)))
    assert [verdict.case for verdict in found["high"].verdicts] == [
        *(f"weakened check, number {n}" for n in (1, 2, 3, 4)),
        "lost effect, number 5",
    ]


def test_descriptions_by_the_cases_of_the_assignment(tmp_path: Path) -> None:
    """A guard that misses an instruction is noticed where the classification is asked for, or engines must agree."""
    guard = "{ require psw.RING == 0 else privileged(word); }"
    mine = f'isa mine extends pg32 "mine";\nguard getpsw setpsw getptb lra jru {guard}\n'
    agree = '[[case]]\nisa = "mine.isa"\nprogram = "a.s"\nengines = ["interp", "trap"]\n'
    program = "_start: getpsw a0\n getptb a1\n li t0, 0xf0\n out t0, zero\n"
    cases = f'{agree}[mutants]\nof = "mine.isa"\n'
    path = folder(tmp_path / "agree", {"cases.toml": cases, "mine.isa": mine, "a.s": program})
    (found,) = noticed(read(path), [None], ENGINES, 1)
    assert [verdict.passed for verdict in found.verdicts] == [True, False, True, False, False]
    cases = '[[case]]\nisa = "mine.isa"\ntheorems = { 1 = true }\n[mutants]\nof = "mine.isa"\n'
    path = folder(tmp_path / "classes", {"cases.toml": cases, "mine.isa": mine})
    (found,) = noticed(read(path), [None], ENGINES, 1)
    assert found.passed and len(found.verdicts) == 5


@pytest.mark.parametrize(
    ("cases", "said"),
    [
        ('[[case]]\nprogram = "off.s"\n', "nothing is said of mutants"),
        ('[mutants]\nof = "nothing.s"\n', "there is no such reference"),
        ('[mutants]\nof = "bad.s"\n', "unknown instruction nonsense"),
    ],
)
def test_what_cannot_be_mutated(tmp_path: Path, cases: str, said: str) -> None:
    path = folder(tmp_path, {"cases.toml": cases, "off.s": OFF, "bad.s": "nonsense\n"})
    with pytest.raises(CaseError, match=said):
        list(noticed(read(path), [None], ENGINES, 1))
