"""Host code read back, for people."""

from __future__ import annotations

from typing import NamedTuple


class Reference(NamedTuple):
    """What an instruction has to do with beside registers: `kind` is STATE or VIEW, with a displacement in bytes, or
    TARGET, with the offset that a jump goes to."""

    kind: str
    at: int


STATE, VIEW, TARGET = "state", "view", "target"


class Instruction(NamedTuple):
    """A host instruction, read back from its bytes."""

    offset: int
    code: bytes
    text: str
    reference: Reference | None
