"""A program as a list of lines, which is generated, encoded, shrunk, and printed as assembly.

Every line is independent of the others, and labels are names: the rest is still meaningful when a line is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import RAM
from ring1.dbt.fuzz.shapes import Affine
from ring1.dbt.machine.state import ONES
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.codec import OperandError, pack
from ring1.isa.model import WORD, Instruction
from ring1.isa.record import Record

SIZE = WORD // 8
"""Bytes of an instruction."""
LABEL, CONSTANT, ORG, DATA = ":", "=", ".org", ".word"


class Line(Record):
    """A line: an instruction with its operands in the order of its syntax, registers by number and distances as the
    label or address that they lead to; a LABEL; a CONSTANT or a label's address, for a register; an address to continue
    at (ORG); or words (DATA)."""

    name: str
    operands: tuple[int | str, ...] = ()


Lines = tuple[Line, ...]
Place = tuple[int, Instruction, dict[str, int]]


class Malformed(ValueError):
    """The lines are not a program: a label is missing, or a distance is out of range."""


class Listing:
    """Lines, laid out for a machine."""

    def __init__(self, facts: Facts, lines: Sequence[Line]) -> None:
        """Lay out the lines. Raises Malformed."""
        self.facts = facts
        self.lines = lines
        self.labels: dict[str, int] = {}
        self.pool: dict[int, int] = {}
        """Constant -> its address, on machines that have to load constants from memory."""
        self.words: dict[int, int] = {}
        """Offset from where RAM begins -> word of the program."""
        at = 0
        places = list[tuple[int, Line]]()
        for line in lines:
            places.append((at, line))
            match line:
                case Line(":", (str(name),)):
                    self.labels[name] = facts.base + at & ONES
                case Line(".org", (int(address),)):
                    at = address
                case _:
                    at += self.size(line)
        try:
            for at, line in places:
                for word in self.encoded(at, line):
                    self.words[at] = word & ONES
                    at += SIZE
        except (KeyError, ValueError, TypeError, OperandError) as error:
            raise Malformed(str(error)) from None
        if self.words and (
            min(self.words) < 0 or max(self.words) >= RAM or any(address % SIZE for address in self.words)
        ):
            raise Malformed("it does not fit into RAM, or lies across words")
        for value, address in self.pool.items():
            self.words[address] = value

    def size(self, line: Line) -> int:
        """Return the number of bytes that a line takes, without encoding it."""
        if line.name == DATA:
            return SIZE * len(line.operands)
        if line.name == CONSTANT:
            value = line.operands[1]
            short = isinstance(value, int) and self.single(value) is not None
            return SIZE if short or self.facts.pair is None else 2 * SIZE
        return SIZE

    def value(self, operand: int | str) -> int:
        return self.labels[operand] if isinstance(operand, str) else operand

    def encoded(self, at: int, line: Line) -> list[int]:
        """Return the words of a line."""
        if line.name in (LABEL, ORG):
            return []
        if line.name == DATA:
            return [self.value(word) for word in line.operands]
        if line.name == CONSTANT:
            register, value = line.operands
            assert isinstance(register, int)
            return self.constant(register, self.value(value) & ONES, isinstance(value, str))
        insn = self.facts.forms[line.name].insn
        values = {}
        for operand, given in zip(insn.operands, line.operands, strict=True):
            values[operand.name] = self.value(given) - (self.facts.base + at if operand.relative else 0)
        return [pack(insn, values)]  # maybe another instruction's, which has a more specific pattern

    # --- Constants ---------------------------------------------------------------------------------

    def single(self, value: int) -> tuple[Affine, int] | None:
        """Return an instruction and its immediate that load a constant; None if no single one does."""
        for load in self.facts.loads:
            immediate = load.solve(value & ONES)
            if immediate is not None:
                return load, immediate
        return None

    def constant(self, register: int, value: int, wide: bool) -> list[int]:
        """Return the words that load a constant into a register. Raises Malformed if there is no room for it."""
        short = None if wide else self.single(value)
        if short is not None:
            return [made(*short, register)]
        if self.facts.pair is not None:
            load, add = self.facts.pair
            halves = self.facts.halves(load, add, value)
            assert halves is not None
            return [made(load, halves[0], register), made(add, halves[1], register)]
        form = self.facts.literal
        if form is None or (len(self.pool) == len(self.facts.pool) and value not in self.pool):
            raise Malformed("no room for a constant")
        address = self.pool.setdefault(value, self.facts.pool[len(self.pool) % len(self.facts.pool)])
        values = {form.writes[0]: register, form.base or "": self.facts.zero or 0, form.offset or "": address}
        return [pack(form.insn, form.filled(values))]

    # --- What comes of it ------------------------------------------------------------------------------

    @property
    def end(self) -> int:
        return max(self.words, default=0) + SIZE

    def image(self) -> bytes:
        """Return the contents of RAM from its beginning on."""
        data = bytearray(self.end)
        for address, word in self.words.items():
            data[address : address + SIZE] = word.to_bytes(SIZE, "little")
        return bytes(data)

    def text(self) -> str:
        """Return assembly for the same image."""
        base = self.facts.base
        out, names = list[str](), {at - base & ONES: name for name, at in self.labels.items()}
        expected = -1 if base else 0
        for at in sorted(self.words):
            if at != expected:
                out.append(f"        .org {base + at:#x}")
            if at in names:
                out.append(f"{names[at]}:")
            word, whole = self.words[at], self.facts.isa.words.size(self.words[at]) == SIZE
            out.append(f"        {disassemble(self.facts.isa, word, base + at) if whole else f'.word {word:#010x}'}")
            expected = at + SIZE
        return "\n".join(out) + "\n"


def made(affine: Affine, immediate: int, register: int) -> int:
    """Return the word of an instruction that loads a constant, or adds it to the register."""
    values = {**affine.fixed, affine.target: register, affine.immediate.name: immediate}
    if affine.source is not None:
        values[affine.source] = register
    return pack(affine.form.insn, affine.form.filled(values))
