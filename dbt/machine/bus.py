"""The I/O ports of a machine and the interrupt lines that its devices drive."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from ring1.dbt.machine.saved import Misfit, Saved, integer

ALL_ONES = 0xFFFFFFFF
ANSWERED = 1 << 63
"""Bit of a quadword of `answers`: the port has a published answer."""


class Device:
    """A device behind I/O ports. Times are virtual, counted as Cpu.time is.

    `line` is the interrupt line that it drives, if any. Snapshots identify it by `name`: that is unique on its bus,
    never changes, and is never reused for another kind of device.
    """

    name: str
    ports: range = range(0)
    line: int | None = None
    attention = False
    """Set by an access that may have changed line, deadline or power, so that the run loop looks at them."""

    def read(self, port: int, now: int) -> int:
        """Read a port, numbered from the device's first one."""
        return ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        """Write to a port, numbered from the device's first one."""

    def answer(self, port: int) -> int | None:
        """Return what `read` would return, provided that reading has no side effect and that the value can change only
        at a write or at the device's deadline. None if the device must be asked."""
        return None

    def level(self) -> bool:
        """Is the interrupt line asserted?"""
        return False

    def deadline(self) -> int | None:
        """Return the time at which the device will next change by itself, or None."""
        return None

    def advance(self, now: int) -> None:
        """Do what is due at time `now`."""

    def live(self) -> bool:
        """Can the host change the interrupt line at any moment?"""
        return False

    def wait(self) -> bool:
        """Block until the host changes something. False if it never will."""
        return False

    def flush(self) -> None:
        """Flush buffered output to the host."""

    def room(self) -> int | None:
        """Return how many more writes to its first port the device accepts; None: no limit."""
        return None

    def save(self) -> Saved:
        """Return the device's whole state, for `restore`, without any effect that the guest can see."""
        return {}

    def restore(self, saved: Saved) -> None:
        """Restore the saved state of a device of this kind. Raises KeyError, TypeError, ValueError if `saved` is
        malformed."""

    def close(self) -> None:
        """Release the host's resources."""


class Bus:
    """The devices of a machine, by port. An unassigned port reads all ones and ignores writes."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.timed: list[Device] = []
        """Devices that can change by themselves."""
        self.answering: list[Device] = []
        """Devices that publish answers."""
        self.answers: list[int] | memoryview = []
        """Port -> its device's answer, kept up to date for code that reads ports without calling the bus (see
        `publish_to`)."""
        self.at: dict[int, tuple[Device, int]] = {}
        self.driver: dict[int, Device] = {}
        self.attention = False
        """An access has changed something that the run loop has to look at."""
        self.power: int | None = None
        """The exit code, once the guest has powered the machine off."""
        self.interrupted = threading.Event()
        """Set when the user asks the machine to stop; devices that wait poll it."""

    def add(self, device: Device) -> None:
        """Put a device on the bus. Raises ValueError if its name, a port or the interrupt line is taken."""
        if any(device.name == other.name for other in self.devices):
            raise ValueError(f"there is a {device.name} already")
        for port in device.ports:
            if port in self.at:
                raise ValueError(f"port {port:#x} is that of the {self.at[port][0].name}")
        if device.line is not None and device.line in self.driver:
            raise ValueError(f"line {device.line} is driven by the {self.driver[device.line].name}")
        self.devices.append(device)
        for number, port in enumerate(device.ports):
            self.at[port] = device, number
        if device.line is not None:
            self.driver[device.line] = device
        if type(device).deadline is not Device.deadline:
            self.timed.append(device)
        if type(device).answer is not Device.answer:
            self.answering.append(device)

    def extend(self, devices: Iterable[Device]) -> None:
        for device in devices:
            self.add(device)

    def read(self, port: int, now: int) -> int:
        found = self.at.get(port)
        if found is None:
            return ALL_ONES
        device, number = found
        value = device.read(number, now)
        if device.attention:
            device.attention, self.attention = False, True
        return value

    def write(self, port: int, value: int, now: int) -> None:
        found = self.at.get(port)
        if found is None:
            return
        device, number = found
        device.write(number, value, now)
        if device in self.answering:
            self.publish(device)
        if device.attention:
            device.attention, self.attention = False, True

    def publish_to(self, answers: list[int] | memoryview) -> None:
        """Publish the answers of all devices to this array from now on."""
        self.answers = answers
        for device in self.answering:
            self.publish(device)

    def publish(self, device: Device) -> None:
        """Publish what a device would answer now."""
        for number, port in enumerate(device.ports[: max(len(self.answers) - device.ports.start, 0)]):
            value = device.answer(number)
            self.answers[port] = 0 if value is None else ANSWERED | value

    def room(self, port: int) -> int | None:
        """Return how many more writes a device's first port accepts; None: no limit."""
        found = self.at.get(port)
        return None if found is None else found[0].room()

    def level(self, line: int) -> bool:
        driver = self.driver.get(line)
        return driver is not None and driver.level()

    def deadline(self) -> int | None:
        """Return the earliest deadline of any device, or None."""
        times = [time for device in self.timed if (time := device.deadline()) is not None]
        return min(times) if times else None

    def advance(self, now: int) -> None:
        for device in self.timed:
            due = device.deadline()
            device.advance(now)
            if due is not None and now >= due and device in self.answering:
                self.publish(device)

    def live(self) -> bool:
        """Must the host be polled because it can change a line at any moment?"""
        return any(device.live() for device in self.devices)

    def flush(self) -> None:
        for device in self.devices:
            device.flush()

    def save(self) -> Saved:
        """Return the power state, and the state of each device by its name."""
        return {"power": self.power, "devices": {device.name: device.save() for device in self.devices}}

    def restore(self, saved: Saved) -> None:
        """Restore a saved bus; devices are matched by name, and one that is not mentioned keeps its state.

        Raises Misfit if this bus lacks a saved device; KeyError, TypeError, ValueError if `saved` is malformed.
        """
        self.power = None if saved["power"] is None else integer(saved["power"], 0xFF)
        here, states = {device.name: device for device in self.devices}, dict(saved["devices"])
        for name, state in states.items():
            if name not in here:
                raise Misfit(f"the machine has a device {name!r:.40}, and this ring1 has none of that name")
            here[name].restore(state)
        self.publish_to(self.answers)

    def close(self) -> None:
        for device in self.devices:
            device.close()
