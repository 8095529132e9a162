"""Simulates other machines in the same process, which hold most of its memory mappings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.native.libc import (
    MAP_ANONYMOUS,
    MAP_NORESERVE,
    MAP_PRIVATE,
    PROT_NONE,
    PROT_READ,
    mmap,
    mprotect,
    munmap,
)


def most() -> int:
    """Return the most mappings that the host allows a process."""
    with open("/proc/sys/vm/max_map_count") as file:
        return int(file.read())


def mappings() -> int:
    """Return the number of mappings of this process."""
    with open("/proc/self/maps") as file:
        return sum(1 for _ in file)


@contextmanager
def crowd(room: int) -> Iterator[None]:
    """Take all mappings of the process but `room`."""
    taken = max(0, most() - mappings() - room)
    length = (taken + 2) * PAGE
    address = mmap(0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    try:
        with suppress(OSError):  # other code may take some meanwhile
            for page in range(1, taken - 1, 2):  # each splits one mapping into three
                mprotect(address + page * PAGE, PAGE, PROT_READ)
        yield
    finally:
        munmap(address, length)
