"""Host instructions before encoding: an operation and its operands; jumps to labels, and marks.

At most one constant of an instruction is left open, so that instructions that differ only in it are assembled once: a
HOLE takes its place among the operands, and its value is kept apart.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ring1.dbt.host.values import Condition
from ring1.dbt.host.x86_64.registers import STATE, Register


class Operation(str):
    """An operation, by its mnemonic."""

    __slots__ = ()


class Hole(str):
    """The place of an instruction's open constant: an immediate operand, or the displacement of a memory operand."""

    __slots__ = ()


HOLE = Hole("{}")


class Immediate(NamedTuple):
    """A constant operand that is not left open."""

    value: int

    @property
    def text(self) -> str:
        return str(self.value)


class Memory(NamedTuple):
    """A memory operand: `size` bytes at base + added * scale + displacement, with 64-bit registers; size 0 is the
    address itself."""

    size: int
    base: str
    """Empty if there is none."""
    added: str = ""
    """The index register, multiplied by `scale`; empty if there is none."""
    scale: int = 1
    displacement: int | Hole | None = None
    """None is encoded without a displacement, unlike 0."""

    @property
    def text(self) -> str:
        scale = f"*{self.scale}" if self.scale > 1 else ""
        named = "+".join(name for name in (self.base, self.added) if name)
        return f"{SIZES[self.size]}[{named}{scale}{displaced(self.displacement)}]"


def displaced(displacement: int | Hole | None) -> str:
    """Return a displacement as text."""
    if displacement is None:
        return ""
    return "{:+d}" if isinstance(displacement, Hole) else f"{displacement:+d}"


SIZES = {0: "", 1: "byte ptr ", 2: "word ptr ", 4: "dword ptr ", 8: "qword ptr "}

Operand = Register | Memory | Immediate | Hole


class Address(NamedTuple):
    """An address outside of the state block, for accesses of any size: a base pointer, and what is added, which is
    known to stay within the object there (Code.window, Code.entry)."""

    base: str
    added: str = ""
    scale: int = 1
    displacement: int | None = None
    offset: int | None = None
    """A displacement that is left open, the constant of the instruction."""

    def of(self, size: int) -> Memory:
        """Return the operand for an access of `size` bytes; `offset` is the instruction's constant."""
        return Memory(size, self.base, self.added, self.scale, self.displacement if self.offset is None else HOLE)


@cache
def state(size: int, displacement: int) -> Memory:
    """Return the operand for `size` bytes of the state block."""
    return Memory(size, STATE, displacement=displacement)


class Blank(int):
    """The constant of an instruction of a stencil, whose value is filled in later: a number of as many bits as the
    constants that the instruction is encoded for."""

    number: int
    """Which one of the stencil's blanks it is."""

    def __new__(cls, number: int, small: bool) -> Blank:
        """`small`: it will fit 8 bits."""
        made = super().__new__(cls, 0x71 if small else 0x12345678)
        made.number = number
        return made

    def __reduce__(self) -> tuple[type, tuple[int, bool]]:
        return Blank, (self.number, int(self) == 0x71)


class Op(NamedTuple):
    """An instruction. `imm`, which fits 32 signed bits, is the constant for its HOLE."""

    operation: Operation
    operands: tuple[Operand, ...]
    imm: int | None = None

    @property
    def text(self) -> str:
        """The text for an assembler, with {} or {:+d} for the constant."""
        return text(self.operation, self.operands)


def text(operation: Operation, operands: tuple[Operand, ...]) -> str:
    """Return an instruction as text for an assembler."""
    shown = ", ".join(str(operand) if isinstance(operand, Hole) else operand.text for operand in operands)
    return f"{operation} {shown}" if shown else str(operation)


class Jump(NamedTuple):
    """A jump to a label: always, or if `condition` holds. Its 32-bit distance can be patched later."""

    label: int
    condition: Condition | None = None


class Label(NamedTuple):
    label: int


class Mark(NamedTuple):
    """Marks where guest instruction `number` of the block begins."""

    number: int


Item = Op | Jump | Label | Mark

ADD, SUB, AND, OR, XOR, ADC, SBB = (Operation(name) for name in ("add", "sub", "and", "or", "xor", "adc", "sbb"))
CMP, TEST, NEG, NOT, IMUL, DIV, IDIV, CDQ = (
    Operation(name) for name in ("cmp", "test", "neg", "not", "imul", "div", "idiv", "cdq")
)
SHL, SHR, SAR, SHLX, SHRX, SARX, RORX = (
    Operation(name) for name in ("shl", "shr", "sar", "shlx", "shrx", "sarx", "rorx")
)
BSF = Operation("bsf")
MOV, MOVZX, MOVSX, MOVSXD, LEA = (Operation(name) for name in ("mov", "movzx", "movsx", "movsxd", "lea"))
MOVD, PEXTRB, PEXTRW = (Operation(name) for name in ("movd", "pextrb", "pextrw"))
JMP, CALL, RET, PUSH, POP, CLI, STI = (Operation(name) for name in ("jmp", "call", "ret", "push", "pop", "cli", "sti"))

CODES = {
    Condition.EQUAL: "e",
    Condition.NOT_EQUAL: "ne",
    Condition.BELOW: "b",
    Condition.NOT_BELOW: "ae",
    Condition.NOT_ABOVE: "be",
    Condition.ABOVE: "a",
    Condition.LESS: "l",
    Condition.NOT_LESS: "ge",
    Condition.NOT_GREATER: "le",
    Condition.GREATER: "g",
    Condition.NEGATIVE: "s",
}
"""Condition -> suffix of the mnemonics that test it."""
SET = {condition: Operation(f"set{code}") for condition, code in CODES.items()}
