"""Exchange of parts of an expression for others."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.ir.fold import fold
from ring1.isa import semantics as s
from ring1.isa.record import fields, replace


def exchange(e: s.Expr, known: Mapping[s.Expr, s.Expr]) -> s.Expr:
    """Return the expression with each part that is known exchanged, simplified."""
    if e in known:
        return known[e]
    parts = {name: getattr(e, name) for name in fields(type(e))}
    made = {name: exchange(part, known) for name, part in parts.items() if isinstance(part, s.Expr)}
    lists = {name: part for name, part in parts.items() if isinstance(part, tuple)}
    inner = {name: tuple(exchange(item, known) for item in part) for name, part in lists.items()}
    return fold(replace(e, **made, **inner)) if made or any(lists.values()) else e
