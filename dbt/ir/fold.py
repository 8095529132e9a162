"""Simplification of expressions: constants folded, offsets combined, slices of slices merged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard

from ring1.isa import semantics as s
from ring1.isa.arithmetic import left, quotient, remainder
from ring1.isa.record import replace

COMMUTATIVE = frozenset(("+", "*", "&", "|", "^", "==", "!="))
INVERSE = {"==": "!=", "!=": "=="}
SHIFTS = ("<<", ">>u", ">>s")
OBSERVED = frozenset((s.Load, s.Port))
"""Expressions that must be evaluated even if their value is not used: a load may trap, a port read may have side
effects."""


def signed(value: int, width: int) -> int:
    """Return an unsigned value of `width` bits as a signed integer."""
    sign = 1 << width - 1
    return (value ^ sign) - sign


def calculate(op: str, a: int, b: int, width: int) -> int:
    """Evaluate a binary operator (see semantics.Binary) on constants of `width` bits."""
    mask = (1 << width) - 1
    sa, sb = signed(a, width), signed(b, width)
    match op:
        case "+":
            return a + b & mask
        case "-":
            return a - b & mask
        case "*":
            return a * b & mask
        case "&":
            return a & b
        case "|":
            return a | b
        case "^":
            return a ^ b
        case "<<":
            return left(a, b, width) & mask
        case ">>u":
            return a >> b
        case ">>s":
            return sa >> b & mask
        case "/u":
            return quotient(a, b) & mask
        case "%u":
            return remainder(a, b) & mask
        case "/s":
            return quotient(sa, sb) & mask
        case "%s":
            return remainder(sa, sb) & mask
        case "==":
            return int(a == b)
        case "!=":
            return int(a != b)
        case "<u":
            return int(a < b)
        case "<=u":
            return int(a <= b)
        case "<s":
            return int(sa < sb)
    assert op == "<=s", op
    return int(sa <= sb)


def binary(op: str, a: s.Expr, b: s.Expr, width: int) -> s.Expr:
    """Return `a op b`, simplified, with a constant on the right if the operator is commutative."""
    if isinstance(a, s.Const) and isinstance(b, s.Const):
        return s.Const(width, calculate(op, a.value, b.value, a.width))
    if op in COMMUTATIVE and isinstance(a, s.Const):
        a, b = b, a
    if op == "-" and isinstance(b, s.Const):
        op, b = "+", s.Const(width, -b.value & (1 << width) - 1)
    if isinstance(a, s.Const) and op == "<u" and a.value == 0:
        op, a, b = "!=", b, a
    if op == "<u" and (bound := wrapped(a, b)) is not None:
        op, a = "<=u", bound
    if isinstance(b, s.Const):
        value, ones = b.value, (1 << width) - 1
        if op in ("+", "|", "^", "<<", ">>u", ">>s", "%u", "%s") and value == 0:
            return a
        if op == "&" and value == ones:
            return a
        if op == ">>s" and value >= width:
            return binary(op, a, s.Const(b.width, width - 1), width)
        if (op == "&" and value == 0) or (op in ("<<", ">>u") and value >= width):
            if droppable(a):
                return s.Const(width, 0)
        elif (op == "|" and value == ones) or (op in ("/u", "/s") and value == 0):
            if droppable(a):
                return s.Const(width, ones)
        # (x + c) + d = x + (c + d), and likewise for the other associative operators.
        if op in ("+", "&", "|", "^") and isinstance(a, s.Binary) and a.op == op and isinstance(a.b, s.Const):
            return binary(op, a.a, s.Const(width, calculate(op, a.b.value, value, width)), width)
        merged = shifted(op, a, value, width) if op in SHIFTS else compared(op, a, value) if width == 1 else None
        if merged is not None:
            return merged
        if op == "&" and not possible(a) & ~value:
            return a
        if op == "&" and isinstance(a, s.Binary) and a.op == "|" and (kept := one_side(a, value)) is not None:
            return binary("&", kept, b, width)
        if op == "^" and value == 1 and truth(a):
            return extend(fold(s.Unary(1, "!", a.a)), width, False)
    elif op == "+" and (moved := outermost(a, b, width)) is not None:
        return moved
    elif a == b and op in ("^", "-") and isinstance(a, s.Register | s.Local):
        return s.Const(width, 0)
    if op in ("<s", "<=s") and a.width < 64 and a.width != 32:
        wide = 32 if a.width < 32 else 64
        a, b = extend(a, wide, True), extend(b, wide, True)
    return s.Binary(width, op, a, b)


def one_side(a: s.Binary, mask: int) -> s.Expr | None:
    """Return the operand of `a` that masked bits of it depend on alone, if there is one."""
    for kept, other in ((a.a, a.b), (a.b, a.a)):
        if not possible(other) & mask and droppable(other):
            return kept
    return None


def shifted(op: str, a: s.Expr, count: int, width: int) -> s.Expr | None:
    """Return `a op count`, where `a` is a sum with a constant or shifted itself, as a simpler value, or None."""
    if not (isinstance(a, s.Binary) and isinstance(a.b, s.Const)):
        return None
    inner = a.b.value
    if op == "<<" and a.op == "+":  # the constant stays outermost, where it meets others
        by = s.Const(8, count)
        return binary("+", binary("<<", a.a, by, width), binary("<<", a.b, by, width), width)
    if a.op == op and inner < width:
        return binary(op, a.a, s.Const(8, inner + count), width)
    if (a.op, op) == ("<<", ">>u") and inner == count:
        return binary("&", a.a, s.Const(width, (1 << width - count) - 1), width)
    return None


def compared(op: str, a: s.Expr, value: int) -> s.Expr | None:
    """Return the comparison of `a` with a constant as a simpler one, or None."""
    if op == "<u" and value == 1:
        return binary("==", a, s.Const(a.width, 0), 1)
    if op not in INVERSE:
        return None
    if truth(a) and value <= 1:
        return a.a if (op == "!=") == (value == 0) else fold(s.Unary(1, "!", a.a))
    if isinstance(a, s.Binary) and a.op in ("+", "^") and isinstance(a.b, s.Const):
        undone = calculate("-" if a.op == "+" else "^", value, a.b.value, a.width)
        return binary(op, a.a, s.Const(a.width, undone), 1)
    return None


def wrapped(a: s.Expr, b: s.Expr) -> s.Const | None:
    """Return the least `b` for which `a < b`, unsigned, where `a` is the sum of `b` with a constant: then it wraps."""
    if isinstance(a, s.Binary) and a.op == "+" and a.a == b and isinstance(a.b, s.Const) and a.b.value:
        return s.Const(a.width, -a.b.value & (1 << a.width) - 1)
    return None


def truth(a: s.Expr) -> TypeGuard[s.Extend]:
    """Is this a one-bit value as a word, 0 or 1?"""
    return isinstance(a, s.Extend) and not a.signed and a.a.width == 1


def outermost(a: s.Expr, b: s.Expr, width: int) -> s.Expr | None:
    """Return `a + b` with the constant that one of them is a sum with outermost; None if there is none."""
    for one, other in ((a, b), (b, a)):
        if isinstance(one, s.Binary) and one.op == "+" and isinstance(one.b, s.Const):
            return binary("+", binary("+", one.a, other, width), one.b, width)
    return None


def possible(e: s.Expr) -> int:
    """Return a mask of the bits that may be 1 in a value."""
    ones = (1 << e.width) - 1
    match e:
        case s.Const(_, value):
            return value
        case s.Extend(_, a, False):
            return possible(a)
        case s.Binary(_, "&", a, b):
            return possible(a) & possible(b)
        case s.Binary(_, "|" | "^", a, b):
            return possible(a) | possible(b)
        case s.Binary(_, "<<", a, s.Const(_, count)) if count < e.width:
            return possible(a) << count & ones
        case s.Binary(_, ">>u", a, s.Const(_, count)):
            return possible(a) >> count
    return ones


def droppable(e: s.Expr) -> bool:
    """May the expression be dropped if its value is not used?"""
    return not s.has(OBSERVED, e)


def part(a: s.Expr, hi: int, lo: int) -> s.Expr:
    """Return bits hi..lo of `a`, simplified."""
    width = hi - lo + 1
    if width == a.width:
        return a
    if isinstance(a, s.Const):
        return s.Const(width, a.value >> lo & (1 << width) - 1)
    if isinstance(a, s.Slice):
        return part(a.a, hi + a.lo, lo + a.lo)
    if isinstance(a, s.Extend):
        if hi < a.a.width:
            return part(a.a, hi, lo)
        if not a.signed and lo >= a.a.width and droppable(a):
            return s.Const(width, 0)
    return s.Slice(width, a, hi, lo)


def extend(a: s.Expr, width: int, is_signed: bool) -> s.Expr:
    """Return `a` extended to `width` bits, simplified."""
    if isinstance(a, s.Const):
        value = signed(a.value, a.width) & (1 << width) - 1 if is_signed else a.value
        return s.Const(width, value)
    if isinstance(a, s.Extend) and not a.signed:
        return extend(a.a, width, False)
    return s.Extend(width, a, is_signed) if width > a.width else a


def rebuild(e: s.Expr, change: Callable[[s.Expr], s.Expr]) -> s.Expr:
    """Return the expression with each leaf replaced by `change` of it, simplified bottom-up."""
    match e:
        case s.Register() | s.Const():
            return change(e)
        case s.Binary(width, op, a, b):
            left, right = rebuild(a, change), rebuild(b, change)
            return e if left is a and right is b else binary(op, left, right, width)
        case s.Slice(_, a, hi, lo):
            return part(rebuild(a, change), hi, lo)
        case s.Extend(width, a, is_signed):
            return extend(rebuild(a, change), width, is_signed)
        case s.Unary(_, _, a):
            return fold(replace(e, a=rebuild(a, change)))
        case s.Select(_, condition, a, b):
            condition = rebuild(condition, change)
            return fold(replace(e, condition=condition, a=rebuild(a, change), b=rebuild(b, change)))
        case s.Concat(_, parts) | s.Call(_, _, parts):
            made = tuple(rebuild(item, change) for item in parts)
            return fold(replace(e, parts=made) if isinstance(e, s.Concat) else replace(e, args=made))
        case s.Load(_, address, _, _):
            return replace(e, address=rebuild(address, change))
        case s.Port(_, port):
            return replace(e, port=rebuild(port, change))
    return change(e)


def fold(e: s.Expr) -> s.Expr:
    """Return the expression simplified, given that its parts are."""
    match e:
        case s.Binary(width, op, a, b):
            return binary(op, a, b, width)
        case s.Slice(_, a, hi, lo):
            return part(a, hi, lo)
        case s.Extend(width, a, is_signed):
            return extend(a, width, is_signed)
        case s.Unary(width, op, a):
            if isinstance(a, s.Const):
                value = {"~": ~a.value, "-": -a.value, "!": 1 - a.value}[op]
                return s.Const(width, value & (1 << width) - 1)
            if op == "!" and isinstance(a, s.Binary) and a.op in INVERSE:
                return s.Binary(1, INVERSE[a.op], a.a, a.b)
            if op == "!" and isinstance(a, s.Binary) and a.op in ("<s", "<u", "<=s", "<=u"):
                strict = a.op.replace("=", "") if "=" in a.op else a.op[0] + "=" + a.op[1]
                return s.Binary(1, strict, a.b, a.a)
        case s.Select(_, s.Const(_, value), a, b):
            return a if value else b
        case s.Concat(width, parts):
            made: s.Expr = s.Const(width, 0)
            at = width
            for piece in parts:
                at -= piece.width
                shifted = binary("<<", extend(piece, width, False), s.Const(8, at), width)
                made = binary("|", made, shifted, width)
            return made
    return e
