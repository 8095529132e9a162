"""The mappings of the process, whose number Linux limits (vm.max_map_count) however many machines it runs.

Unmapping may take mappings too, as it can split one. So whoever maps pages is granted mappings beforehand, in pieces: a
piece is a range that is mapped or protected unlike its neighbours. However pieces lie, and whichever of them are
unmapped, each takes at most two mappings: itself and the gap behind it. A quarter of the limit is left to all other
code.
"""

from __future__ import annotations

import errno
import threading
from contextlib import suppress
from pathlib import Path

from ring1.dbt.native import libc

USUAL = 65530
"""Mappings that Linux allows by default."""
SURVEYED = 1 << 10
"""The mappings of the process are counted again, which takes half a microsecond for each, once as many machines have
been made as there were times so many."""


def limit() -> int:
    """Return how many mappings the process may have."""
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/vm/max_map_count").read_text())
    return USUAL


def present() -> int:
    """Return how many mappings the process has."""
    with suppress(OSError), open("/proc/self/maps", "rb") as maps:
        return sum(1 for _ in maps)
    return 0


class Short(OSError):
    """Too few mappings are left for what was requested; nothing has changed."""

    def __init__(self) -> None:
        super().__init__(errno.ENOMEM, "the process has no mappings left")


def demand(count: int) -> None:
    """Check that the host has `count` mappings left, by making them for a moment, before an operation that would not
    survive a refusal half-way. Raises Short."""
    try:
        start = libc.reserve(count * libc.PAGE)
    except OSError:
        raise Short from None
    try:
        for page in range(1, count - 1, 2):  # each splits one mapping into three
            libc.mprotect(start + page * libc.PAGE, libc.PAGE, libc.PROT_READ)
    except OSError:
        raise Short from None
    finally:
        with suppress(OSError):
            libc.munmap(start, count * libc.PAGE)


class Mappings:
    """The pieces that a process can grant, and how many it has granted."""

    def __init__(self, most: int | None = None) -> None:
        """`most`: how many pieces there are; None: find out from the host."""
        self.fixed = most is not None
        self.most = most or 0
        self.granted = 0
        self.seen = self.since = 0
        """Mappings of the process at the last survey, and machines made since."""
        self.lock = threading.Lock()

    def survey(self) -> None:
        """Set the limit of pieces, from the host's limit less the mappings made without a grant."""
        if self.fixed:
            return
        with self.lock:
            self.seen, self.since = present(), 0
            self.most = (limit() - max(self.seen - 2 * self.granted, 0)) * 3 // 8

    def another(self) -> None:
        """Told that there is to be another machine: survey if the last one was long ago."""
        self.since += 1
        if self.since * SURVEYED >= self.seen:
            self.survey()

    def take(self, count: int) -> bool:
        """Grant `count` pieces, all or none. True if granted."""
        with self.lock:
            there = self.granted + count <= self.most
            if there:
                self.granted += count
        return there

    def give(self, count: int) -> None:
        """Return `count` pieces."""
        with self.lock:
            self.granted -= count


class Grant:
    """The pieces granted to a machine: `least` at any time, and more as long as there are any."""

    def __init__(self, mappings: Mappings | None, least: int) -> None:
        """`mappings`: grants the pieces; None: those of the process. Raises OSError if there are fewer than `least`."""
        self.mappings = mappings or of_process()
        self.mappings.another()
        self.least = least
        self.used = self.held = 0
        if not self.mappings.take(least):
            self.mappings.survey()  # others may have had them when they were last counted
            if not self.mappings.take(least):
                raise OSError(errno.ENOMEM, "the process has no mappings left for another machine")
        self.held = least
        self.most = self.mappings.most

    def room(self, count: int) -> bool:
        """Make sure that `count` more pieces can be used; they stay granted until `give`. False if there are too
        few."""
        if self.used + count > self.most:
            return False
        more = self.used + count - self.held
        if more > 0:
            if not self.mappings.take(more):
                return False
            self.held += more
        return True

    def shrink(self) -> None:
        """Handle a mapping that the host refused: halve this machine's limit, and survey the process's mappings
        anew."""
        self.most = max(self.used // 2, self.least)
        self.mappings.survey()

    def take(self, count: int = 1) -> None:
        """Use pieces. Raises OSError if they are not granted."""
        if not self.room(count):
            raise OSError(errno.ENOMEM, "the process has no mappings left")
        self.used += count

    def give(self, count: int = 1) -> None:
        """Stop using pieces."""
        self.used -= count
        surplus = self.held - max(self.used, self.least)
        if surplus > 0:
            self.held -= surplus
            self.mappings.give(surplus)

    def close(self) -> None:
        """Return everything. Can be called twice."""
        self.mappings.give(self.held)
        self.used = self.held = 0

    def __del__(self) -> None:
        if self.held:
            self.close()


# Module-level state, on purpose: the limit belongs to the process, as the arena of generated code does.
_process: Mappings | None = None
_lock = threading.Lock()


def of_process() -> Mappings:
    """Return the process's pieces."""
    global _process
    with _lock:
        if _process is None:
            _process = Mappings()
    return _process
