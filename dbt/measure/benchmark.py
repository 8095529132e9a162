"""A benchmark: an operation, and the guest that repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa
from ring1.isa.record import Record


class Benchmark(Record):
    """An operation that a guest repeats for ever."""

    name: str
    operation: str
    file: Path
    constants: dict[str, int]
    cycle: int = 1
    """Operations after which the guest is in the same state again."""
    paravirtual: bool = True
    """Does a paravirtualized kernel do it in another way?"""


def defined(build: str) -> dict[str, int]:
    """Return the constants of a guest's build for a technique (see Technique.build)."""
    return {build: 1} if build else {}


def assembled(isa: Isa, files: Sequence[Path], constants: Mapping[str, int]) -> Program:
    """Assemble files with constants. Raises AsmError, OSError."""
    definitions = [f"{name}={value}" for name, value in constants.items()]
    return assemble_files(isa, [str(file) for file in files], definitions=definitions)
