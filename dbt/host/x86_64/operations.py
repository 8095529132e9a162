"""Host instructions before they are bytes: an operation and its operands; jumps to labels, and marks.

One constant of an instruction at most is left open, so that all that differ in it alone are assembled once: a HOLE
takes its place among the operands, and its value is beside them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ring1.dbt.host.values import Condition
from ring1.dbt.host.x86_64.registers import STATE, Register


class Operation(str):
    """What an instruction does, as an assembler calls it."""

    __slots__ = ()


class Hole(str):
    """The place of the constant of an instruction: an immediate operand, or the displacement of one in memory."""

    __slots__ = ()


HOLE = Hole("{}")


class Immediate(NamedTuple):
    """A constant that is part of what an instruction is."""

    value: int

    @property
    def text(self) -> str:
        return str(self.value)


class Memory(NamedTuple):
    """`size` bytes at base + added * scale + displacement, of registers of 64 bits; of size 0, that address itself."""

    size: int
    base: str
    added: str = ""
    """A register that is added, times `scale`; empty if there is none."""
    scale: int = 1
    displacement: int | Hole | None = None
    """None is encoded without one, unlike 0."""

    @property
    def text(self) -> str:
        added = f"+{self.added}" + (f"*{self.scale}" if self.scale > 1 else "") if self.added else ""
        return f"{SIZES[self.size]}[{self.base}{added}{displaced(self.displacement)}]"


def displaced(displacement: int | Hole | None) -> str:
    """As a part of an address."""
    if displacement is None:
        return ""
    return "{:+d}" if isinstance(displacement, Hole) else f"{displacement:+d}"


SIZES = {0: "", 1: "byte ptr ", 2: "word ptr ", 4: "dword ptr ", 8: "qword ptr "}

Operand = Register | Memory | Immediate | Hole


class Address(NamedTuple):
    """Where something is in memory that is no part of the state block, of whatever size: a base that is a pointer, and
    what is added, which is known to stay within what is there (Code.window, Code.entry)."""

    base: str
    added: str = ""
    scale: int = 1
    displacement: int | None = None
    offset: int | None = None
    """A displacement that is left open."""

    def of(self, size: int) -> Memory:
        """The operand of an instruction that accesses `size` bytes there; `offset` is its constant."""
        return Memory(size, self.base, self.added, self.scale, self.displacement if self.offset is None else HOLE)


@cache
def state(size: int, displacement: int) -> Memory:
    """`size` bytes of the state block."""
    return Memory(size, STATE, displacement=displacement)


class Op(NamedTuple):
    """One instruction. `imm`, which fits in 32 signed bits, is for its HOLE."""

    operation: Operation
    operands: tuple[Operand, ...]
    imm: int | None = None

    @property
    def text(self) -> str:
        """As an assembler reads it, with {} or {:+d} for the constant."""
        return text(self.operation, self.operands)


def text(operation: Operation, operands: tuple[Operand, ...]) -> str:
    """An instruction for an assembler."""
    shown = ", ".join(str(operand) if isinstance(operand, Hole) else operand.text for operand in operands)
    return f"{operation} {shown}" if shown else str(operation)


class Jump(NamedTuple):
    """A jump to a label: always, or if `condition` holds. Its 32-bit distance can be patched later."""

    label: int
    condition: Condition | None = None


class Label(NamedTuple):
    label: int


class Mark(NamedTuple):
    """Guest instruction `number` of the block begins here."""

    number: int


Item = Op | Jump | Label | Mark

ADD, SUB, AND, OR, XOR = (Operation(name) for name in ("add", "sub", "and", "or", "xor"))
CMP, TEST, NEG, NOT, IMUL, DIV, IDIV, CDQ = (
    Operation(name) for name in ("cmp", "test", "neg", "not", "imul", "div", "idiv", "cdq")
)
SHL, SHR, SAR, SHLX, SHRX, SARX, RORX = (
    Operation(name) for name in ("shl", "shr", "sar", "shlx", "shrx", "sarx", "rorx")
)
MOV, MOVZX, MOVSX, MOVSXD, LEA = (Operation(name) for name in ("mov", "movzx", "movsx", "movsxd", "lea"))
MOVD, PEXTRB, PEXTRW = (Operation(name) for name in ("movd", "pextrb", "pextrw"))
JMP, CALL, RET, CLI, STI = (Operation(name) for name in ("jmp", "call", "ret", "cli", "sti"))

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
"""What the flags say -> how instructions call it."""
SET = {condition: Operation(f"set{code}") for condition, code in CODES.items()}
