"""Where a fault is in a text, and how it is shown to the author."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.isa.record import Record


class Position(Record):
    """A place in a source file; `line` and `column` count from 1, 0 meaning the whole file."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""
    """The source line itself, without its end."""


class Fault(Record):
    """One mistake of an author's."""

    position: Position
    message: str

    def __str__(self) -> str:
        at = self.position
        if not at.line:
            return f"{at.file}: error: {self.message}"
        # A tab in the source line must stay a tab under it, or the caret drifts.
        indent = "".join("\t" if c == "\t" else " " for c in at.text[: at.column - 1])
        return f"{at.file}:{at.line}:{at.column}: error: {self.message}\n    {at.text}\n    {indent}^"


class SourceError(Exception):
    """Every fault found in one go, in source order. `str()` is what the author reads."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[SourceError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class IsaError(SourceError):
    """Faults of an ISA description."""


class AsmError(SourceError):
    """Faults of an assembly program."""


class ElfError(SourceError):
    """What keeps a linked file from being a program."""
