"""Control bits that must be 1 for interrupts to be taken."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa import semantics as s
from ring1.isa.derived import derived
from ring1.isa.model import Isa

Bit = tuple[str, int]
"""A stored bit of a control register: the register's name, and the bit's number."""


@derived
def needed(isa: Isa) -> Mapping[str, int]:
    """Return control register -> mask of the bits without which `enable` has no line; it may require more."""
    return without(isa, isa.interrupts.enable) if isa.interrupts else {}


def without(isa: Isa, e: s.Expr) -> dict[str, int]:
    """Return control register -> mask of the bits without which a value is 0; it may require more."""
    masks: dict[str, int] = {}
    for name, number in frozenset.intersection(*(bits(isa, e, n) for n in range(e.width))):
        masks[name] = masks.get(name, 0) | 1 << number
    return masks


def bits(isa: Isa, e: s.Expr, n: int) -> frozenset[Bit]:
    """Return the stored bits without which bit `n` of a value cannot be 1, as far as simple rules show."""
    match e:
        case s.Control(_, name):
            for f in isa.controls[name].fields:
                if f.lo <= n <= f.hi:
                    return bits(isa, f.source, n - f.lo) if f.source is not None else frozenset(((name, n),))
        case s.Slice(_, a, _, lo):
            return bits(isa, a, n + lo)
        case s.Extend(_, a, signed) if n < a.width or signed:
            return bits(isa, a, min(n, a.width - 1))
        case s.Concat(_, parts):
            for part in reversed(parts):
                if n < part.width:
                    return bits(isa, part, n)
                n -= part.width
        case s.Binary(_, "&", a, b):
            return bits(isa, a, n) | bits(isa, b, n)
        case s.Binary(_, "|", a, b):
            return bits(isa, a, n) & bits(isa, b, n)
    return frozenset()
