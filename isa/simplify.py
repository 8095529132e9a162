"""Simplification of expressions, by rules that hold whatever registers and memory contain."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TypeVar

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.python import pure_function
from ring1.isa.record import fields, replace

Node = TypeVar("Node", s.Expr, s.Stmt)
Facts = Mapping[s.Expr, s.Const]
"""Slices of control registers -> their known values."""
DIRECT: dict[str, Callable[[int, int], int]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "==": operator.eq,
    "!=": operator.ne,
    "<u": operator.lt,
    "<=u": operator.le,
    ">>u": operator.rshift,
}
"""Operators with a Python equivalent on unsigned values; the result is truncated to the width."""
BITWISE = ("&", "|", "^")
PAGE = 4096
"""RAM is a whole number of pages of this many bytes."""
ITSELF = {"^": 0, "-": 0, "!=": 0, "<u": 0, "<s": 0, "==": 1, "<=u": 1, "<=s": 1}
"""Operator -> its result for two equal operands."""


def rebuilt(node: Node, change: Callable[[s.Expr], s.Expr]) -> Node:
    """Return the node with `change` applied to each expression directly below it."""
    changed: dict[str, object] = {}
    for name in fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, s.Expr):
            changed[name] = change(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(map(change, value))
    return replace(node, **changed) if changed else node


def pure(e: s.Expr) -> bool:
    """Can the expression be dropped? It has no side effects and does not access memory."""
    return not s.has(frozenset((s.Load, s.Port)), e)


def folded(e: s.Expr) -> s.Expr:
    """Simplify one node: to a constant if its parts are constants, or by an identity."""
    match e:
        case s.Select(_, s.Const(_, value), a, b):
            return a if value else b
        case s.Select(_, condition, a, b) if a == b and pure(condition):
            return a
        case s.Slice():
            return sliced(e)
        case s.Unary(_, "~" | "!" as op, s.Unary(_, again, a)) if op == again:
            return a
        case s.Binary(_, "==" | "!=" as op, a, s.Const(_, value)) if value & ~possible(a) and pure(a):
            return s.Const(1, int(op == "!="))
        case s.Binary(_, "==" | "!=" as op, s.Const(_, value), a) if value & ~possible(a) and pure(a):
            return s.Const(1, int(op == "!="))
        case s.Binary(_, "==" | "!=" as op, s.Extend(width, a, is_signed), s.Const(_, value)):
            low = value & ones(a.width)
            if is_signed and value != (low | (ones(width) & ~ones(a.width) if low >> a.width - 1 else 0)):
                return s.Const(1, int(op == "!=")) if pure(a) else e
            return folded(s.Binary(1, op, a, s.Const(a.width, low)))
        case s.Binary(_, "==" | "!=" as op, s.Concat(width, parts), s.Const(_, value)) if all(map(pure, parts)):
            tests = list[s.Expr]()
            for part in parts:
                width -= part.width
                tests.append(folded(s.Binary(1, op, part, s.Const(part.width, value >> width & ones(part.width)))))
            joined = tests[0]
            for test in tests[1:]:
                joined = folded(s.Binary(1, "&" if op == "==" else "|", joined, test))
            return joined
        case s.Binary(_, "<u" | "<=u" as op, a, s.Const(_, value)) if possible(a) < value + (op == "<=u") and pure(a):
            return s.Const(1, 1)
        case s.Binary(_, "<u" | "<=u" as op, s.Const(_, value), a) if possible(a) < value + (op == "<u") and pure(a):
            return s.Const(1, 0)
        case s.Binary(_, "<s" | "<=s" as op, a, s.Const(width, value)) if value == least_signed(op, width) and pure(a):
            return s.Const(1, int(op == "<=s"))
        case s.Binary(_, "<s" | "<=s" as op, s.Const(width, value), a) if value == most_signed(op, width) and pure(a):
            return s.Const(1, int(op == "<=s"))
        case s.Binary(_, "<=u", s.Const(width, value) as most, a) if value == ones(width):
            return folded(s.Binary(1, "==", a, most))
        case s.Binary(_, "<=u", a, s.Const(_, 0) as least):
            return folded(s.Binary(1, "==", a, least))
        case s.Binary(_, "<u", a, s.Const(width, 1)):
            return folded(s.Binary(1, "==", a, s.Const(width, 0)))
        case s.Binary(_, "<=u", s.Const(_, 0), a) if pure(a):
            return s.Const(1, 1)
        case s.Binary(_, op, a, b) if a == b and pure(a) and (op in ITSELF or op in BITWISE):
            return s.Const(e.width, ITSELF[op]) if op in ITSELF else a
        case s.Binary(1, "&" | "|" as op, a, b) if (other := decided(op, a, b)) is not None:
            return other
        case s.Binary(width, "&", a, b) if not possible(a) & possible(b) and pure(a) and pure(b):
            return s.Const(width, 0)
        case s.Binary(width, op, s.Concat(_, parts), s.Const(_, value)) if op in BITWISE:
            made, at = list[s.Expr](), width
            for part in parts:
                at -= part.width
                made.append(folded(s.Binary(part.width, op, part, s.Const(part.width, value >> at & ones(part.width)))))
            return folded(s.Concat(width, tuple(made)))
        case s.Binary(width, op, s.Const() as value, s.Concat() as parts) if op in BITWISE:
            return folded(s.Binary(width, op, parts, value))
        case s.Binary(width, op, a, b):
            for one, other, first in ((a, b, True), (b, a, False)):
                if isinstance(one, s.Const):
                    known = with_constant(width, op, one, other, first)
                    if known is not None:
                        return known
    match e:
        case s.Binary(width, op, s.Const(_, left), s.Const(_, right)) if op in DIRECT:
            return s.Const(width, DIRECT[op](left, right) & ones(width))
        case s.Extend(width, s.Const(narrow, value), is_signed):
            sign = is_signed and value >> narrow - 1
            return s.Const(width, value | ones(width) & ~ones(narrow) if sign else value)
    below = s.children(e)
    if below and all(isinstance(n, s.Const) for n in below) and not isinstance(e, s.Load | s.Port | s.Call):
        return s.Const(e.width, int(pure_function((), e)()))
    return e


def least_signed(op: str, width: int) -> int:
    """Return the value that no value is below in signed order or, for <=, that no value is above."""
    return 1 << width - 1 if op == "<s" else ones(width - 1)


def most_signed(op: str, width: int) -> int:
    """Return the value that is below no value in signed order or, for <=, that is not above any."""
    return ones(width - 1) if op == "<s" else 1 << width - 1


def possible(e: s.Expr) -> int:
    """Return the bits that may be set in a value."""
    match e:
        case s.Const(_, value):
            return value
        case s.Extend(_, a, False):
            return possible(a)
        case s.Concat(_, parts):
            found = 0
            for part in parts:
                found = found << part.width | possible(part)
            return found
        case s.Slice(width, a, _, lo):
            return possible(a) >> lo & ones(width)
        case s.Binary(_, "&", a, b):
            return possible(a) & possible(b)
        case s.Binary(_, "|" | "^", a, b):
            return possible(a) | possible(b)
        case s.Binary(width, "<<", a, s.Const(_, by)):
            return possible(a) << by & ones(width)
        case s.Binary(_, ">>u", a, s.Const(_, by)):
            return possible(a) >> by
        case s.Select(_, _, a, b):
            return possible(a) | possible(b)
        case s.Call(_, "memory_size", _):
            return ones(e.width) & ~(PAGE - 1)
    return ones(e.width)


def with_constant(width: int, op: str, one: s.Const, other: s.Expr, first: bool) -> s.Expr | None:
    """Simplify an operation with a constant as one side (the first or the second); None if no identity applies."""
    value = one.value
    if value == 0:
        if op in ("&", "*") or (op in ("<<", ">>u", ">>s") and first):
            return s.Const(width, 0) if pure(other) else None
        return other if op in ("|", "^", "+") or (op in ("-", "<<", ">>u", ">>s") and not first) else None
    if value == ones(width) and op in ("&", "|"):
        if op == "&":
            return other
        return one if pure(other) else None
    return other if value == 1 and op == "*" else None


def sliced(e: s.Slice) -> s.Expr:
    """Push a slice towards the sources of its bits."""
    width, hi, lo = e.width, e.hi, e.lo
    match e.a:
        case a if width == a.width:
            return a
        case s.Const(_, value):
            return s.Const(width, value >> lo & ones(width))
        case s.Slice(_, a, _, inner):
            return folded(s.Slice(width, a, hi + inner, lo + inner))
        case s.Extend(_, a, _) if hi < a.width:
            return folded(s.Slice(width, a, hi, lo))
        case s.Extend(_, a, False) if lo >= a.width and pure(a):
            return s.Const(width, 0)
        case s.Concat(whole, parts):
            at = whole
            for part in parts:
                at -= part.width
                if at <= lo and hi < at + part.width and all(pure(p) for p in parts if p is not part):
                    return folded(s.Slice(width, part, hi - at, lo - at))
            if all(map(pure, parts)):
                return across(e, whole, parts)
        case s.Unary(_, "~", a):
            return folded(s.Unary(width, "~", folded(s.Slice(width, a, hi, lo))))
        case s.Binary(_, op, a, b) if op in BITWISE:
            return folded(s.Binary(width, op, folded(s.Slice(width, a, hi, lo)), folded(s.Slice(width, b, hi, lo))))
        case s.Binary(_, "<<", a, s.Const(_, by)) if lo >= by:
            return folded(s.Slice(width, a, hi - by, lo - by))
        case s.Binary(_, ">>u", a, s.Const(_, by)) if hi + by < a.width:
            return folded(s.Slice(width, a, hi + by, lo + by))
        case a if not possible(e) and pure(a):
            return s.Const(width, 0)
        case s.Select(_, condition, a, b):
            return folded(
                s.Select(width, condition, folded(s.Slice(width, a, hi, lo)), folded(s.Slice(width, b, hi, lo)))
            )
    return e


# --- What tests say ------------------------------------------------------------


def decided(op: str, a: s.Expr, b: s.Expr) -> s.Expr | None:
    """Simplify the conjunction or disjunction of two tests, of which one implies something of the other; None if
    neither does."""
    for one, other in ((a, b), (b, a)):
        facts = implied(one, op == "&")
        if facts and pure(other):
            known = assuming(other, facts)
            if known != other:
                return folded(s.Binary(1, op, one, known))
    return None


def implied(test: s.Expr, holds: bool) -> dict[s.Expr, s.Const]:
    """Return the values of fields of control registers that a test implies where it holds, or where it does not."""
    match test:
        case s.Slice(1, s.Control()):
            return {test: s.Const(1, int(holds))}
        case s.Unary(_, "!", a):
            return implied(a, not holds)
        case s.Binary(_, "&" | "|" as op, a, b) if (op == "&") == holds:
            return implied(a, holds) | implied(b, holds)
        case s.Binary(_, "==" | "!=" as op, s.Slice(_, s.Control()) as a, s.Const() as b) if (op == "==") == holds:
            return {a: b}
        case s.Binary(_, "==" | "!=" as op, s.Const() as b, s.Slice(_, s.Control()) as a) if (op == "==") == holds:
            return {a: b}
        case s.Binary(_, "==" | "!=", s.Slice(1, s.Control()) as a, s.Const(_, value)):
            return {a: s.Const(1, 1 - value)}
    return {}


def across(e: s.Slice, whole: int, parts: tuple[s.Expr, ...]) -> s.Expr:
    """Slice bits that extend across several concatenated parts."""
    made: list[s.Expr] = []
    at = whole
    for part in parts:
        at -= part.width
        top, bottom = min(e.hi, at + part.width - 1), max(e.lo, at)
        if top >= bottom:
            made.append(folded(s.Slice(top - bottom + 1, part, top - at, bottom - at)))
    return folded(s.Concat(e.width, tuple(made)))


def assuming(e: s.Expr, facts: Facts) -> s.Expr:
    """Simplify an expression under these facts."""
    match e:
        case s.Slice(width, s.Control(_, name), hi, lo):
            for known, value in facts.items():
                assert isinstance(known, s.Slice) and isinstance(known.a, s.Control)
                if known.a.name == name and known.hi >= hi and known.lo <= lo:
                    return s.Const(width, value.value >> lo - known.lo & ones(width))
            return e
        case s.Const() | s.Register() | s.Operand() | s.Local():
            return e
    return folded(rebuilt(e, lambda below: assuming(below, facts)))
