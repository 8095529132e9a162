"""Patterns: stencils whose registers are open as well as their constants.

A pattern is for an instruction in a processor mode whose register operands are in given kinds of places: which of them
are the same register, and which are in host registers. So it does not depend on which guest registers are pinned to
which host registers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ring1.dbt.ir.open import Formula
from ring1.isa import semantics as s
from ring1.isa.model import Instruction, Isa

ENTER, FOLLOW, UNDEFINED = "<enter>", "<follow>", "<undefined>"
"""Names of the patterns that belong to no instruction: the entry of a block, going on to the block behind it, and a
word that is no instruction."""
AMID, STEP = "<amid>", "<step>"
"""The same of a stepping twin: its entry, and paying for the next instruction."""
ANY_MODE = -1
MOST_COUNT = 126
"""The most instructions of a block of stencils: so few are counted by constants of 8 bits."""


class Key(NamedTuple):
    """What a pattern is for."""

    name: str
    mode: int
    """The processor mode; ANY_MODE for a pattern that is the same in all."""
    lookup: bool
    """Addresses are looked up in the software TLB."""
    paged: bool
    """The block makes sure of its page (for ENTER only)."""
    places: tuple[int, ...]
    """Where the registers are: see `places`."""
    controls: tuple[int, ...]
    """The numbers that the instruction goes by: of control registers that operands name, and of registers where its
    body asks for them."""


class Way(NamedTuple):
    """A way out of a stencil: an Exit whose pc and refund are formulas, by number."""

    kind: str
    pc: int
    """-1: pc is already in the state block."""
    reason: str
    refund: int
    by: int
    label: int
    site: int


Home = str | int
"""Where a guest register is: a host register by name, or the displacement of its word of the state block."""


class Pattern(NamedTuple):
    """A pattern: what it is good for, and what it becomes."""

    guards: tuple[Formula, ...]
    """What must hold for constants and place."""
    formulas: tuple[Formula, ...]
    """The values of blanks, and of what ways out say."""
    ways: tuple[Way, ...]
    homes: tuple[Home, ...]
    """Of each register, in the order of `registers`: what stands for its home in `items`."""
    items: bytes
    """The host instructions of both parts of the stencil, pickled: they are seldom needed."""
    entries: tuple[int, ...] = ()
    """Labels of the block's entries (for ENTER only)."""
    ends: bool = False
    """The block ends behind it."""
    left: bool = False
    """The instruction is left to others, or traps: the block does not execute it."""
    follows: bool = False
    """If the block ends behind it, it goes on to the next instruction."""
    any_mode: bool = False
    """It is the same in all processor modes."""

    @property
    def plain(self) -> tuple[Any, ...]:
        """The pattern as tuples, strings and numbers alone."""
        return (*(tuple(map(tuple, part)) for part in self[:3]), *self[3:])

    @staticmethod
    def of(plain: tuple[Any, ...]) -> Pattern:
        """Return the pattern of which this is the plain form."""
        guards, formulas, ways, *others = plain
        made = (Formula(*one) for one in guards), (Formula(*one) for one in formulas), (Way(*one) for one in ways)
        return Pattern(tuple(made[0]), tuple(made[1]), tuple(made[2]), *others)


def implicit(isa: Isa, insn: Instruction) -> tuple[int, ...]:
    """Return the numbers of the registers that an instruction uses without an operand that names them."""
    found = {n.index for n in s.walk(*insn.body) if isinstance(n, s.Register | s.SetRegister)}
    return tuple(sorted(n for n in found if isinstance(n, int) and n not in isa.hardwired))


def registers(isa: Isa, named: Iterable[int]) -> list[int]:
    """Return the distinct registers of those that an instruction names or uses implicitly, without hardwired ones."""
    return [n for n in dict.fromkeys(named) if n not in isa.hardwired]


def places(isa: Isa, named: tuple[int, ...], pinned: Mapping[int, str]) -> tuple[int, ...]:
    """Describe where registers are, so that instructions of one description differ in the names of places alone.

    For each of them: -1 - its number if it is hardwired, else its position in `registers`; then for each of those,
    whether it is pinned.
    """
    distinct = registers(isa, named)
    at = {n: position for position, n in enumerate(distinct)}
    return (*(at.get(n, -1 - n) for n in named), *(int(n in pinned) for n in distinct))
