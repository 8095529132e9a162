"""The machine's console as a virtio device with one port (OASIS, Virtual I/O Device 1.1, 5.3)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.ns16550 import RECEIVED, Ns16550
from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtqueue import Buffer, Malformed, Queue
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved, boolean, integer, some_bytes
from ring1.dbt.machine.stop import Stop, Stopped

CONSOLE = 3
RECEIVE, TRANSMIT = range(2)
MOST_RECEIVED = 1 << 16
"""Most bytes that are put into one chain of buffers."""
PORTS = 1


class VirtioConsole(VirtioDevice):
    """Both directions of the console's stream, in buffers of the guest's. Input waits until the guest has buffers for
    it, and a buffer until there is input."""

    kind = CONSOLE

    def __init__(self, memory: Memory, source: HostInput, output: HostOutput) -> None:
        self.memory, self.source, self.output = memory, source, output
        self.queues = Queue(memory), Queue(memory)
        self.uart: Ns16550 | None = None
        """The UART that has the same stream behind it, if there is one; it saves the stream's input then."""
        self.reset()

    def reset(self) -> None:
        self.sent = 0
        """Bytes of the first chain to be transmitted that are out already."""
        self.used = False
        """Something has been transmitted."""
        self.listening = False
        """There is a chain of buffers for input."""

    def share(self, uart: Ns16550) -> None:
        """Told that a UART has the same stream behind it."""
        self.uart = uart

    def configuration(self) -> bytes:
        return struct.pack("<HHII", 0, 0, PORTS, 0)

    def request(self, number: int, buffers: Sequence[Buffer]) -> int | None:
        if any(buffer.writable != (number == RECEIVE) for buffer in buffers):
            raise Malformed
        return self.receive(buffers) if number == RECEIVE else self.transmit(buffers)

    def transmit(self, buffers: Sequence[Buffer]) -> int:
        """Output a chain of buffers. Raises Stopped where there is no room for the rest of it; OSError as HostOutput
        does."""
        if sum(buffer.length for buffer in buffers) > self.memory.size:
            raise Malformed  # more than RAM has, which would need as much of the host's
        self.used = True
        data = b"".join(self.memory.read(buffer.address, buffer.length) for buffer in buffers)[self.sent :]
        room = self.output.room
        part = data if room is None else data[: max(room, 0)]
        self.sent += len(part)
        self.output.extend(part)
        if len(part) < len(data):
            raise Stopped(Stop("output"))
        self.sent = 0
        return 0

    def receive(self, buffers: Sequence[Buffer]) -> int | None:
        """Put input into a chain of buffers, as much as there is. None if there is none. Raises Stopped, with nothing
        received."""
        most, found = min(MOST_RECEIVED, sum(buffer.length for buffer in buffers)), b""
        try:
            while len(found) < most and self.ready():
                found += self.source.some(most - len(found))
        except Stopped:
            self.source.precede(found)
            raise
        self.listening = not found
        at = 0
        for buffer in buffers:
            part = found[at : at + buffer.length]
            if part:
                self.memory.write(buffer.address, part)
            at += len(part)
        return at or None

    # --- The stream --------------------------------------------------------------------

    def wanted(self) -> bool:
        """Is input for this device? A UART's it is until the guest has used this console, as long as its driver waits
        for it there."""
        return self.uart is None or (self.used and not self.uart.enabled & RECEIVED)

    def ready(self) -> bool:
        """Is there input for this device?"""
        source = self.source
        if not self.wanted():
            return False
        if not (source.buffered or source.ended or source.live):
            self.flush()  # show a prompt before its answer is waited for
        return source.ready()

    def arrived(self) -> int | None:
        return RECEIVE if self.listening and self.ready() else None

    def open(self) -> bool:
        """Is there a buffer for input that may still come?"""
        source = self.source
        return self.listening and self.wanted() and not source.buffered and not source.ended

    def live(self) -> bool:
        return self.open() and self.source.live

    def wait(self) -> bool:
        self.flush()
        return self.open() and self.source.wait()

    def flush(self) -> None:
        """Hand the output to the host. Raises OSError if it does not accept that."""
        self.output.flush()

    def save(self) -> Saved:
        self.flush()
        saved: Saved = {"sent": self.sent, "used": self.used, "listening": self.listening}
        return saved if self.uart else {**saved, "input": self.source.gather()}

    def restore(self, saved: Saved) -> None:
        self.sent = integer(saved["sent"], self.memory.size)
        self.used, self.listening = boolean(saved["used"]), boolean(saved["listening"])
        if self.uart is None:
            self.source.precede(some_bytes(saved["input"]))
