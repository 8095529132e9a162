"""The interface to a TLB, which keeps a guest's translations outside the processor model."""

from __future__ import annotations


class Tlb:
    """Is told when translations become invalid. This one keeps none."""

    def emptied(self) -> None:
        """Flush: no translation is valid any more."""

    def dirtied(self, page: int) -> None:
        """A guest-physical page may be written from now on, as the D bit of its nested entry is set."""
