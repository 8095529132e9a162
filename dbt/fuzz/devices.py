"""The devices of a machine: what programs can do with their ports and registers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property

from ring1.dbt.devices.board import devices as made
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.mapped import has_disk
from ring1.dbt.devices.virtio_mmio import VirtioMmio
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Memory
from ring1.isa.board import Board
from ring1.isa.boards import load
from ring1.isa.model import Isa
from ring1.isa.record import Record

LATER, MUCH_LATER = 12345, 1 << 40
"""Times at which devices are asked."""
NEAR = 16
"""Registers that are tried at the beginning of each part of a window ..."""
PART = 0x1000
"""... which are so many bytes long, and ..."""
MOST_PARTS = 64
"""... of which so many are looked at, from both ends."""


class Place(Record):
    """A register of a device in memory."""

    device: str
    address: int
    width: int
    """In bytes."""


class Devices:
    """The devices of a machine, which nobody runs."""

    def __init__(self, isa: Isa, board: Board | None = None) -> None:
        """Without `board`, it is the one that the description names. Raises IsaError if the board cannot be."""
        memory = Memory(1 << 12, isa.memory)
        try:
            board = load(isa.board) if isa.board and board is None else board
            self.disk = board is None or has_disk(board)
            """Can the machine have a disk?"""
            self.bus = made(board, memory, b"", HostOutput(io.BytesIO()), None, 0)
        finally:
            memory.close()

    @cached_property
    def off(self) -> tuple[Device, int, int] | None:
        """The device that powers the machine off with exit code 0, its port or register, and what is written there."""
        for device in self.bus.devices:
            found = device.off(0)
            if found is not None:
                return device, *found
        return None

    @property
    def others(self) -> list[Device]:
        """All but the one that powers the machine off."""
        return [device for device in self.bus.devices if device.off(0) is None]

    @cached_property
    def places(self) -> list[Place]:
        """The registers of devices in memory that hold what is written to them, or do not read as 0."""
        return [
            Place(device.name, device.window.start + number * device.width, device.width)
            for device in self.others
            for number in numbers(device)
            if alive(device, number)
        ]

    @cached_property
    def slots(self) -> list[VirtioMmio]:
        """The virtio devices in memory of which there are places."""
        known = {place.device for place in self.places}
        return [device for device in self.others if isinstance(device, VirtioMmio) and device.name in known]

    @cached_property
    def deadline(self) -> tuple[int, ...]:
        """The addresses of the registers with the deadline of a timer in memory, that of the high word first."""
        for device in self.bus.timed:
            for low in numbers(device) if device.window and device.width == 4 else ():
                saved = device.save()
                device.write(low + 1, MUCH_LATER >> 32, 0)
                device.write(low, LATER, 0)
                due = device.deadline()
                device.restore(saved)
                if due == MUCH_LATER + LATER:
                    return tuple(device.window.start + 4 * number for number in (low + 1, low))
        return ()


def numbers(device: Device) -> Iterator[int]:
    """Yield the numbers of some of the registers of a device in memory."""
    count = len(device.window) // device.width
    parts = range(0, count, PART // device.width)
    chosen = dict.fromkeys((*parts[:MOST_PARTS], *parts[-MOST_PARTS:]))
    near = (part + n for part in chosen for n in range(NEAR))
    far = (at - 1 - n for at in (count,) for n in range(NEAR))
    yield from dict.fromkeys(n for n in (*near, *far) if 0 <= n < count)


def alive(device: Device, number: int) -> bool:
    """Is there something in a register?"""
    saved = device.save()
    before = device.read(number, LATER)
    device.write(number, 0x55, LATER)
    after = device.read(number, LATER)
    changed = device.save() != saved
    device.restore(saved)
    return bool(before or after or changed)
