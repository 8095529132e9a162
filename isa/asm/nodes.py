"""Nodes of the assembly language's expressions. `at` is an offset in the statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ring1.isa.asm.lines import Mistake, Piece

TLS_BASE = "__tls_base"
"""The symbol at the thread pointer's address, where the first thread-local variable is."""


class Base(Protocol):
    """A section; its address is None until the program is laid out."""

    name: str
    base: int | None


@dataclass(slots=True)
class Place:
    """An address as an offset in a section."""

    section: Base
    offset: int


Value = int | Place


@dataclass(slots=True)
class Symbol:
    name: str
    at: int


@dataclass(slots=True)
class Here:
    """`.`, the current address."""

    at: int


@dataclass(slots=True)
class Near:
    """1b or 1f: the nearest local label with this number, before or after."""

    number: int
    forward: bool
    at: int


@dataclass(slots=True)
class Hole:
    """A placeholder for an operand in the description's templates."""

    name: str
    at: int


@dataclass(slots=True)
class Unary:
    op: str
    a: Expr


@dataclass(slots=True)
class Chain:
    """Operators of one precedence from left to right, with the offset of each."""

    first: Expr
    rest: tuple[tuple[str, Expr, int], ...]


@dataclass(slots=True)
class Select:
    condition: Expr
    a: Expr
    b: Expr


@dataclass(slots=True)
class Modified:
    """The application of one of the description's modifiers, such as %hi(a)."""

    name: str
    a: Expr
    at: int
    place: Place | None = None
    """The instruction, for a modifier that is given its address."""


@dataclass(slots=True)
class Group:
    """An expression in parentheses; as an operand it can also be a register that holds an address."""

    a: Expr


@dataclass(slots=True)
class Use:
    """A use of an assigned symbol, with the assignment in effect at this place."""

    assignment: Assignment
    at: int


Expr = int | Symbol | Here | Near | Hole | Unary | Chain | Select | Modified | Group | Use | Place


@dataclass(slots=True, eq=False)
class Assignment:
    """The assignment of a value to a symbol by `.set`."""

    name: str
    expr: Expr | None
    """None after a faulty statement."""
    scope: Scope
    piece: Piece
    value: Value | None = None
    """The value, once it is known."""
    failed: Mistake | None = None
    """The reason why it has no value, while the symbols that depend on it are being evaluated."""
    busy: bool = False
    """Is it being evaluated?"""


@dataclass(slots=True)
class Function:
    """What a modifier computes, of words."""

    apply: Callable[..., int]
    placed: bool = False
    """It is given the instruction's address as well."""
    of: str = ""
    """The modifier whose operand it is given, that of the instruction at the label that it is applied to."""


class Scope(Protocol):
    """What names mean in a file."""

    modifiers: Mapping[str, Function]

    @property
    def linked(self) -> bool:
        """Are all symbols known that ever will be?"""

    def find(self, name: str) -> Value | Assignment | None:
        """Return the meaning of a symbol; None if it has none, or none yet."""

    def modified(self, name: str, place: Place) -> Expr | None:
        """Return what the instruction at a place applies a modifier to; None if it does not."""


Leaf = Callable[["Symbol | Here | Near | Hole | Modified"], "Expr"]


def substitute(e: Expr, leaf: Leaf) -> Expr:
    """Return the expression with `leaf` applied to its names, places and holes, and to what is modified, the inner
    first."""
    if isinstance(e, int | Use | Place):
        return e
    if isinstance(e, Symbol | Here | Near | Hole):
        return leaf(e)
    if isinstance(e, Chain):
        rest = tuple((op, substitute(b, leaf), at) for op, b, at in e.rest)
        return Chain(substitute(e.first, leaf), rest)
    if isinstance(e, Modified):
        return leaf(Modified(e.name, substitute(e.a, leaf), e.at, e.place))
    if isinstance(e, Group):
        return Group(substitute(e.a, leaf))
    if isinstance(e, Unary):
        return Unary(e.op, substitute(e.a, leaf))
    return Select(substitute(e.condition, leaf), substitute(e.a, leaf), substitute(e.b, leaf))


def leaves(e: Expr) -> Iterator[Expr]:
    """Yield the leaves of an expression, in order."""
    if isinstance(e, Chain):
        yield from leaves(e.first)
        for _, part, _ in e.rest:
            yield from leaves(part)
    elif isinstance(e, Modified | Group | Unary):
        yield from leaves(e.a)
    elif isinstance(e, Select):
        for part in (e.condition, e.a, e.b):
            yield from leaves(part)
    else:
        yield e


def leftmost(e: Expr) -> int | None:
    """Return the offset at which an expression begins, as far as its nodes know."""
    if isinstance(e, Chain):
        at = leftmost(e.first)
        return e.rest[0][2] if at is None else at
    if isinstance(e, Group | Unary):
        return leftmost(e.a)
    if isinstance(e, Select):
        return leftmost(e.condition)
    return None if isinstance(e, int | Place) else e.at
