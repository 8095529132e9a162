"""The host's end of the console's input: a stream of bytes and its state."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress

from ring1.dbt.devices.arrival import arrival
from ring1.dbt.machine.stop import Stop, Stopped

PATIENCE = 0.1
"""Seconds that a pipe is given to deliver or to end before it is assumed to have nothing. Input that is written
promptly is thus always there when the guest looks, and the run is a function of it."""

MOST_GATHERED = 1 << 26
"""The most bytes of input that are read ahead of the guest."""

BEAT = 0.05
"""Seconds between two checks for a request to stop while waiting."""


class HostInput:
    """Input from a file descriptor, or from `bytes`."""

    def __init__(self, source: int | bytes, interrupted: threading.Event) -> None:
        self.data = source if isinstance(source, bytes) else b""
        self.taken = 0
        """Number of bytes of `data` that have been taken."""
        self.fd = source if isinstance(source, int) else -1
        self.interrupted = interrupted
        self.live = False
        """It is unknown when the next byte comes: the input is a terminal, or a pipe that exceeded its time."""
        if self.fd >= 0:
            try:
                self.arrival = arrival(self.fd)
                self.live = os.isatty(self.fd)
            except (OSError, ValueError):
                self.fd = -1  # closed: the same as the end of the input

    @property
    def buffered(self) -> bool:
        return self.taken < len(self.data)

    @property
    def ended(self) -> bool:
        return self.fd < 0

    def ready(self) -> bool:
        """Is there a byte? A pipe is given its time to answer; a terminal must have answered already."""
        if not self.buffered and not self.ended:
            patience = 0.0 if self.live else PATIENCE
            if not self.receive(patience):
                self.live = True
        return self.buffered

    def wait(self) -> bool:
        """Wait for a byte. Returns False at the end of the input. Raises Stopped if the user wants to stop."""
        while not self.buffered and not self.ended:
            self.receive(BEAT)
        return self.buffered

    def take(self) -> int:
        """Return the next byte, which must be there."""
        self.taken += 1
        return self.data[self.taken - 1]

    def some(self, most: int) -> bytes:
        """Return the next bytes that are there, at most so many."""
        found = self.data[self.taken : self.taken + most]
        self.taken += len(found)
        return found

    def gather(self) -> bytes:
        """Return all input that has arrived and not been taken, and leave it to be taken. The rest of a file, or of a
        pipe whose writer is prompt, is read for that; a live input is not."""
        parts, size = [self.data[self.taken :]], len(self.data) - self.taken
        with suppress(Stopped):  # the run loop notices the request to stop
            while size < MOST_GATHERED and not self.live and not self.ended:
                self.data, self.taken = b"", 0
                if not self.receive(PATIENCE):
                    break
                parts.append(self.data)
                size += len(self.data)
        self.data, self.taken = b"".join(parts), 0
        return self.data

    def precede(self, data: bytes) -> None:
        """Insert bytes before everything that is still to be taken."""
        self.data, self.taken = data + self.data[self.taken :], 0

    def receive(self, seconds: float) -> bool:
        """Read what arrives within `seconds`. Returns False if nothing did, not even the end."""
        deadline = time.monotonic() + seconds
        while True:
            if self.interrupted.is_set():
                raise Stopped(Stop("interrupt"))
            left = max(0.0, deadline - time.monotonic())
            try:
                data = self.arrival(min(left, BEAT))
                if data is not None:
                    self.data, self.taken = self.data[self.taken :] + data, 0
                    if not data:
                        self.fd = -1
                    return True
            except (OSError, ValueError):
                self.fd = -1  # the terminal is gone: the end of the input
                return True
            if left == 0.0:
                return False
