"""What holds behind the entry to the guest's trap handler, over the state before it."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.host.target import Unsupported
from ring1.dbt.ir.bind import bind_trap, written_out
from ring1.dbt.ir.fold import binary, fold, part
from ring1.isa import semantics as s
from ring1.isa.model import WORD, Isa
from ring1.isa.simplify import rebuilt

MOST_TESTS = 4
"""Most tests on a way through the entry."""
Field = tuple[str, int, int]
"""Bits hi..lo of a control register."""


def enabled_behind(isa: Isa, trap: s.Raise) -> s.Expr:
    """Return what `enable` says once the trap has been taken. Raises Unsupported where simple rules do not show it."""
    if isa.trap is None or isa.interrupts is None:
        raise Unsupported("trap")
    _, body = bind_trap(isa, trap.cause, trap.value, s.Pc(WORD), None)
    return behind(isa, body, {}, {}, written_out(isa, isa.interrupts.enable), MOST_TESTS)


def behind(
    isa: Isa, body: s.Body, names: Mapping[str, s.Expr], fields: Mapping[Field, s.Expr], e: s.Expr, tests: int
) -> s.Expr:
    """Return the value of an expression behind a body, given what names and written fields are before it."""
    for n, stmt in enumerate(body):
        match stmt:
            case s.Let(name, value):
                names = {**names, name: present(isa, value, names, fields)}
            case s.SetControl(s.Control(_, name), hi, lo, value):
                if isa.controls[name].writable & field(hi, lo) != isa.controls[name].stored & field(hi, lo):
                    raise Unsupported("a field that cannot be written")
                kept = {at: each for at, each in fields.items() if not overlap(at, (name, hi, lo))}
                if any(at != (name, hi, lo) for at in fields.keys() - kept.keys()):
                    raise Unsupported("parts of fields")
                fields = {**kept, (name, hi, lo): present(isa, value, names, fields)}
            case s.If(condition, then, otherwise):
                if not tests:
                    raise Unsupported("tests")
                test, rest = present(isa, condition, names, fields), body[n + 1 :]
                ways = [behind(isa, (*way, *rest), names, fields, e, tests - 1) for way in (then, otherwise)]
                return ways[0] if ways[0] == ways[1] else fold(s.Select(e.width, test, ways[0], ways[1]))
            case s.SetRegister() | s.SetPc():
                pass
            case _:
                raise Unsupported("trap")
    return present(isa, e, {}, fields)


def present(isa: Isa, e: s.Expr, names: Mapping[str, s.Expr], fields: Mapping[Field, s.Expr]) -> s.Expr:
    """Return an expression over the present state as one over the state before the body."""
    match e:
        case s.Local(_, name):
            return names.get(name, e)
        case s.Control(width, name):
            return now(isa, (name, width - 1, 0), e, fields)
        case s.Slice(_, s.Control(_, name), hi, lo):
            return now(isa, (name, hi, lo), e, fields)
    return fold(rebuilt(e, lambda below: present(isa, below, names, fields)))


def now(isa: Isa, at: Field, e: s.Expr, fields: Mapping[Field, s.Expr]) -> s.Expr:
    """Return bits of a control register, `e` before the body, as they are now."""
    written = [other for other in fields if overlap(at, other)]
    if not written:
        return e
    (name, hi, lo), (_, top, bottom) = at, written[0]
    if len(written) > 1 or hi > top or lo < bottom:
        raise Unsupported("parts of fields")
    stored = isa.controls[name].stored >> lo & (1 << hi - lo + 1) - 1
    return binary("&", part(fields[written[0]], hi - bottom, lo - bottom), s.Const(e.width, stored), e.width)


def overlap(a: Field, b: Field) -> bool:
    return a[0] == b[0] and a[1] >= b[2] and b[1] >= a[2]


def field(hi: int, lo: int) -> int:
    return (1 << hi + 1) - (1 << lo)
