"""The disk: ports 0x10..0x14 of PG32's board, line 2. Sectors of 512 bytes, moved by DMA."""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Misfit, Saved, boolean, integer, integers

SECTOR = 512
MOST_SECTORS = 0xFFFFFFFF
"""The largest value of the size register."""
LATENCY = 1000
"""Instructions from a command to its completion: in virtual time, so that a run depends on its inputs only."""

SECTOR_PORT, ADDRESS_PORT, COUNT_PORT, COMMAND_PORT, SIZE_PORT = range(5)
READ, WRITE, FLUSH = 1, 2, 3
IDLE, BUSY, ERROR = 0, 1, 2
BINARY = getattr(os, "O_BINARY", 0)
"""Windows would translate line ends without it."""
MOST_TIME = 1 << 128
"""Larger than any time."""


class AnotherDisk(Misfit):
    """The disk does not have the contents that it had when the machine was saved, and that the guest relies on."""


class Disk(Device):
    """A file as a disk, or no disk at all.

    A transfer takes place as a whole at its completion; one beyond the end of the disk or of RAM, an unknown command
    and a
    host error end with status `error` and move nothing. A command is ignored while another is under way.
    """

    name = "disk"
    ports = range(0x10, 0x15)
    line = 2

    def __init__(self, memory: Memory, path: str | None) -> None:
        """Open the file for reading and writing. Raises OSError with the file's name."""
        self.memory = memory
        self.fd = -1
        self.sectors = 0
        if path is not None:
            self.fd = os.open(path, os.O_RDWR | BINARY)
            info = os.fstat(self.fd)
            if not stat.S_ISREG(info.st_mode) and not stat.S_ISBLK(info.st_mode):
                os.close(self.fd)
                raise OSError(22, "not a file that can be a disk", path)
            self.sectors = os.lseek(self.fd, 0, os.SEEK_END) // SECTOR
            if self.sectors > MOST_SECTORS:
                os.close(self.fd)
                raise OSError(errno.EFBIG, f"larger than a disk can be: {MOST_SECTORS:,} sectors (2 TiB)", path)
        self.registers = [0, 0, 0]
        self.status = IDLE
        self.command: tuple[int, int, int, int] | None = None
        self.due: int | None = None
        self.up = False

    def read(self, port: int, now: int) -> int:
        if port <= COUNT_PORT:
            return self.registers[port]
        return self.status if port == COMMAND_PORT else self.sectors

    def answer(self, port: int) -> int:
        return self.read(port, 0)

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
        """Carry out a command. Returns False if that is impossible."""
        at, length = sector * SECTOR, count * SECTOR
        try:
            if command == FLUSH:
                if self.fd >= 0:
                    os.fsync(self.fd)
                return self.fd >= 0
            if sector + count > self.sectors or address + length > self.memory.size:
                return False
            if command == READ:
                os.lseek(self.fd, at, os.SEEK_SET)
                data = os.read(self.fd, length)
                if len(data) == length:
                    self.memory.write(address, data)
                return len(data) == length
            if command == WRITE:
                os.lseek(self.fd, at, os.SEEK_SET)
                return os.write(self.fd, self.memory.bytes[address : address + length]) == length
        except OSError:
            return False
        return False

    def save(self) -> Saved:
        """Save the registers and a digest of the sectors, which stay in their file. Raises OSError if that cannot be
        read."""
        return {
            "contents": self.contents(),
            "sectors": self.sectors,
            "registers": list(self.registers),
            "status": self.status,
            "command": None if self.due is None else list(self.command or ()),
            "due": self.due,
            "up": self.up,
        }

    def restore(self, saved: Saved) -> None:
        """Restore the registers. Raises AnotherDisk as well."""
        self.same(saved["contents"], saved["sectors"])
        self.registers = integers(saved["registers"], 3, 0xFFFFFFFF)
        self.status, self.up = integer(saved["status"], ERROR), boolean(saved["up"])
        if (saved["due"] is None) != (self.status != BUSY):
            raise ValueError("the disk is busy without a command, or has one without being busy")
        self.due, self.command = None, None
        if saved["due"] is not None:
            self.due = integer(saved["due"], MOST_TIME)
            self.command = tuple(integers(saved["command"], 4, 0xFFFFFFFF))  # type: ignore[assignment]

    def same(self, contents: str | None, sectors: int) -> None:
        """Raise AnotherDisk unless this disk has these contents."""
        if contents is None and self.fd >= 0:
            raise AnotherDisk("the machine has no disk")
        if contents is not None and self.fd < 0:
            raise AnotherDisk(f"the machine has a disk of {sectors} sectors, and none is given")
        if sectors != self.sectors:
            raise AnotherDisk(f"the machine's disk has {sectors} sectors, this one has {self.sectors}")
        if contents != self.contents():
            raise AnotherDisk("the disk has been written to since: what is needed is a copy from that time")

    def contents(self) -> str | None:
        """Return a digest of the contents, which are flushed to survive a crash of the host; None without a disk."""
        if self.fd < 0:
            return None
        os.fsync(self.fd)
        with open(self.fd, "rb", buffering=0, closefd=False) as file:
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
