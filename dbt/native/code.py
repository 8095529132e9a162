"""Memory for generated code, mapped twice: no address is both writable and executable (W^X)."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from ring1.dbt.native import libc
from ring1.dbt.native.arena import Arena, arena

TWIN = 1 << 36
"""Preferred distance, in bytes, of the writable mapping above the executable one."""


class CodeFull(Exception):
    """The code memory has no room for the bytes requested; after `reset` it has."""


class CodeMemory:
    """`size` bytes (rounded up to pages) mapped twice: executable in the arena, writable elsewhere.

    Offsets count from the start of either mapping. Bytes are allocated upwards and freed all at once. One thread at a
    time may use a CodeMemory. Raises OSError if memory or address space is short.
    """

    def __init__(
        self, size: int, stale: bytes, written: Callable[[int, int], None] = lambda address, size: None
    ) -> None:
        """`stale` overwrites freed code, and should fault if it is executed. `written` is called with the address and
        size of code that has changed (Host.written)."""
        if size <= 0:
            raise ValueError(f"code memory of {size} bytes")
        self.size = -(-size // libc.PAGE) * libc.PAGE
        self.limit = self.size
        """Bytes that may be allocated."""
        self.used = 0
        self._stale, self._written = stale, written
        host = arena()
        self.base = host.allocate(self.size)
        try:
            writable = _map_twice(self.base, self.size)
        except OSError:
            host.free(self.base, self.size)
            raise
        self._view = memoryview((ctypes.c_ubyte * self.size).from_address(writable)).cast("B")
        self._release = weakref.finalize(self, _release, host, self.base, self._view, writable)
        self._release.atexit = False  # a daemon thread may still be running the code

    def allocate(self, n: int, align: int = 16) -> int:
        """Allocate `n` bytes; return their offset, a multiple of `align`, which is a power of two. Raises CodeFull with
        nothing changed, ValueError."""
        if n <= 0 or align <= 0 or align & (align - 1):
            raise ValueError(f"{n} bytes aligned to {align}")
        offset = (self.used + align - 1) & -align
        if offset + n > self.limit:
            raise CodeFull(f"{n} bytes at {offset:#x} of {self.limit:#x}")
        self.used = offset + n
        return offset

    def write(self, offset: int, data: bytes) -> None:
        """Write `data` to allocated bytes. Raises ValueError outside of them, and after `close`."""
        end = offset + len(data)
        if not 0 <= offset <= end <= self.used:
            raise ValueError(f"[{offset:#x}, {end:#x}) is not within the {self.used:#x} allocated bytes")
        self._view[offset:end] = data
        self._written(self.base + offset, len(data))

    def read(self, offset: int, n: int) -> bytes:
        """Read `n` allocated bytes from `offset` on. Raises ValueError outside of them, and after `close`."""
        end = offset + n
        if not 0 <= offset <= end <= self.used:
            raise ValueError(f"[{offset:#x}, {end:#x}) is not within the {self.used:#x} allocated bytes")
        return bytes(self._view[offset:end])

    def address(self, offset: int) -> int:
        """Return the host address at which the byte at `offset` is executed."""
        return self.base + offset

    def reset(self, keep: int = 0) -> None:
        """Free everything from offset `keep` on, and overwrite it with code that faults."""
        if not 0 <= keep <= self.used:
            raise ValueError(f"keep {keep:#x} of {self.used:#x} bytes")
        forgotten = self.used - keep
        self._view[keep : self.used] = (self._stale * -(-forgotten // len(self._stale)))[:forgotten]
        self._written(self.base + keep, forgotten)
        self.used = keep

    def close(self) -> None:
        """Unmap both mappings; no thread may be running the code. Can be called twice; happens by itself at garbage
        collection."""
        self._release()

    def __enter__(self) -> CodeMemory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _map_twice(base: int, size: int) -> int:
    """Map `size` bytes of zeros executable at `base`, and writable at the address returned. Raises OSError.

    The memory is shared and anonymous, which perf takes for generated code, whose symbols it looks up in its map file.
    """
    shared = libc.MAP_SHARED | libc.MAP_ANONYMOUS | libc.MAP_NORESERVE
    writable = libc.mmap(base + TWIN, size, libc.PROT_READ | libc.PROT_WRITE, shared)
    try:
        libc.map_again(writable, size, base)
        libc.mprotect(base, size, libc.PROT_READ | libc.PROT_EXEC)
    except OSError:
        libc.munmap(writable, size)
        raise
    return writable


def _release(host: Arena, base: int, view: memoryview, writable: int) -> None:
    size = len(view)
    view.release()
    libc.munmap(writable, size)
    with suppress(OSError):  # the host refuses to reserve the slice, which is then lost: harmless
        host.free(base, size)
