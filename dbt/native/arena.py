"""The arena: the one range of host addresses in which generated code lives."""

from __future__ import annotations

import errno
import os
import threading
from bisect import bisect_left

from ring1.dbt.native.libc import PAGE, munmap, reserve

ARENA_SIZE = 1 << 30
NEAR, SPREAD = 1 << 44, 1 << 32
"""The arena is requested at NEAR + n pages, with n random and below SPREAD: the host allocates addresses from 2**47
down, so that windows are tens of terabytes away. If that range is taken the host chooses another, which is out of reach
of the windows as well (window.REACH)."""


class Arena:
    """A reservation of `size` bytes of address space, allocated in page-aligned slices, first fit.

    A slice is address space only; its holder maps something over it, and `free` removes whatever is there.
    """

    def __init__(self, size: int = ARENA_SIZE) -> None:
        self.base = reserve(size, near=NEAR + PAGE * (int.from_bytes(os.urandom(8), "little") % SPREAD))
        self.size = size
        self._lock = threading.Lock()
        self._holes = [(self.base, size)]  # (address, length), ascending, no two adjacent

    def allocate(self, size: int) -> int:
        """Return the address of a free slice of `size` bytes, whole pages. Raises OSError (ENOMEM) when none is left,
        ValueError."""
        if size <= 0 or size % PAGE:
            raise ValueError(f"a slice of the arena is whole pages, not {size} bytes")
        with self._lock:
            for index, (address, length) in enumerate(self._holes):
                if length >= size:
                    rest = [(address + size, length - size)] if length > size else []
                    self._holes[index : index + 1] = rest
                    return address
        raise OSError(errno.ENOMEM, f"no {size} bytes left in the arena of generated code")

    def free(self, address: int, size: int) -> None:
        """Free a slice that `allocate` returned; its mappings are gone when this returns. Raises OSError."""
        reserve(size, at=address)
        with self._lock:
            index = bisect_left(self._holes, (address, size))
            start, end, first, last = address, address + size, index, index
            if index and sum(self._holes[index - 1]) == start:
                first, start = index - 1, self._holes[index - 1][0]
            if index < len(self._holes) and self._holes[index][0] == end:
                last, end = index + 1, sum(self._holes[index])
            self._holes[first:last] = [(start, end - start)]

    def close(self) -> None:
        """Release the address space; no slice may be in use."""
        munmap(self.base, self.size)


# Module-level state, on purpose: a signal's disposition belongs to the process, and all that its handler can check is
# whether RIP lies in a range. So all generated code shares one range, which never moves and is never released.
_arena: Arena | None = None
_lock = threading.Lock()


def arena() -> Arena:
    """Return the process's arena, reserved at the first call. Raises OSError if the address space is limited."""
    global _arena
    with _lock:
        if _arena is None:
            _arena = Arena()
        return _arena
