"""The I/O ports of a machine and the interrupt lines that its devices drive."""

from __future__ import annotations

import threading
from collections.abc import Iterable

ALL_ONES = 0xFFFFFFFF


class Device:
    """Something behind I/O ports. Times are virtual: `now` counts as the machine's time does.

    `line` is the interrupt line that it drives, if any.
    """

    ports: range = range(0)
    line: int | None = None

    def read(self, port: int, now: int) -> int:
        """The guest reads a port, given relative to the device's first."""
        return ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        """The guest writes a port."""

    def level(self) -> bool:
        """Is the interrupt line up?"""
        return False

    def deadline(self) -> int | None:
        """The time at which the device will change by itself, if it will."""
        return None

    def advance(self, now: int) -> None:
        """Time has come to `now`: do what is due."""

    def live(self) -> bool:
        """May the host change the interrupt line at any moment?"""
        return False

    def wait(self) -> bool:
        """Wait for the host to change something. False if it never will."""
        return False

    def flush(self) -> None:
        """Hand on what is buffered for the host."""

    def close(self) -> None:
        """Release the host's resources."""


class Bus:
    """Devices by port. A port that nobody has reads all ones and ignores writes."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.at: dict[int, tuple[Device, int]] = {}
        self.power: int | None = None
        """The exit code, once the guest has switched the power off."""
        self.interrupted = threading.Event()
        """Set when the host's user wants the machine to stop; waiting devices look at it."""

    def add(self, device: Device) -> None:
        """Put a device on the bus. Raises ValueError if a port or interrupt line of its is taken."""
        for other in self.devices:
            if set(device.ports) & set(other.ports):
                raise ValueError(f"ports {device.ports} overlap those of {type(other).__name__}")
            if device.line is not None and device.line == other.line:
                raise ValueError(f"line {device.line} is driven by {type(other).__name__} already")
        self.devices.append(device)
        for number, port in enumerate(device.ports):
            self.at[port] = device, number

    def extend(self, devices: Iterable[Device]) -> None:
        for device in devices:
            self.add(device)

    def read(self, port: int, now: int) -> int:
        found = self.at.get(port)
        return found[0].read(found[1], now) if found else ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        found = self.at.get(port)
        if found:
            found[0].write(found[1], value, now)

    def level(self, line: int) -> bool:
        return any(device.line == line and device.level() for device in self.devices)

    def deadline(self) -> int | None:
        """The time of the next event of any device."""
        times = [time for device in self.devices if (time := device.deadline()) is not None]
        return min(times) if times else None

    def advance(self, now: int) -> None:
        for device in self.devices:
            device.advance(now)

    def live(self) -> bool:
        """Has the host to be looked at now and then?"""
        return any(device.live() for device in self.devices)

    def flush(self) -> None:
        for device in self.devices:
            device.flush()

    def close(self) -> None:
        for device in self.devices:
            device.close()
