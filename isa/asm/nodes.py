"""The nodes of the assembly language's expressions. `at` is an offset in the statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ring1.isa.asm.lines import Mistake, Piece

TLS_BASE = "__tls_base"
"""The symbol of the address that the thread pointer has: where the first thread-local variable is."""


class Base(Protocol):
    """A section: its address is None until the program is laid out."""

    base: int | None


@dataclass(slots=True)
class Place:
    """An address: `offset` in a section."""

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
    """1b or 1f: the nearest local label of that number, before or after."""

    number: int
    forward: bool
    at: int


@dataclass(slots=True)
class Hole:
    """An operand in the description's templates."""

    name: str
    at: int


@dataclass(slots=True)
class Unary:
    op: str
    a: Expr


@dataclass(slots=True)
class Chain:
    """Operators of one precedence from left to right, with the place of each."""

    first: Expr
    rest: tuple[tuple[str, Expr, int], ...]


@dataclass(slots=True)
class Select:
    condition: Expr
    a: Expr
    b: Expr


@dataclass(slots=True)
class Modified:
    """A modifier of the description, applied: %hi(a)."""

    name: str
    a: Expr
    at: int


@dataclass(slots=True)
class Group:
    """An expression in parentheses: as an operand it can also be a register that holds an address."""

    a: Expr


@dataclass(slots=True)
class Use:
    """A symbol with an assigned value, as that was at this place."""

    assignment: Assignment
    at: int


Expr = int | Symbol | Here | Near | Hole | Unary | Chain | Select | Modified | Group | Use | Place


@dataclass(slots=True, eq=False)
class Assignment:
    """What `.set` gave a symbol."""

    name: str
    expr: Expr | None
    """None after a faulty statement."""
    scope: Scope
    piece: Piece
    value: Value | None = None
    """Kept once it is known."""
    failed: Mistake | None = None
    """Why it has none, as long as others that it is part of are being evaluated."""
    busy: bool = False
    """Is it being evaluated?"""


class Scope(Protocol):
    """What names mean to a file."""

    modifiers: Mapping[str, Callable[[int], int]]

    @property
    def linked(self) -> bool:
        """Is everything known that ever will be?"""

    def find(self, name: str) -> Value | Assignment | None:
        """The meaning of a symbol, None if there is none, or none yet."""


def substitute(e: Expr, leaf: Callable[[Symbol | Here | Near | Hole], Expr]) -> Expr:
    """The expression with `leaf` applied to its names, places and holes."""
    if isinstance(e, int | Use | Place):
        return e
    if isinstance(e, Symbol | Here | Near | Hole):
        return leaf(e)
    if isinstance(e, Chain):
        rest = tuple((op, substitute(b, leaf), at) for op, b, at in e.rest)
        return Chain(substitute(e.first, leaf), rest)
    if isinstance(e, Modified):
        return Modified(e.name, substitute(e.a, leaf), e.at)
    if isinstance(e, Group):
        return Group(substitute(e.a, leaf))
    if isinstance(e, Unary):
        return Unary(e.op, substitute(e.a, leaf))
    return Select(substitute(e.condition, leaf), substitute(e.a, leaf), substitute(e.b, leaf))


def leaves(e: Expr) -> Iterator[Expr]:
    """The parts of an expression that have no parts, in order."""
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
    """Where an expression begins, as far as its nodes know."""
    if isinstance(e, Chain):
        at = leftmost(e.first)
        return e.rest[0][2] if at is None else at
    if isinstance(e, Group | Unary):
        return leftmost(e.a)
    if isinstance(e, Select):
        return leftmost(e.condition)
    return None if isinstance(e, int | Place) else e.at
