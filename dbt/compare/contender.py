"""A contender in a comparison: an engine with a machine of its own that runs the guest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter
from typing import Any

from ring1.dbt.devices.tohost import ToHost
from ring1.dbt.engines.table import equipped
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.memories import chunks, differing
from ring1.dbt.machine.saved import Saved
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.vm import Vm
from ring1.isa.board import Board
from ring1.isa.model import Isa
from ring1.isa.record import Record


class Setup(Record):
    """A guest, and the machine that each contender gets."""

    isa: Isa
    image: bytes
    entry: int
    ram: int
    source: bytes
    """Console input."""
    disk: bytes | None
    seed: int
    mmu: Mmu
    describe: Callable[[Cpu], str] = lambda cpu: f"{cpu.pc:#x}"
    """Describes where a guest is."""
    room: int | None = None
    """Bytes of output that the console accepts; None for any number."""
    arguments: tuple[bytes, ...] = ()
    board: Board | None = None
    """The machines' board, unless it is the description's."""
    tohost: int | None = None
    """The address of a word by which the program ends."""


class Checkpoint(Record):
    """The state of a machine between two instructions."""

    retired: int
    cpu: Saved
    bus: Saved
    memory: dict[int, bytes]
    """Address -> contents of memory; everywhere else it is zero."""
    output: bytes
    disk: bytes | None

    def word(self, address: int) -> int:
        """Return a word of memory."""
        start = max((at for at in self.memory if at <= address), default=address)
        return int.from_bytes(self.memory.get(start, b"")[address - start :][:4], "little")


class Contender:
    """An engine at work on a machine of its own."""

    def __init__(
        self,
        technique: Technique,
        setup: Setup,
        at: Checkpoint | None = None,
        singly: bool = False,
        processor: type[Cpu] = Cpu,
    ) -> None:
        """Begin from reset, or in the state `at` a checkpoint. Raises OSError if the host refuses memory.

        With `singly`, the engine translates each instruction by itself. `processor` is the class of the virtual CPU.
        """
        self.technique = technique
        self.name = technique.name
        self.setup = setup
        self.stop = Stop("limit")
        self.seconds = 0.0
        self.output = io.BytesIO()
        with ExitStack() as made:
            contents = setup.disk if at is None else at.disk
            self.disk = -1 if contents is None else os.memfd_create("ring1-disk", os.MFD_CLOEXEC)
            if contents is not None:
                made.callback(os.close, self.disk)
                with open(self.disk, "wb", closefd=False) as file:
                    file.write(contents)
            path = None if contents is None else f"/proc/self/fd/{self.disk}"
            source = setup.source if at is None else b""
            vm = Vm(setup.isa, setup.ram, source, self.output, path, setup.seed, processor=processor, board=setup.board)
            self.vm = made.enter_context(vm)
            self.vm.load(setup.image, setup.entry, setup.arguments)
            if setup.tohost is not None:
                vm.bus.add(ToHost(vm.cpu, setup.tohost))
            self.vm.output.room = setup.room
            if at is not None:
                self.restore(at)
            self.engine = self.vm.engine = equipped(technique, self.vm, setup.image, setup.mmu)
            if singly:
                self.engine.singly()
            self.close = made.pop_all().close

    def restore(self, at: Checkpoint) -> None:
        """Restore the saved state of a machine with the same setup."""
        memory = self.vm.memory
        self.output.write(at.output)
        if self.setup.room is not None:
            self.vm.output.room = self.setup.room - len(at.output)
        self.vm.bus.restore(at.bus)
        self.vm.cpu.restore(at.cpu)
        for part in chunks(memory):
            memory.bytes[part] = bytes(part.stop - part.start)
        for address, data in at.memory.items():
            memory.write(address, data)

    def run(self, limit: int) -> None:
        """Run until `limit` instructions have retired since reset."""
        began = perf_counter()
        self.stop = self.vm.run(limit)
        self.seconds += perf_counter() - began

    def contents(self) -> bytes | None:
        """Return the contents of the disk; None without a disk."""
        return None if self.disk < 0 else os.pread(self.disk, os.fstat(self.disk).st_size, 0)

    def checkpoint(self) -> Checkpoint:
        """Return the current state."""
        vm = self.vm
        memory = {part.start: vm.memory.map[part] for part in chunks(vm.memory)}
        return Checkpoint(vm.cpu.retired, vm.cpu.save(), vm.bus.save(), memory, self.output.getvalue(), self.contents())

    def look(self) -> tuple[Any, ...]:
        """Return everything that is compared, except memory."""
        return self.stop, self.vm.cpu.save(), self.vm.bus.save(), self.output.getvalue()

    def place(self) -> str:
        """Describe where the guest is."""
        return self.setup.describe(self.vm.cpu)

    def equals(self, other: Contender) -> bool:
        return self.look() == other.look() and not differing(self.vm.memory, other.vm.memory)
