"""An assignment: a folder of cases, what is handed in for it, and what is mutated."""

from __future__ import annotations

from pathlib import Path

from ring1.dbt.grade.case import Case
from ring1.isa.record import Record
from ring1.isa.source import Position


class Mutated(Record):
    """What `ring1 test --mutants` changes, and who has to notice."""

    place: Position
    of: str
    """The reference: an assembly file of the folder's, or a description's name or file."""
    tests: str = ""
    """The case file in a submission that has to notice; without it, the assignment's own cases."""
    share: float = 1.0
    """The part of the mutants that is to be noticed."""
    most: int = 0
    """So many of them, spread evenly; 0: all."""
    given: tuple[str, ...] = ()
    """Files of the folder's that a submission's cases may name, beside the reference."""
    hidden: bool = False
    """Is nothing told of a mutant but its kind and number?"""


class Assignment(Record):
    """What the case files of a folder say together."""

    folder: Path
    place: Position
    cases: tuple[Case, ...]
    title: str = ""
    submitted: tuple[str, ...] = ()
    """Names of files that are handed in; all others that cases name are the folder's."""
    solution: str = ""
    """A folder or file in the place of a submission, by which the cases are checked."""
    mutated: Mutated | None = None

    @property
    def name(self) -> str:
        return self.title or self.folder.resolve().name

    @property
    def points(self) -> float:
        return sum(case.points for case in self.cases)
