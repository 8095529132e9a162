"""Instruction semantics: typed expressions and statements.

Every expression has a width in bits; values are unsigned integers below 2**width and signedness is in the
operators. Only a load, a store, `Trap` and the primitives that say so can end an instruction early: bodies
never pass errors along.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Expr:
    width: int


@dataclass(frozen=True, slots=True)
class Const(Expr):
    value: int


@dataclass(frozen=True, slots=True)
class Operand(Expr):
    """The value of an encoded operand; once an instruction word is bound to a body it is a Const."""

    name: str


@dataclass(frozen=True, slots=True)
class Register(Expr):
    """A general register: by the operand that names it, or by number."""

    index: str | int


@dataclass(frozen=True, slots=True)
class Pc(Expr):
    """Address of the current instruction."""


@dataclass(frozen=True, slots=True)
class Word(Expr):
    """The current instruction word."""


@dataclass(frozen=True, slots=True)
class Control(Expr):
    """A control register as the guest reads it; derived bits are computed."""

    name: str


@dataclass(frozen=True, slots=True)
class ControlFile(Expr):
    """The control register whose number an operand holds; bound, it is a Control."""

    operand: str


@dataclass(frozen=True, slots=True)
class Load(Expr):
    """Memory, little-endian, width = 8 * size. Translates, checks, may trap.

    With `write`, the access needs leave to write as well and faults as a store does.
    """

    address: Expr
    size: int
    write: bool


@dataclass(frozen=True, slots=True)
class Port(Expr):
    """A read of an I/O port, with its side effects."""

    port: Expr


@dataclass(frozen=True, slots=True)
class Local(Expr):
    name: str


@dataclass(frozen=True, slots=True)
class Unary(Expr):
    """`~` and `-` keep the width; `!` takes and gives one bit."""

    op: str
    a: Expr


@dataclass(frozen=True, slots=True)
class Binary(Expr):
    """`+ - * & | ^` and `/s /u %s %u` keep the width of both sides (division truncates toward zero and wraps;
    by zero it is undefined: bodies guard it). `<< >>u >>s` shift by an unsigned count, whatever its width.
    `== != <s <u <=s <=u` give one bit."""

    op: str
    a: Expr
    b: Expr


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    """Bits hi..lo of `a`."""

    a: Expr
    hi: int
    lo: int


@dataclass(frozen=True, slots=True)
class Concat(Expr):
    """`parts` side by side, the first one highest."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Extend(Expr):
    a: Expr
    signed: bool


@dataclass(frozen=True, slots=True)
class Select(Expr):
    """`a` if the one-bit `condition` holds, else `b`."""

    condition: Expr
    a: Expr
    b: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A primitive of the machine: see PRIMITIVES."""

    name: str
    args: tuple[Expr, ...]


PRIMITIVES: dict[str, tuple[tuple[int, ...], int, str]] = {
    "physical": ((32,), 32, "physical address that a load would use here, or all ones if it would fault"),
    "time": ((), 64, "instructions retired since reset, plus the time skipped while waiting"),
    "reached": ((64,), 1, "time has reached this deadline"),
    "line": ((32,), 1, "level of an interrupt line that a device drives"),
    "memory_size": ((), 32, "bytes of RAM"),
}
"""Primitive -> widths of its arguments, width of its result, meaning."""


@dataclass(frozen=True, slots=True)
class Stmt:
    pass


@dataclass(frozen=True, slots=True)
class Let(Stmt):
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class SetRegister(Stmt):
    index: str | int
    value: Expr


@dataclass(frozen=True, slots=True)
class SetControl(Stmt):
    """Write bits hi..lo of a control register, as far as the guest may write them."""

    control: Control | ControlFile
    hi: int
    lo: int
    value: Expr


@dataclass(frozen=True, slots=True)
class SetPc(Stmt):
    value: Expr


@dataclass(frozen=True, slots=True)
class Store(Stmt):
    address: Expr
    size: int
    value: Expr


@dataclass(frozen=True, slots=True)
class Out(Stmt):
    port: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class If(Stmt):
    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Trap(Stmt):
    """End the instruction with a trap; nothing of it stays."""

    cause: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Wait(Stmt):
    """Wait until an enabled interrupt line is pending."""


@dataclass(frozen=True, slots=True)
class Flush(Stmt):
    """Forget every cached address translation."""


Node = Expr | Stmt
Body = tuple[Stmt, ...]


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in evaluation order."""
    kind = type(node)
    names = _below.get(kind)
    if names is None:
        # Which fields hold nodes is the same for every node of a kind; found once, it makes walking cheap.
        names = _below[kind] = tuple(f.name for f in fields(kind) if f.type not in ("str", "int", "bool"))
    found: list[Node] = []
    for name in names:
        value = getattr(node, name)
        if type(value) is tuple:
            found += value
        elif isinstance(value, NODE):
            found.append(value)
    return found


NODE = (Expr, Stmt)
_below: dict[type[Node], tuple[str, ...]] = {}


def walk(*nodes: Node) -> list[Node]:
    """Every node at and below `nodes`, parents first."""
    found: list[Node] = []
    stack = list(nodes[::-1])
    while stack:
        node = stack.pop()
        found.append(node)
        if _below.get(type(node)) != ():
            stack += children(node)[::-1]
    return found
