"""A window: 4 GiB of host addresses that mirror one guest address space."""

from __future__ import annotations

import weakref
from types import TracebackType

from dbt.native import libc

SPAN = 1 << 32
GUARD = 1 << 16  # on both sides: where an offset folded into a host address goes instead of wrapping


class Window:
    """Reserved host addresses [base - GUARD - below, base + SPAN + GUARD); guest address a is base + a.

    The `below` bytes are the owner's, whole pages to read and write that begin as zeros.

    What is not mapped faults (SIGSEGV). `map` and `unmap` replace whatever was in their range. Ranges are
    whole pages of 4 KiB within the guest's 4 GiB; ValueError if not, and after close. OSError with the errno
    of the host's call: ENOMEM, even from `unmap`, is the process's limit on mappings (vm.max_map_count).
    Nothing has changed then, and closing a window that has mappings helps; but Python's own memory needs
    mappings as well, so a program had better stay below the limit.
    """

    def __init__(self, below: int = 0) -> None:
        size = below + SPAN + 2 * GUARD
        start = libc.reserve(size)
        if below:
            libc.mprotect(start, below, _protection(True))
        self.base = start + below + GUARD
        self.below = start
        """Host address of the owner's bytes."""
        self.handle = self.base
        """What generated code selects the window by."""
        self._release = weakref.finalize(self, libc.munmap, start, size)
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


def _protection(writable: bool) -> int:
    return libc.PROT_READ | libc.PROT_WRITE if writable else libc.PROT_READ
