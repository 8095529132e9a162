"""Writes to control registers of which most bits stay as they are, as writes to the others alone.

RISC-V has no instruction for a single bit: `csrsi sstatus, 2` writes all of a register, in which it has set one bit. As
a write to that bit it is plain where only others decide what addresses mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import index
from typing import NamedTuple

from ring1.dbt.ir.fold import droppable, rebuild
from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.model import WORD, Isa

ALL = ones(WORD)
MOST_BITS = 2
"""Most bits that are written one by one."""
Lets = Mapping[str, s.Expr]
"""Name -> the value that a `let` gave it, over the present state."""


class Bits(NamedTuple):
    """Masks of the bits of a value."""

    same: int
    """They are those of the control register in the same place."""
    zeros: int
    ones: int


NOTHING = Bits(0, 0, 0)


def narrowed(isa: Isa, body: s.Body) -> s.Body:
    """Return the body with each write to a whole control register that changes nothing but few bits, to known values,
    as writes to these bits."""
    made = tuple(narrow(isa, body, {}))
    return body if made == body else used(isa, made)


def narrow(isa: Isa, body: s.Body, lets: Lets) -> Iterator[s.Stmt]:
    for stmt in body:
        match stmt:
            case s.Let(name, value):
                lets = {**lets, name: resolved(value, lets)}
                yield stmt
            case s.SetControl(s.Control(_, name) as control, hi, lo, value):
                there = resolved(value, lets)
                found = bits(there, name) if (hi, lo) == (WORD - 1, 0) and reads(there, name) else NOTHING
                changed = isa.controls[name].writable & ~found.same
                known = changed & (found.zeros | found.ones) == changed and droppable(there)
                if found is NOTHING or not known or changed.bit_count() > MOST_BITS:
                    yield stmt
                else:
                    yield from (s.SetControl(control, n, n, s.Const(1, found.ones >> n & 1)) for n in numbers(changed))
                lets = {each: e for each, e in lets.items() if not reads(e, name)}
            case s.If(condition, then, otherwise):
                yield s.If(condition, tuple(narrow(isa, then, lets)), tuple(narrow(isa, otherwise, lets)))
                if s.has(WRITES, stmt):
                    lets = {}
            case _:
                yield stmt
                if s.has(WRITES, stmt):
                    lets = {}


WRITES = frozenset((s.SetControl,))


def numbers(mask: int) -> Iterator[int]:
    return (n for n in range(WORD) if mask >> n & 1)


def resolved(e: s.Expr, lets: Lets) -> s.Expr:
    """Return an expression with names exchanged for their values."""

    def present(leaf: s.Expr) -> s.Expr:
        return lets.get(leaf.name, leaf) if isinstance(leaf, s.Local) else leaf

    return rebuild(e, present)


def reads(e: s.Expr, control: str) -> bool:
    return any(isinstance(n, s.Control) and n.name == control for n in s.walk(e))


def bits(e: s.Expr, control: str) -> Bits:
    """Return what is known of the bits of a value, as far as simple rules show."""
    match e:
        case s.Control(_, name) if name == control:
            return Bits(ALL, 0, 0)
        case s.Const(_, value):
            value = index(value)  # it may be open (ring1.dbt.ir.open)
            return Bits(0, ALL & ~value, value)
        case s.Extend(_, a, False):
            inner = bits(a, control)
            return Bits(0 if a.width < WORD else inner.same, inner.zeros | ALL & ~ones(a.width), inner.ones)
        case s.Binary(_, "&", a, b):
            one, other = bits(a, control), bits(b, control)
            same = one.same & other.same | one.same & other.ones | one.ones & other.same
            return Bits(same, one.zeros | other.zeros, one.ones & other.ones)
        case s.Binary(_, "|", a, b):
            one, other = bits(a, control), bits(b, control)
            same = one.same & other.same | one.same & other.zeros | one.zeros & other.same
            return Bits(same, one.zeros & other.zeros, one.ones | other.ones)
        case s.Select(_, _, a, b):
            one, other = bits(a, control), bits(b, control)
            return Bits(one.same & other.same, one.zeros & other.zeros, one.ones & other.ones)
    return NOTHING


def used(isa: Isa, body: s.Body) -> s.Body:
    """Return the body without names that nothing uses, and without assignments to hardwired registers."""
    kept: list[s.Stmt] = []
    named = {n.name for n in s.walk(*body) if isinstance(n, s.Local)}
    for stmt in body:
        match stmt:
            case s.SetRegister(index, value) if index in isa.hardwired and droppable(value):
                continue
            case s.Let(name, value) if name not in named and droppable(value):
                continue
        kept.append(stmt)
    return body if len(kept) == len(body) else used(isa, tuple(kept))
