"""A UART of the kind 16550A, with the console behind it (National Semiconductor, PC16550D, 1995). Bytes are sent at
once, whatever the divisor says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.posts import low_bytes
from ring1.dbt.machine.saved import Saved, boolean, integers, some_bytes

DATA, ENABLE, IDENTIFY, LINE_CONTROL, MODEM_CONTROL, LINE_STATUS, MODEM_STATUS, SCRATCH = range(8)
RECEIVED, SENT, CHANGED = 1, 2, 8
"""Bits of the register ENABLE: interrupts if a byte has been received, if the transmitter has become empty, and if
MODEM_STATUS has changed."""
MODEM, NOTHING, TRANSMITTER, RECEIVER = 0, 1, 2, 4
"""What IDENTIFY says of the interrupt."""
FIFOS_ON, FIFOS = 1, 0xC0
"""A bit that is written to enable the FIFOs, and those that are read when they are enabled."""
DIVISOR = 0x80
"""Bit of LINE_CONTROL: the first two registers are the divisor."""
LOOP = 0x10
"""Bit of MODEM_CONTROL: outputs are connected to inputs."""
READY, EMPTY = 0x01, 0x60
"""Bits of LINE_STATUS: a byte has been received; holding register and transmitter are empty."""
CONNECTED, HUNG_UP, LOST = 0xB0, 0x30, 0x08
"""MODEM_STATUS: carrier, data set ready, clear to send; without the carrier, where the input has ended; and the bit
that says that it has been lost since the register was last read."""
MOST = 1 << 31
"""More writes than are ever posted."""


class Ns16550(Device):
    width = 1
    inline = DATA, IDENTIFY, LINE_STATUS, MODEM_STATUS
    consumed = True

    def __init__(self, name: str, window: range, source: HostInput, output: HostOutput) -> None:
        self.name, self.window = name, window
        self.source, self.output = source, output
        self.enabled = self.line_control = self.modem_control = self.scratch = 0
        self.divisor = [0, 0]
        self.fifos = False
        self.sent = False
        """The transmitter has become empty, and nobody has seen that."""
        self.told = False
        """Somebody has seen that the carrier is lost."""
        self.looped = bytearray()
        """Bytes sent in a loop."""

    def read(self, port: int, now: int) -> int:
        if port <= ENABLE and self.line_control & DIVISOR:
            return self.divisor[port]
        if port == DATA:
            return self.observed(self.receive)
        if port == ENABLE:
            return self.enabled
        if port == IDENTIFY:
            return self.observed(self.identify)
        if port == LINE_STATUS:
            return EMPTY | (READY if self.ready() else 0)
        if port == MODEM_STATUS:
            out = self.modem_control
            looped = (out & 2) << 3 | (out & 1) << 5 | (out & 0xC) << 4
            return looped if out & LOOP else self.observed(self.carrier)
        known = {LINE_CONTROL: self.line_control, MODEM_CONTROL: self.modem_control, SCRATCH: self.scratch}
        return known.get(port, 0)

    def write(self, port: int, value: int, now: int) -> None:
        before = self.level()
        if port <= ENABLE and self.line_control & DIVISOR:
            self.divisor[port] = value
        elif port == DATA:
            self.send(value)
        elif port == ENABLE:
            self.sent = self.sent or bool(value & SENT & ~self.enabled)
            self.enabled = value & 0xF
        elif port == IDENTIFY:
            self.fifos = bool(value & FIFOS_ON)
        elif port == LINE_CONTROL:
            self.line_control = value
        elif port == MODEM_CONTROL:
            self.modem_control = value & 0x1F
        elif port == SCRATCH:
            self.scratch = value
        self.attention = self.attention or before != self.level() or port == ENABLE

    def observed(self, read: Callable[[], int]) -> int:
        """Read a register whose reading may change the interrupt line."""
        before = self.level()
        value = read()
        self.attention = self.attention or before != self.level()
        return value

    def send(self, value: int) -> None:
        if self.modem_control & LOOP:
            self.looped.append(value)
        else:
            self.output.put(value)
        self.sent = True

    def receive(self) -> int:
        """Return the next byte received; 0 if there is none."""
        if self.looped:
            return self.looped.pop(0)
        return self.source.take() if self.ready() else 0

    def lost(self) -> bool:
        """Has the carrier been lost, which ends when the input does?"""
        return not self.ready() and self.source.ended

    def carrier(self) -> int:
        """Return MODEM_STATUS. That the carrier is lost is told once."""
        if not self.lost():
            return CONNECTED
        told, self.told = self.told, True
        return HUNG_UP if told else HUNG_UP | LOST

    def identify(self) -> int:
        """Return why there is an interrupt. That the transmitter is empty is told once."""
        fifos = FIFOS if self.fifos else 0
        if self.enabled & RECEIVED and self.ready():
            return RECEIVER | fifos
        if self.enabled & SENT and self.sent:
            self.sent = False
            return TRANSMITTER | fifos
        if self.changed():
            return MODEM | fifos
        return NOTHING | fifos

    def ready(self) -> bool:
        """Has a byte been received?"""
        if self.looped:
            return True
        if self.modem_control & LOOP:
            return False
        if not (self.source.buffered or self.source.ended or self.source.live):
            self.flush()  # show a prompt before its answer is waited for
        return self.source.ready()

    def level(self) -> bool:
        sent = bool(self.enabled & SENT and self.sent)
        return sent or bool(self.enabled & RECEIVED and self.ready()) or self.changed()

    def changed(self) -> bool:
        """Is there an interrupt since the carrier has been lost?"""
        return bool(self.enabled & CHANGED) and not self.told and self.lost()

    def live(self) -> bool:
        return bool(self.enabled & RECEIVED) and self.source.live and not self.source.buffered and not self.source.ended

    def wait(self) -> bool:
        self.flush()
        if not self.enabled & (RECEIVED | CHANGED) or self.source.buffered:
            return False
        return self.source.wait() or self.changed()

    def answer(self, port: int) -> int | None:
        """Whether a byte has been received is the host's to decide, unless there is input already, or never will be."""
        settled = self.looped or self.modem_control & LOOP or self.source.buffered or self.source.ended
        if port == LINE_STATUS and settled:
            return self.read(port, 0)
        if port == MODEM_STATUS and settled and (self.modem_control & LOOP or self.told or not self.lost()):
            return self.read(port, 0)  # else that the carrier is lost is told once
        if port == IDENTIFY and (settled or not self.enabled & (RECEIVED | CHANGED)):
            if self.enabled & SENT and self.sent and not (self.enabled & RECEIVED and self.ready()):
                return None  # that the transmitter is empty is told once
            return self.identify()
        return None

    def posts(self, port: int) -> int:
        """Output can wait as long as the interrupt line stays as it is."""
        if port != DATA or self.line_control & DIVISOR or self.modem_control & LOOP:
            return 0
        if self.enabled & SENT and not self.sent:
            return 0
        return MOST if self.output.room is None else max(0, self.output.room)

    def write_posted(self, port: int, values: memoryview, times: Iterator[int]) -> None:
        self.output.extend(low_bytes(values))
        self.sent = True

    def flush(self) -> None:
        """Hand the output to the host. Raises OSError if it does not accept that."""
        self.output.flush()

    def room(self) -> int | None:
        return self.output.room

    def save(self) -> Saved:
        self.flush()
        registers = [self.enabled, self.line_control, self.modem_control, self.scratch, *self.divisor]
        return {
            "registers": registers,
            "fifos": self.fifos,
            "sent": self.sent,
            "told": self.told,
            "looped": bytes(self.looped),
            "input": self.source.gather(),
        }

    def restore(self, saved: Saved) -> None:
        self.enabled, self.line_control, self.modem_control, self.scratch, *self.divisor = integers(
            saved["registers"], 6, 0xFF
        )
        self.fifos, self.sent = boolean(saved["fifos"]), boolean(saved["sent"])
        self.told = boolean(saved.get("told", False))
        self.looped = bytearray(some_bytes(saved["looped"]))
        self.source.precede(some_bytes(saved["input"]))
