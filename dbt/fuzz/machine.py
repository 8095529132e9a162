"""Running a case: in a way, and as the reference does, which sees more."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dbt.engines import table
from dbt.fuzz.case import Case
from dbt.fuzz.layout import RAM
from dbt.fuzz.listing import Listing
from dbt.fuzz.ways import HOT, REFERENCE, Way
from dbt.machine.saved import Saved
from dbt.machine.stop import Stop
from dbt.mmu.choice import Mmu
from dbt.vmm import snapshot
from dbt.vmm.vm import Snapshot, Vm
from isa.record import Record

PINNING = 0x400
"""Bytes of the program that say which registers to pin: code."""


class Look(Record):
    """All that can be seen of a machine."""

    stop: Stop
    state: Snapshot
    devices: Saved
    output: bytes
    disk: bytes | None


class Guest:
    """A case laid out, on a machine."""

    def __init__(self, case: Case) -> None:
        """Raises Malformed."""
        self.case = case
        self.isa = case.facts.isa
        self.image = Listing(case.facts, case.lines).image()

    @contextmanager
    def machine(self) -> Iterator[tuple[Vm, io.BytesIO, int]]:
        """A machine that has not begun, without an engine; its output, and the descriptor of its disk or -1."""
        with ExitStack() as stack:
            disk, path = -1, None
            if self.case.disk:
                disk = os.memfd_create("disk", os.MFD_CLOEXEC)
                stack.callback(os.close, disk)
                os.pwrite(disk, self.case.sectors(), 0)
                path = f"/proc/self/fd/{disk}"
            output = io.BytesIO()
            vm = stack.enter_context(Vm(self.isa, RAM, self.case.source, output, path, self.case.seed))
            vm.load(self.image)
            for number, value in self.case.registers:
                vm.cpu.s[number] = value
            yield vm, output, disk

    def engine(self, vm: Vm, way: Way, name: str) -> None:
        """Give a machine an engine that works in a way."""
        vm.engine = table.make(name, vm, self.image[:PINNING], way.mmu)
        adopt = getattr(vm.engine, "adopt", None)
        if adopt is not None:
            changes = {key: bool(value) if key in ("chain", "trace") else value for key, value in way.code}
            adopt(**{"remember": False, "code_size": 1 << 20, **changes}, **({"sampling": HOT} if way.hot else {}))

    def run(
        self,
        way: Way,
        stops: tuple[int, ...] = (),
        before: Callable[[Vm], object] = lambda vm: None,
        after: Callable[[Vm], object] = lambda vm: None,
    ) -> tuple[Look, ...]:
        """What is seen at the case's stops, or at others; somebody may look at the machine before and after it runs."""
        with self.machine() as (vm, output, disk):
            looks = list[Look]()
            heirs = iter(way.heirs)
            self.engine(vm, way, way.engine)
            before(vm)
            with ExitStack() as stack:
                for stop in stops or self.case.stops:
                    if looks and way.heirs:
                        vm = stack.enter_context(handed_over(vm, disk, output))
                        self.engine(vm, way, next(heirs, way.engine))
                    reason = run(vm, stop, way.steps)
                    looks.append(look(reason, vm, output, disk))
                    if reason.reason != "limit":
                        break
                after(vm)
        return tuple(looks)


def run(vm: Vm, limit: int, steps: bool) -> Stop:
    """Run to a limit, at once or step by step."""
    if steps:
        for count in range(vm.cpu.retired + 1, limit):
            stop = vm.run(count)
            if stop.reason != "limit":
                return stop
    return vm.run(limit)


def look(stop: Stop, vm: Vm, output: io.BytesIO, disk: int) -> Look:
    contents = None if disk < 0 else os.pread(disk, os.fstat(disk).st_size, 0)
    return Look(stop, vm.state(), vm.bus.save(), output.getvalue(), contents)


@contextmanager
def handed_over(vm: Vm, disk: int, output: io.BytesIO) -> Iterator[Vm]:
    """The same machine anew, from a snapshot."""
    with tempfile.TemporaryDirectory(prefix="ring1-fuzz-") as folder:
        path = os.path.join(folder, "machine")
        snapshot.save(vm, path)
        vm.close()
        again = snapshot.load(path, vm.isa, b"", output, None if disk < 0 else f"/proc/self/fd/{disk}")
    with again:
        yield again


PLAIN = Way(REFERENCE, Mmu())
