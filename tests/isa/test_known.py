"""What is known of values where tests have been decided, held against the values themselves: expressions at random, and
all that makes them simpler, evaluated where the tests come out as they are said to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import pytest

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.demand import asked, depended, needed
from ring1.isa.known import COMPARISONS, FALSE, TRUE, Known, any_of, compared, only
from ring1.isa.python import pure_function

NAMES = {"a": 8, "b": 8, "c": 3, "d": 1, "e": 1}
"""Locals of the expressions, and their widths."""
EXPRESSIONS = 250
VALUES = 40


def constant(r: Random, width: int) -> s.Const:
    top = ones(width)
    return s.Const(width, r.choice((0, 1, top, top >> 1, 1 << width - 1, r.getrandbits(width))) & top)


def expression(r: Random, width: int, depth: int = 4) -> s.Expr:
    """One of a width, over the locals."""
    leaves = [s.Local(w, name) for name, w in NAMES.items() if w == width]
    if not depth or r.random() < 0.15:
        return r.choice(leaves) if leaves and r.random() < 0.8 else constant(r, width)

    def any_(w: int) -> s.Expr:
        return expression(r, w, depth - 1)

    kind = r.randrange(8)
    if width == 1 and kind < 4:
        w = r.choice((8, 8, 3, 1))
        other = any_(w) if r.random() < 0.3 else constant(r, w)
        sides = (any_(w), other) if r.random() < 0.7 else (other, any_(w))
        return s.Binary(1, r.choice(COMPARISONS), *sides)
    if kind == 4:
        return s.Select(width, any_(1), any_(width), any_(width))
    if kind == 5:
        wide = r.choice([w for w in (8, 10, 12) if w >= width])
        lo = r.randint(0, wide - width)
        return s.Slice(width, any_(wide), lo + width - 1, lo)
    if kind == 6 and width > 1:
        inner = r.randint(1, width - 1)
        if r.random() < 0.5:
            return s.Concat(width, (any_(width - inner), any_(inner)))
        return s.Extend(width, any_(inner), r.random() < 0.5)
    if kind == 7:
        if width == 1:
            return s.Unary(1, "!", any_(1))
        return s.Binary(width, r.choice(("<<", ">>u", ">>s")), any_(width), s.Const(8, r.randrange(width + 2)))
    if kind == 0:
        return s.Unary(width, r.choice("~-"), any_(width))
    ops = ("&", "|", "^", "&", "|") if width == 1 else ("&", "|", "^", "+", "-", "*", "&")
    other = any_(width) if r.random() < 0.5 else constant(r, width)
    return s.Binary(width, r.choice(ops), any_(width), other)


def function(e: s.Expr) -> Callable[[Mapping[str, int]], int]:
    """What computes an expression."""
    made = pure_function(NAMES, e)
    return lambda values: int(made(*values.values()))


def value(e: s.Expr, values: Mapping[str, int]) -> int:
    return int(pure_function(values, e)(*values.values()))


def drawn(r: Random) -> dict[str, int]:
    return {name: constant(r, width).value for name, width in NAMES.items()}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_simpler_is_the_same(seed: int) -> None:
    """Where the tests on the way come out so; and a way that is said to be none is none."""
    r = Random(f"known {seed}")
    decided = impossible = 0
    for _ in range(EXPRESSIONS):
        known, tests = Known(), list[tuple[s.Expr, bool]]()
        for _ in range(r.randrange(4)):
            tests.append((expression(r, 1), r.random() < 0.5))
            known = known.where(*tests[-1])
        e = expression(r, r.choice((1, 8, 8)))
        made = known.simplified(e)
        decided += isinstance(made, s.Const) and not isinstance(e, s.Const)
        impossible += not known.possible
        premises, simple, whole = [(function(t), holds) for t, holds in tests], function(made), function(e)
        for _ in range(VALUES):
            values = drawn(r)
            if all(test(values) == holds for test, holds in premises):
                assert known.possible, (tests, values)
                assert simple(values) == whole(values), (tests, e, made, values)
                assert known.range(e).has(whole(values)), (tests, e, values)
    assert decided > EXPRESSIONS // 20 and impossible


@pytest.mark.parametrize("seed", range(4))
def test_bits_that_nothing_depends_on(seed: int) -> None:
    """An expression without them has the same bits; so it has whatever these bits are, all of them at once."""
    r = Random(f"demand {seed}")
    known = Known()
    for _ in range(EXPRESSIONS):
        e = expression(r, 8)
        wanted = r.choice((0xFF, 1, 0x80, 0xF0, r.getrandbits(8)))
        made = needed(e, wanted, known)
        below = [n for n in s.children(e) if isinstance(n, s.Expr)]
        masks = asked(e, wanted, known)
        fewer = depended(e, wanted, known)
        assert len(masks) == len(fewer) == len(below)
        simple, whole, each = function(made), function(e), [function(part) for part in below]
        for _ in range(VALUES // 4):
            values = drawn(r)
            before = whole(values)
            assert (simple(values) ^ before) & wanted == 0, (e, wanted, made, values)
            if isinstance(e, s.Select | s.Local | s.Const):
                continue
            parts = [part(values) for part in each]
            noise = [n & m | r.getrandbits(p.width) & ~m for n, m, p in zip(parts, masks, below, strict=True)]
            assert (again(e, below, noise) ^ before) & wanted == 0, (e, wanted, masks, values)


def again(e: s.Expr, below: list[s.Expr], values: list[int]) -> int:
    """The value of an expression when those below it have these."""
    consts = [s.Const(part.width, v & ones(part.width)) for part, v in zip(below, values, strict=True)]
    match e:
        case s.Concat(width, _):
            return value(s.Concat(width, tuple(consts)), {})
        case s.Slice(width, _, hi, lo):
            return value(s.Slice(width, consts[0], hi, lo), {})
        case s.Extend(width, _, is_signed):
            return value(s.Extend(width, consts[0], is_signed), {})
        case s.Unary(width, op, _):
            return value(s.Unary(width, op, consts[0]), {})
        case s.Binary(width, op, _, _):
            return value(s.Binary(width, op, consts[0], consts[1]), {})
    raise TypeError(type(e).__name__)


@pytest.mark.parametrize("op", COMPARISONS)
def test_comparisons_of_ranges(op: str) -> None:
    """Of all values of three bits."""
    for a in range(8):
        for b in range(8):
            holds = value(s.Binary(1, op, s.Const(3, a), s.Const(3, b)), {})
            assert compared(op, only(3, a), only(3, b)) == holds
            assert compared(op, any_of(3), only(3, b)) in (None, holds)


def test_contradictions() -> None:
    a = s.Local(8, "a")
    below = s.Binary(1, "<u", a, s.Const(8, 4))
    assert Known().where(below).decided(s.Binary(1, "==", a, s.Const(8, 9))) == FALSE
    assert Known().where(below, False).decided(s.Binary(1, "==", a, s.Const(8, 3))) == FALSE
    assert Known().decided(s.Binary(1, "<u", a, s.Const(8, 0))) == FALSE
    odd = Known().where(s.Slice(1, a, 0, 0))
    assert odd.decided(s.Binary(1, "==", a, s.Const(8, 6))) == FALSE
    low = Known().where(s.Binary(1, "<s", a, s.Const(8, 0x80)))
    assert not low.possible
    negative = Known().where(s.Binary(1, "<s", a, s.Const(8, 0)))
    assert negative.decided(s.Binary(1, "<=u", s.Const(8, 0x80), a)) == TRUE
