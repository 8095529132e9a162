"""The devices of a machine: behind I/O ports, or at physical addresses, and the interrupt lines that they drive.

A device at physical addresses has registers of one width there, a register behind another. A register is read and
written as a port is, whose number is its address, so that whoever takes part in port accesses takes part in those.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ring1.dbt.machine.saved import Misfit, Saved, integer
from ring1.dbt.machine.state import ANSWERED as PORTS
from ring1.dbt.machine.state import MOST_POSTED, seat

if TYPE_CHECKING:
    from ring1.dbt.machine.posts import Posts

ALL_ONES = 0xFFFFFFFF
ANSWERED = 1 << 63
"""Bit of a quadword of `answers`: the port has a published answer."""


class Device:
    """A device behind I/O ports or at physical addresses. Times are virtual, counted as Cpu.time is.

    `line` is the interrupt line that it drives, if any. Snapshots identify it by `name`: that is unique on its bus,
    never changes, and is never reused for another kind of device.
    """

    name: str
    ports: range = range(0)
    window: range = range(0)
    """The physical addresses at which it is."""
    width = 4
    """Bytes of a register in the window: 4 or 1. A write must be of whole registers, a read need not."""
    inline: Sequence[int] = ()
    """The numbers of the registers in the window that may have answers, or take posted writes."""
    line: int | None = None
    shares = False
    """Other devices may drive its interrupt line as well."""
    consumed = False
    """A read may change what it has published, or how many writes it lets wait."""
    remote = False
    """Another machine may change its line at any moment of virtual time."""
    attention = False
    """Set by an access that may have changed line, deadline or power, so that the run loop looks at them."""

    def read(self, port: int, now: int) -> int:
        """Read a port or register, numbered from the device's first one."""
        return ALL_ONES

    def write(self, port: int, value: int, now: int) -> None:
        """Write to a port or register, numbered from the device's first one."""

    def answer(self, port: int) -> int | None:
        """Return what `read` would return, provided that reading has no side effect and that the value can change only
        at a read, a write or a device's deadline. None if the device must be asked."""
        return None

    def posts(self, port: int) -> int:
        """Return how many of the next writes to a port may be posted: made a little later, in the order of all that
        are posted, and before anybody looks at the device. So they must change neither line, deadline, power nor what
        has been published, in whatever number, and the host may wait for them."""
        return 0

    def write_posted(self, port: int, values: memoryview, times: Iterator[int]) -> None:
        """Make posted writes to a port: words, and the times at which the guest made them."""
        for value, time in zip(values, times, strict=True):
            self.write(port, value, time)

    def level(self) -> bool:
        """Is the interrupt line asserted?"""
        return False

    def deadline(self) -> int | None:
        """Return the time at which the device will next change by itself, or None."""
        return None

    def advance(self, now: int) -> None:
        """Do what is due at time `now`."""

    def drivers(self) -> Iterable[Device]:
        """Return the devices that can assert the interrupt line: itself, unless it passes on what others assert."""
        return (self,)

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

    def off(self, code: int) -> tuple[int, int] | None:
        """Return the port or register, numbered from the device's first one, and the value by which a guest powers the
        machine off with this exit code; None for all other devices."""
        return None

    def place(self) -> str:
        """Describe where the device is, and its interrupt line."""
        where = "addresses" if self.window else "ports"
        found = self.window or self.ports
        line = f", line {self.line}{' (up)' if self.level() else ''}" if self.line is not None else ""
        return f"{where} {found.start:#x} to {found.stop - 1:#x}{line}" if found else f"nowhere{line}"

    def save(self) -> Saved:
        """Return the device's whole state, for `restore`, without any effect that the guest can see."""
        return {}

    def restore(self, saved: Saved) -> None:
        """Restore the saved state of a device of this kind. Raises KeyError, TypeError, ValueError if `saved` is
        malformed."""

    def close(self) -> None:
        """Release the host's resources."""


