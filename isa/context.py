"""The control bits that address translation depends on, besides the page tables, as derived from the description."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from ring1.isa import semantics as s
from ring1.isa.controls import control_bits
from ring1.isa.derived import derived
from ring1.isa.model import WORD, Isa, Paging

MOST = 64
"""Bits of the largest context word."""


def tables(isa: Isa) -> tuple[Paging, ...]:
    """Return the kinds of page tables that a machine has: the first ones, and the second ones if there are any."""
    return tuple(p for p in (isa.paging, isa.nested) if p is not None)


@derived
def paging_bits(isa: Isa) -> Mapping[str, int]:
    """Return all control bits that the translation of an address depends on: register -> mask.

    For a register that locates the tables these are all of its bits, so that an address-space identifier is included,
    unless the register holds the processor mode as well.
    """
    mode, both = isa.mode, tables(isa)
    masks = control_bits(isa, *(e for p in both for e in (*p.rights, p.when)))
    for name, mask in control_bits(isa, *(p.root for p in both)).items():
        whole = mask if mode and mode.control == name else isa.controls[name].stored
        masks[name] = masks.get(name, 0) | whole
    return masks


@derived
def space_bits(isa: Isa) -> Mapping[str, int]:
    """Return `paging_bits` without the processor mode: the bits that, with the mode, select translations and rights."""
    masks = dict(paging_bits(isa))
    if isa.mode and isa.mode.control in masks:
        masks[isa.mode.control] &= ~isa.mode.bits.mask
    return {name: mask for name, mask in masks.items() if mask}


@derived
def context(isa: Isa) -> s.Expr | None:
    """Return the context word: the bits of `space_bits` as one value, of 32 bits if they are one register's, else of
    64. None if there are none, or too many."""
    parts, at = list[s.Expr](), 0
    bits = sorted(space_bits(isa).items())
    width = WORD if len(bits) == 1 else MOST
    for name, mask in bits:
        whole, lo = s.Control(WORD, name), (mask & -mask).bit_length() - 1 if parts else 0
        part: s.Expr = whole if mask == isa.controls[name].stored else s.Binary(WORD, "&", whole, s.Const(WORD, mask))
        part = s.Binary(WORD, ">>u", part, s.Const(8, lo)) if lo else part
        part = s.Extend(MOST, part, False) if width > WORD else part
        parts.append(s.Binary(MOST, "<<", part, s.Const(8, at)) if at else part)
        at += mask.bit_length() - lo
    if not parts or at >= MOST:  # the word of all ones stands for none
        return None
    return reduce(lambda a, b: s.Binary(MOST, "|", a, b), parts)
