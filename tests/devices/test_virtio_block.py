"""A disk by virtio, asked through its registers: requests that no driver makes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ring1.dbt.devices.virtio_block import FAILED, OK, READ, UNSUPPORTED, WRITE, VirtioBlock
from ring1.dbt.devices.virtio_legacy import PAGE_SIZE, QUEUE_ALIGN, QUEUE_PAGE, LegacyMmio
from ring1.dbt.devices.virtio_mmio import (
    DRIVER_READY,
    LATENCY,
    NEEDS_RESET,
    NOTIFY,
    QUEUE_READY,
    QUEUE_SIZE,
    RINGS_AT,
    STATUS,
    VirtioMmio,
)
from ring1.dbt.devices.virtqueue import NEXT, WRITABLE
from ring1.dbt.machine.memory import Memory

RAM, SECTORS = 1 << 20, 4096
TABLE, AVAILABLE, USED, HEADER, ANSWER, DATA = 0x1000, 0x3000, 0x4000, 0x5000, 0x6000, 0x8000
UNANSWERED = 0xEE


class Disk(NamedTuple):
    slot: VirtioMmio
    device: VirtioBlock
    memory: Memory


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    file = tmp_path / "disk"
    file.write_bytes(bytes(n & 0xFF for n in range(SECTORS) for _ in range(512)))
    memory = Memory(RAM)
    device = VirtioBlock(memory, str(file))
    made = VirtioMmio("disk", range(0x200), device)
    yield Disk(made, device, memory)
    made.close()
    memory.close()


def asked(disk: Disk, kind: int, sector: int, data: list[tuple[int, int, int]]) -> int:
    """Make a request with buffers of address, length, flags; return the status it is answered with."""
    memory, slot = disk.memory, disk.slot
    memory.write(HEADER, struct.pack("<IIQ", kind, 0, sector))
    memory.write(ANSWER, bytes((UNANSWERED,)))
    buffers = [(HEADER, 16, 0), *data, (ANSWER, 1, WRITABLE)]
    for n, (address, length, flags) in enumerate(buffers):
        more = NEXT if n + 1 < len(buffers) else 0
        memory.write(TABLE + 16 * n, struct.pack("<QIHH", address, length, flags | more, n + 1))
    memory.write(AVAILABLE, struct.pack("<HHH", 0, 1, 0))
    memory.write(USED, bytes(4))
    for port, value in ((QUEUE_SIZE, 128), (STATUS, DRIVER_READY), (QUEUE_READY, 1)):
        slot.write(port, value, 0)
    for port, at in zip(RINGS_AT, (TABLE, AVAILABLE, USED), strict=True):
        slot.write(port, at, 0)
    slot.write(NOTIFY, 0, 0)
    slot.advance(LATENCY)
    return memory.read(ANSWER, 1)[0]


def test_sectors_are_read_and_written(disk: Disk) -> None:
    assert asked(disk, READ, 7, [(DATA, 512, WRITABLE), (DATA + 512, 512, WRITABLE)]) == OK
    assert disk.memory.read(DATA, 1024) == b"\7" * 512 + b"\10" * 512
    disk.slot.write(STATUS, 0, 0)
    assert asked(disk, WRITE, 9, [(DATA, 1024, 0)]) == OK
    assert disk.device.file.read(9, 1536) == b"\7" * 512 + b"\10" * 512 + b"\13" * 512


def test_what_is_not_on_the_disk(disk: Disk) -> None:
    assert asked(disk, READ, SECTORS - 1, [(DATA, 1024, WRITABLE)]) == FAILED
    disk.slot.write(STATUS, 0, 0)
    assert asked(disk, READ, 1 << 63, [(DATA, 512, WRITABLE)]) == FAILED
    disk.slot.write(STATUS, 0, 0)
    assert asked(disk, 77, 0, [(DATA, 512, WRITABLE)]) == UNSUPPORTED


def test_more_at_once_than_there_is_memory(disk: Disk) -> None:
    part = (0x10000, RAM - 0x10000, WRITABLE)
    assert asked(disk, READ, 0, [part]) == OK
    disk.slot.write(STATUS, 0, 0)
    assert asked(disk, READ, 0, [part, part]) == FAILED


@pytest.mark.parametrize(("kind", "flags"), [(READ, 0), (WRITE, WRITABLE)])
def test_buffers_for_the_other_direction(disk: Disk, kind: int, flags: int) -> None:
    assert asked(disk, kind, 0, [(DATA, 512, flags)]) == UNANSWERED
    assert disk.slot.status & NEEDS_RESET
    assert disk.device.file.read(0, 512) == bytes(512)


def test_it_is_what_kernels_for_qemu_look_for(disk: Disk) -> None:
    """Magic number, version, device and vendor, as QEMU's modern devices have them: xv6 asks for all four."""
    found = [disk.slot.read(port, 0).to_bytes(4, "little") for port in range(4)]
    assert found == [b"virt", b"\2\0\0\0", b"\2\0\0\0", b"QEMU"]


@pytest.mark.parametrize(("said", "ring"), [(None, 0x6000), (256, 0x5200)])
def test_where_the_rings_of_a_legacy_queue_are(disk: Disk, said: int | None, ring: int) -> None:
    """Page by page, as QEMU has them, unless the driver says another alignment."""
    slot = LegacyMmio("disk", range(0x200), disk.device)
    slot.write(PAGE_SIZE, 4096, 0)
    slot.write(QUEUE_SIZE, 16, 0)
    if said is not None:
        slot.write(QUEUE_ALIGN, said, 0)
    slot.write(QUEUE_PAGE, 5, 0)
    assert disk.device.queue.rings == [0x5000, 0x5100, ring]
