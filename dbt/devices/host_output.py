"""The host's end of the console's output: bytes are buffered, and may be limited in number."""

from __future__ import annotations

from typing import BinaryIO

from ring1.dbt.machine.stop import Stop, Stopped

MOST_WAITING = 8192
"""The most bytes that are buffered."""


class HostOutput:
    """A stream of the host's that receives output in pieces: by lines if it is a terminal."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.waiting = bytearray()
        self.by_line = stream.isatty()
        self.room: int | None = None
        """How many more bytes are accepted; None for any number."""

    def put(self, byte: int) -> None:
        """Output a byte. Raises Stopped, without accepting it, if there is no room; OSError as `flush` does."""
        if self.room is not None:
            if self.room <= 0:
                raise Stopped(Stop("output"))
            self.room -= 1
        self.waiting.append(byte)
        if len(self.waiting) >= MOST_WAITING or (self.by_line and byte == 10):
            self.flush()

    def extend(self, data: bytes) -> None:
        """Output bytes, for which there is room. Raises OSError as `flush` does."""
        if self.room is not None:
            self.room -= len(data)
        self.waiting += data
        if len(self.waiting) >= MOST_WAITING or (self.by_line and b"\n" in data):
            self.flush()

    def flush(self) -> None:
        """Hand the buffered output to the host. Raises OSError, such as BrokenPipeError, if it does not accept that."""
        data, self.waiting = bytes(self.waiting), bytearray()
        if data:
            self.stream.write(data)
            self.stream.flush()
