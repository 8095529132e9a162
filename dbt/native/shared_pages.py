"""Pages of RAM that several machines have: pages of one file in memory, mapped where each machine's RAM is."""

from __future__ import annotations

import ctypes

from ring1.dbt.machine.memory import PAGE, Memory, Shared
from ring1.dbt.native import libc


def share(memory: Memory, pages: Shared) -> None:
    """Have pages of RAM be those of a file, whatever they were before. No engine knows this memory yet. Raises OSError,
    ValueError if they are not in RAM."""
    if not memory.has(pages.address, pages.length) or (pages.address | pages.length) % PAGE:
        raise ValueError(f"{pages.length:,} bytes from {pages.address:#x} on are not pages of RAM")
    if memory.fd < 0:
        raise OSError("this host has no memory that machines can share")
    where = ctypes.addressof(ctypes.c_char.from_buffer(memory.map)) + pages.address
    libc.mmap(where, pages.length, libc.PROT_READ | libc.PROT_WRITE, libc.MAP_SHARED | libc.MAP_FIXED, pages.fd)
    memory.share(pages)
