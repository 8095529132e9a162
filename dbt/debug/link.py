"""A stream of bytes to whoever debugs from another process."""

from __future__ import annotations

import os
import select
import socket

PART = 1 << 14
"""Most bytes that are taken at once."""


class Gone(Exception):
    """The other side has closed the connection."""


class Link:
    """A stream of bytes each way: a socket, or two descriptors."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading = reading
        self.writing = writing

    @classmethod
    def of(cls, connection: socket.socket) -> Link:
        return cls(connection.fileno(), connection.fileno())

    def read(self, seconds: float) -> bytes | None:
        """Return some bytes; None if none come within some time. Raises Gone."""
        try:
            if not select.select([self.reading], [], [], seconds)[0]:
                return None
            data = os.read(self.reading, PART)
        except (OSError, ValueError):
            raise Gone from None
        if not data:
            raise Gone
        return data

    def write(self, data: bytes) -> None:
        """Raises Gone."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self.writing, rest) :]
        except OSError:
            raise Gone from None
