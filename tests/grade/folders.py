"""Folders of cases for tests, and programs for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.grade.case_file import CaseError, read
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.grader import Grader
from ring1.dbt.grade.session import checked
from ring1.dbt.grade.verdict import Verdict

HI = """
_start: li a0, 3
        la a1, counter
        sw a0, 0(a1)
        li a2, 'h'
        li t0, 0
        out t0, a2
        li a2, 'i'
        out t0, a2
        li a2, 10
        out t0, a2
        li t0, 0xf0
        out t0, a0
        .data
counter: .word 0
text:   .asciz "abc"
"""
"""Outputs "hi", and ends with 3 in a0, in `counter` and as its exit code, after 13 instructions."""
ECHO = """
_start: li a1, 0
        li a2, -1
loop:   in a0, a1
        beq a0, a2, done
        out a1, a0
        j loop
done:   li a1, 0xf0
        out a1, zero
"""


def folder(path: Path, files: Mapping[str, str]) -> Path:
    """Write files, and return their folder."""
    for name, text in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return path


def verdicts(path: Path) -> dict[str, Verdict]:
    """Grade a folder's own files in this process."""
    assignment = read(path)
    grader = Grader(ENGINES)
    return {case.name: grader.case(case, Files(path, {})) for case in assignment.cases}


def faults(path: Path) -> list[str]:
    """All that is wrong with case files, as it is told."""
    try:
        checked(read(path), ENGINES, 1)
    except CaseError as error:
        return [str(fault) for fault in error.faults]
    return []


def told(verdict: Verdict) -> str:
    """All that is said of a case."""
    return "\n".join(line for each in verdict.complaints for line in (each.text, *each.details))
