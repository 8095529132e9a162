"""A disk whose contents are the machine's own: a copy, so that going back can undo what the guest has written."""

from __future__ import annotations

import os
import tempfile


class ScratchDisk:
    """An unnamed file with the contents of a disk, or none."""

    def __init__(self, contents: bytes | None) -> None:
        """Raises OSError if the host refuses the file."""
        self.fd, self.named = -1, ""
        self.path: str | None = None
        if contents is None:
            return
        if hasattr(os, "memfd_create"):
            self.fd = os.memfd_create("ring1-disk", os.MFD_CLOEXEC)
            self.path = f"/proc/self/fd/{self.fd}"
        else:
            self.fd, self.named = tempfile.mkstemp(prefix="ring1-disk-")
            self.path = self.named
        self.size = len(contents)
        self.put(contents)

    def contents(self) -> bytes | None:
        """Return what is on the disk now; None without a disk."""
        if self.fd < 0:
            return None
        os.lseek(self.fd, 0, os.SEEK_SET)
        return os.read(self.fd, self.size)

    def put(self, contents: bytes) -> None:
        """Replace what is on the disk by as many bytes."""
        os.lseek(self.fd, 0, os.SEEK_SET)
        rest = memoryview(contents)
        while rest:
            rest = rest[os.write(self.fd, rest) :]

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
            if self.named:
                os.unlink(self.named)
