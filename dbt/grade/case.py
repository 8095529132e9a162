"""A case: a program, what it is given, and what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.toml.places import Path
from ring1.isa.record import Record
from ring1.isa.source import Position

Word = int | str
"""A word that is expected: a number, or a label, whose address it is."""
Expected = int | tuple[int, ...] | bytes
"""What is expected in memory: a word, words, or bytes."""


class Limits(Record):
    """What a run may use. `seconds` are of processor time, so that a busy host fails nobody."""

    insns: int = 100_000_000
    seconds: float = 10.0
    output: int = 1 << 20
    """Bytes."""


class Case(Record):
    """One case of a case file; the keys of docs/teaching.md."""

    name: str
    place: Position
    """Where it is written."""
    program: tuple[str, ...] = ()
    """Files, as they are written in the case."""
    isa: str = "pg32"
    engines: tuple[str, ...] = ()
    """They must agree; the first one is what is compared with what is expected. Empty: the usual one."""
    stdin: bytes = b""
    stdin_file: str = ""
    disk: str = ""
    arguments: tuple[str, ...] = ()
    ram: int = 16 << 20
    seed: int = 0
    limits: Limits = Limits()
    stop: str = "exit"
    """The reason for which the guest is to stop."""
    exit: int | None = None
    output: bytes | None = None
    output_file: str = ""
    contains: tuple[str, ...] = ()
    """Texts that are to be in the output, in this order."""
    registers: tuple[tuple[str, Word], ...] = ()
    """General registers, control registers and pc."""
    memory: tuple[tuple[str, Expected], ...] = ()
    """Places and what is to be there."""
    theorems: tuple[tuple[int, bool], ...] = ()
    """Theorems of Popek and Goldberg, and whether they are to hold of the machine."""
    holes: tuple[str, ...] | None = None
    """Instructions that are to be sensitive and not privileged, and no others."""
    points: float = 1.0
    hint: str = ""
    """Is told to whoever fails."""
    hidden: bool = False
    """Is nothing told but whether it was passed, and the hint?"""
    keys: Mapping[Path, Position] = {}
    """Where its keys stand."""
    values: Mapping[Path, Position] = {}

    def key(self, *path: str | int) -> Position:
        """Return where a key stands, or what is around it."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, self.place)

    def value(self, *path: str | int) -> Position:
        """Return where a value stands, or what is around it."""
        while path and path not in self.values and path not in self.keys:
            path = path[:-1]
        return self.values.get(path, self.key(*path))

    @property
    def runs(self) -> bool:
        """Is there a program to run, or only a description to classify?"""
        return bool(self.program)
