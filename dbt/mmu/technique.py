"""How generated code gets from a guest address to memory while paging is on."""

from __future__ import annotations

from typing import Protocol

from dbt.mmu.view import View


class Technique(Protocol):
    """Shows pages of RAM in views. Pages and frames are numbers of 4 KiB pages, of the guest and of RAM."""

    name: str
    inline: bool
    """Does generated code look addresses up itself?"""
    superpages: bool
    """Can it show many pages as one?"""
    forgets: bool
    """Does it hide pages by itself, for want of room?"""

    def show(self, view: View, page: int, frame: int, count: int, writable: bool) -> None:
        """Let generated code read, or read and write, pages that follow each other. Raises OSError."""

    def restrict(self, view: View, page: int, writable: bool) -> None:
        """Forbid or allow writing to a page that is shown."""

    def hide(self, view: View, page: int, count: int) -> None:
        """Show them no more, if they are shown at all."""

    def clear(self, view: View) -> None:
        """Hide all pages."""

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        """The guest address and kind of access (dbt.machine.paging) that generated code has stopped at, and whether it
        will get through when its page is shown: an access that straddles two pages may not.

        From what it left in the state block: slots FAULT_ADDRESS and FAULT_ERROR.
        """
