"""Machines and programs of cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ring1.dbt.grade.case import Case
from ring1.dbt.grade.files import Files
from ring1.isa.asm.program import Program
from ring1.isa.asm.sources import text
from ring1.isa.files import contents
from ring1.isa.model import Isa

if TYPE_CHECKING:
    from lark import Token, Tree

MOST_IMAGE = 1 << 28
"""Bytes of a raw image."""
MOST_KEPT = 64
"""Programs."""
WHOLE = (".bin", ".elf")


class NoProgram(Exception):
    """A program cannot be loaded; the message is for its author."""


class Kept:
    """What has been loaded and may be named again."""

    def __init__(self) -> None:
        self.parents: dict[str, Tree[Token]] = {}
        """The trees of descriptions that others extend."""
        self.machines: dict[str, Isa] = {}
        """Descriptions that are shipped, by name."""
        self.programs: dict[tuple[object, ...], Program] = {}
        """Programs by their descriptions and sources."""


class Loader:
    """Loads what cases name."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.kept = kept or Kept()

    def machine(self, case: Case, files: Files) -> Isa:
        """Return the description that a case names: a file of the folder's or a submission's, or one that is shipped.
        Raises IsaError, OSError."""
        path = files.path(case.isa)
        if case.isa in files.others or path.is_file():
            from ring1.isa.read import read

            return read(str(path), self.kept.parents)
        from ring1.isa.load import load

        if case.isa not in self.kept.machines:
            self.kept.machines[case.isa] = load(case.isa)
        return self.kept.machines[case.isa]

    def program(self, isa: Isa, case: Case, files: Files) -> Program:
        """Return the program of a case. Raises AsmError, ElfError, NoProgram, OSError."""
        paths = [files.path(name) for name in case.program]
        whole = [path for path in paths if path.suffix in WHOLE]
        if whole:
            if len(paths) > 1:
                raise NoProgram(f"{whole[0].name} is a whole program: it is linked with nothing else")
            return image(isa, whole[0])
        from ring1.isa.asm.assemble import assemble

        texts, programs = sources(paths), self.kept.programs
        key = isa.digest, *texts
        if key not in programs:
            if len(programs) >= MOST_KEPT:
                programs.clear()
            programs[key] = assemble(isa, texts, reach=files.reach)
        return programs[key]


def sources(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Return assembly files with their names. Raises OSError, NoProgram."""
    for path in paths:
        if path.suffix not in (".s", ".asm"):
            raise NoProgram(f"{path.name} is neither assembly (.s) nor an image (.bin) nor linked (.elf)")
    return [(str(path), text(path)) for path in paths]


def image(isa: Isa, path: Path) -> Program:
    """Return the program in an image, or in a linked file. Raises ElfError, OSError."""
    data = contents(path, MOST_IMAGE)
    if path.suffix == ".elf":
        from ring1.isa.elf.convert import convert

        return convert(isa, str(path), data)
    return Program(data, 0, len(data), {}, (), (), {}, ())
