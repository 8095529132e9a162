"""A window: 4 GiB of host addresses that mirror one guest address space."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from types import TracebackType

from ring1.dbt.native import libc

SPAN = 1 << 32
GUARD = 1 << 16  # on both sides: where an offset folded into a host address goes instead of wrapping
REACH = range(-(1 << 31) - GUARD, (1 << 34) + GUARD)
"""What is reserved around guest address 0. Generated code keeps to the window and its guards (host.values.Value).
Should it ever add an index of up to 34 bits, or a negative one of 32, nothing is there to be written or executed."""


class Window:
    """Reserved host addresses, REACH around `base`; guest address a is base + a.

    The `below` bytes that end at base - GUARD are the owner's, whole pages that begin as zeros: there they can be read,
    and elsewhere, at the address `below`, written to.

    What is not mapped faults (SIGSEGV). `map` and `unmap` replace whatever was in their range. Ranges are
    whole pages of 4 KiB within the guest's 4 GiB; ValueError if not, and after close. OSError with the errno
    of the host's call: ENOMEM, even from `unmap`, is the process's limit on mappings (vm.max_map_count).
    Nothing has changed then, and clearing or closing a window that has mappings helps; but Python's own memory
    needs mappings as well, so a program had better stay below the limit (ring1.dbt.native.mappings).
    """

    granted = True
    """Does what is shown in it take mappings of the process?"""

    def __init__(self, below: int = 0) -> None:
        start = libc.reserve(len(REACH))
        self.base = start - REACH.start
        self.below = 0
        """Host address at which the owner's bytes can be written."""
        try:
            # What has other rights than its neighbours is a mapping apart: to clear all of it splits none.
            libc.mprotect(start + len(REACH) - libc.PAGE, libc.PAGE, _protection(False))
            if below:
                self.below = _map_twice(self.base - GUARD - below, below)
        except OSError:
            _unmap(start, below)
            raise
        self.handle = self.base
        """What generated code selects the window by."""
        self._release = weakref.finalize(self, _release, start, self.below, below)
        self._release.atexit = False  # a daemon thread may still be running the guest

    def map(
        self, guest_address: int, fd: int, offset: int, length: int, writable: bool, populate: bool = False
    ) -> None:
        """Show `length` bytes of the file `fd`, from `offset` on, at `guest_address`; read-only or not.

        `populate` touches all pages at once, which costs less than the guest's touching each. The file must
        be that long: an access beyond its end is a SIGBUS, which nobody handles.
        """
        flags = libc.MAP_SHARED | libc.MAP_FIXED | (libc.MAP_POPULATE if populate else 0)
        libc.mmap(self._host(guest_address, length), length, _protection(writable), flags, fd, offset)

    def protect(self, guest_address: int, length: int, writable: bool) -> None:
        """Allow or forbid writing. Every page of the range must be mapped: another would become memory."""
        libc.mprotect(self._host(guest_address, length), length, _protection(writable))

    def unmap(self, guest_address: int, length: int) -> None:
        """Make every access to the range fault."""
        libc.reserve(length, at=self._host(guest_address, length))

    def clear(self) -> None:
        """Make every access fault. It takes no mapping: what must be hidden can be, at the limit as well."""
        start, length = self._host(0, SPAN) - GUARD, GUARD + REACH.stop - libc.PAGE
        try:
            libc.reserve(length, at=start)
        except OSError:
            libc.mprotect(start, length, libc.PROT_NONE)

    def close(self) -> None:
        """Give the addresses back; no thread may be using them. Again: nothing. Garbage closes itself."""
        self._release()

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _host(self, guest_address: int, length: int) -> int:
        """Host address of a checked range: MAP_FIXED elsewhere would replace the process's own memory."""
        if (guest_address | length) % libc.PAGE or not 0 <= guest_address < guest_address + length <= SPAN:
            raise ValueError(f"guest {guest_address:#x} + {length:#x} bytes are not pages of a window")
        if not self._release.alive:
            raise ValueError("the window is closed")
        return self.base + guest_address


def _map_twice(at: int, size: int) -> int:
    """Map `size` bytes of zeros read-only at `at`, and writable at the address returned."""
    fd = os.memfd_create("ring1-tables", os.MFD_CLOEXEC)
    try:
        os.ftruncate(fd, size)
        libc.mmap(at, size, _protection(False), libc.MAP_SHARED | libc.MAP_FIXED, fd)
        return libc.mmap(0, size, _protection(True), libc.MAP_SHARED, fd)
    finally:
        os.close(fd)


def _unmap(start: int, size: int) -> None:
    """Give back what is reserved from `start` on, with the owner's `size` bytes in it. It may be one mapping with what
    others have reserved beside it: if the host refuses to split that, both ends stay reserved."""
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
