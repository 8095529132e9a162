"""The console's output as a function of the moment: what is run again is not output again."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast


class Transcript:
    """A byte stream for a HostOutput. `length` bytes have been output at the present moment; behind them are those of
    moments that the machine has been at and has gone back from."""

    def __init__(self, tell: Callable[[bytes], None] | None = None) -> None:
        """`tell` is called with each byte that is new, once."""
        self.data = bytearray()
        self.length = 0
        self.tell = tell

    @property
    def stream(self) -> BinaryIO:
        """The transcript, as what a HostOutput writes to."""
        return cast(BinaryIO, self)

    def isatty(self) -> bool:
        return False

    def write(self, data: bytes) -> int:
        end = self.length + len(data)
        fresh = data[max(len(self.data) - self.length, 0) :]
        self.data += fresh
        self.length = end
        if fresh and self.tell is not None:
            self.tell(fresh)
        return len(data)

    def flush(self) -> None:
        """Do nothing: every write has been told."""

    def cut(self) -> None:
        """Forget what comes later: the machine goes on in another way from here."""
        del self.data[self.length :]

    @property
    def text(self) -> bytes:
        """What has been output at the present moment."""
        return bytes(self.data[: self.length])
