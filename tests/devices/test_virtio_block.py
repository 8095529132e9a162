"""A disk by virtio, asked through its registers: requests that no driver makes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from ring1.dbt.devices.virtio import (
    DRIVER_READY,
    LATENCY,
    NEEDS_RESET,
    NOTIFY,
    QUEUE_READY,
    QUEUE_SIZE,
    RINGS_AT,
    STATUS,
)
from ring1.dbt.devices.virtio_block import FAILED, OK, READ, UNSUPPORTED, WRITE, VirtioBlock
from ring1.dbt.devices.virtqueue import NEXT, WRITABLE
from ring1.dbt.machine.memory import Memory

RAM, SECTORS = 1 << 20, 4096
TABLE, AVAILABLE, USED, HEADER, ANSWER, DATA = 0x1000, 0x3000, 0x4000, 0x5000, 0x6000, 0x8000
UNANSWERED = 0xEE


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[VirtioBlock]:
    file = tmp_path / "disk"
    file.write_bytes(bytes(n & 0xFF for n in range(SECTORS) for _ in range(512)))
    memory = Memory(RAM)
    made = VirtioBlock("disk", range(0x200), memory, str(file))
    yield made
    made.close()
    memory.close()


def asked(disk: VirtioBlock, kind: int, sector: int, data: list[tuple[int, int, int]]) -> int:
    """Make a request with buffers of address, length, flags; return the status it is answered with."""
    memory = disk.queue.memory
    memory.write(HEADER, struct.pack("<IIQ", kind, 0, sector))
    memory.write(ANSWER, bytes((UNANSWERED,)))
    buffers = [(HEADER, 16, 0), *data, (ANSWER, 1, WRITABLE)]
    for n, (address, length, flags) in enumerate(buffers):
        more = NEXT if n + 1 < len(buffers) else 0
        memory.write(TABLE + 16 * n, struct.pack("<QIHH", address, length, flags | more, n + 1))
    memory.write(AVAILABLE, struct.pack("<HHH", 0, 1, 0))
    memory.write(USED, bytes(4))
    for port, value in ((QUEUE_SIZE, 128), (STATUS, DRIVER_READY), (QUEUE_READY, 1)):
        disk.write(port, value, 0)
    for port, at in zip(RINGS_AT, (TABLE, AVAILABLE, USED), strict=True):
        disk.write(port, at, 0)
    disk.write(NOTIFY, 0, 0)
    disk.advance(LATENCY)
    return memory.read(ANSWER, 1)[0]


def test_sectors_are_read_and_written(disk: VirtioBlock) -> None:
    assert asked(disk, READ, 7, [(DATA, 512, WRITABLE), (DATA + 512, 512, WRITABLE)]) == OK
    assert disk.queue.memory.read(DATA, 1024) == b"\7" * 512 + b"\10" * 512
    disk.write(STATUS, 0, 0)
    assert asked(disk, WRITE, 9, [(DATA, 1024, 0)]) == OK
    assert disk.file.read(9, 1536) == b"\7" * 512 + b"\10" * 512 + b"\13" * 512


def test_what_is_not_on_the_disk(disk: VirtioBlock) -> None:
    assert asked(disk, READ, SECTORS - 1, [(DATA, 1024, WRITABLE)]) == FAILED
    disk.write(STATUS, 0, 0)
    assert asked(disk, READ, 1 << 63, [(DATA, 512, WRITABLE)]) == FAILED
    disk.write(STATUS, 0, 0)
    assert asked(disk, 77, 0, [(DATA, 512, WRITABLE)]) == UNSUPPORTED


def test_more_at_once_than_there_is_memory(disk: VirtioBlock) -> None:
    part = (0x10000, RAM - 0x10000, WRITABLE)
    assert asked(disk, READ, 0, [part]) == OK
    disk.write(STATUS, 0, 0)
    assert asked(disk, READ, 0, [part, part]) == FAILED


@pytest.mark.parametrize(("kind", "flags"), [(READ, 0), (WRITE, WRITABLE)])
def test_buffers_for_the_other_direction(disk: VirtioBlock, kind: int, flags: int) -> None:
    assert asked(disk, kind, 0, [(DATA, 512, flags)]) == UNANSWERED
    assert disk.status & NEEDS_RESET
    assert disk.file.read(0, 512) == bytes(512)


def test_it_is_what_kernels_for_qemu_look_for(disk: VirtioBlock) -> None:
    """Magic number, version, device and vendor, as QEMU's modern devices have them: xv6 asks for all four."""
    found = [disk.read(port, 0).to_bytes(4, "little") for port in range(4)]
    assert found == [b"virt", b"\2\0\0\0", b"\2\0\0\0", b"QEMU"]
