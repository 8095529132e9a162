"""Stencils, and copies of them for a word: what is left to fill in then depends on where the instruction is."""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import Any, NamedTuple

from ring1.dbt.host.block import Exit
from ring1.dbt.host.stencil import EncodedStencil
from ring1.dbt.stencils.formulas import Formulas, Function
from ring1.dbt.stencils.pattern import Key, Pattern

Place = tuple[int, int, int, int]
"""pc of the instruction, its index in the block, the number of instructions that the block executes, and the frame."""
FILL = {1: Struct("<b").pack_into, 4: Struct("<i").pack_into}
DISTANCE = Struct("<i").pack_into


class Functions:
    """A pattern's formulas as functions of constants and word, and of the place as well."""

    __slots__ = ("guard", "parts", "pattern", "place_guard", "place_values", "values")

    def __init__(self, pattern: Pattern, formulas: Formulas) -> None:
        self.pattern = pattern
        self.parts: object = None
        """The pattern's items as the host has prepared them (StencilEncoder.prepared), once they have been needed."""
        self.guard = formulas.condition(pattern.guards, False)
        self.place_guard = formulas.condition(pattern.guards, True)
        self.values: Function = formulas.of_word(pattern.formulas)
        self.place_values: Function = formulas.of_place(pattern.formulas)

    def serves(self, constants: Sequence[int], word: int, place: Place) -> bool:
        """Does the pattern serve a word at a place?"""
        if self.guard is not None and not self.guard(constants, word):
            return False
        return self.place_guard is None or bool(self.place_guard(constants, word, *place))


class PlainStencil(NamedTuple):
    """The host code of a pattern with the registers of a word, as tuples, strings and numbers alone."""

    key: Key
    number: int
    """The pattern is this one of those for the key."""
    main: bytes
    rest: bytes
    gaps: tuple[tuple[Any, ...], ...]
    """See EncodedStencil; those that depend on the word alone."""
    place_gaps: tuple[tuple[Any, ...], ...]
    links: tuple[tuple[Any, ...], ...]
    ways: tuple[tuple[Any, ...], ...]
    """Fields of Leaving, followed by those of Way."""
    entries: tuple[tuple[bool, int], ...]
    fixed: bool
    """It is the same anywhere."""


def plain(key: Key, number: int, pattern: Pattern, code: EncodedStencil) -> PlainStencil:
    """Return the stencil of a pattern."""
    gaps = [[tuple(g) for g in code.gaps if pattern.formulas[g.blank].placed == placed] for placed in (False, True)]
    ways = tuple((*leaving, *way) for leaving, way in zip(code.leaving, pattern.ways, strict=True))
    fixed = not (gaps[1] or code.rest or code.links or any(guard.placed for guard in pattern.guards))
    parts = tuple(gaps[0]), tuple(gaps[1]), tuple(map(tuple, code.links)), ways, code.entries, fixed
    return PlainStencil(tuple(key), number, code.main, code.rest, *parts)  # type: ignore[arg-type]


class Stencil:
    """The host code of a pattern with the registers of a word."""

    __slots__ = ("code", "functions", "pattern")

    def __init__(self, code: PlainStencil, functions: Functions) -> None:
        self.code = code
        self.functions = functions
        self.pattern = functions.pattern

    def fits(self, constants: Sequence[int], word: int) -> bool:
        """Does it serve a word, as far as that does not depend on the place?"""
        guard = self.functions.guard
        return guard is None or guard(constants, word)

    def copy(self, constants: Sequence[int], word: int) -> Copy:
        """Fill in what does not depend on the place."""
        code = self.code
        main, rest = code.main, code.rest
        if code.gaps:
            values = self.functions.values(constants, word)
            parts = bytearray(main), bytearray(rest)
            for behind, at, size, blank in code.gaps:
                FILL[size](parts[behind], at, values[blank])
            main, rest = bytes(parts[0]), bytes(parts[1])
        return Copy(self, constants, word, main, rest)


class Copy:
    """A stencil for a word."""

    __slots__ = ("code", "constants", "ends", "fixed", "functions", "main", "rest", "word")

    def __init__(self, stencil: Stencil, constants: Sequence[int], word: int, main: bytes, rest: bytes) -> None:
        self.code = stencil.code
        self.functions = stencil.functions
        self.ends = stencil.pattern.ends
        self.fixed = stencil.code.fixed
        self.constants = constants
        self.word = word
        self.main = main
        self.rest = rest

    def fits(self, place: Place) -> bool:
        """Does it serve an instruction at this place?"""
        guard = self.functions.place_guard
        return guard is None or guard(self.constants, self.word, *place)

    def finish(
        self,
        code: bytearray,
        main: int,
        rest: int,
        place: Place,
        exits: dict[int, tuple[Exit, int]],
        starts: dict[int, int],
    ) -> None:
        """Fill in what depends on the place, in a block in which the two parts begin at these offsets. Add its ways out
        to the block's `exits` (HostBlock.exits), and where they begin to `starts`, by label."""
        stencil = self.code
        bases = main, rest
        values = self.functions.place_values(self.constants, self.word, *place)
        for behind, at, size, blank in stencil.place_gaps:
            FILL[size](code, at + bases[behind], values[blank])
        for behind, site, far, target in stencil.links:
            at = site + bases[behind]
            DISTANCE(code, at, target + bases[far] - at - 4)
        for start, offset, behind, site, kind, pc, reason, refund, by, _, _ in stencil.ways:
            label = len(starts)
            starts[label] = start + rest
            left = Exit(kind, values[pc] if pc >= 0 else None, reason, label, values[refund], label, by)
            exits[offset + rest] = left, site + bases[behind] if site >= 0 else -1
