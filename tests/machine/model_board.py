"""The devices of PG32's manual, for the independent model: ports, two interrupt lines, no host behind them."""

from __future__ import annotations

import random

ONES = 0xFFFFFFFF
LATENCY = 1000
"""Instructions from a disk command to its completion."""
IDLE, BUSY, ERROR = 0, 1, 2


class Board:
    """Console, disk, entropy and power. `disk` is changed in place; all input is there from the start."""

    def __init__(self, ram: bytearray, source: bytes, disk: bytearray | None, seed: int) -> None:
        self.ram, self.disk = ram, disk
        self.source, self.output = bytearray(source), bytearray()
        self.listening = False
        self.power: int | None = None
        self.random = random.Random(seed)
        self.registers = [0, 0, 0]
        self.status, self.disk_line = IDLE, False
        self.command, self.due = (0, 0, 0, 0), -1
        """The command under way, with sector, address and count as they were; its time, or -1."""

    def input_line(self) -> bool:
        return self.listening and bool(self.source)

    def read(self, port: int) -> int:
        if port == 0x00:
            return self.source.pop(0) if self.source else ONES
        if port == 0x01:
            return 2 | bool(self.source)
        if port in (0x10, 0x11, 0x12):
            return self.registers[port - 0x10]
        if port == 0x13:
            return self.status
        if port == 0x14:
            return 0 if self.disk is None else len(self.disk) // 512
        if port == 0x20:
            return self.random.getrandbits(32)
        return ONES

    def write(self, port: int, value: int, now: int) -> None:
        if port == 0x00:
            self.output.append(value & 0xFF)
        elif port == 0x01:
            self.listening = bool(value & 1)
        elif port in (0x10, 0x11, 0x12):
            self.registers[port - 0x10] = value
        elif port == 0x13:
            if self.status != BUSY:
                sector, address, count = self.registers
                self.status, self.command, self.due = BUSY, (value, sector, address, count), now + LATENCY
        elif port == 0x14:
            self.disk_line = False
        elif port == 0xF0:
            self.power = value & 0xFF

    def advance(self, now: int) -> None:
        """Time is `now`: a command that is due by then has been done."""
        if 0 <= self.due <= now:
            self.due, self.disk_line = -1, True
            self.status = IDLE if self.transfer(*self.command) else ERROR

    def transfer(self, command: int, sector: int, address: int, count: int) -> bool:
        if self.disk is None or command not in (1, 2, 3):
            return False
        if command == 3:
            return True
        begin, end = sector * 512, (sector + count) * 512
        if end > len(self.disk) // 512 * 512 or address + (end - begin) > len(self.ram):
            return False
        if command == 1:
            self.ram[address : address + end - begin] = self.disk[begin:end]
        else:
            self.disk[begin:end] = self.ram[address : address + end - begin]
        return True
