"""Host-physical memory: the VMM's own, and above it the RAM that the machine has given to the guest."""

from __future__ import annotations

import mmap

from ring1.dbt.machine.memory import PAGE

OWN = 16 << 20
"""Bytes of the VMM's memory: nested tables for 4 GiB take about half of it."""


class HostMemory:
    """Guest-physical address 0 is at `base`. The host's kernel backs a page of the VMM's own when it is touched."""

    def __init__(self, ram: int) -> None:
        self.base = OWN
        self.size = OWN + ram
        self.bytes = memoryview(mmap.mmap(-1, OWN))
        self.quads = self.bytes.cast("Q")
        self.used = PAGE
        """Page 0 is nobody's, so that a null pointer points to nothing."""

    def page(self) -> int:
        """The address of a page of zeros. Raises MemoryError."""
        if self.used == OWN:
            raise MemoryError("the VMM's memory is used up")
        self.used += PAGE
        return self.used - PAGE

    def own(self, address: int) -> bool:
        """Is this the address of a page of the VMM's?"""
        return not address % PAGE and address < OWN
