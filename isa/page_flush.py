"""Flushes of single pages, as far as a description has them."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa import semantics as s
from ring1.isa.derived import derived
from ring1.isa.model import WORD, Isa


@derived
def leaves(isa: Isa) -> Mapping[int, int]:
    """Return, for each size of page that a leaf may map, as the log2 of its bytes, where its part begins of a table
    that has a byte for each such page. Empty if no instruction flushes a single page, or second tables
    translate as well."""
    bodies = [insn.body for insn in isa.instructions.values()]
    if (
        isa.paging is None
        or isa.nested is not None
        or not any(isinstance(n, s.Flush) and n.addresses for body in bodies for n in s.walk(*body))
    ):
        return {}
    made, shift, at = dict[int, int](), WORD, 0
    for bits in isa.paging.levels:
        shift -= bits
        made[shift] = at
        at += 1 << WORD - shift
    return made
