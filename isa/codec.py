"""Encoding and decoding of instruction words, both derived from the described encodings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ring1.isa.model import Instruction, Isa, Operand, Part
from ring1.isa.record import Record


class OperandError(ValueError):
    """An operand has a value that the encoding cannot hold."""

    def __init__(self, operand: str, message: str) -> None:
        self.operand = operand
        super().__init__(message)


class Decoded(Record):
    """An instruction and the values of its operands: register and control-register numbers, immediates and distances,
    as signed integers where the operand is signed."""

    instruction: Instruction
    values: Mapping[str, int]


def alignment(insn: Instruction, operand: Operand) -> int:
    """Return what a value of the operand must be a multiple of, since the encoding omits its low bits."""
    return step(insn.parts, operand.name)


def step(parts: Iterable[Part], operand: str) -> int:
    """Return what a value of the operand in these parts must be a multiple of."""
    return 1 << min(part.lo for part in parts if part.operand == operand)


def encode(insn: Instruction, values: Mapping[str, int]) -> int:
    """Return the word of an instruction (see `pack`). Raises OperandError as well where the word would be a more
    specific instruction's."""
    word = pack(insn, values)
    for name, mask, match in insn.refined:
        if word & mask == match:
            raise OperandError(deciding(insn, mask), f"with these operands it would be {name}")
    return word


def pack(insn: Instruction, values: Mapping[str, int]) -> int:
    """Return the word of an instruction's pattern with these operands, given as signed or as unsigned words. Raises
    OperandError for a value that is out of range or not aligned."""
    bits: dict[str, int] = {}
    for operand in insn.operands:
        value = given = values[operand.name]
        low, high = operand.range
        if not low <= value <= high and -1 << (operand.written - 1) <= value < 1 << operand.written:
            value += 1 << operand.written if value < 0 else -1 << operand.written
        if not low <= value <= high:
            what = "distance" if operand.relative else "register" if operand.kind == "register" else "value"
            raise OperandError(operand.name, f"{what} {given} is out of range {low}..{high}")
        if value in operand.excluded:
            raise OperandError(operand.name, f"it cannot be {value} here")
        if value % alignment(insn, operand):
            raise OperandError(operand.name, f"{value} is not a multiple of {alignment(insn, operand)}")
        bits[operand.name] = value - operand.first & (1 << operand.width) - 1
    word = 0
    for part in insn.parts:
        value = bits[part.operand] >> part.lo if part.operand else part.value
        word = word << part.width | value & ((1 << part.width) - 1)
    return word


def deciding(insn: Instruction, mask: int) -> str:
    """Return the operand with most bits in `mask`, the constant bits of another instruction."""
    at, shares = 8 * insn.size, Counter[str]()
    for part in insn.parts:
        at -= part.width
        if part.operand:
            shares[part.operand] += (mask >> at & (1 << part.width) - 1).bit_count()
    return max(shares, key=shares.__getitem__)


class Decoder:
    """Finds the instruction of a word with one table look-up for each distinct mask of constant bits, most bits first:
    of two instructions that a word could be, it is the one that has all constant bits of the other and more."""

    def __init__(self, isa: Isa) -> None:
        self.controls = isa.control_numbers
        masks: dict[int, dict[int, Instruction]] = {}
        for insn in isa.instructions.values():
            masks.setdefault(insn.mask, {})[insn.match] = insn
        self.tables = tuple(sorted(masks.items(), key=lambda table: -table[0].bit_count()))

    def decode(self, word: int) -> Decoded | None:
        """Decode `word`, or return None if it is not a legal instruction."""
        for mask, table in self.tables:
            insn = table.get(word & mask)
            if insn is not None:
                values = operand_values(insn, word)
                legal = all(o.kind != "control" or values[o.name] in self.controls for o in insn.operands)
                legal = legal and not any(values[o.name] in o.excluded for o in insn.picky)
                return Decoded(insn, values) if legal else None
        return None


def operand_values(insn: Instruction, word: int) -> dict[str, int]:
    """Return the values of an instruction's operands in a word that is known to encode it."""
    values = {operand.name: 0 for operand in insn.operands}
    at = 8 * insn.size
    for part in insn.parts:
        at -= part.width
        if part.operand:
            values[part.operand] |= (word >> at & ((1 << part.width) - 1)) << part.lo
    for operand in insn.operands:
        if operand.kind == "signed" and values[operand.name] >> (operand.width - 1):
            values[operand.name] -= 1 << operand.width
        values[operand.name] += operand.first
    return values
