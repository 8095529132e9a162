"""Simulates other machines in the same process, which hold most of its memory mappings."""

from __future__ import annotations

import ctypes
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

libc = ctypes.CDLL(None)
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3
"""Parameters of malloc: mallopt(3)."""
ARENA, SMALL, SPARE = 1 << 18, 496, 1 << 25
"""Bytes that Python's allocator takes from the host at once, at least; of one of its objects; and that it gets."""


def most() -> int:
    """Return the most mappings that the host allows a process."""
    with open("/proc/sys/vm/max_map_count") as file:
        return int(file.read())


def mappings() -> int:
    """Return the number of mappings of this process."""
    with open("/proc/self/maps") as file:
        return sum(1 for _ in file)


def provided() -> list[bytes]:
    """Have Python's allocator and malloc get memory from the host in advance, since they end the process where they can
    get none. They keep it as long as what is returned lives: small objects, some in each of the allocator's arenas."""
    libc.mallopt(M_MMAP_THRESHOLD, 1 << 30)  # large blocks come from the heap, which grows without a new mapping
    libc.mallopt(M_TRIM_THRESHOLD, 1 << 30)
    libc.mallopt(M_TOP_PAD, SPARE)
    return [bytes(SMALL) for _ in range(SPARE // SMALL)][:: ARENA // SMALL // 4]


@contextmanager
def crowd(room: int) -> Iterator[None]:
    """Take all mappings of the process but `room`, and what Python itself needs."""
    kept = provided()
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
        kept.clear()
