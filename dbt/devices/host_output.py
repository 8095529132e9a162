"""The host's end of the console's output: bytes that wait to be handed on, and how many are taken."""

from __future__ import annotations

from typing import BinaryIO

from ring1.dbt.machine.stop import Stop, Stopped

MOST_WAITING = 8192
"""Bytes that are kept back at most."""


class HostOutput:
    """A stream of the host's that is given its bytes in pieces: lines, where somebody watches."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.waiting = bytearray()
        self.by_line = stream.isatty()
        self.room: int | None = None
        """How many bytes are taken; None: any number."""

    def put(self, byte: int) -> None:
        """Take a byte. Raises Stopped, with nothing taken, where there is no room; OSError as `flush` does."""
        if self.room is not None:
            if self.room <= 0:
                raise Stopped(Stop("output"))
            self.room -= 1
        self.waiting.append(byte)
        if len(self.waiting) >= MOST_WAITING or (self.by_line and byte == 10):
            self.flush()

    def flush(self) -> None:
        """Raises OSError, BrokenPipeError among them, if the host does not take the output."""
        data, self.waiting = bytes(self.waiting), bytearray()
        if data:
            self.stream.write(data)
            self.stream.flush()
