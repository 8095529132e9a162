"""Demanded bits: which bits of its operands the wanted bits of a value depend on, and values without what does not
matter."""

from __future__ import annotations

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.known import Known
from ring1.isa.simplify import folded


def asked(e: s.Expr, wanted: int, known: Known) -> tuple[int, ...]:
    """Return, for each expression directly below `e`, its bits on which the bits `wanted` of `e` depend. All other bits
    of all of them may change at once without changing these."""
    below = ones(wanted.bit_length())
    match e:
        case s.Slice(_, _, _, lo):
            return (wanted << lo,)
        case s.Concat(width, parts):
            masks = []
            for part in parts:
                width -= part.width
                masks.append(wanted >> width & ones(part.width))
            return tuple(masks)
        case s.Extend(_, a, is_signed):
            sign = 1 << a.width - 1 if is_signed and wanted >> a.width else 0
            return (wanted & ones(a.width) | sign,)
        case s.Binary(_, "&" | "|" as op, a, b):
            # Where one side alone decides a bit, the other's bit does not matter; where both would, only one of them
            # may be dropped.
            ends = set_never if op == "&" else set_always
            by_a = wanted & ~ends(known, b)
            return by_a, wanted & ~(ends(known, a) & by_a)
        case s.Binary(_, "^", _, _):
            return wanted, wanted
        case s.Binary(_, "*", _, s.Const(_, value)) if value:
            return below >> (value & -value).bit_length() - 1, below
        case s.Binary(_, "+" | "-" | "*", _, _):
            return below, below
        case s.Binary(_, "<<", _, s.Const(_, by) as count):
            return wanted >> by, ones(count.width)
        case s.Binary(_, ">>u", a, s.Const(_, by) as count):
            return wanted << by & ones(a.width), ones(count.width)
        case s.Unary(_, "~", _):
            return (wanted,)
        case s.Select(_, _, a, b):
            return int(needed(a, wanted, known) != needed(b, wanted, known)), wanted, wanted
    return tuple(ones(n.width) for n in s.children(e) if isinstance(n, s.Expr))


def needed(e: s.Expr, wanted: int, known: Known) -> s.Expr:
    """Return an expression with the same bits `wanted`, without what only other bits depend on."""
    wanted &= ones(e.width)
    match e:
        case s.Const(width, value):
            return s.Const(width, value & wanted)
        case s.Select(width, condition, a, b):
            ways = needed(a, wanted, known), needed(b, wanted, known)
            return folded(s.Select(width, needed(condition, 1, known), *ways))
        case s.Binary(width, "&", a, s.Const(_, value)) if value & wanted == wanted:
            return needed(a, wanted, known)
        case s.Slice() | s.Concat() | s.Extend() | s.Binary() | s.Unary():
            if not wanted:
                return s.Const(e.width, 0)
            parts = [n for n in s.children(e) if isinstance(n, s.Expr)]
            made = [needed(part, mask, known) for part, mask in zip(parts, asked(e, wanted, known), strict=True)]
            if isinstance(e, s.Binary) and e.op in ("+", "-", "*"):
                count = carry_free(e, wanted, known)
                made = [without_low(made[0], count), made[1] if e.op == "*" else without_low(made[1], count)]
            return e if made == parts else folded(with_children(e, made))
    return e if wanted else s.Const(e.width, 0)


def with_children(e: s.Expr, made: list[s.Expr]) -> s.Expr:
    match e:
        case s.Concat(width, _):
            return s.Concat(width, tuple(made))
        case s.Slice(width, _, hi, lo):
            return s.Slice(width, made[0], hi, lo)
        case s.Extend(width, _, is_signed):
            return s.Extend(width, made[0], is_signed)
        case s.Unary(width, op, _):
            return s.Unary(width, op, made[0])
        case s.Binary(width, op, _, _):
            return s.Binary(width, op, made[0], made[1])
    raise TypeError(type(e).__name__)


def without_low(e: s.Expr, count: int) -> s.Expr:
    """Return a value with its low bits cleared, if that simplifies it."""
    if count and isinstance(e, s.Concat | s.Const):
        return folded(s.Binary(e.width, "&", e, s.Const(e.width, ones(e.width) & ~ones(count))))
    return e


def carry_free(e: s.Binary, wanted: int, known: Known) -> int:
    """Return the number of low bits of both sides from which nothing carries into the bits `wanted` of the result."""
    a, b = set_ever(known, e.a), set_ever(known, e.b)
    for count in range((wanted & -wanted).bit_length() - 1, 0, -1):
        low, other = a & ones(count), b & ones(count)
        if e.op == "+" and low + other <= ones(count):
            return count
        if e.op == "-" and not other:
            return count
        if e.op == "*" and isinstance(e.b, s.Const) and low * e.b.value <= ones(count):
            return count
    return 0


def depended(e: s.Expr, wanted: int, known: Known) -> tuple[int, ...]:
    """As `asked`, with the other bits unchanged: this can be fewer bits, since carries are known."""
    masks = asked(e, wanted, known)
    if isinstance(e, s.Binary) and e.op in ("+", "-", "*"):
        low = ones(carry_free(e, wanted, known))
        return masks[0] & ~low, masks[1] if e.op == "*" else masks[1] & ~low
    return masks


def set_ever(known: Known, e: s.Expr) -> int:
    """Return the bits that may be set in a value."""
    found = known.range(e)
    return (~found.mask | found.bits) & ones(e.width)


def set_never(known: Known, e: s.Expr) -> int:
    return ones(e.width) & ~set_ever(known, e)


def set_always(known: Known, e: s.Expr) -> int:
    found = known.range(e)
    return found.mask & found.bits
