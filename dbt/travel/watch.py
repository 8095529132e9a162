"""A watch on bytes of memory."""

from __future__ import annotations

from collections.abc import Callable

from ring1.isa.record import Record


class Watch(Record):
    """The bytes of RAM at physical addresses start..end-1. `act` is told of each write that meets them, before it is
    done: the address and length of the write. It says whether the run ends behind the instruction that writes."""

    start: int
    end: int
    act: Callable[[int, int], bool] = lambda address, length: False
    told: Callable[[int, bytes], None] | None = None
    """Told of the address and bytes of each write once it is done."""

    @property
    def frames(self) -> range:
        """The pages that the bytes are in."""
        return range(self.start >> 12, (self.end - 1 >> 12) + 1)

    def meets(self, address: int, length: int) -> bool:
        return address < self.end and self.start < address + length
