"""The disk: ports 0x10..0x14 of PG32's board, line 2. Sectors of 512 bytes, moved by DMA."""

from __future__ import annotations

from ring1.dbt.devices.sectors import SECTOR, Sectors
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved, boolean, integer, integers

LATENCY = 1000
"""Instructions from a command to its completion: in virtual time, so that a run depends on its inputs only."""

SECTOR_PORT, ADDRESS_PORT, COUNT_PORT, COMMAND_PORT, SIZE_PORT = range(5)
READ, WRITE, FLUSH = 1, 2, 3
IDLE, BUSY, ERROR = 0, 1, 2
MOST_TIME = 1 << 128
"""Larger than any time."""


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
        self.file = Sectors(path)
        self.registers = [0, 0, 0]
        self.status = IDLE
        self.command: tuple[int, int, int, int] | None = None
        self.due: int | None = None
        self.up = False

    def read(self, port: int, now: int) -> int:
        if port <= COUNT_PORT:
            return self.registers[port]
        return self.status if port == COMMAND_PORT else self.file.count

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
        file, length = self.file, count * SECTOR
        try:
            if command == FLUSH:
                if file.there:
                    file.flush()
                return file.there
            if sector + count > file.count or not self.memory.has(address, length):
                return False
            if command == READ:
                if self.memory.sealed(address, length):
                    return False
                data = file.read(sector, length)
                if len(data) == length:
                    self.memory.write(address, data)
                return len(data) == length
            if command == WRITE:
                return file.write(sector, self.memory.bytes[address : address + length]) == length
        except OSError:
            return False
        return False

    def save(self) -> Saved:
        """Save the registers and a digest of the sectors, which stay in their file. Raises OSError if that cannot be
        read."""
        return {
            "contents": self.file.contents(),
            "sectors": self.file.count,
            "registers": list(self.registers),
            "status": self.status,
            "command": None if self.due is None else list(self.command or ()),
            "due": self.due,
            "up": self.up,
        }

    def restore(self, saved: Saved) -> None:
        """Restore the registers. Raises AnotherDisk as well."""
        self.file.same(saved["contents"], saved["sectors"])
        self.registers = integers(saved["registers"], 3, 0xFFFFFFFF)
        self.status, self.up = integer(saved["status"], ERROR), boolean(saved["up"])
        if (saved["due"] is None) != (self.status != BUSY):
            raise ValueError("the disk is busy without a command, or has one without being busy")
        self.due, self.command = None, None
        if saved["due"] is not None:
            self.due = integer(saved["due"], MOST_TIME)
            self.command = tuple(integers(saved["command"], 4, 0xFFFFFFFF))  # type: ignore[assignment]

    def close(self) -> None:
        self.file.close()
