"""A block in a code cache, and the jumps that lead to it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import Translation

Place = tuple[int, int, int]
"""Processor mode, pc, and the frame that pc is in, or NO_FRAME."""


class Jump(NamedTuple):
    """A jump to another block that is patched."""

    origin: Block
    site: int
    """Offset of its distance."""
    before: bytes
    """The distance's original bytes."""


class Block:
    """A translation placed at offset `base` of the code memory."""

    passed_on: bytes | None = None
    """The original bytes of its miss jump if that is patched to lead to the next block of its row, else None."""
    twin: Block | None = None
    """Its stepping twin, to which it goes where the budget ends amid it, if that has been needed."""
    origin: Block | None = None
    """The block whose stepping twin it is."""
    ended = 0
    """How often the budget has ended amid it."""
    removed = False
    """Nothing leads to it any more."""
    opening: bytes | None = None
    """The original bytes at its beginning if these are patched to lead to its miss jump, else None."""
    trace: Trace | None = None
    """The trace that it was made from, if it is one."""

    def __init__(self, translation: Translation, base: int) -> None:
        self.translation = translation
        self.place: Place = translation.place
        self.base = base
        self.incoming: list[Jump] = []
        """Jumps of other blocks that are patched to lead here."""
        self.versions: list[Block] = [self]
        """The blocks of its place, for other words in memory, in the order in which they are tried. Only the first is
        in the table."""

    @cached_property
    def extent(self) -> tuple[int, int]:
        """The physical addresses at which its guest code begins and ends."""
        return min(self.pieces)[0], max(end for _, end in self.pieces)

    @cached_property
    def pieces(self) -> list[tuple[int, int]]:
        """See Translation.pieces."""
        return self.translation.pieces

    def covers(self, address: int, length: int) -> bool:
        """Is any of these bytes of RAM part of a guest instruction of one of its versions?"""
        first, last = self.extent
        if len(self.versions) == 1 and (address >= last or address + length <= first):
            return False
        return any(version.covers_itself(address, address + length) for version in self.versions)

    def covers_itself(self, begin: int, end: int) -> bool:
        first, last = self.extent
        if end <= first or last <= begin:
            return False
        return begin <= first or any(begin < last and first < end for first, last in self.pieces)

    @property
    def traced(self) -> bool:
        """The block is a trace: it follows paths that the guest took."""
        return self.trace is not None
