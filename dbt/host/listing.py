"""Disassembled host code, for listings."""

from __future__ import annotations

from typing import NamedTuple


class Reference(NamedTuple):
    """What an instruction refers to besides registers: `kind` is STATE or VIEW, `at` a displacement in bytes; or
    TARGET, `at` the offset of a jump's target."""

    kind: str
    at: int


STATE, VIEW, TARGET = "state", "view", "target"


class Instruction(NamedTuple):
    """A disassembled host instruction."""

    offset: int
    code: bytes
    text: str
    reference: Reference | None
