"""What the tests of the assembler share."""

from __future__ import annotations

from functools import cache

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.source import AsmError


@cache
def pg32() -> Isa:
    return load("pg32")


def program(*texts: str) -> Program:
    """The program of files a.s, b.s ... with these texts."""
    return assemble(pg32(), [(f"{chr(97 + n)}.s", text) for n, text in enumerate(texts)])


def words(*texts: str) -> list[int]:
    """The image of a program as words."""
    image = program(*texts).image
    assert len(image) % 4 == 0
    return [int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4)]


def data(text: str) -> bytes:
    """The image of one file."""
    return program(text).image


def faults(*texts: str) -> list[str]:
    """The faults of a program, each as FILE:LINE:COLUMN: message."""
    with pytest.raises(AsmError) as caught:
        program(*texts)
    return [shown(fault.position.file, fault) for fault in caught.value.faults]


def shown(file: str, fault: object) -> str:
    """A fault in one line, with its file called `file`."""
    from ring1.isa.source import Fault

    assert isinstance(fault, Fault)
    at = fault.position
    return f"{file}:{at.line}:{at.column}: {fault.message}"
