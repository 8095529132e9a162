"""Symbols of translated code for `perf`: the file /tmp/perf-PID.map, a line `ADDRESS SIZE NAME` for each block.

The convention is tools/perf/Documentation/jit-interface.txt of the Linux kernel.
"""

from __future__ import annotations

import os
from typing import TextIO

from ring1.dbt.cache.blocks import Block
from ring1.dbt.vmm.execute import Executor
from ring1.isa.asm.program import Program

FOLDER = "/tmp"
"""The convention's: no TMPDIR here."""


class PerfMap:
    """The open file, which an executor's blocks are written to as they are placed.

    Blocks that were dropped stay in it: samples of them may have been taken. Where a flushed cache is filled again,
    later lines are about the same addresses as earlier ones.
    """

    def __init__(self, executor: Executor, program: Program) -> None:
        """Raises OSError with the file's name; FileExistsError if there is such a file, of whatever kind."""
        self.executor = executor
        self.program = program
        self.name = os.path.join(FOLDER, f"perf-{os.getpid()}.map")
        # The folder is everybody's: the file must be ours, and new.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self.file: TextIO = os.fdopen(os.open(self.name, flags, 0o600), "w", encoding="utf-8")
        memory = executor.memory
        self.line(memory.base, executor.stubs.size, "stubs")
        executor.on_place = self.placed

    def line(self, address: int, size: int, name: str) -> None:
        self.file.write(f"{address:x} {size:x} {self.executor.name}:{name}\n")

    def placed(self, block: Block) -> None:
        """A block is where it will be run. Raises OSError if the file cannot be written."""
        translation, memory = block.translation, self.executor.memory
        symbol = self.program.symbol(translation.pc)
        kind = " (trace)" if block.traced else ""
        self.line(memory.address(block.base), len(translation.host.code), f"{symbol}{kind}")

    def close(self) -> None:
        """Write what is buffered. Raises OSError if the host does not take it."""
        self.executor.on_place = None
        self.file.close()
