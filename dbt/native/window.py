"""A window: 4 GiB of host addresses that mirror one guest address space."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from types import TracebackType

from ring1.dbt.native import libc

SPAN = 1 << 32
GUARD = 1 << 16  # bytes, on both sides: where a folded offset lands that would wrap around 4 GiB
REACH = range(-(1 << 31) - GUARD, (1 << 34) + GUARD)
"""Addresses reserved around guest address 0. Generated code keeps to the window and its guard zones
(host.values.Value). If it ever added an index of up to 34 bits, or a negative one of 32, it would find nothing to write
or execute there."""


class Window:
    """A window: host addresses REACH around `base`, reserved; guest address a is at base + a.

    The `below` bytes that end at base - GUARD, whole pages that begin as zeros, are the owner's: read-only there, and
    writable through a second mapping at the address `below`.

    Accesses to what is not mapped fault (SIGSEGV). `map` and `unmap` replace whatever was in their range. Ranges are
    whole pages of 4 KiB within the guest's 4 GiB; methods raise ValueError if not, and after `close`. They raise
    OSError with the errno of the host's call: ENOMEM, even from `unmap`, means that the process is at its limit of
    mappings (vm.max_map_count). Nothing has changed then, and clearing or closing a window with mappings helps; but
    Python's own memory needs mappings as well, so programs should stay below the limit (ring1.dbt.native.mappings).
    """

    granted = True
    """Does mapping pages in it take mappings of the process?"""

    def __init__(self, below: int = 0) -> None:
        start = libc.reserve(len(REACH))
        self.base = start - REACH.start
        self.below = 0
        """Host address at which the owner's bytes are writable."""
        try:
            # The last page has other rights than its neighbours, so that the window is a mapping of its own, and
            # clearing all of it splits none.
            libc.mprotect(start + len(REACH) - libc.PAGE, libc.PAGE, _protection(False))
            if below:
                self.below = _map_twice(self.base - GUARD - below, below)
        except OSError:
            _unmap(start, below)
            raise
        self.handle = self.base
        """The value by which generated code selects the window."""
        self._release = weakref.finalize(self, _release, start, self.below, below)
        self._release.atexit = False  # a daemon thread may still be running the guest

    def map(
        self, guest_address: int, fd: int, offset: int, length: int, writable: bool, populate: bool = False
    ) -> None:
        """Map `length` bytes of the file `fd`, from `offset` on, at `guest_address`, read-only unless `writable`.

        `populate` faults in all pages at once, which costs less than doing so one by one. The file must be long enough:
        an access beyond its end raises SIGBUS, which nobody handles.
        """
        flags = libc.MAP_SHARED | libc.MAP_FIXED | (libc.MAP_POPULATE if populate else 0)
        libc.mmap(self._host(guest_address, length), length, _protection(writable), flags, fd, offset)

    def map_shared(self, guest_address: int, fd: int, offset: int, length: int, writable: bool) -> None:
        """Map pages that several machines have, over those of RAM that are mapped there."""
        self.map(guest_address, fd, offset, length, writable)

    def protect(self, guest_address: int, length: int, writable: bool) -> None:
        """Allow or forbid writes. Every page of the range must be mapped: a page that is only reserved would become
        accessible."""
        libc.mprotect(self._host(guest_address, length), length, _protection(writable))

    def unmap(self, guest_address: int, length: int) -> None:
        """Make every access to the range fault."""
        libc.reserve(length, at=self._host(guest_address, length))

    def clear(self) -> None:
        """Make every access to the window fault. This takes no mapping, so it works even at the limit."""
        start, length = self._host(0, SPAN) - GUARD, GUARD + REACH.stop - libc.PAGE
        try:
            libc.reserve(length, at=start)
        except OSError:
            libc.mprotect(start, length, libc.PROT_NONE)

    def close(self) -> None:
        """Release the addresses; no thread may be using them. Can be called twice; happens by itself at garbage
        collection."""
        self._release()

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _host(self, guest_address: int, length: int) -> int:
        """Check a range, and return its host address: MAP_FIXED outside of the window would replace the process's own
        memory."""
        if (guest_address | length) % libc.PAGE or not 0 <= guest_address < guest_address + length <= SPAN:
            raise ValueError(f"guest {guest_address:#x} + {length:#x} bytes are not pages of a window")
        if not self._release.alive:
            raise ValueError("the window is closed")
        return self.base + guest_address


def _map_twice(at: int, size: int) -> int:
    """Map `size` bytes of zeros read-only at `at`, and writable at the address returned. Raises OSError."""
    fd = os.memfd_create("ring1-tables", os.MFD_CLOEXEC)
    try:
        os.ftruncate(fd, size)
        libc.mmap(at, size, _protection(False), libc.MAP_SHARED | libc.MAP_FIXED, fd)
        return libc.mmap(0, size, _protection(True), libc.MAP_SHARED, fd)
    finally:
        os.close(fd)


def _unmap(start: int, size: int) -> None:
    """Release the addresses reserved from `start` on, with the owner's `size` bytes. The reservation may have merged
    with its neighbours into one mapping: if the host refuses to split that, both ends stay reserved."""
    try:
        libc.munmap(start, len(REACH))
    except OSError:
        first, end = start - REACH.start - GUARD - size, start + len(REACH) - libc.PAGE
        with suppress(OSError):
            libc.munmap(first, end - first)


def _release(start: int, below: int, size: int) -> None:
    _unmap(start, size)
    if size:
        libc.munmap(below, size)


def _protection(writable: bool) -> int:
    return libc.PROT_READ | libc.PROT_WRITE if writable else libc.PROT_READ
