"""The console of a machine in a host: what it has output lately, for whoever looks at it now and then."""

from __future__ import annotations

from threading import Condition
from typing import BinaryIO, cast

KEPT = 1 << 16
"""Bytes of output that are kept."""


class Screen:
    """A byte stream for a HostOutput. The last bytes are kept, and those who follow are woken."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.written = 0
        """Bytes output so far."""
        self.changed = Condition()

    @property
    def stream(self) -> BinaryIO:
        return cast(BinaryIO, self)

    def isatty(self) -> bool:
        return False

    def write(self, data: bytes) -> int:
        with self.changed:
            self.kept += data
            del self.kept[:-KEPT]
            self.written += len(data)
            self.changed.notify_all()
        return len(data)

    def flush(self) -> None:
        """Do nothing: nothing is buffered here."""

    def since(self, at: int, seconds: float = 0) -> tuple[int, bytes]:
        """Return where the output ends, and what of it behind `at` is kept; wait for some for at most so long."""
        with self.changed:
            if at >= self.written and seconds:
                self.changed.wait(seconds)
            return self.written, bytes(self.kept[max(0, len(self.kept) - (self.written - at)) :])
