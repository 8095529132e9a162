"""What kind of jump an instruction is, told from its operands without binding it."""

from __future__ import annotations

from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.model import Isa

STATE = frozenset((s.Register, s.Local, s.Load, s.Control, s.ControlFile, s.Port, s.Call))
"""What a place that is known from the instruction does not depend on, and names of what may depend on it."""


def joins(isa: Isa, decoded: Decoded) -> bool:
    """Does an instruction only jump, to a place known from it: is it neither a call nor a return?"""
    nodes = s.walk(*decoded.instruction.body)
    places = [n.value for n in nodes if isinstance(n, s.SetPc)]
    named = [n.index for n in nodes if isinstance(n, s.SetRegister)]
    sets = any((n if isinstance(n, int) else decoded.values[n]) not in isa.hardwired for n in named)
    return bool(places) and not sets and not s.has(STATE, *places)
