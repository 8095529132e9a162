"""A file of the host's as the sectors of a disk."""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from ring1.dbt.machine.saved import Misfit

SECTOR = 512
MOST_SECTORS = 0xFFFFFFFF
BINARY = getattr(os, "O_BINARY", 0)
"""Windows would translate line ends without it."""


class AnotherDisk(Misfit):
    """The disk does not have the contents that it had when the machine was saved, and that the guest relies on."""


class Sectors:
    """The sectors of a file, or of no disk at all, which has none."""

    def __init__(self, path: str | None) -> None:
        """Open the file for reading and writing. Raises OSError with the file's name."""
        self.fd = -1
        self.written = False
        """Sectors have been written and not been flushed."""
        self.count = 0
        if path is not None:
            self.fd = os.open(path, os.O_RDWR | BINARY)
            info = os.fstat(self.fd)
            if not stat.S_ISREG(info.st_mode) and not stat.S_ISBLK(info.st_mode):
                os.close(self.fd)
                raise OSError(22, "not a file that can be a disk", path)
            self.count = os.lseek(self.fd, 0, os.SEEK_END) // SECTOR
            if self.count > MOST_SECTORS:
                os.close(self.fd)
                raise OSError(errno.EFBIG, f"larger than a disk can be: {MOST_SECTORS:,} sectors (2 TiB)", path)

    @property
    def there(self) -> bool:
        """Is there a disk?"""
        return self.fd >= 0

    def read(self, sector: int, length: int) -> bytes:
        """Return up to `length` bytes from a sector on. Raises OSError."""
        os.lseek(self.fd, sector * SECTOR, os.SEEK_SET)
        return os.read(self.fd, length)

    def write(self, sector: int, data: bytes | memoryview) -> int:
        """Write bytes from a sector on; return how many were written. Raises OSError."""
        self.written = True
        os.lseek(self.fd, sector * SECTOR, os.SEEK_SET)
        return os.write(self.fd, data)

    def flush(self) -> None:
        """Have what was written survive a crash of the host. Raises OSError."""
        os.fsync(self.fd)
        self.written = False

    def contents(self) -> str | None:
        """Return a digest of the contents, which are flushed; None without a disk. Raises OSError."""
        if self.fd < 0:
            return None
        if self.written:
            self.flush()
        with open(self.fd, "rb", buffering=0, closefd=False) as file:
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()

    def same(self, contents: str | None, sectors: int) -> None:
        """Raise AnotherDisk unless this disk has these contents."""
        if contents is None and self.fd >= 0:
            raise AnotherDisk("the machine has no disk")
        if contents is not None and self.fd < 0:
            raise AnotherDisk(f"the machine has a disk of {sectors} sectors, and none is given")
        if sectors != self.count:
            raise AnotherDisk(f"the machine's disk has {sectors} sectors, this one has {self.count}")
        if contents != self.contents():
            raise AnotherDisk("the disk has been written to since: what is needed is a copy from that time")

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
