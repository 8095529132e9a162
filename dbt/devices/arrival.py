"""Waiting for what comes from a descriptor of the host's: as the host can."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
from collections.abc import Callable

MOST = 1 << 16
"""Bytes that are taken at once."""

Arrival = Callable[[float], bytes | None]
"""Waits so many seconds at most. What has come; b"" if the input has ended, None if nothing came. Raises OSError."""


def arrival(descriptor: int) -> Arrival:
    """How to wait for a descriptor. Raises OSError if it is none; ValueError where this host cannot wait for one
    so high."""
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
    """Where `poll` knows no terminals, as on macOS; `select` knows no descriptors from 1024 on."""

    def wait(seconds: float) -> bytes | None:
        return os.read(descriptor, MOST) if select.select([descriptor], [], [], seconds)[0] else None

    select.select([descriptor], [], [], 0)
    return wait


class Reader:
    """Where the host says only of sockets whether there is something to read: a thread reads ahead."""

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
        if not self.started:  # a guest that reads nothing leaves the input to whoever comes next
            self.started = True
            self.thread.start()
        try:
            data = self.read.get(timeout=seconds) if seconds > 0 else self.read.get_nowait()
        except queue.Empty:
            return None
        if isinstance(data, OSError):
            raise data
        return data
