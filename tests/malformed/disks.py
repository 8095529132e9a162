"""Disk images of any size and contents, which other programs change meanwhile, behind any commands of the guest."""

from __future__ import annotations

import errno
import os
from random import Random

from ring1.dbt.devices.disk import ADDRESS_PORT, BUSY, COMMAND_PORT, ERROR, IDLE, LATENCY, SIZE_PORT, Disk
from ring1.dbt.machine.memory import Memory
from tests.malformed.target import Target, Undocumented

RAM = 1 << 14
TRUNCATE = 0x40
VALUES = (0, 1, 2, 3, 4, 7, 31, 32, 33, 511, RAM - 512, RAM - 1, RAM, 0x7FFFFFFF, 0x800000, 0xFFFFFF, 0xFFFFFFFF)
SIZES = (0, 1, 511, 512, 513, 1024, 4096, 20000, 1 << 20, (1 << 41) + 1)


class Disks(Target):
    name = "disk"

    def make(self, r: Random) -> bytes:
        """The file's size, then five bytes a step: which port, and what is written to it."""
        steps = b""
        for _ in range(r.randint(1, 30)):
            port = r.choice((0, 1, 2, COMMAND_PORT, COMMAND_PORT, SIZE_PORT, 0x80, TRUNCATE))
            value = r.choice(SIZES) if port == TRUNCATE else r.choice((*VALUES, r.getrandbits(32)))
            steps += bytes((port,)) + (value & 0xFFFFFFFF).to_bytes(4, "little")
        return r.choice(SIZES).to_bytes(8, "little") + steps

    def feed(self, data: bytes) -> str:
        path = self.folder / "disk.img"
        with open(path, "wb") as file:
            file.write(b"sector"[: int.from_bytes(data[:8], "little")])
            file.truncate(int.from_bytes(data[:8], "little"))
        memory = Memory(RAM)
        try:
            disk, now, last = Disk(memory, str(path)), 0, "idle"
        except OSError as error:
            memory.close()
            path.unlink()
            if error.errno != errno.EFBIG:
                raise
            return "too large"
        try:
            for at in range(8, len(data), 5):
                port, value = data[at], int.from_bytes(data[at + 1 : at + 5], "little")
                if port == TRUNCATE:
                    os.truncate(path, value)
                elif port & 0x80:
                    now += value % (2 * LATENCY)
                    disk.advance(now)
                else:
                    disk.write(port, value, now)
                    if port <= ADDRESS_PORT + 1 and disk.read(port, now) != value:
                        raise Undocumented(f"port {port} does not keep what is written to it")
                status = disk.read(COMMAND_PORT, now)
                if status not in (IDLE, BUSY, ERROR) or (status == BUSY) != (disk.deadline() is not None):
                    raise Undocumented(f"status {status}")
                last = ("idle", "busy", "error")[status]
            disk.advance(now + LATENCY)
            if disk.read(COMMAND_PORT, now + LATENCY) == BUSY:
                raise Undocumented("busy for ever")
        finally:
            disk.close()
            memory.close()
            path.unlink()
        return last
