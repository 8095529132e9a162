"""Runs a case: in a way, or as the reference, which observes more."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.fuzz.case import Case
from ring1.dbt.fuzz.layout import RAM
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.ways import HOT, PRESSING, Way
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.saved import Saved
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.check import Checker
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.model import Isa
from ring1.isa.record import Record

PINNING = 0x400
"""Bytes from the beginning of the program from which the registers to pin are chosen."""
SWITCHES = "chain", "trace", "routines", "post"
"""Options that are on or off."""
Processor = Callable[[Isa, Memory, Bus], Cpu]


class Look(Record):
    """The observable state of a machine."""

    stop: Stop
    state: Snapshot
    devices: Saved
    output: bytes
    disk: bytes | None


class CaseGuest:
    """A case, laid out for its machine."""

    def __init__(self, case: Case) -> None:
        """Lay out the program. Raises Malformed."""
        self.case = case
        self.isa = case.facts.isa
        self.image = Listing(case.facts, case.lines).image()

    def start(self, way: Way, processor: Processor = Cpu) -> Running:
        """Return a machine that has not begun, with an engine that works in this way. The caller closes it."""
        return Running(self, way, processor)

    def run(
        self,
        way: Way,
        stops: tuple[int, ...] = (),
        before: Callable[[Vm], object] = lambda vm: None,
        after: Callable[[Vm], object] = lambda vm: None,
    ) -> tuple[Look, ...]:
        """Return the states at the case's stops, or at others. `before` and `after` are called with the machine."""
        with self.start(way) as running:
            before(running.vm)
            looks = running.through(stops or self.case.stops)
            after(running.vm)
        return looks


class Running:
    """A case under way."""

    def __init__(self, guest: CaseGuest, way: Way, processor: Processor) -> None:
        self.guest = guest
        self.way = way
        self.heirs = iter(way.heirs)
        case = guest.case
        with ExitStack() as stack:
            self.disk, path = -1, None
            if case.disk:
                self.disk = os.memfd_create("disk", os.MFD_CLOEXEC)
                stack.callback(os.close, self.disk)
                os.pwrite(self.disk, case.sectors(), 0)
                path = f"/proc/self/fd/{self.disk}"
            self.output = io.BytesIO()
            self.vm = Vm(guest.isa, RAM, case.source, self.output, path, case.seed, processor=processor)
            stack.callback(lambda: self.vm.close())
            self.vm.load(guest.image, guest.isa.memory)
            self.bound()
            for number, value in case.registers:
                self.vm.cpu.s[number] = value
            self.vm.cpu.time = self.vm.cpu.idle = case.time
            self.equip(way.engine)
            self.stack = stack.pop_all()

    def bound(self) -> None:
        """Limit the console's output, if the case does."""
        if self.guest.case.room is not None:
            self.vm.output.room = self.guest.case.room - len(self.output.getvalue())

    def crowded(self) -> AbstractContextManager[None]:
        """While this is entered, no more mappings are left to the process than the way says. Only this machine runs
        then: between its runs, and behind them, others need mappings that do not have this way."""
        if self.way.room is None:
            return nullcontext()
        from ring1.dbt.fuzz.crowd import crowd  # not every host has what it needs

        return crowd(self.way.room)

    def equip(self, technique: Technique) -> None:
        """Give the machine an engine."""
        vm, way, image = self.vm, self.way, self.guest.image[:PINNING]
        changes: dict[str, Any] = {key: bool(value) if key in SWITCHES else value for key, value in way.code}
        changes = {"remember": False, "code_size": 1 << 20, "pressing": PRESSING, **changes}
        if way.hot:
            changes |= {"sampling": HOT, "patience": 0}
        if technique.policy is None and self.guest.case.build:
            ENGINES.built(self.guest.case.build).interpreted(vm.cpu).begin()
        made = technique.checked if way.checked and technique.policy is not None else technique.make
        vm.engine = made(vm, image, Options(mmu=way.mmu, **changes))

    def to(self, limit: int) -> Look:
        """Run until `limit` instructions have retired, at once or step by step. Returns the state."""
        with self.crowded():
            stop = self.stop_at(limit)
        vm = self.vm
        contents = None if self.disk < 0 else os.pread(self.disk, os.fstat(self.disk).st_size, 0)
        return Look(stop, vm.state(), vm.bus.save(), self.output.getvalue(), contents)

    def stop_at(self, limit: int) -> Stop:
        """Run until `limit` instructions have retired. Returns why the machine has stopped."""
        vm = self.vm
        stop = Stop("limit")
        for count in range(vm.cpu.retired + 1, limit) if self.way.steps else ():
            stop = vm.run(count)
            if stop.reason != "limit":
                break
        if stop.reason == "limit":
            stop = vm.run(limit)
        if isinstance(vm.engine, Checker):
            vm.engine.compare_memory()
        return stop

    def through(self, stops: tuple[int, ...]) -> tuple[Look, ...]:
        """Return the states at these stops."""
        looks = list[Look]()
        for stop in stops:
            if looks:
                self.hand_over()
            looks.append(self.to(stop))
            if looks[-1].stop.reason != "limit":
                break
        return tuple(looks)

    def hand_over(self) -> None:
        """If the way says so, replace the machine by one restored from its snapshot, under the next engine."""
        if not self.way.heirs:
            return
        with tempfile.TemporaryDirectory(prefix="ring1-fuzz-") as folder:
            path = os.path.join(folder, "machine")
            snapshot.save(self.vm, path)
            self.vm.close()
            disk = None if self.disk < 0 else f"/proc/self/fd/{self.disk}"
            self.vm = snapshot.load(path, self.vm.isa, b"", self.output, disk)
        self.bound()
        self.equip(next(self.heirs, self.way.engine))

    def close(self) -> None:
        self.stack.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


PLAIN = Way(ENGINES.reference, Mmu())
