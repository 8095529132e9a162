"""What operators give, by every evaluator of the description language, held against a few lines that share nothing with
them; and that no value makes one of them dear."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from ring1.dbt.ir.fold import binary
from ring1.isa import semantics as s
from ring1.isa.python import pure_function
from ring1.isa.simplify import folded


def signed(a: int, width: int) -> int:
    return a - (1 << width) if a >> width - 1 else a


def divided(a: int, b: int, width: int) -> tuple[int, int]:
    """Quotient and remainder of integers, toward zero; by zero, as RISC-V has it."""
    if b == 0:
        return -1, a
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return quotient, a - quotient * b


MODEL: dict[str, Callable[[int, int, int], int]] = {
    "+": lambda a, b, w: a + b,
    "-": lambda a, b, w: a - b,
    "*": lambda a, b, w: a * b,
    "&": lambda a, b, w: a & b,
    "|": lambda a, b, w: a | b,
    "^": lambda a, b, w: a ^ b,
    "/u": lambda a, b, w: divided(a, b, w)[0],
    "%u": lambda a, b, w: divided(a, b, w)[1],
    "/s": lambda a, b, w: divided(signed(a, w), signed(b, w), w)[0],
    "%s": lambda a, b, w: divided(signed(a, w), signed(b, w), w)[1],
    "<<": lambda a, b, w: a * 2 ** min(b, w),
    ">>u": lambda a, b, w: a // 2 ** min(b, w),
    ">>s": lambda a, b, w: signed(a, w) // 2 ** min(b, w),
    "==": lambda a, b, w: a == b,
    "!=": lambda a, b, w: a != b,
    "<u": lambda a, b, w: a < b,
    "<=u": lambda a, b, w: a <= b,
    "<s": lambda a, b, w: signed(a, w) < signed(b, w),
    "<=s": lambda a, b, w: signed(a, w) <= signed(b, w),
}
SHIFTS = ("<<", ">>u", ">>s")
RELATIONS = ("==", "!=", "<u", "<=u", "<s", "<=s")
EVALUATORS: dict[str, Callable[[s.Binary], int]] = {
    "interpreter": lambda e: pure_function("ab", s.Binary(e.width, e.op, named(e.a, "a"), named(e.b, "b")))(*values(e)),
    "interpreter of constants": lambda e: int(pure_function((), e)()),
    "translator": lambda e: value(binary(e.op, e.a, e.b, e.width)),
    "classification": lambda e: value(folded(e)),
}


def named(e: s.Expr, name: str) -> s.Expr:
    return s.Local(e.width, name)


def value(e: s.Expr) -> int:
    assert isinstance(e, s.Const)
    return e.value


def values(e: s.Binary) -> tuple[int, int]:
    return value(e.a), value(e.b)


def operands(op: str, width: int, a: int, b: int, other: int) -> s.Binary:
    return s.Binary(1 if op in RELATIONS else width, op, s.Const(width, a), s.Const(other, b))


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("op", MODEL)
def test_operators(op: str, evaluator: str) -> None:
    """All values of a few bits, and edges of more."""
    evaluate = EVALUATORS[evaluator]
    for width in (1, 2, 3, 31, 32, 33, 63, 64, 65, 128):
        other = 9 if op in SHIFTS else width
        edges = {0, 1, 2, width, (1 << width - 1) - 1, 1 << width - 1, (1 << width) - 2, (1 << width) - 1}
        some = {n & (1 << width) - 1 for n in edges}
        for a, b in product(some, {n & (1 << other) - 1 for n in edges | {31, 32, 33, 64, 300}}):
            wanted = int(MODEL[op](a, b, width)) & (1 if op in RELATIONS else (1 << width) - 1)
            assert evaluate(operands(op, width, a, b, other)) == wanted, (width, a, b)


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("op", SHIFTS)
def test_a_count_costs_nothing(op: str, evaluator: str) -> None:
    """One that would need more memory than there is, were bits kept that no register has."""
    for width, other in ((32, 32), (64, 64), (128, 128), (1, 128)):
        a, count = 1 << width - 1, (1 << other) - 1
        wanted = (1 << width) - 1 if op == ">>s" else 0
        assert EVALUATORS[evaluator](operands(op, width, a, count, other)) == wanted
