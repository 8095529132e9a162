"""Evaluation of the assembly language's expressions: unbounded integers, checked where they are used.

Before the program is laid out, an address is known only as a place in a section. Sums, differences and comparisons of
places in one section can be evaluated all the same; anything else that needs an address cannot yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ring1.isa.arithmetic import quotient, remainder
from ring1.isa.asm.lines import Mistake
from ring1.isa.asm.nodes import (
    Assignment,
    Chain,
    Expr,
    Group,
    Modified,
    Place,
    Scope,
    Select,
    Symbol,
    Unary,
    Use,
    Value,
    leaves,
    leftmost,
)
from ring1.isa.model import WORD

MOST_BITS = 4096
"""The most bits of a value; a larger one is a mistake, and would exhaust the assembler's memory."""


class Undefined(Mistake):
    """A symbol has no value, or none yet."""

    def __init__(self, name: str, at: int | None) -> None:
        self.name = name
        number, mangled, _ = name.partition("\0")
        super().__init__(f"there is no label {number}: after this" if mangled else f"undefined symbol {name}", at)


class Unsettled(Mistake):
    """An address is needed as a number before the program is laid out."""

    def __init__(self, at: int | None = None) -> None:
        super().__init__("this depends on an address, which is not known yet", at)


class Silent(Mistake):
    """The consequence of another mistake that has already been reported."""


def word(value: int, at: int | None) -> int:
    """Return a value as an unsigned word. Raises Mistake if it fits neither as signed nor as unsigned, nor, as in GNU
    as, as a negative number of twice the width."""
    if (1 << 2 * WORD) - (1 << WORD - 1) <= value < 1 << 2 * WORD:
        value -= 1 << 2 * WORD
    if not -1 << (WORD - 1) <= value < 1 << WORD:
        raise Mistake(f"{value} does not fit in {WORD} bits", at)
    return value & ((1 << WORD) - 1)


def evaluate(e: Expr, scope: Scope) -> Value:
    """Evaluate an expression to a number, or to a place whose section has no address yet.

    Raises Mistake if it has no value.
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
        return modified(e, scope)
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


def modified(e: Modified, scope: Scope) -> int:
    """Apply a modifier. Raises Mistake."""
    function, a, place = scope.modifiers[e.name], e.a, e.place
    if not function.placed:
        return function.apply(word(number(a, scope), e.at))
    if function.of:
        place = labelled(a, scope)
        found = scope.modified(function.of, place) if place is not None else None
        if found is None:
            raise Mistake(f"this is not the label of an instruction with %{function.of}", e.at)
        a = found
    if place is None:
        raise Mistake(f"%{e.name} can stand in an instruction alone", e.at)
    return function.apply(word(number(a, scope), e.at), word(number(place, scope), e.at))


def labelled(e: Expr, scope: Scope) -> Place | None:
    """Return the place that an expression names; None if it does not. Raises Undefined."""
    if isinstance(e, Group):
        return labelled(e.a, scope)
    if not isinstance(e, Symbol):
        return e if isinstance(e, Place) else None
    found = scope.find(e.name)
    if found is None:
        raise Undefined(e.name, e.at)
    return found if isinstance(found, Place) else None


def settle(value: Value) -> Value:
    if isinstance(value, Place) and value.section.base is not None:
        return value.section.base + value.offset
    return value


def number(e: Expr, scope: Scope) -> int:
    """Evaluate an expression that must be a number. Raises Mistake."""
    value = evaluate(e, scope)
    if not isinstance(value, int):
        raise Unsettled(leftmost(e))
    return value


def assigned(assignment: Assignment, at: int) -> Value:
    """Return the value of an assigned symbol; mistakes in its expression are reported at the assignment."""
    if assignment.busy:
        raise Mistake(f"{assignment.name} is defined by itself", None, assignment.piece)
    if assignment.expr is None:
        raise Silent("", at)
    failed = assignment.failed
    if failed is None and assignment.value is None:
        failed = resolve(assignment)
    if failed is not None:
        raise failed.with_traceback(None)
    assert assignment.value is not None
    return settle(assignment.value)


def resolve(first: Assignment) -> Mistake | None:
    """Evaluate an assigned symbol, or return the mistake that prevents it. The symbols in its expression are evaluated
    before it and without recursion: chains of them may be longer than Python's stack is deep."""
    path, seen = [first], []
    while path:
        here = path[-1]
        if here.value is not None or here.failed is not None or here.expr is None:
            path.pop()
            continue
        try:
            if not here.busy:
                here.busy = True
                seen.append(here)
                path += [part for part in parts(here.expr, here.scope) if not part.busy]
                continue
            here.value = evaluate(here.expr, here.scope)
        except Mistake as mistake:
            mistake.piece = mistake.piece or here.piece
            here.failed = mistake
        except RecursionError:
            here.failed = Mistake("this is nested too deeply", None, here.piece)
        here.busy = False
    failed = first.failed
    for here in seen:
        if here.failed is failed is not None and first.scope.linked:
            here.expr = None  # it will never have a value, and one report is enough
        here.failed = None  # evaluation of others may succeed, or not be needed
    return failed


def parts(e: Expr, scope: Scope) -> Iterator[Assignment]:
    """Yield the assigned symbols in an expression."""
    for leaf in leaves(e):
        if isinstance(leaf, Use):
            yield leaf.assignment
        elif isinstance(leaf, Symbol) and isinstance(found := scope.find(leaf.name), Assignment):
            yield found


def chain(e: Chain, scope: Scope) -> Value:
    value = evaluate(e.first, scope)
    for op, right, at in e.rest:
        if op == "&&" or op == "||":
            # As in C, an operand that is not evaluated may be meaningless.
            if not isinstance(value, int):
                raise Unsettled(at)
            decided = bool(value) == (op == "||")
            value = int(op == "||") if decided else int(bool(number(right, scope)))
            continue
        value = combine(op, value, evaluate(right, scope), at)
    return value


def combine(op: str, a: Value, b: Value, at: int) -> Value:
    """Return `a op b`. Raises Mistake if it has no value."""
    if isinstance(a, int) and isinstance(b, int):
        if op in "/%" and not b:
            raise Mistake("division by zero", at)
        if op in ("<<", ">>") and not 0 <= b < MOST_BITS:
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
