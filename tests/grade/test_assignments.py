"""The assignments of examples/assignments: their solutions pass, mistakes are noticed, and what is expected of a guest
under a monitor is what it does on the machine itself."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.grade.case_file import read
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.grader import Grader
from ring1.dbt.grade.mutation import noticed
from ring1.dbt.grade.session import checked, grade, own
from ring1.dbt.grade.submission import named
from tests.grade.folders import told

FOLDER = Path(__file__).parents[2] / "examples" / "assignments"
NAMES = ("theorem", "pagefault", "monitor")


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes(name: str) -> None:
    assignment = read(FOLDER / name)
    checked(assignment, ENGINES, 2)
    (graded,) = grade(assignment, [own(assignment)], ENGINES, 2)
    assert graded.passed, [told(verdict) for verdict in graded.verdicts]
    assert graded.points == assignment.points


def test_a_guest_does_the_same_without_its_monitor() -> None:
    """What Popek and Goldberg call equivalence. Where a monitor ends for the machine, the machine stops."""
    assignment = read(FOLDER / "monitor")
    files = Files(assignment.folder, {"monitor.s": assignment.folder / "bare.s"})
    for case in assignment.cases:
        verdict = Grader(ENGINES).case(case, files)
        if case.name == "no handler":
            assert "unhandled trap: breakpoint" in told(verdict)
        else:
            assert verdict.passed, (case.name, told(verdict))
    solution = assignment.folder / "solution"
    tests = read(solution / "tests.toml")
    files = Files(solution, {"monitor.s": assignment.folder / "bare.s", "digits.s": assignment.folder / "digits.s"})
    assert all(Grader(ENGINES).case(case, files).passed for case in tests.cases if case.exit != 120)


@pytest.mark.parametrize(
    ("name", "file", "before", "after", "case"),
    [
        ("pagefault", "handler.s", "clear:  sw      zero, 0(t1)", "clear:  nop", "zero on demand"),
        ("pagefault", "handler.s", "copy:   lw      t2, 0(t0)", "copy:   li      t2, 0", "copy on write"),
        ("pagefault", "handler.s", "        bgeu    a1, t1, segv\n", "", "a store behind the heap"),
        ("monitor", "monitor.s", "do_getpsw:\n        sw      s1", "do_getpsw:\n        sw      t1", "status"),
        ("monitor", "monitor.s", "andi    a3, a3, -4", "nop", "control registers"),
        ("monitor", "monitor.s", "        bnez    t1, reflect         ", "        nop # ", "system calls"),
        ("theorem", "mended.isa", "guard spy", "guard lra", "mended: theorem 1 holds"),
        ("theorem", "broken.isa", "zx(psw.RING)", "0", "broken: theorem 1 fails by spy alone"),
        ("theorem", "tell.s", "beqz    a0", "bnez    a0", "the program tells the monitor"),
    ],
)
def test_a_mistake_is_noticed(tmp_path: Path, name: str, file: str, before: str, after: str, case: str) -> None:
    assignment = read(FOLDER / name)
    shutil.copytree(FOLDER / name / "solution", tmp_path / "ada")
    text = (tmp_path / "ada" / file).read_text()
    assert text.count(before) == 1
    (tmp_path / "ada" / file).write_text(text.replace(before, after))
    (graded,) = grade(assignment, named([tmp_path / "ada"]), ENGINES, 2)
    assert case in [verdict.case for verdict in graded.verdicts if not verdict.passed]


@pytest.mark.soak
@pytest.mark.parametrize("name", ["theorem", "pagefault", "monitor"])
def test_mutants_of_the_solution_are_noticed(name: str) -> None:
    """As many as the assignment asks for. Those that are not behave the same wherever anybody can look."""
    assignment = read(FOLDER / name)
    (graded,) = noticed(assignment, [own(assignment)], ENGINES, os.cpu_count() or 1)
    assert graded.passed, [verdict.case for verdict in graded.verdicts if not verdict.passed]
