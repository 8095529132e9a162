"""The console: ports 0 (data) and 1 (status) of PG32's board, line 1."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.machine.bus import ALL_ONES, Device
from ring1.dbt.machine.posts import low_bytes
from ring1.dbt.machine.saved import Saved, boolean, some_bytes

INPUT_READY = 1
OUTPUT_READY = 2
MOST = 1 << 31
"""More writes than are ever posted."""


class Console(Device):
    """A byte stream each way. A read of the data port waits for the host, and returns all ones at the end of the
    input."""

    name = "console"
    ports = range(0x02)
    line = 1
    consumed = True

    def __init__(self, source: HostInput, output: HostOutput) -> None:
        self.source = source
        self.output = output
        self.enabled = False

    def read(self, port: int, now: int) -> int:
        if port == 0:
            self.attention = self.enabled
            if not self.source.buffered and not self.source.ended:
                self.flush()  # show a prompt before waiting for its answer
                self.source.wait()
            return self.source.take() if self.source.buffered else ALL_ONES
        return OUTPUT_READY | (INPUT_READY if self.ready() else 0)

    def answer(self, port: int) -> int | None:
        return OUTPUT_READY | INPUT_READY if port == 1 and self.source.buffered else None

    def write(self, port: int, value: int, now: int) -> None:
        if port == 1:
            self.enabled, self.attention = bool(value & 1), True
            return
        self.output.put(value & 0xFF)

    def posts(self, port: int) -> int:
        """Output can wait for as long as nobody waits for input."""
        if port == 1:
            return 0
        return MOST if self.output.room is None else max(0, self.output.room)

    def write_posted(self, port: int, values: memoryview, times: Iterator[int]) -> None:
        self.output.extend(low_bytes(values))

    def ready(self) -> bool:
        if not self.source.buffered and not self.source.ended:
            self.flush()
        return self.source.ready()

    def level(self) -> bool:
        return self.enabled and self.ready()

    def live(self) -> bool:
        return self.enabled and self.source.live and not self.source.buffered and not self.source.ended

    def wait(self) -> bool:
        self.flush()
        return self.enabled and not self.source.buffered and self.source.wait()

    def flush(self) -> None:
        """Hand the output to the host. Raises OSError if it does not accept that."""
        self.output.flush()

    def room(self) -> int | None:
        return self.output.room

    def save(self) -> Saved:
        self.flush()
        return {"enabled": self.enabled, "input": self.source.gather()}

    def restore(self, saved: Saved) -> None:
        self.enabled = boolean(saved["enabled"])
        self.source.precede(some_bytes(saved["input"]))
