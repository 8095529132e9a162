"""The mappings of the process: Linux allows it so many (vm.max_map_count), however many machines it runs.

To hide something may take mappings too, where it splits one. So whoever shows things is granted them first, in pieces:
a piece is what is shown, or protected, apart from what is beside it. However pieces lie, and whichever of them go, each
takes two mappings at most, itself and what is behind it. A quarter of what is there is left to everybody else.
"""

from __future__ import annotations

import errno
import threading
from contextlib import suppress
from pathlib import Path

from ring1.dbt.native import libc

USUAL = 65530
"""Mappings that Linux allows if nobody has said otherwise."""
LEAST = 64
"""Pieces that each machine has for itself."""


def limit() -> int:
    """Mappings that the process may have."""
    with suppress(OSError, ValueError):
        return int(Path("/proc/sys/vm/max_map_count").read_text())
    return USUAL


def present() -> int:
    """Mappings that it has."""
    with suppress(OSError), open("/proc/self/maps", "rb") as maps:
        return sum(1 for _ in maps)
    return 0


class Short(OSError):
    """There are too few mappings left to go on with what was asked for; nothing has changed."""

    def __init__(self) -> None:
        super().__init__(errno.ENOMEM, "the process has no mappings left")


def demand(count: int) -> None:
    """See that the host has so many mappings left, by taking them for a moment. Raises Short: for whoever does not
    survive to be refused one in its middle."""
    try:
        start = libc.reserve(count * libc.PAGE)
    except OSError:
        raise Short from None
    try:
        for page in range(1, count - 1, 2):  # each makes three of one
            libc.mprotect(start + page * libc.PAGE, libc.PAGE, libc.PROT_READ)
    except OSError:
        raise Short from None
    finally:
        with suppress(OSError):
            libc.munmap(start, count * libc.PAGE)


class Mappings:
    """The pieces of a process, and how many have been granted."""

    def __init__(self, most: int | None = None) -> None:
        """`most`: how many there are, if that is not to be found out."""
        self.fixed = most is not None
        self.most = most or 0
        self.granted = 0
        self.lock = threading.Lock()

    def survey(self) -> None:
        """See how many mappings there are that are nobody's who was granted pieces: the rest can be."""
        if self.fixed:
            return
        with self.lock:
            others = max(present() - 2 * self.granted, 0)
            self.most = (limit() - others) * 3 // 8

    def take(self, count: int) -> bool:
        """Have some, or none if they are not there."""
        with self.lock:
            there = self.granted + count <= self.most
            if there:
                self.granted += count
        return there

    def give(self, count: int) -> None:
        """Give some back."""
        with self.lock:
            self.granted -= count


class Grant:
    """What a machine has been granted: LEAST at any time, and more while there is some."""

    def __init__(self, mappings: Mappings | None = None) -> None:
        """`mappings`: who grants, if not the process. Raises OSError if there is not even LEAST."""
        self.mappings = mappings or of_process()
        self.used = self.held = 0
        if not self.mappings.take(LEAST):
            raise OSError(errno.ENOMEM, "the process has no mappings left for another machine")
        self.held = LEAST
        self.most = self.mappings.most

    def room(self, count: int) -> bool:
        """May so many more pieces be used? They are granted then, until `give`."""
        if self.used + count > self.most:
            return False
        more = self.used + count - self.held
        if more > 0:
            if not self.mappings.take(more):
                return False
            self.held += more
        return True

    def shrink(self) -> None:
        """The host has refused a mapping: make do with half of them, and let nobody else come so far."""
        self.most = max(self.used // 2, LEAST)
        self.mappings.survey()

    def take(self, count: int = 1) -> None:
        """Use pieces. Raises OSError."""
        if not self.room(count):
            raise OSError(errno.ENOMEM, "the process has no mappings left")
        self.used += count

    def give(self, count: int = 1) -> None:
        """Use them no longer."""
        self.used -= count
        surplus = self.held - max(self.used, LEAST)
        if surplus > 0:
            self.held -= surplus
            self.mappings.give(surplus)

    def close(self) -> None:
        """Give everything back. Again: nothing."""
        self.mappings.give(self.held)
        self.used = self.held = 0

    def __del__(self) -> None:
        if self.held:
            self.close()


# Module-level state, on purpose: the limit is the process's, as its arena of generated code is.
_process: Mappings | None = None
_lock = threading.Lock()


def of_process() -> Mappings:
    """Those of the process, as they are now."""
    global _process
    with _lock:
        if _process is None:
            _process = Mappings()
    _process.survey()
    return _process
