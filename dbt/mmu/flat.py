"""The window with paging off: all of RAM, writable by generated code except for guarded frames."""

from __future__ import annotations

from collections.abc import Collection

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.native.mappings import Grant
from ring1.dbt.native.window import Window


class FlatWindow:
    """Allows and forbids writes to frames; forbidding never fails."""

    def __init__(self, window: Window, base: int, size: int, guarded: Collection[int], grant: Grant) -> None:
        """`base`, `size`: where RAM begins, and its bytes. `guarded`: the frames that must not be written. `grant`: the
        mappings that may be used."""
        self.window = window
        self.base, self.size = base, size
        self.guarded = guarded
        self.grant = grant
        self.apart: set[int] = set()
        """Frames that take a piece of the grant, because they are protected apart from their neighbours."""
        self.sealed = False
        """The whole window is read-only, so that all stores are interpreted, until mappings are available again."""

    def forbid(self, frame: int) -> None:
        """Make a frame read-only, as it is guarded from now on."""
        if self.grant.room(1):
            self.grant.take()
            self.apart.add(frame)
        if not self.sealed:
            try:
                self.window.protect(frame * PAGE, PAGE, False)
            except OSError:
                self.seal()

    def allow(self, frame: int) -> None:
        """Make a frame writable, as it is no longer guarded."""
        if self.sealed:
            self.unseal()
        else:
            try:
                self.window.protect(frame * PAGE, PAGE, True)
            except OSError:
                self.seal()
        if frame in self.apart:
            self.apart.discard(frame)
            self.grant.give()

    def seal(self) -> None:
        """Make the whole window read-only, which splits no mapping."""
        self.sealed = True
        self.window.protect(self.base, self.size, False)

    def unseal(self) -> None:
        """Make the window writable again except for guarded frames, if the host has the mappings."""
        self.sealed = False
        self.window.protect(self.base, self.size, True)
        try:
            for frame in self.guarded:
                self.window.protect(frame * PAGE, PAGE, False)
        except OSError:
            self.seal()
