"""The window with paging off: all of RAM, which generated code may write to but for frames that are guarded."""

from __future__ import annotations

from collections.abc import Collection

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.native.mappings import Grant
from ring1.dbt.native.window import Window


class FlatWindow:
    """Allows and forbids writing to frames, and never fails to forbid it."""

    def __init__(self, window: Window, size: int, guarded: Collection[int], grant: Grant) -> None:
        """`size`: bytes of RAM. `guarded`: the frames that must not be written."""
        self.window = window
        self.size = size
        self.guarded = guarded
        self.grant = grant
        self.apart: set[int] = set()
        """Frames that take a piece of the process's mappings."""
        self.sealed = False
        """Nothing can be written to: the interpreter does it, until there are mappings again."""

    def forbid(self, frame: int) -> None:
        """From now on a frame is guarded."""
        if self.grant.room(1):
            self.grant.take()
            self.apart.add(frame)
        if not self.sealed:
            try:
                self.window.protect(frame * PAGE, PAGE, False)
            except OSError:
                self.seal()

    def allow(self, frame: int) -> None:
        """It is no longer."""
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
        """Forbid all writing, which splits no mapping."""
        self.sealed = True
        self.window.protect(0, self.size, False)

    def unseal(self) -> None:
        """Allow it again but for what is guarded, if that can be done."""
        self.sealed = False
        self.window.protect(0, self.size, True)
        try:
            for frame in self.guarded:
                self.window.protect(frame * PAGE, PAGE, False)
        except OSError:
            self.seal()
