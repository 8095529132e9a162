"""How generated code gets from a guest address to memory while paging is on."""

from __future__ import annotations

from typing import Protocol

from ring1.dbt.mmu.view import View


class MmuTechnique(Protocol):
    """Shows pages of RAM in views. Pages and frames are numbers of 4 KiB pages, of the guest and of RAM."""

    inline: bool
    """Does generated code look addresses up itself, and fill in what it finds? Then nobody knows what a view shows, and
    `clear` is the only way to hide something."""

    def open(self, view: View) -> None:
        """A view is going to be used: it shows nothing."""

    def fill(self, view: View, address: int, kind: int) -> bool:
        """Show the page of an access that generated code could not make, if it may make it without being seen.

        The view is that of the present address space and mode. Raises Trap; OSError if the host has no room.
        """

    def full(self) -> bool:
        """Is as much shown as there should be?"""

    def hide(self, view: View, page: int) -> None:
        """Show a page, or what begins with it and is shown as one, no more."""

    def clear(self, view: View) -> None:
        """Hide all pages."""

    def guard(self, frame: int) -> None:
        """A frame has been guarded: show it nowhere as writable."""

    def release(self, frame: int) -> None:
        """It is no longer."""

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        """The guest address and kind of access (dbt/machine/paging) that generated code has stopped at, and whether it
        will get through when its page is shown: an access that straddles two pages may not.

        From what it left in the state block: slots FAULT_ADDRESS and FAULT_ERROR.
        """
