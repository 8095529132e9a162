"""Subjects of measurements: each performs operations and takes processor time for them."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Callable
from typing import BinaryIO, Protocol, cast

from ring1.dbt.engines.table import equipped
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.model import Isa
from ring1.isa.record import Record

WARM = 1.2
"""A machine is warm when two consecutive stretches differ by less than this factor."""
WARMING = 0.01
"""The least number of seconds between two checks whether a machine is warm."""
MOST_WARMING = 0.4
"""The most seconds spent on warming up, unless a single stretch takes longer."""
SHORTEST = 256
"""The least number of instructions of a stretch."""
MEMORY = 16 << 20
SHADOW = Options(routines=False, mmu=Mmu("shadow"))


DRIFT = 0.05
"""The share by which the instructions of operations may differ."""


class Failed(Exception):
    """A guest does not do what it is there for; the message says how."""


class Sample(Record):
    """A stretch of work."""

    seconds: float
    """Seconds of processor time, user and system."""
    operations: float
    instructions: int
    """0 if they are not counted."""


def described(stop: Stop) -> str:
    """Describe how a guest ended that should not have."""
    code = "" if stop.code is None else f", exit code {stop.code}"
    trap = "" if stop.trap is None else f", cause {stop.trap.cause} at {stop.trap.pc:#x}"
    return f"its guest stopped: {stop.reason}{code}{trap}"


class Measured(Protocol):
    def warm(self, seconds: float) -> None:
        """Prepare for samples of this many seconds, until nothing is left to be translated. Raises Failed."""

    def sample(self) -> Sample:
        """Work for a while. Raises Failed."""

    def events(self) -> Counter[str]:
        """Return what the VMM has been entered for since the subject was warm, by reason."""

    def close(self) -> None: ...


class Tally(io.RawIOBase):
    """Counts the bytes written, and keeps the first ones."""

    def __init__(self, most: int = 0) -> None:
        self.written = 0
        self.kept = bytearray()
        self.most = most

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(cast(bytes, data))
        self.written += view.nbytes
        if len(self.kept) < self.most:
            self.kept += view[: self.most - len(self.kept)]
        return view.nbytes


class MeasuredGuest(Record):
    """A guest, and what its machine is given."""

    isa: Isa
    image: bytes
    entry: int = 0
    source: bytes = b""
    disk: str | None = None

    def machine(self, technique: Technique, output: BinaryIO, shadow: bool = False) -> Vm:
        """Return a machine with this guest; with `shadow`, one that has the page faults and flushes of a shadow page
        table, as generated code does none of the VMM's work there. Raises OSError, ValueError."""
        vm = Vm(self.isa, MEMORY, self.source, output, self.disk)
        try:
            vm.load(self.image, self.entry)
            vm.engine = technique.make(vm, self.image, SHADOW) if shadow else equipped(technique, vm, self.image)
        except BaseException:
            vm.close()
            raise
        return vm


class Endless:
    """A guest that never ends, under an engine."""

    def __init__(self, vm: Vm, count: Callable[[], int], each: int = 1, unit: int = 1) -> None:
        """`count` returns what has been done so far, modulo 2^32, `each` of which is an operation. If an operation is
        long, `unit` is its number of instructions: samples are multiples of it, and must agree with the count."""
        self.vm, self.count, self.each, self.unit = vm, count, each, unit
        self.first: tuple[float, float] | None = None
        """Operations at the end of the first sample: as counted, and computed from instructions."""
        self.stretch = self.whole(SHORTEST)
        self.before = Counter[str]()

    def whole(self, instructions: float) -> int:
        return max(round(instructions / self.unit), 1) * self.unit

    def warm(self, seconds: float) -> None:
        last = 0.0
        spent = 0.0
        while spent < MOST_WARMING:
            translated = self.translated()
            found = self.sample()
            spent += found.seconds
            each = found.seconds / self.stretch
            like_last = max(last, each) < min(last, each) * WARM
            if found.seconds > WARMING / 2 and like_last and self.translated() == translated:
                break
            last = each
            grown = self.stretch * min(max(seconds, WARMING) / max(found.seconds, 1e-6), 32)
            self.stretch = self.whole(max(grown, SHORTEST))
        self.stretch = self.whole(self.stretch * seconds / max(found.seconds, seconds))
        self.before = self.exits()

    def sample(self) -> Sample:
        cpu = self.vm.cpu
        retired, done = cpu.retired, self.count()
        began = time.process_time()
        stop = self.vm.run(retired + self.stretch)
        seconds = time.process_time() - began
        if stop.reason != "limit":
            raise Failed(described(stop))
        operations, retired = (self.count() - done & 0xFFFFFFFF) / self.each, cpu.retired - retired
        if self.unit > 1:
            operations = retired / self.unit
            self.agree()
        return Sample(seconds, operations, retired)

    def agree(self) -> None:
        """Raise Failed if, since the first sample, the operations counted differ from those computed from instructions
        by more than the one under way and the tolerated drift."""
        counted, made = self.count() / self.each, self.vm.cpu.retired / self.unit
        if self.first is None:
            self.first = counted, made
        counted, made = counted - self.first[0], made - self.first[1]
        if abs(counted - made) > 1 + DRIFT * made:
            raise Failed(f"does other work: {counted:.1f} operations, and instructions for {made:.1f}")

    def translated(self) -> int:
        """Return the number of blocks translated so far."""
        assert self.vm.engine is not None
        return self.vm.engine.work.blocks

    def exits(self) -> Counter[str]:
        assert self.vm.engine is not None
        return Counter(self.vm.engine.exits())

    def events(self) -> Counter[str]:
        return self.exits() - self.before

    def close(self) -> None:
        self.vm.close()


MOST_OUTPUT = 1 << 16
"""The most bytes of output of a session."""


def session(guest: MeasuredGuest, technique: Technique) -> tuple[int, bytes]:
    """Run a guest that ends, and return its instructions and output. Raises Failed."""
    tally = Tally(MOST_OUTPUT)
    with guest.machine(technique, cast(BinaryIO, tally)) as vm:
        stop = vm.run()
        if (stop.reason, stop.code) != ("exit", 0):
            raise Failed(described(stop))
        return vm.cpu.retired, bytes(tally.kept)
