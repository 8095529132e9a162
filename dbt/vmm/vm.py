"""A virtual machine: memory, devices, virtual CPU and engine, and the VMM's run loop."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import BinaryIO

from ring1.dbt.devices.board import devices
from ring1.dbt.devices.host_input import HostInput
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.machine.addressing import NOWHERE
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.loading import arranged, populated, wanted
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.step import NEVER, Cpu
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.vmm.engine import Engine
from ring1.isa.board import Board
from ring1.isa.boards import load as load_board
from ring1.isa.model import WORD, Isa
from ring1.isa.record import Record

FIRST_SLICE = 1 << 14
LEAST_SLICE = 1 << 12
"""Instructions of a slice, at first and at least: more than any translated block has, so that a burst, which ends at a
block's border, makes progress."""
SLICE_SECONDS = 0.02
"""Target wall time of a burst in seconds: signals and input of the host are seen between bursts."""
POLL = 1 << 18
"""Virtual time between two polls of live input: a terminal, or a pipe whose writer is slow."""
FLUSH_SECONDS = 0.05
"""Seconds of wall time for which console output may stay buffered."""


class Snapshot(Record):
    """The architectural state, on which equivalent engines agree."""

    pc: int
    registers: dict[str, int]
    control: dict[str, int]
    memory_sha256: str
    instructions: int


class Vm:
    """One virtual machine. Only `interrupt` is thread-safe; any number of VMs may run, each in a thread of its own."""

    def __init__(
        self,
        isa: Isa,
        memory: int = 16 << 20,
        source: int | bytes | HostInput = b"",
        output: BinaryIO | None = None,
        disk: str | None = None,
        seed: int = 0,
        vmid: int = 0,
        processor: Callable[[Isa, Memory, Bus], Cpu] = Cpu,
        board: Board | None = None,
    ) -> None:
        """Make a machine with `memory` bytes of RAM, after reset, without an engine. Without `board`, it has the one
        that the description names. Raises ValueError, OSError, IsaError."""
        self.isa = isa
        self.board = load_board(isa.board) if board is None and isa.board else board
        self.output = HostOutput(output or sys.stdout.buffer)
        self.wish = ""
        """The reason for which the machine was last asked to stop."""
        self.memory = Memory(memory, isa.memory)
        with ExitStack() as undo:
            undo.callback(self.memory.close)
            self.bus: Bus = devices(self.board, self.memory, source, self.output, disk, seed)
            undo.callback(self.bus.close)
            self.cpu = processor(isa, self.memory, self.bus)
            undo.pop_all()
        if "vmid" in isa.slots:
            self.cpu.s[isa.slots["vmid"]] = vmid
        self.start = self.cpu.reset(self.cpu, NOWHERE)
        """The pc after reset if the description defines it, whatever the program's entry; else NOWHERE."""
        self.cpu.pc = max(self.start, 0)
        self.engine: Engine | None = None

    def load(self, image: bytes, entry: int = 0, arguments: Sequence[bytes] = ()) -> None:
        """Load a program at the beginning of RAM, with its arguments if it takes any. It starts at `entry`, unless the
        description says where the machine starts; a board leads from there to an entry in RAM. Raises ValueError if RAM
        is too small."""
        memory, base = self.memory, self.memory.base
        if len(image) > memory.size:
            raise ValueError(f"the image has {len(image)} bytes, RAM only {memory.size}")
        fresh = next(memory.occupied(), None) is None
        for at, part in populated(image) if fresh else [(0, image)]:
            memory.write(base + at, part)
        if arguments and (where := wanted(image, entry, base)) is not None:
            block = arranged(arguments, memory.end)
            memory.write(memory.end - len(block), block)
            memory.write(where, ((memory.end - len(block)) % (1 << WORD)).to_bytes(4, "little"))
        led = self.board is not None and memory.has(entry)
        self.cpu.pc = entry if self.start == NOWHERE or led else self.start

    def interrupt(self, reason: str = "interrupt") -> None:
        """Ask the machine to stop soon, for a reason of Stop. Can be called from any thread and from a signal
        handler."""
        self.wish = reason
        self.bus.interrupted.set()
        self.cpu.until = 0

    def run(self, limit: int | None = None) -> Stop:
        """Run until the guest stops, or until `limit` instructions have retired since reset.

        Interrupts are taken here and nowhere else, so that each comes at the same instruction under every engine. The
        machine always stops between two instructions.
        """
        assert self.engine is not None
        cpu, bus, engine = self.cpu, self.bus, self.engine
        size, flushed = FIRST_SLICE, time.perf_counter()
        cpu.last = NEVER if limit is None else limit
        engine.prepare()
        try:
            while True:
                if bus.power is not None:
                    return Stop("exit", bus.power)
                if bus.interrupted.is_set():
                    raise Stopped(Stop("interrupt"))
                if limit is not None and cpu.retired >= limit:
                    return Stop("limit")
                bus.advance(cpu.time)
                lines = cpu.supervisor.look()
                if lines and (taken := lines & cpu.supervisor.enabled()):
                    cpu.supervisor.take_interrupt(taken)
                    continue
                start, began = cpu.time, time.perf_counter()
                if began - flushed > FLUSH_SECONDS:
                    bus.flush()
                    flushed = began
                cpu.due = min(cpu.horizon, cpu.last + cpu.idle)
                cpu.pause = start + (min(size, POLL) if bus.live() else size)
                engine.burst(min(cpu.due, cpu.pause))
                took = time.perf_counter() - began
                if took > SLICE_SECONDS:
                    size = max(LEAST_SLICE, size >> 1)
                elif cpu.time - start > size >> 1 and took < SLICE_SECONDS / 2:
                    size <<= 1
        except Stopped as stopped:
            if stopped.stop.reason != "interrupt":
                return stopped.stop
            bus.interrupted.clear()
            return Stop(self.wish)
        finally:
            bus.flush()

    def state(self) -> Snapshot:
        """Return the present architectural state."""
        isa, s = self.isa, self.cpu.s
        return Snapshot(
            pc=self.cpu.pc,
            registers={names[0]: s[n] for n, names in enumerate(isa.registers)},
            control={name: self.cpu.control(name) for name in isa.controls},
            memory_sha256=hashlib.sha256(self.memory.bytes[self.memory.base :]).hexdigest(),
            instructions=self.cpu.retired,
        )

    def close(self) -> None:
        """Release the host's resources; safe to call twice."""
        if self.engine is not None:
            self.engine.close()
            self.engine = None
        self.bus.close()
        self.memory.close()

    def __enter__(self) -> Vm:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
