"""Waiting for input on a file descriptor, by the means that the host has."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
from collections.abc import Callable

MOST = 1 << 16
"""The most bytes read at once."""

Arrival = Callable[[float], bytes | None]
"""Waits for at most the given number of seconds. Returns the bytes that arrived, b"" at the end of the input, or None
at the timeout. Raises OSError."""


def arrival(descriptor: int) -> Arrival:
    """Return the function that waits for a descriptor. Raises OSError if it is not open, and ValueError if this host
    cannot wait for a descriptor with such a high number."""
    os.fstat(descriptor)
    if sys.platform == "win32":
        return Reader(descriptor).wait
    if sys.platform == "linux":
        return polled(descriptor)
    return selected(descriptor)


def polled(descriptor: int) -> Arrival:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)

    def wait(seconds: float) -> bytes | None:
        return os.read(descriptor, MOST) if poll.poll(1000 * seconds) else None

    return wait


def selected(descriptor: int) -> Arrival:
    """Use `select` where `poll` does not support terminals, as on macOS; `select` is limited to descriptors below
    1024."""

    def wait(seconds: float) -> bytes | None:
        return os.read(descriptor, MOST) if select.select([descriptor], [], [], seconds)[0] else None

    select.select([descriptor], [], [], 0)
    return wait


class Reader:
    """Reads ahead in a thread, for hosts that can wait for sockets only."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.read: queue.Queue[bytes | OSError] = queue.Queue(1)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.started = False

    def run(self) -> None:
        data: bytes | OSError = b"."
        while data and not isinstance(data, OSError):
            try:
                data = os.read(self.descriptor, MOST)
            except OSError as error:
                data = error
            self.read.put(data)

    def wait(self, seconds: float) -> bytes | None:
        if not self.started:  # not before the first wait: a guest that reads nothing leaves the input to other programs
            self.started = True
            self.thread.start()
        try:
            data = self.read.get(timeout=seconds) if seconds > 0 else self.read.get_nowait()
        except queue.Empty:
            return None
        if isinstance(data, OSError):
            raise data
        return data
