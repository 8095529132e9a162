"""Host-physical memory: the VMM's own, and above it the RAM that is given to the guest."""

from __future__ import annotations

import mmap

from ring1.dbt.machine.memory import PAGE

OWN = 16 << 20
"""Bytes of the VMM's memory: nested tables for 4 GiB take about half of it."""


class HostMemory:
    """Guest-physical address 0 is at `base`. The VMM's own pages are allocated by the host's kernel when they are
    touched."""

    def __init__(self, ram: int) -> None:
        self.base = OWN
        self.size = OWN + ram
        self.bytes = memoryview(mmap.mmap(-1, OWN))
        self.quads = self.bytes.cast("Q")
        self.used = PAGE
        """Bytes allocated. Page 0 is never allocated, so that 0 is a null pointer."""

    def page(self) -> int:
        """Allocate a page of zeros; return its address. Raises MemoryError."""
        if self.used == OWN:
            raise MemoryError("the VMM's memory is used up")
        self.used += PAGE
        return self.used - PAGE

    def own(self, address: int) -> bool:
        """Is this the address of a page in the VMM's own memory?"""
        return not address % PAGE and address < OWN
