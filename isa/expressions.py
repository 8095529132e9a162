"""Expressions of the assembly language: their nodes, and their values as unbounded integers.

Before the program is laid out an address is known only as a place in a section. Sums, differences and comparisons
of places in one section have values all the same; anything else that needs an address has none yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from isa.lines import Mistake, Piece
from isa.model import WORD
from isa.python import quotient, remainder

MOST_BITS = 4096
"""Of a value: what grows beyond is a mistake, and would cost the assembler its memory."""


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
    """What `.set` gave a symbol. `value` is kept once it is a number; `expr` is None after a faulty statement."""

    name: str
    expr: Expr | None
    scope: Scope
    piece: Piece
    value: int | None = None
    busy: bool = False


class Scope(Protocol):
    """What names mean to a file."""

    modifiers: Mapping[str, Callable[[int], int]]

    def find(self, name: str) -> Value | Assignment | None:
        """The meaning of a symbol, None if there is none, or none yet."""


class Undefined(Mistake):
    """A symbol that has no value, or none yet."""

    def __init__(self, name: str, at: int | None) -> None:
        self.name = name
        number, mangled, _ = name.partition("\0")
        super().__init__(f"there is no label {number}: after this" if mangled else f"undefined symbol {name}", at)


class Unsettled(Mistake):
    """An address is needed as a number before the program is laid out."""

    def __init__(self, at: int | None = None) -> None:
        super().__init__("this depends on an address, which is not known yet", at)


class Silent(Mistake):
    """The consequence of another mistake, which has been reported."""


def word(value: int, at: int | None) -> int:
    """A value as an unsigned word. Raises Mistake if it fits neither signed nor unsigned."""
    if not -1 << (WORD - 1) <= value < 1 << WORD:
        raise Mistake(f"{value} does not fit in {WORD} bits", at)
    return value & ((1 << WORD) - 1)


def evaluate(e: Expr, scope: Scope) -> Value:
    """The value of an expression: a number, or a place whose section has no address yet.

    Raises Mistake for what has no value.
    """
    if isinstance(e, int):
        return e
    if isinstance(e, Symbol):
        found = scope.find(e.name)
        if found is None:
            raise Undefined(e.name, e.at)
        return assigned(found, e.at) if isinstance(found, Assignment) else settle(found)
    if isinstance(e, Place):
        return settle(e)
    if isinstance(e, Modified):
        value = number(e.a, scope)
        return scope.modifiers[e.name](word(value, e.at))
    if isinstance(e, Chain):
        return chain(e, scope)
    if isinstance(e, Group):
        return evaluate(e.a, scope)
    if isinstance(e, Use):
        return assigned(e.assignment, e.at)
    if isinstance(e, Unary):
        a = number(e.a, scope)
        return -a if e.op == "-" else ~a if e.op == "~" else a if e.op == "+" else int(not a)
    if isinstance(e, Select):
        return evaluate(e.a if number(e.condition, scope) else e.b, scope)
    raise Mistake("this cannot be part of an expression", e.at)


def settle(value: Value) -> Value:
    if isinstance(value, Place) and value.section.base is not None:
        return value.section.base + value.offset
    return value


def number(e: Expr, scope: Scope) -> int:
    """The value of an expression where only a number will do."""
    value = evaluate(e, scope)
    if not isinstance(value, int):
        raise Unsettled(leftmost(e))
    return value


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


def assigned(assignment: Assignment, at: int) -> Value:
    """The value of an assigned symbol; mistakes in its expression are mistakes of the assignment."""
    if assignment.value is not None:
        return assignment.value
    if assignment.busy:
        raise Mistake(f"{assignment.name} is defined by itself", None, assignment.piece)
    if assignment.expr is None:
        raise Silent("", at)
    assignment.busy = True
    try:
        value = evaluate(assignment.expr, assignment.scope)
    except Mistake as mistake:
        mistake.piece = mistake.piece or assignment.piece
        raise
    finally:
        assignment.busy = False
    if isinstance(value, int):
        assignment.value = value
    return value


def chain(e: Chain, scope: Scope) -> Value:
    value = evaluate(e.first, scope)
    for op, right, at in e.rest:
        if op == "&&" or op == "||":
            # As in C, what need not be computed may be meaningless.
            if not isinstance(value, int):
                raise Unsettled(at)
            decided = bool(value) == (op == "||")
            value = int(op == "||") if decided else int(bool(number(right, scope)))
            continue
        value = combine(op, value, evaluate(right, scope), at)
    return value


def combine(op: str, a: Value, b: Value, at: int) -> Value:
    """`a op b`. Raises Mistake if that has no value."""
    if isinstance(a, int) and isinstance(b, int):
        if op in "/%" and not b:
            raise Mistake("division by zero", at)
        if op == "<<" or op == ">>":
            if not 0 <= b < MOST_BITS:
                raise Mistake(f"a shift by {b} bits", at)
        result = OPERATORS[op](a, b)
        if result.bit_length() > MOST_BITS:
            raise Mistake(f"this number has more than {MOST_BITS} bits", at)
        return result
    if isinstance(a, Place):
        if isinstance(b, int) and op in "+-":
            return Place(a.section, a.offset + (b if op == "+" else -b))
        if isinstance(b, Place) and a.section is b.section and op in BETWEEN_PLACES:
            return OPERATORS[op](a.offset, b.offset)
    elif isinstance(b, Place) and op == "+":
        return Place(b.section, a + b.offset)
    raise Unsettled(at)


BETWEEN_PLACES = ("-", "<", "<=", ">", ">=", "==", "!=")
OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": quotient,
    "%": remainder,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "<": lambda a, b: int(a < b),
    "<=": lambda a, b: int(a <= b),
    ">": lambda a, b: int(a > b),
    ">=": lambda a, b: int(a >= b),
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
}


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


def symbols(e: Expr) -> list[Symbol]:
    """The symbols in an expression, in order."""
    found: list[Symbol] = []

    def note(leaf: Symbol | Here | Near | Hole) -> Expr:
        if isinstance(leaf, Symbol):
            found.append(leaf)
        return leaf

    substitute(e, note)
    return found
