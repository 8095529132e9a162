"""A split virtqueue: rings of descriptors in the guest's memory (OASIS, Virtual I/O Device 1.1, 2.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved, boolean, integer, integers

MOST = 256
"""Most descriptors of a queue."""
DESCRIPTOR = struct.Struct("<QIHH")
NEXT, WRITABLE, INDIRECT = 1, 2, 4
RINGS = 3
"""The table of descriptors, the ring that the driver fills, and the one that the device fills."""


class Malformed(Exception):
    """The driver has laid out its queue as no driver may."""


class Buffer(NamedTuple):
    """Bytes of the guest's memory that are handed to the device."""

    address: int
    length: int
    writable: bool


class Queue:
    """A queue as the driver has set it up, and how far it has been served."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.reset()

    def reset(self) -> None:
        self.size, self.ready = MOST, False
        self.rings = [0] * RINGS
        """Their addresses."""
        self.seen = 0
        """Entries of the driver's ring that have been taken, modulo 65536."""

    def resize(self, size: int) -> None:
        """Give the queue another number of descriptors, if it can have that."""
        if 0 < size <= MOST and not size & size - 1:
            self.size = size

    def place(self, begin: int, multiple: int) -> None:
        """Set the queue up anew, in one piece from an address on: table, driver's ring, and at the next `multiple` the
        device's ring (legacy interface, 2.6.2)."""
        ring = begin + DESCRIPTOR.size * self.size
        end = ring + 2 * (3 + self.size)
        self.rings = [begin, ring, end + -end % max(multiple, 1)]
        self.seen, self.ready = 0, begin != 0

    def read(self, address: int, length: int) -> bytes:
        """Return bytes of the guest's memory. Raises Malformed if they are not all in RAM."""
        if not length or not self.memory.has(address, length):
            raise Malformed
        return self.memory.read(address, length)

    def write(self, address: int, data: bytes) -> None:
        """Write bytes to the guest's memory. Raises Malformed unless all are in RAM that the machine may write."""
        if not data or not self.writable(address, len(data)):
            raise Malformed
        self.memory.write(address, data)

    def writable(self, address: int, length: int) -> bool:
        return self.memory.has(address, length) and not self.memory.sealed(address, length)

    def half(self, address: int) -> int:
        return int.from_bytes(self.read(address, 2), "little")

    def chains(self) -> Iterator[tuple[int, list[Buffer]]]:
        """Yield the chains of buffers that the driver has made available, each with the number of its head. One is
        taken when the next one is asked for; until then it is the first. Raises Malformed."""
        available = self.rings[1]
        end = self.half(available + 2)
        if (end - self.seen) % 0x10000 > self.size:
            raise Malformed
        while self.seen != end:
            head = self.half(available + 4 + 2 * (self.seen % self.size))
            yield head, self.chain(head)
            self.seen = (self.seen + 1) % 0x10000

    def chain(self, number: int) -> list[Buffer]:
        """Return the buffers of a chain, which are in RAM. Raises Malformed for one that has no end, too."""
        found: list[Buffer] = []
        flags = NEXT
        while flags & NEXT:
            if number >= self.size or len(found) == self.size:
                raise Malformed
            at = self.rings[0] + DESCRIPTOR.size * number
            address, length, flags, number = DESCRIPTOR.unpack(self.read(at, DESCRIPTOR.size))
            fits = self.writable if flags & WRITABLE else self.memory.has
            if flags & INDIRECT or not length or not fits(address, length):
                raise Malformed
            found.append(Buffer(address, length, bool(flags & WRITABLE)))
        return found

    def used(self, head: int, length: int) -> None:
        """Give a chain back, into which so many bytes have been written. Raises Malformed."""
        ring = self.rings[2]
        n = self.half(ring + 2)
        self.write(ring + 4 + 8 * (n % self.size), struct.pack("<II", head, length))
        self.write(ring + 2, struct.pack("<H", (n + 1) % 0x10000))

    def save(self) -> Saved:
        return {"size": self.size, "ready": self.ready, "rings": list(self.rings), "seen": self.seen}

    def restore(self, saved: Saved) -> None:
        self.size, self.ready = integer(saved["size"], MOST), boolean(saved["ready"])
        if not self.size or self.size & self.size - 1:
            raise ValueError(f"a queue of {self.size} descriptors")
        self.rings = integers(saved["rings"], RINGS, (1 << 64) - 1)
        self.seen = integer(saved["seen"], 0xFFFF)
