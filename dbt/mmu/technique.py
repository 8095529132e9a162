"""The interface of MMU techniques: how generated code gets from a guest address to memory while paging is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ring1.dbt.mmu.view import View


class MmuTechnique(Protocol):
    """Shows pages of RAM in views. Pages and frames are numbers of 4 KiB pages, of the guest and of RAM."""

    inline: bool
    """Does generated code look up addresses, and fill in what it finds? Then the VMM does not know all that a view
    shows, and `clear_inline` is the only way to hide that."""

    def open(self, view: View) -> None:
        """Prepare a view for use; it shows nothing."""

    def close(self, view: View) -> None:
        """Forget a view that shows nothing and will not be used again."""

    def fill(self, view: View, address: int, kind: int, code: int) -> bool:
        """Show the page of an access that generated code could not make. False if the access must be seen. `code` is
        the slot FAULT_ERROR.

        The view is that of the present address space and mode. Raises Trap; OSError if the host refuses a mapping.
        """

    def full(self) -> bool:
        """Has the limit of shown pages been reached?"""

    def hide(self, view: View, pages: Sequence[int]) -> None:
        """Hide pages, and the superpages that begin with them."""

    def clear(self, view: View) -> None:
        """Hide all pages."""

    def clear_inline(self, view: View) -> None:
        """Hide what generated code may have filled in."""

    def guard(self, frame: int) -> None:
        """Make a frame, which has been guarded, read-only wherever it is shown."""

    def release(self, frame: int) -> None:
        """Allow a frame, which is no longer guarded, to be shown writable."""

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        """Return the guest address and kind (dbt/machine/paging) of the access at which generated code has stopped, and
        whether it lies within one page, so that showing that page lets it complete.

        `address` and `code` are the slots FAULT_ADDRESS and FAULT_ERROR of the state block.
        """
