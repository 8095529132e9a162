"""Console input that is handed over piece by piece, at chosen moments of the guest's time and not of the host's."""

from __future__ import annotations

import threading

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.machine.stop import Stop, Stopped


class FedInput(HostInput):
    """Input that somebody feeds between two runs. A guest that waits for more stops the machine, for the reason
    "input"; so what it reads, and when, never depends on the host's clock."""

    def __init__(self) -> None:
        super().__init__(b"", threading.Event())
        self.closed = False
        """Is this all there will be?"""

    @property
    def ended(self) -> bool:
        return self.closed

    def feed(self, data: bytes) -> None:
        """Append bytes."""
        self.data, self.taken = self.data[self.taken :] + data, 0

    def ready(self) -> bool:
        return self.buffered

    def wait(self) -> bool:
        """Is there a byte? Raises Stopped, with nothing done, if it is to be fed first."""
        if not self.buffered and not self.closed:
            raise Stopped(Stop("input"))
        return self.buffered

    def gather(self) -> bytes:
        """See HostInput.gather."""
        self.data, self.taken = self.data[self.taken :], 0
        return self.data

    def begin(self, closed: bool) -> None:
        """Drop what has not been read; `closed` says whether the input has ended."""
        self.data, self.taken, self.closed = b"", 0, closed
