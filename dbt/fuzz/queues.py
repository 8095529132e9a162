"""Requests to virtio devices: a program sets a queue up in its data, puts a chain of buffers into it, and tells."""

from __future__ import annotations

from ring1.dbt.devices.virtio_device import VirtioDevice
from ring1.dbt.devices.virtio_mmio import (
    DRIVER_READY,
    LATENCY,
    NOTIFY,
    QUEUE,
    QUEUE_READY,
    QUEUE_SIZE,
    RINGS_AT,
    STATUS,
    VirtioMmio,
)
from ring1.dbt.devices.virtqueue import DESCRIPTOR, NEXT, WRITABLE
from ring1.dbt.fuzz import blocks, flow
from ring1.dbt.fuzz.devices import Place
from ring1.dbt.fuzz.layout import CODE_PAGES, DATA, MORE_DATA
from ring1.dbt.fuzz.peripherals import store
from ring1.dbt.fuzz.writer import Writer

AREAS = DATA + 0x800, MORE_DATA + 0x800
"""Where the rings are."""
RINGS = 0, 0x80, 0x100
"""Where each begins there."""
LENGTHS = (1, 4, 16, 64, 512, 0, 0x1000, 0xFFFFFFFF)
WEIGHTS = (4, 8, 8, 4, 8, 1, 1, 1)


def request(w: Writer, slot: VirtioMmio) -> None:
    """Write a request to a device in a slot: mostly one that makes sense."""
    begin, area = slot.window.start, w.at(w.one(AREAS))
    one, two = w.pair()

    def put(where: int, value: int) -> None:
        store(w, Place(slot.name, where, 4), value, (one, two))

    number = w.random.randrange(len(slot.device.queues))
    registers = [(STATUS, 0), (QUEUE, number), (QUEUE_SIZE, w.one((2, 4, 8, 8, 8, 3)))]
    registers += [(at, area + RINGS[ring]) for at, ring in RINGS_AT.items()]
    registers += [(QUEUE_READY, 1), (STATUS, w.one((DRIVER_READY, 0xF, 0xF, 0xF)))]
    for port, value in registers:
        if w.chance(0.98):
            put(begin + 4 * port, value)
    buffers = chain(w, slot.device, number)
    for n, (where, length, flags) in enumerate(buffers):
        more = NEXT if n + 1 < len(buffers) or w.chance(0.03) else 0
        words = where, 0, length, flags | more | n + 1 << 16
        for index, word in enumerate(words):
            put(area + RINGS[0] + DESCRIPTOR.size * n + 4 * index, word)
    put(area + RINGS[1] + 4, 0)  # the head
    put(area + RINGS[1], w.one((1, 1, 1, 1, 1, 2, 100)) << 16)
    put(begin + 4 * NOTIFY, number)
    if flow.counts(w.facts) and w.chance(0.6):
        flow.loop(w, blocks.alu, LATENCY // 3)


def chain(w: Writer, device: VirtioDevice, number: int) -> list[tuple[int, int, int]]:
    """Draw address, length and flags of some buffers: a header and a status around others where sectors are asked for,
    which are many; else for one direction."""

    def buffer(writes: bool) -> tuple[int, int, int]:
        code = w.at(w.one(CODE_PAGES) + 4 * w.random.randrange(0x80))
        where = code if w.chance(0.3) else blocks.address(w)
        [length] = w.random.choices(LENGTHS, WEIGHTS)
        return where, length, WRITABLE * (writes != w.chance(0.03))

    if len(device.queues) > 1:
        return [buffer(number == 0) for _ in w.some(1, 3)]
    # The header is in data that programs seldom write: zeros, which ask for sector 0.
    header, status = w.at(DATA + 0x700), w.at(DATA + 0x7FF)
    data = [buffer(w.chance(0.8)) for _ in w.some(1, 2)]
    return [
        (header, 16, 0),
        *((at, 512 if w.chance(0.8) else n, flags) for at, n, flags in data),
        (status, 1, WRITABLE),
    ]
