"""Fixups: bytes that depend on the layout of the program. They are emitted as zeros, and filled in by the linker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ring1.isa.asm.expressions import number, word
from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import Expr, Scope
from ring1.isa.asm.sections import Chunk, Section
from ring1.isa.codec import OperandError, encode
from ring1.isa.model import WORD, Instruction


@dataclass(slots=True, eq=False)
class Spot:
    """The place of a fixup's bytes: a chunk, and an offset in the section."""

    chunk: Chunk
    at: int
    section: Section
    offset: int
    piece: Piece


@dataclass(slots=True, eq=False)
class CodeFixup:
    """An instruction to be encoded; see choose.Choice."""

    spot: Spot
    instruction: Instruction
    values: Mapping[str, Expr]
    places: Mapping[str, int]

    def data(self, scope: Scope) -> bytes:
        """Return the bytes. Raises Mistake."""
        assert self.spot.section.base is not None
        address = self.spot.section.base + self.spot.offset
        return code(self.instruction, self.values, self.places, address, scope)

    def exprs(self) -> list[Expr]:
        return list(self.values.values())


@dataclass(slots=True, eq=False)
class DataFixup:
    """A number of `size` bytes, at offset `place` of its statement."""

    spot: Spot
    expr: Expr
    size: int
    place: int

    def data(self, scope: Scope) -> bytes:
        """Return the bytes. Raises Mistake."""
        return integer(number(self.expr, scope), self.size, self.place)

    def exprs(self) -> list[Expr]:
        return [self.expr]


@dataclass(slots=True, eq=False)
class LebFixup:
    """A LEB128 number padded to `size` bytes, which the encoding allows."""

    spot: Spot
    expr: Expr
    size: int
    place: int
    signed: bool

    def data(self, scope: Scope) -> bytes:
        """Return the bytes. Raises Mistake."""
        value = number(self.expr, scope)
        short = leb128(value, self.signed, self.place)
        if len(short) > self.size:
            raise Mistake(f"{value} does not fit in {self.size} bytes of LEB128", self.place)
        filler = 0x7F if value < 0 else 0
        long = [short[-1] | 0x80, *[filler | 0x80] * (self.size - len(short))]
        long[-1] &= 0x7F
        return short[:-1] + bytes(long)

    def exprs(self) -> list[Expr]:
        return [self.expr]


Fixup = CodeFixup | DataFixup | LebFixup


def code(insn: Instruction, values: Mapping[str, Expr], places: Mapping[str, int], address: int, scope: Scope) -> bytes:
    """Encode an instruction at `address`. Raises Mistake for operands without a value or out of range."""
    numbers: dict[str, int] = {}
    for operand in insn.operands:
        e = values[operand.name]
        value = e if isinstance(e, int) else number(e, scope)
        if operand.relative:
            # Distances wrap around the address space, as the machine's additions do.
            distance = (word(value, places[operand.name]) - address) & ((1 << WORD) - 1)
            value = distance - (distance >> (WORD - 1) << WORD)
        numbers[operand.name] = value
    try:
        return encode(insn, numbers).to_bytes(insn.size, "little")
    except OperandError as error:
        relative = any(operand.relative and operand.name == error.operand for operand in insn.operands)
        where = f"the target is {numbers[error.operand]} bytes away: " if relative else ""
        raise Mistake(f"{where}{error}", places[error.operand]) from None


def integer(value: int, size: int, at: int | None) -> bytes:
    """Encode a number in `size` bytes, signed or unsigned. Raises Mistake if it fits as neither."""
    if not -1 << (8 * size - 1) <= value < 1 << (8 * size):
        raise Mistake(f"{value} does not fit in {'a byte' if size == 1 else f'{size} bytes'}", at)
    return (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def leb128(value: int, signed: bool, at: int | None) -> bytes:
    """Return the shortest LEB128 encoding. Raises Mistake for a negative number if `signed` is not set."""
    if value < 0 and not signed:
        raise Mistake(f"{value} is negative", at)
    data = bytearray()
    while True:
        data.append(value & 0x7F)
        value >>= 7
        # Stop when the remaining bits equal the sign extension of the last group.
        if value == (-(data[-1] >> 6) if signed else 0):
            return bytes(data)
        data[-1] |= 0x80
