"""Symbols of translated code for `perf`: the file /tmp/perf-PID.map, a line `ADDRESS SIZE NAME` for each block.

The convention is tools/perf/Documentation/jit-interface.txt of the Linux kernel.
"""

from __future__ import annotations

import os
from typing import TextIO

from ring1.dbt.cache.block import Block
from ring1.dbt.vmm.execute import Executor
from ring1.isa.asm.program import Program

FOLDER = "/tmp"
"""Prescribed by the convention: TMPDIR does not matter."""


class PerfMap:
    """The open file, to which an executor's blocks are written as they are placed.

    Dropped blocks remain in it, since samples of them may have been taken. When the code cache is flushed and filled
    again, later lines reuse the addresses of earlier ones.
    """

    def __init__(self, executor: Executor, program: Program) -> None:
        """Create the file. Raises OSError with its name; FileExistsError if there is anything of that name."""
        self.executor = executor
        self.program = program
        self.name = os.path.join(FOLDER, f"perf-{os.getpid()}.map")
        # Anyone can write to the folder: the file must be our own, and new.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self.file: TextIO = os.fdopen(os.open(self.name, flags, 0o600), "w", encoding="utf-8")
        memory = executor.memory
        self.line(memory.base, executor.stubs.size, "stubs")
        executor.on_place = self.placed

    def line(self, address: int, size: int, name: str) -> None:
        self.file.write(f"{address:x} {size:x} {self.executor.name}:{name}\n")

    def placed(self, block: Block) -> None:
        """Record a block at the address where it will run. Raises OSError if the file cannot be written."""
        translation, memory = block.translation, self.executor.memory
        symbol = self.program.symbol(translation.pc)
        kind = " (trace)" if block.traced else ""
        self.line(memory.address(block.base), len(translation.host.code), f"{symbol}{kind}")

    def close(self) -> None:
        """Write what is buffered. Raises OSError if the host does not accept it."""
        self.executor.on_place = None
        self.file.close()