class Bus:
    """The devices of a machine, by port and by physical address. An unassigned port reads all ones and ignores
    writes; there is nothing at an unassigned address."""

    def __init__(self) -> None:
        self.devices: list[Device] = []
        self.timed: list[Device] = []
        """Devices that can change by themselves."""
        self.awaiting: list[Device] = []
        """Devices that may be live."""
        self.answering: list[Device] = []
        """Devices that publish answers."""
        self.answers: list[int] | memoryview = []
        """Port -> its device's answer, kept up to date for code that reads ports without calling the bus (see
        `publish_to`); behind the ports those of registers, by their seats."""
        self.seated = False
        """Those of registers are published, and writes to them posted."""
        self.numbers: dict[Device, list[tuple[int, int]]] = {}
        """See `places_of`."""
        self.seats: dict[int, int] = {}
        """Address of a register that may have an answer or a grant -> where these are. The first one has the seat."""
        self.posting: list[Device] = []
        """Devices writes to which can be posted."""
        self.posts: Posts | None = None
        """Where they are posted, if anybody does (see `post_to`)."""
        self.granting: list[tuple[Device, int, int]] = []
        """Device, number at the device and number of the grant of each port or register to which writes may be
        posted."""
        self.at: dict[int, tuple[Device, int]] = {}
        self.windows: list[Device] = []
        """Devices at physical addresses, in their order."""
        self.begins: list[int] = []
        """Where their windows begin."""
        self.frames: set[int] = set()
        """Pages of RAM of which a device sees every write."""
        self.bound: int | None = None
        """A time beyond which no wait of the guest's goes, as somebody stops the machine there."""
        self.driver: dict[int, tuple[Device, ...]] = {}
        self.attention = False
        """An access has changed something that the run loop has to look at."""
        self.power: int | None = None
        """The exit code, once the guest has powered the machine off."""
        self.interrupted = threading.Event()
        """Set when the user asks the machine to stop; devices that wait poll it."""

    def add(self, device: Device) -> None:
        """Put a device on the bus. Raises ValueError if its name, a port, an address or the interrupt line is taken."""
        if any(device.name == other.name for other in self.devices):
            raise ValueError(f"there is a {device.name} already")
        for port in device.ports:
            if port in self.at:
                raise ValueError(f"port {port:#x} is that of the {self.at[port][0].name}")
        for other in self.windows if device.window else ():
            if device.window.start < other.window.stop and other.window.start < device.window.stop:
                raise ValueError(
                    f"address {max(device.window.start, other.window.start):#x} is that of the {other.name}"
                )
        if device.line is not None and device.line in self.driver and not device.shares:
            raise ValueError(f"line {device.line} is driven by the {self.driver[device.line][0].name}")
        self.devices.append(device)
        for number, port in enumerate(device.ports):
            self.at[port] = device, number
        if device.window:
            self.windows = sorted((*self.windows, device), key=lambda each: each.window.start)
            self.begins = [each.window.start for each in self.windows]
            for number in device.inline:
                address = device.window.start + number * device.width
                if PORTS + seat(address) not in self.seats.values():
                    self.seats[address] = PORTS + seat(address)
        if device.line is not None:
            self.driver[device.line] = (*self.driver.get(device.line, ()), device)
        if type(device).deadline is not Device.deadline:
            self.timed.append(device)
        if type(device).live is not Device.live:
            self.awaiting.append(device)
        if type(device).answer is not Device.answer:
            self.answering.append(device)
        if type(device).posts is not Device.posts:
            self.posting.append(device)

    def extend(self, devices: Iterable[Device]) -> None:
        for device in devices:
            self.add(device)

    def found(self, port: int) -> tuple[Device, int] | None:
        """Return the device of a port, or of a register's address, and the number of the port or register there."""
        at = self.at.get(port)
        if at is None and (device := self.device_at(port)):
            return device, (port - device.window.start) // device.width
        return at

    def device_at(self, address: int) -> Device | None:
        """Return the device at a physical address."""
        n = bisect_right(self.begins, address) - 1
        return self.windows[n] if n >= 0 and address < self.windows[n].window.stop else None

    def serves(self, address: int, size: int, write: bool) -> bool:
        """Is there a device for an access to `size` bytes from a physical address on, which may be made in pieces by
        registers?"""
        device = self.device_at(address)
        return (
            device is not None
            and address + size <= device.window.stop
            and address % size == 0
            and not (write and size < device.width)
        )

    def places(self) -> Bus:
        """Return a bus that knows where there are devices in memory, and is never to reach them."""
        made = Bus()
        made.windows, made.begins = self.windows, self.begins
        return made

    def registers(self, address: int, size: int) -> range:
        """Return the addresses of the registers of an access that a device serves."""
        device = self.device_at(address)
        assert device is not None
        return range(address - address % device.width, address + size, device.width)

    def read(self, port: int, now: int) -> int:
        found = self.found(port)
        if found is None:
            return ALL_ONES
        device, number = found
        value = device.read(number, now)
        if device.consumed:
            self.publish(device)
            if self.posts is not None:
                self.grant()
        if device.attention:
            device.attention, self.attention = False, True
        return value

    def write(self, port: int, value: int, now: int) -> None:
        found = self.found(port)
        if found is None:
            return
        device, number = found
        device.write(number, value, now)
        if device in self.answering:
            self.publish(device)
        if self.posts is not None and device in self.posting:
            self.grant()
        if device.attention:
            device.attention, self.attention = False, True

    def publish_to(self, answers: list[int] | memoryview, seated: memoryview | None = None) -> None:
        """Publish the answers of all devices to this array from now on; those of registers where there is an array of
        the addresses whose registers are `seated`."""
        self.answers, self.seated = answers, seated is not None
        self.numbers.clear()
        if seated is not None:
            for address, place in self.seats.items():
                seated[place - PORTS] = address
        self.publish_all()

    def publish_all(self) -> None:
        """Publish what all devices would answer now."""
        for device in self.answering:
            self.publish(device)

    def places_of(self, device: Device) -> list[tuple[int, int]]:
        """Return number, and the number of answer and grant, of each port and register of a device that has these."""
        found = self.numbers.get(device)
        if found is None:
            registers = {n: device.window.start + n * device.width for n in device.inline} if self.seated else {}
            found = [(number, port) for number, port in enumerate(device.ports) if port < PORTS]
            found += [(number, self.seats[at]) for number, at in registers.items() if at in self.seats]
            self.numbers[device] = found
        return found

    def publish(self, device: Device) -> None:
        """Publish what a device would answer now."""
        for number, place in self.places_of(device) if self.answers else ():
            if place < len(self.answers):
                value = device.answer(number)
                self.answers[place] = 0 if value is None else ANSWERED | value

    def answer(self, port: int) -> int | None:
        """Return the published answer of a port, or of a register by its address; None if there is none."""
        place = port if port < PORTS else self.seats.get(port, len(self.answers))
        found = self.answers[place] if place < len(self.answers) else 0
        return found & ALL_ONES if found & ANSWERED else None

    def post_to(self, posts: Posts) -> None:
        """Have writes posted here from now on. Whoever has generated code run calls `deliver` whenever it has left,
        and `grant` before it is entered, if a device may have changed since a write."""
        self.posts = posts
        self.granting = [(device, *at) for device in self.posting for at in self.places_of(device)]
        self.grant()

    def grant(self) -> None:
        """Say how many writes may be posted to each port and register."""
        assert self.posts is not None
        grants, wanted = self.posts.grants, [device.posts(number) for device, number, _ in self.granting]
        share = MOST_POSTED // max(1, len(wanted) - wanted.count(0))
        for (_, _, place), most in zip(self.granting, wanted, strict=True):
            grants[place] = min(most, share)

    def deliver(self, now: int) -> None:
        """Make all posted writes; `now` is a time that is not before any of them. Raises OSError."""
        posts = self.posts
        assert posts is not None
        runs = posts.runs()
        posts.clear()
        try:
            for run in runs:
                found = self.found(run.port)
                assert found is not None
                device, number = found
                device.write_posted(number, run.values, run.moments(now))
        finally:
            self.grant()

    def room(self, port: int) -> int | None:
        """Return how many more writes a device's first port accepts; None: no limit."""
        found = self.found(port)
        return None if found is None else found[0].room()

    def level(self, line: int) -> bool:
        return any(device.level() for device in self.driver.get(line, ()))

    def deadline(self) -> int | None:
        """Return the earliest deadline of any device, or None."""
        times = [time for device in self.timed if (time := device.deadline()) is not None]
        return min(times) if times else None

    def advance(self, now: int) -> None:
        for device in self.timed:
            due = device.deadline()
            device.advance(now)
            if due is not None and now >= due:
                # What others have published may be of what they share with it, as consoles their stream.
                self.publish_all()
                if self.posts is not None:
                    self.grant()

    def live(self) -> bool:
        """Must the host be polled because it can change a line at any moment?"""
        return any(device.live() for device in self.awaiting)

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
        self.publish_all()
        if self.posts is not None:
            self.grant()

    def close(self) -> None:
        for device in self.devices:
            device.close()
