"""The devices of a board whose devices are in memory, made as the board describes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from typing import NamedTuple

from ring1.dbt.devices import clint, plic, virtio_slot
from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.ns16550 import Ns16550
from ring1.dbt.devices.sifive_test import Finisher
from ring1.dbt.devices.virtio_block import VirtioBlock
from ring1.dbt.devices.virtio_console import VirtioConsole
from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtio_legacy import LegacyMmio
from ring1.dbt.devices.virtio_mmio import VirtioMmio
from ring1.dbt.devices.virtio_slot import LegacySlot, Slot
from ring1.dbt.machine.bus import Bus, Device
from ring1.dbt.machine.memory import Memory
from ring1.isa.board import Board, Placed
from ring1.isa.source import Fault, IsaError


class Parts(NamedTuple):
    """What devices are made of."""

    bus: Bus
    memory: Memory
    keyboard: HostInput
    output: HostOutput
    disk: str | None


def interruptor(placed: Placed, parts: Parts) -> Iterable[Device]:
    software, timer = placed.lines
    begin = placed.window.start
    return (
        clint.Software(f"{placed.name}_software", begin, software),
        clint.Timer(f"{placed.name}_timer", begin, timer),
    )


def controller(placed: Placed, parts: Parts) -> Iterable[Device]:
    made = plic.Plic(placed.name, placed.window.start, placed.sources, len(placed.lines))
    return made, *(plic.Context(f"{placed.name}_{n}", made, n, line) for n, line in enumerate(placed.lines))


def slot(placed: Placed, parts: Parts) -> Iterable[Device]:
    return ((LegacySlot if placed.legacy else Slot)(placed.name, placed.window),)


def by_virtio(make: Callable[[Parts], VirtioDevice]) -> Callable[[Placed, Parts], Iterable[Device]]:
    """Return a function that makes a virtio device, in its slot."""
    return lambda placed, parts: (
        (LegacyMmio if placed.legacy else VirtioMmio)(placed.name, placed.window, make(parts)),
    )


class Kind(NamedTuple):
    """A kind of device."""

    lines: int
    """How many lines of the processor it drives."""
    size: int
    """Bytes of addresses that its registers take."""
    make: Callable[[Placed, Parts], Iterable[Device]]
    """Makes it: the device itself first."""


KINDS = {
    "sifive_test": Kind(0, 4, lambda placed, parts: (Finisher(placed.name, placed.window, parts.bus),)),
    "clint": Kind(2, clint.SIZE, interruptor),
    "plic": Kind(2, plic.CONTEXTS + 2 * plic.CONTEXT_SIZE, controller),
    "ns16550": Kind(0, 8, lambda placed, parts: (Ns16550(placed.name, placed.window, parts.keyboard, parts.output),)),
    "virtio_slot": Kind(0, virtio_slot.SIZE, slot),
    "virtio_block": Kind(0, virtio_slot.SIZE, by_virtio(lambda parts: VirtioBlock(parts.memory, parts.disk))),
    "virtio_console": Kind(
        0, virtio_slot.SIZE, by_virtio(lambda parts: VirtioConsole(parts.memory, parts.keyboard, parts.output))
    ),
}
SINGLE = "ns16550", "virtio_block", "virtio_console"
"""Kinds of which a board has one device at most."""
VIRTIO = "virtio_"
"""What the names of kinds begin with that are in slots for virtio devices."""


def faults(board: Board) -> Iterable[Fault]:
    """Yield what is wrong with the kinds of a board's devices."""
    single: set[str] = set()
    for placed in board.devices:
        if placed.kind not in KINDS:
            yield Fault(
                placed.position, f"there is no kind of device {placed.kind}; there are {', '.join(sorted(KINDS))}"
            )
            continue
        kind = KINDS[placed.kind]
        if len(placed.lines) != kind.lines:
            yield Fault(placed.position, f"a {placed.kind} drives {kind.lines or 'none'} of the processor's lines")
        if len(placed.window) < kind.size:
            yield Fault(placed.position, f"a {placed.kind} has {kind.size:#x} bytes of registers")
        if placed.legacy and not placed.kind.startswith(VIRTIO):
            yield Fault(placed.position, f"a {placed.kind} has no legacy interface")
        if placed.kind in SINGLE:
            if placed.kind in single:
                yield Fault(placed.position, f"there is one console and one disk: this is a second {placed.kind}")
            single.add(placed.kind)


def has_disk(board: Board) -> bool:
    """Is there a place for a disk?"""
    return any(placed.kind == "virtio_block" for placed in board.devices)


def share(devices: Collection[Device]) -> None:
    """Tell a console of virtio's of the UART that has the same stream."""
    consoles = [device.device for device in devices if isinstance(device, VirtioMmio)]
    for uart in (device for device in devices if isinstance(device, Ns16550)):
        for console in (device for device in consoles if isinstance(device, VirtioConsole)):
            console.share(uart)


def mapped(
    board: Board, memory: Memory, keyboard: Callable[[Bus], HostInput], output: HostOutput, disk: str | None
) -> Bus:
    """Return a bus with the devices of a board. Raises IsaError; ValueError if one is where RAM is, or a disk is given
    and the board has none; OSError if the disk's file cannot be used."""
    if found := list(faults(board)):
        raise IsaError(found)
    bus = Bus()
    parts = Parts(bus, memory, keyboard(bus), output, disk)
    if disk is not None and not has_disk(board):
        raise ValueError(f"the board {board.name} has no disk")
    made: dict[str, Device] = {}
    with ExitStack() as undo:
        undo.callback(bus.close)
        for placed in board.devices:
            if placed.window.start < memory.end and memory.base < placed.window.stop:
                raise ValueError(f"RAM reaches address {placed.window.start:#x}, which is that of the {placed.name}")
            first, *others = KINDS[placed.kind].make(placed, parts)
            bus.extend((first, *others))
            made[placed.name] = first
        for placed in board.devices:
            above = made.get(placed.controller)
            if isinstance(above, plic.Plic):
                above.connect(placed.source, made[placed.name])
        share(made.values())
        undo.pop_all()
    return bus
