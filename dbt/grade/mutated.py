"""Mutants of an assignment's reference, and machines and programs with one of them in them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ring1.dbt.grade.assignment import Assignment, Mutated
from ring1.dbt.grade.case import Case
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.loading import Kept, Loader
from ring1.dbt.grade.mutant import Edit, Mutant, Patch, spread
from ring1.isa.asm.program import Program
from ring1.isa.files import SHIPPED
from ring1.isa.load import shipped
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.source import IsaError

if TYPE_CHECKING:
    from lark import Token, Tree


class Reference(Record):
    """What is mutated: `name` as cases name it, and its file."""

    name: str
    path: Path

    @property
    def described(self) -> bool:
        """Is it a description of a machine?"""
        return self.path.suffix == ".isa"


def reference(assignment: Assignment, mutated: Mutated) -> Reference:
    """Return the reference of an assignment, which may be a part of its solution. Raises OSError if there is no such
    file."""
    places = [assignment.folder / mutated.of]
    if assignment.solution:
        places.append(assignment.folder / assignment.solution / mutated.of)
    if mutated.of in shipped():
        places.append(Path(SHIPPED, f"{mutated.of}.isa"))
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        raise FileNotFoundError(2, "there is no such reference to make mutants of", str(places[0]))
    return Reference(mutated.of, found)


def mutants(found: Reference, case: Case, files: Files, most: int) -> list[Mutant]:
    """Return the mutants of a reference; those of a program as it is in a case. Raises SourceError, NoProgram,
    OSError."""
    if found.described:
        from ring1.dbt.grade.description_mutants import DescriptionMutants

        parents: dict[str, Tree[Token]] = {}
        made = DescriptionMutants(found.path).made()
        return [each for each in spread(made, most) if readable(found, each, parents)]
    from ring1.dbt.grade.program_mutants import ProgramMutants

    loader = Loader()
    isa = loader.machine(case, files)
    return spread(ProgramMutants(isa, loader.program(isa, case, files), str(found.path)).made(), most)


def readable(found: Reference, mutant: Mutant, parents: dict[str, Tree[Token]]) -> bool:
    """Is the mutant of a description one itself?"""
    assert isinstance(mutant.change, Edit)
    try:
        description(found, mutant.change, parents)
    except IsaError:
        return False
    return True


class MutatedLoader(Loader):
    """Loads what cases name with one thing wrong in the reference."""

    def __init__(self, found: Reference, mutant: Mutant, isa: Isa | None, kept: Kept) -> None:
        """`isa`: the mutant, if the reference is a description."""
        super().__init__(kept)
        self.reference = found
        self.mutant = mutant
        self.isa = isa

    def machine(self, case: Case, files: Files) -> Isa:
        if self.isa is not None and case.isa == self.reference.name:
            return self.isa
        return super().machine(case, files)

    def program(self, isa: Isa, case: Case, files: Files) -> Program:
        program = super().program(isa, case, files)
        if not isinstance(self.mutant.change, Patch):
            return program
        from ring1.dbt.grade.program_mutants import Gone, ProgramMutants

        try:
            return ProgramMutants(isa, program, str(self.reference.path)).mutated(self.mutant.change)
        except Gone:
            return program


def description(found: Reference, edit: Edit, parents: dict[str, Tree[Token]]) -> Isa:
    """Return a mutant of a description. Raises IsaError if it is none."""
    from ring1.isa.asm.sources import text
    from ring1.isa.read import read

    with tempfile.TemporaryDirectory(prefix="ring1-") as folder:
        if str(found.path.parent) != SHIPPED:
            for beside in found.path.parent.glob("*.isa"):
                shutil.copyfile(beside, Path(folder, beside.name))
        path = Path(folder, found.path.name)
        path.write_text(edit.applied(text(found.path)))
        return read(str(path), parents)
