"""The disk: ports 0x10..0x14 of PG32's board, line 2. Sectors of 512 bytes, moved by DMA."""

from __future__ import annotations

import os
import stat

from dbt.devices.bus import Device
from dbt.machine.memory import Memory

SECTOR = 512
LATENCY = 1000
"""Instructions from a command to its completion. Virtual time: a run stays a function of its inputs."""

SECTOR_PORT, ADDRESS_PORT, COUNT_PORT, COMMAND_PORT, SIZE_PORT = range(5)
READ, WRITE, FLUSH = 1, 2, 3
IDLE, BUSY, ERROR = 0, 1, 2


class Disk(Device):
    """A file as a disk, or no disk at all.

    A transfer happens whole at its completion; one that leaves the disk or RAM, an unknown command and a host
    error end with status `error` and move nothing. A command given while one is under way is ignored.
    """

    ports = range(0x10, 0x15)
    line = 2

    def __init__(self, memory: Memory, path: str | None) -> None:
        """Opens the file for reading and writing. Raises OSError with the file's name."""
        self.memory = memory
        self.fd = -1
        self.sectors = 0
        if path is not None:
            self.fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            info = os.fstat(self.fd)
            if not stat.S_ISREG(info.st_mode) and not stat.S_ISBLK(info.st_mode):
                os.close(self.fd)
                raise OSError(22, "not a file that can be a disk", path)
            self.sectors = os.lseek(self.fd, 0, os.SEEK_END) // SECTOR
        self.registers = [0, 0, 0]
        self.status = IDLE
        self.command: tuple[int, int, int, int] | None = None
        self.due: int | None = None
        self.up = False

    def read(self, port: int, now: int) -> int:
        if port <= COUNT_PORT:
            return self.registers[port]
        return self.status if port == COMMAND_PORT else self.sectors

    def write(self, port: int, value: int, now: int) -> None:
        if port <= COUNT_PORT:
            self.registers[port] = value
        elif port == SIZE_PORT:
            self.up, self.attention = False, True
        elif self.status != BUSY:
            self.status, self.due, self.attention = BUSY, now + LATENCY, True
            self.command = (value, *self.registers)  # type: ignore[assignment]

    def level(self) -> bool:
        return self.up

    def deadline(self) -> int | None:
        return self.due

    def advance(self, now: int) -> None:
        if self.due is not None and now >= self.due:
            assert self.command is not None
            self.due, self.up = None, True
            self.status = IDLE if self.perform(*self.command) else ERROR

    def perform(self, command: int, sector: int, address: int, count: int) -> bool:
        """Carry a command out. False if it cannot be."""
        at, length = sector * SECTOR, count * SECTOR
        try:
            if command == FLUSH:
                if self.fd >= 0:
                    os.fsync(self.fd)
                return self.fd >= 0
            if sector + count > self.sectors or address + length > self.memory.size:
                return False
            if command == READ:
                data = os.pread(self.fd, length, at)
                if len(data) == length:
                    self.memory.write(address, data)
                return len(data) == length
            if command == WRITE:
                return os.pwrite(self.fd, self.memory.bytes[address : address + length], at) == length
        except OSError:
            return False
        return False

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
