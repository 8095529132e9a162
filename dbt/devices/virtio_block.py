"""A disk as a virtio device (OASIS, Virtual I/O Device 1.1, 5.2)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ring1.dbt.devices.sectors import SECTOR, Sectors
from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtqueue import Buffer, Malformed, Queue
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved

BLOCK = 2
SEGMENTS, FLUSHES = 1 << 2, 1 << 9
"""Features: a limit on the buffers of a request; requests to flush."""
READ, WRITE, FLUSH, NAME = 0, 1, 4, 8
OK, FAILED, UNSUPPORTED = 0, 1, 2
HEADER = struct.Struct("<IIQ")
MOST_SEGMENTS = 254
NAME_SIZE = 20


class UnknownRequest(Exception):
    """A request of a kind that the device does not have."""


class VirtioBlock(VirtioDevice):
    """A file as a disk. Without one, its slot is empty."""

    features = SEGMENTS | FLUSHES

    def __init__(self, memory: Memory, path: str | None) -> None:
        """Raises OSError with the file's name."""
        self.queue = Queue(memory)
        self.queues = (self.queue,)
        self.file = Sectors(path)
        self.kind = BLOCK if self.file.there else 0

    def configuration(self) -> bytes:
        return struct.pack("<QII", self.file.count, 0, MOST_SEGMENTS)

    def request(self, number: int, buffers: Sequence[Buffer]) -> int:
        first, *data, last = buffers if len(buffers) > 1 else (*buffers, *buffers)
        if first.writable or first.length != HEADER.size or not last.writable or last.length != 1:
            raise Malformed
        kind, _, sector = HEADER.unpack(self.queue.read(first.address, first.length))
        try:
            moved, status = self.carry_out(kind, sector, data), OK
        except OSError:
            moved, status = 0, FAILED
        except UnknownRequest:
            moved, status = 0, UNSUPPORTED
        self.queue.write(last.address, bytes((status,)))
        return moved + 1

    def carry_out(self, kind: int, sector: int, data: Sequence[Buffer]) -> int:
        """Do what a request asks; return how many bytes have been moved to the guest's memory. Raises OSError,
        UnknownRequest, Malformed."""
        file, queue = self.file, self.queue
        if kind == FLUSH:
            file.flush()
            return 0
        if kind == NAME:
            return self.read_into(data, b"ring1".ljust(NAME_SIZE, b"\0"))
        if kind not in (READ, WRITE):
            raise UnknownRequest
        length = sum(buffer.length for buffer in data)
        if length % SECTOR or sector + length // SECTOR > file.count or length > queue.memory.size:
            raise OSError  # the last: more than RAM has would be moved onto itself, and need as much of the host's
        if kind == READ:
            found = file.read(sector, length)
            if len(found) != length:
                raise OSError
            return self.read_into(data, found)
        if any(buffer.writable for buffer in data):
            raise Malformed
        if file.write(sector, b"".join(queue.read(buffer.address, buffer.length) for buffer in data)) != length:
            raise OSError
        return 0

    def read_into(self, data: Sequence[Buffer], found: bytes) -> int:
        """Write bytes to the buffers of a request. Raises Malformed if one must not be written."""
        at = 0
        for buffer in data:
            if not buffer.writable:
                raise Malformed
            part = found[at : at + buffer.length]
            if part:
                self.queue.write(buffer.address, part)
            at += len(part)
        return at

    def save(self) -> Saved:
        """Save a digest of the sectors, which stay in their file. Raises OSError if that cannot be read."""
        return {"contents": self.file.contents(), "sectors": self.file.count}

    def restore(self, saved: Saved) -> None:
        """Raises AnotherDisk as well."""
        self.file.same(saved["contents"], saved["sectors"])

    def close(self) -> None:
        self.file.close()
