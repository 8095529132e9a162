"""Guest physical memory: RAM in a memfd, which windows can map as well; anonymous memory where the host has none."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Callable, Iterator

from ring1.isa.record import Record

PAGE = 4096
MOST = 1 << 32

CODE = 1
"""The page holds instructions that have been translated."""
TABLE = 2
"""The page holds page-table entries that the interpreter's TLB relies on."""
GUARDED = 8
"""Generated code must not write to the page unseen, for whatever reason (ring1.dbt.mmu.spaces)."""
TRACED = 4
"""The page holds page-table entries that views rely on, and every write to it must be seen."""
DEVICE = 64
"""A reason to guard a page: a device sees every write to it (Bus.frames)."""
SEALED = 16
"""A reason to guard a page: the machine may not write to it, as it belongs to another one (Memory.shared)."""
OBSERVED = 32
"""A reason to guard a page: somebody observes its stores (ring1.dbt.vmm.engine)."""


def anonymous_file(size: int) -> int:
    """Return the descriptor of an unnamed file of `size` bytes. Raises OSError."""
    made = os.memfd_create("ring1-ram", os.MFD_CLOEXEC)
    try:
        os.ftruncate(made, size)
    except OSError:
        os.close(made)
        raise
    return made


def plain(size: int) -> mmap.mmap:
    """Map `size` bytes of anonymous memory, without reserving swap where the host allows that. Raises OSError."""
    try:
        if sys.platform == "win32":
            return mmap.mmap(-1, size)
        return mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0))
    except OverflowError:  # more than the address space of a 32-bit host
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)) from None


class Shared(Record):
    """Pages of RAM that are those of a file which several machines have."""

    address: int
    """Physical address of the first one."""
    length: int
    """Bytes, whole pages."""
    fd: int
    writable: bool
    """May this machine write to them?"""

    @property
    def frames(self) -> range:
        return range(self.address // PAGE, (self.address + self.length) // PAGE)


class Memory:
    """RAM at physical addresses from `base` to below `end`.

    Its bytes are found at their physical addresses: what is below RAM is a hole in the file, which nobody touches.

    `watch` has a byte of flags for each page: CODE, TABLE, TRACED, GUARDED. A write to a page with flags calls
    `on_write` with physical address and length before the bytes change. Generated code never writes to a page with
    GUARDED.
    """

    def __init__(self, size: int, base: int = 0) -> None:
        """`size`: in bytes, a multiple of 4096. Raises ValueError for any other size, or one that does not fit below 4
        GiB; OSError."""
        if not 0 < size <= MOST - base:
            raise ValueError(f"RAM must be more than 0 bytes and at most {(MOST - base) / (1 << 30):g} GiB")
        if size % PAGE:
            raise ValueError(f"RAM must be a multiple of {PAGE} bytes")
        self.size, self.base, self.end = size, base, base + size
        self.fd = anonymous_file(self.end) if hasattr(os, "memfd_create") else -1
        """Descriptor of the memfd that holds RAM, for engines that map it again; -1 where there is none."""
        try:
            self.map = plain(self.end) if self.fd < 0 else mmap.mmap(self.fd, self.end)
        except OSError:
            if self.fd >= 0:
                os.close(self.fd)
            raise
        self.bytes = memoryview(self.map)
        self.words, self.halves = self.bytes.cast("I"), self.bytes.cast("H")
        self.watch = bytearray(self.end // PAGE)
        self.shared: list[Shared] = []
        """Pages that are not in `fd`, in ascending order."""
        self.on_write: Callable[[int, int], None] = lambda address, length: None
        self.followers: list[Callable[[int, bytes], None]] = []
        """Called with address and bytes after each write, except by Cpu.store's fast path and generated code."""

    def share(self, pages: Shared) -> None:
        """Told that these pages are in their file from now on (ring1.dbt.native.shared_pages). No engine knows this
        memory yet."""
        self.shared = sorted((*self.shared, pages), key=lambda each: each.address)
        if not pages.writable:
            for frame in pages.frames:
                self.watch[frame] |= SEALED

    def within(self, address: int, length: int) -> Iterator[tuple[Shared, int, int]]:
        """Yield what of a range of RAM is shared: the pages, and where the part of them in the range begins and
        ends."""
        for pages in self.shared:
            begin, end = max(address, pages.address), min(address + length, pages.address + pages.length)
            if begin < end:
                yield pages, begin, end

    def sealed(self, address: int, length: int) -> bool:
        """Is there a byte among these, which are in RAM, that the machine may not write?"""
        return any(self.watch[page] & SEALED for page in range(address >> 12, (address + length - 1 >> 12) + 1))

    def has(self, address: int, length: int = 1) -> bool:
        """Are these bytes, at least one, in RAM?"""
        return self.base <= address and address + length <= self.end

    def read(self, address: int, length: int) -> bytes:
        """Return bytes of RAM; the caller has checked the range."""
        return bytes(self.bytes[address : address + length])

    def write(self, address: int, data: bytes) -> None:
        """Write bytes to RAM; the caller has checked the range, and that nothing of it is sealed."""
        end = address + len(data)
        watch = self.watch
        if len(data) <= PAGE:
            if data and (watch[address >> 12] or watch[end - 1 >> 12]):
                self.on_write(address, len(data))
        elif any(watch[address >> 12 : (end - 1 >> 12) + 1]):
            self.on_write(address, len(data))
        self.bytes[address:end] = data
        for told in self.followers:
            told(address, data)

    def mark(self, address: int, entry: int) -> None:
        """Write back a page-table entry whose accessed or dirty bit was set: translations that came from it stay
        valid. What is sealed keeps its bits."""
        if self.watch[address >> 12] & SEALED:
            return
        if self.watch[address >> 12] & CODE:
            self.write(address, entry.to_bytes(4, "little"))
        else:
            self.words[address >> 2] = entry

    def occupied(self) -> Iterator[int]:
        """Yield the numbers of the pages that are not all zeros, in order."""
        nothing, end = bytes(PAGE), self.base
        while (start := self.begin(end)) < self.end:
            end = self.end if self.fd < 0 else os.lseek(self.fd, start, os.SEEK_HOLE)
            for at in range(start, end, PAGE):
                if self.map[at : at + PAGE] != nothing:
                    yield at // PAGE

    def begin(self, at: int) -> int:
        """Return the first address from `at` on that the host may have allocated, `end` or more if there is none. All
        bytes skipped are zeros."""
        if self.fd < 0:
            return at
        try:
            return os.lseek(self.fd, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # only holes are left
                return self.end
            raise

    def close(self) -> None:
        """Release the memory; safe to call twice."""
        if not self.map.closed:
            self.words.release()
            self.halves.release()
            self.bytes.release()
            self.map.close()
            if self.fd >= 0:
                os.close(self.fd)
            self.fd = -1
