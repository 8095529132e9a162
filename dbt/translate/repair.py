"""Deferred values as plain data: what a register's value is, over the places of registers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ring1.dbt.ir.fold import calculate
from ring1.dbt.translate.deferred import Held
from ring1.isa import semantics as s

Formula: TypeAlias = int | tuple[int] | tuple[str, int, "Formula", "Formula"]
"""A constant; the number of a register, in a tuple of its own; an operator, the width of its operands, the operands."""
Repair = tuple[int, Formula]
"""How to repair a register after a fault: its number and its value."""


def repair(held: Held) -> tuple[Repair, ...]:
    """Return deferred values as plain data."""
    return tuple((number, formula(value)) for number, value in held)


def formula(e: s.Expr) -> Formula:
    match e:
        case s.Const(_, constant):
            return constant
        case s.Register(_, int(number)):
            return (number,)
        case s.Extend(_, a, False):
            return formula(a)
        case s.Binary(_, op, a, b):
            return op, a.width, formula(a), formula(b)
    raise AssertionError(e)


def evaluate(value: Formula, words: Sequence[int]) -> int:
    """Return the value of a formula, given the registers as generated code left them."""
    if isinstance(value, int):
        return value
    if len(value) == 1:
        return words[value[0]]
    op, width, a, b = value
    return calculate(op, evaluate(a, words), evaluate(b, words), width)
