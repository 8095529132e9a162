"""Positions of faults in source texts, and how they are shown to the author."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.isa.record import Record


class Position(Record):
    """A place in a source file; `line` and `column` count from 1, and 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    """The source line itself, without its line end."""


class Fault(Record):
    """One of an author's mistakes."""

    position: Position
    message: str

    def __str__(self) -> str:
        at = self.position
        if not at.line:
            return f"{at.file}: error: {self.message}"
        # A tab in the source line must stay a tab below it, to keep the caret aligned.
        indent = "".join("\t" if c == "\t" else " " for c in at.text[: at.column - 1])
        return f"{at.file}:{at.line}:{at.column}: error: {self.message}\n    {at.text}\n    {indent}^"


class SourceError(Exception):
    """All faults found, in source order. `str()` is the text for the author."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[SourceError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class IsaError(SourceError):
    """Faults in a description."""


class AsmError(SourceError):
    """Faults in an assembly program."""


class ElfError(SourceError):
    """Faults of a linked file that keep it from being loaded as a program."""
