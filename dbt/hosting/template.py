"""Templates: snapshots that machines begin from. One is read once; its pages are kept as they are, and each machine
gets a copy of them.

They are copied and not shared: RAM is mapped in several places of the process that have to agree, and Linux shares a
page between such mappings or copies it on a write, not both.
"""

from __future__ import annotations

import os
from itertools import islice

from ring1.dbt.hosting.hosted import Hosted
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.vmm.contents import CHUNK
from ring1.dbt.vmm.snapshot import Opened, opened
from ring1.isa.model import Isa

BEGINNING = 1 << 18
"""Bytes that are taken to be the program, for engines that want to know what they will run (see `ring1 resume`)."""
Signature = tuple[int, int, int, int]


def signature(path: str) -> Signature:
    """Return what differs when a file has been replaced or written. Raises OSError."""
    found = os.stat(path)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class Template:
    """The contents of a snapshot."""

    def __init__(self, path: str, isa: Isa | None) -> None:
        """`isa`: the description of its machine; None: one that ring1 ships. Raises SnapshotError, OSError."""
        self.signature = signature(path)
        with opened(path, isa) as found:
            self.contents, self.isa = found.contents, found.isa
            self.runs = tuple(self.pieces(found))
        self.image = b"".join(data for _, data in islice(self.runs, 1))[:BEGINNING]

    @staticmethod
    def pieces(found: Opened) -> list[tuple[int, bytes]]:
        """Return offset in RAM and bytes of each run of pages."""
        return [
            (
                first * PAGE,
                b"".join(found.body.read(min(CHUNK, count * PAGE - at)) for at in range(0, count * PAGE, CHUNK)),
            )
            for first, count in found.contents.runs
        ]

    @property
    def ram(self) -> int:
        """Bytes of RAM of its machine."""
        return self.contents.machine.ram

    def begin(self, machine: Hosted) -> None:
        """Put a machine, which has not run, into the state of the snapshot. Raises ValueError, Misfit, KeyError,
        TypeError for a snapshot that makes no sense, or is of other devices."""
        memory = machine.vm.memory
        for at, data in self.runs:
            memory.write(memory.base + at, data)
        machine.give(self.contents.state)
