"""The power switch: port 0xF0 of PG32's board."""

from __future__ import annotations

from ring1.dbt.machine.bus import Bus, Device


class Power(Device):
    """A write stops the machine; the low byte is the exit code."""

    name = "power"
    ports = range(0xF0, 0xF1)

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    def write(self, port: int, value: int, now: int) -> None:
        self.bus.power, self.attention = value & 0xFF, True

    def off(self, code: int) -> tuple[int, int] | None:
        return 0, code & 0xFF
