"""The I/O ports of a machine and the interrupt lines that its devices drive."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from ring1.dbt.machine.saved import Misfit, Saved, integer

ALL_ONES = 0xFFFFFFFF
ANSWERED = 1 << 63
"""In a published answer: there is one."""


class Device:
    """Something behind I/O ports. Times are virtual: `now` counts as the machine's time does.

    `line` is the interrupt line that it drives, if any. Snapshots know it by its `name`, and that for ever: no other
    device on its bus has it, and no other kind of device may ever get it.
    """

    name: str
    ports: range = range(0)
    line: int | None = None
    attention = False
    """Set by an access that may have changed the line, the deadline or the power: the machine has to look."""

    def read(self, port: int, now: int) -> int:
        """The guest reads a port, given relative to the device's first."""
        return ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        """The guest writes a port."""

    def answer(self, port: int) -> int | None:
        """What `read` would give, if reading has no effect and the value stays until the next write, or until a time
        that was the device's deadline. None if it has to be asked."""
        return None

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

    def room(self) -> int | None:
        """How many more writes to its first port it takes; None: any number."""
        return None

    def save(self) -> Saved:
        """All that the device knows, for `restore`. Nothing changes that the guest can see."""
        return {}

    def restore(self, saved: Saved) -> None:
        """Be as another device of this kind was. Raises KeyError, TypeError, ValueError if `saved` makes no sense."""

    def close(self) -> None:
        """Release the host's resources."""


class Bus:
    """Devices by port. A port that nobody has reads all ones and ignores writes."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.timed: list[Device] = []
        """Those that can change by themselves."""
        self.answering: list[Device] = []
        """Those that have answers."""
        self.answers: list[int] | memoryview = []
        """Port -> its device's answer: kept true for whoever reads ports without the bus (see `publish_to`)."""
        self.at: dict[int, tuple[Device, int]] = {}
        self.driver: dict[int, Device] = {}
        self.attention = False
        """An access has changed something that the machine has to look at."""
        self.power: int | None = None
        """The exit code, once the guest has switched the power off."""
        self.interrupted = threading.Event()
        """Set when the host's user wants the machine to stop; waiting devices look at it."""

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
        """From now on keep the answers of all devices there."""
        self.answers = answers
        for device in self.answering:
            self.publish(device)

    def publish(self, device: Device) -> None:
        """Say what a device would answer now."""
        for number, port in enumerate(device.ports[: max(len(self.answers) - device.ports.start, 0)]):
            value = device.answer(number)
            self.answers[port] = 0 if value is None else ANSWERED | value

    def room(self, port: int) -> int | None:
        """How many more writes to a device's first port it takes; None: any number."""
        found = self.at.get(port)
        return None if found is None else found[0].room()

    def level(self, line: int) -> bool:
        driver = self.driver.get(line)
        return driver is not None and driver.level()

    def deadline(self) -> int | None:
        """The time of the next event of any device."""
        times = [time for device in self.timed if (time := device.deadline()) is not None]
        return min(times) if times else None

    def advance(self, now: int) -> None:
        for device in self.timed:
            due = device.deadline()
            device.advance(now)
            if due is not None and now >= due and device in self.answering:
                self.publish(device)

    def live(self) -> bool:
        """Has the host to be looked at now and then?"""
        return any(device.live() for device in self.devices)

    def flush(self) -> None:
        for device in self.devices:
            device.flush()

    def save(self) -> Saved:
        """Whether the power is on, and the state of all devices by their names."""
        return {"power": self.power, "devices": {device.name: device.save() for device in self.devices}}

    def restore(self, saved: Saved) -> None:
        """Be as another bus was, whatever the order of its devices. One of whose state nothing is said stays as it is.

        Raises Misfit if a device is missing here, KeyError, TypeError, ValueError if `saved` makes no sense.
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
