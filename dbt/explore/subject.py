"""What a page's machine is made of: description, program, and what it is given. It is what is shared as a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ring1.dbt.api import loading
from ring1.dbt.api.errors import DescriptionError
from ring1.dbt.api.machine import RAM, Machine
from ring1.dbt.engines.registry import Registry
from ring1.dbt.explore.opened import Opened
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from ring1.isa.board import Board
from ring1.isa.files import SHIPPED
from ring1.isa.load import find, shipped
from ring1.isa.model import Isa
from ring1.isa.record import Record

NAME = "program.s"
"""What a program is called that is no file's."""


class Description(Record):
    """The description of a machine. `path` is its file, or where it would be; `text` what is in it."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return os.path.basename(self.path).removesuffix(".isa")

    @property
    def shipped(self) -> bool:
        """Is it, unchanged, one that comes with ring1?"""
        return self.name in shipped() and self == described(self.name)

    def read(self) -> Isa:
        """Return the machine. Raises IsaError with every fault, OSError."""
        if self.shipped:
            return loading.described(self.name)
        from ring1.isa.read import read

        return read(self.path, open_={self.path: self.text})


def described(name: str) -> Description:
    """Return the description of a name, or in a file. Raises DescriptionError, IsaError."""
    path = find(name)
    try:
        return Description(path, Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DescriptionError(f"{path}: {error}") from None


def invented(name: str, text: str) -> Description:
    """Return a description that is no file's; what it extends is looked for among those that come with ring1."""
    return Description(os.path.join(SHIPPED, os.path.basename(name)), text)


class Subject(Record):
    """`files`: the program's assembly by name, `main` how many of them are linked, the others are included. Without
    files the program is `given`, made of something else."""

    description: Description
    files: tuple[tuple[str, str], ...] = ()
    main: int = 1
    given: Program | None = None
    arguments: tuple[str, ...] = ()
    ram: int = RAM
    seed: int = 0
    disk: bytes | None = None
    board: Board | None = None
    """The machine's board, unless it is the description's."""
    snapshot: bytes | None = None
    """The state in which the machine begins, if that is not reset."""

    def program(self, isa: Isa, opened: Opened, definitions: tuple[str, ...] = ()) -> Program:
        """Return the program. Raises AsmError with every fault."""
        if self.given is not None:
            return self.given
        return assemble(isa, self.files[: self.main], definitions=definitions, reach=opened)

    def machine(self, isa: Isa, program: Program, engine: str | None, registry: Registry) -> Machine:
        """Return the machine. Raises MachineError."""
        options: dict[str, Any] = {"engine": engine, "disk": self.disk, "registry": registry, "board": self.board}
        if self.snapshot is None:
            return Machine(isa, program, ram=self.ram, seed=self.seed, arguments=self.arguments, **options)
        from tempfile import NamedTemporaryFile

        with NamedTemporaryFile(suffix=".snap") as file:
            file.write(self.snapshot)
            file.flush()
            # A snapshot says of which machine it is; the description has to be that one.
            return Machine(isa, program, snapshot=file.name, **options)
