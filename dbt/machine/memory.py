"""Guest physical memory: RAM in a memfd, so that windows can map the same pages; plain memory where there is none."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Callable, Iterator

PAGE = 4096
MOST = 1 << 32

CODE = 1
"""The page holds instructions that have been translated."""
TABLE = 2
"""The page holds page-table entries that a translation look-aside buffer relies on."""
GUARDED = 8
"""Generated code must not write to the page unseen, for either reason."""
TRACED = 4
"""The page holds page-table entries that generated code relies on, and every write to it must be seen."""


def anonymous_file(size: int) -> int:
    """The descriptor of a file that has no name, so many bytes long. Raises OSError."""
    made = os.memfd_create("ring1-ram", os.MFD_CLOEXEC)
    try:
        os.ftruncate(made, size)
    except OSError:
        os.close(made)
        raise
    return made


def plain(size: int) -> mmap.mmap:
    """So many bytes of memory that belongs to no file; the host finds it when it is used, if it can wait so long.
    Raises OSError."""
    try:
        if sys.platform == "win32":
            return mmap.mmap(-1, size)
        return mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0))
    except OverflowError:  # more than a host of 32 bits has addresses for
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)) from None


class Memory:
    """RAM at physical addresses 0..size-1.

    `watch` has a byte of flags (CODE, TABLE) for each page; a write to a page with flags calls `on_write` before the
    bytes change, with the physical address and length. Writes by generated code reach only pages without CODE.
    """

    def __init__(self, size: int) -> None:
        """`size` in bytes, a multiple of 4096. Raises ValueError for a size that no machine has, OSError."""
        if not 0 < size <= MOST:
            raise ValueError("RAM must be more than 0 bytes and at most 4 GiB")
        if size % PAGE:
            raise ValueError(f"RAM must be a multiple of {PAGE} bytes")
        self.size = size
        self.fd = anonymous_file(size) if hasattr(os, "memfd_create") else -1
        """The file that RAM is, for engines that map it elsewhere as well; -1 where there is none."""
        try:
            self.map = plain(size) if self.fd < 0 else mmap.mmap(self.fd, size)
        except OSError:
            if self.fd >= 0:
                os.close(self.fd)
            raise
        self.bytes = memoryview(self.map)
        self.words = self.bytes.cast("I")
        self.watch = bytearray(size // PAGE)
        self.on_write: Callable[[int, int], None] = lambda address, length: None
        self.followers: list[Callable[[int, bytes], None]] = []
        """Told of what is written, and where, by other means than Cpu.store's short cut and generated code."""

    def read(self, address: int, length: int) -> bytes:
        """Bytes from RAM; the caller has checked that they exist."""
        return bytes(self.bytes[address : address + length])

    def write(self, address: int, data: bytes) -> None:
        """Put bytes into RAM; the caller has checked that it is there."""
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
        """Write a page-table entry with its accessed and dirty bits: what came from it before holds as before."""
        if self.watch[address >> 12] & CODE:
            self.write(address, entry.to_bytes(4, "little"))
        else:
            self.words[address >> 2] = entry

    def occupied(self) -> Iterator[int]:
        """The numbers of the pages that hold anything but zeros, in order."""
        nothing, end = bytes(PAGE), 0
        while (start := self.begin(end)) < self.size:
            end = self.size if self.fd < 0 else os.lseek(self.fd, start, os.SEEK_HOLE)
            for at in range(start, end, PAGE):
                if self.map[at : at + PAGE] != nothing:
                    yield at // PAGE

    def begin(self, at: int) -> int:
        """The first address from `at` on for which the host has a page, as far as it says; `size` or more if there is
        none. Elsewhere are zeros."""
        if self.fd < 0:
            return at
        try:
            return os.lseek(self.fd, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # only holes are left
                return self.size
            raise

    def close(self) -> None:
        """Give the memory back; safe to call twice."""
        if not self.map.closed:
            self.words.release()
            self.bytes.release()
            self.map.close()
            if self.fd >= 0:
                os.close(self.fd)
            self.fd = -1
