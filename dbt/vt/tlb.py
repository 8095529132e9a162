"""Whoever keeps translations for a guest beside the processor."""

from __future__ import annotations


class Tlb:
    """Is told when they are no longer good. This one keeps none."""

    def emptied(self) -> None:
        """None is of use any more."""

    def dirtied(self, page: int) -> None:
        """A page may be written, and its nested entry has its D bit."""
