"""A machine in a host: it runs for a slice at a time, on whichever thread has time for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import ExitStack

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.engines.technique import Technique
from ring1.dbt.hosting.console import Screen
from ring1.dbt.hosting.plan import MachinePlan
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Shared
from ring1.dbt.machine.saved import Saved
from ring1.dbt.machine.stop import Stop
from ring1.dbt.native.shared_pages import share
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa

READY, RUNNING, INPUT, PAUSED, ENDED = "ready", "running", "input", "paused", "ended"
"""States: waiting for a processor, having one, waiting for console input, waiting to be told to go on, having stopped
by itself or been stopped."""
SLICE = 0.005
"""Seconds of processor time of a slice, about."""
LEAST, FIRST, MOST = 1 << 10, 1 << 15, 1 << 26
"""Instructions of a slice."""


class Figures:
    """What a machine has done and has, as of the end of its last slice."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Processor time."""
        self.instructions = 0
        self.events = 0
        """Exits of generated code."""


class Hosted:
    """`state` changes under the host's lock alone. While it is RUNNING, nobody touches the machine but its thread, and
    nobody needs the lock to run it."""

    def __init__(
        self,
        plan: MachinePlan,
        isa: Isa,
        program: Program | None,
        technique: Technique,
        options: Options,
        devices: Iterable[Device] = (),
        shared: Iterable[Shared] = (),
        image: bytes = b"",
    ) -> None:
        """`devices` are more than those of its board, `shared` pages of RAM that others have as well. Without a program
        it is to be given a state; `image` is what is known of the code that it will run. Raises OSError if the host
        refuses memory, ValueError if RAM is too small."""
        self.plan = plan
        self.share = plan.share
        self.screen = Screen()
        self.source = FedInput()
        self.source.begin(plan.closed)
        self.source.feed(plan.input)
        self.copied = False
        """Its disk is a copy that was made when it came here, which goes when it leaves."""
        self.technique = technique
        self.figures = Figures()
        self.slice = FIRST
        self.state = PAUSED if plan.paused else READY
        self.stop: Stop | None = None
        """Why it has ended."""
        self.error = ""
        """What has gone wrong in the VMM, if that has ended it."""
        self.kept = False
        """It is not to run: somebody looks at it, or changes it."""
        self.leaving = False
        """It is being sent to another host."""
        with ExitStack() as made:
            self.vm = Vm(isa, plan.memory, self.source, self.screen.stream, plan.disk or None, plan.seed)
            made.callback(self.vm.close)
            self.vm.bus.extend(devices)
            for pages in shared:
                share(self.vm.memory, pages)
            if program is not None:
                self.vm.load(program.image, program.entry)
            self.vm.engine = technique.make(self.vm, program.image if program else image, options)
            made.pop_all()

    def run(self) -> tuple[float, Stop]:
        """Run for a slice; return the processor time that it took, and why it ended."""
        cpu, figures = self.vm.cpu, self.figures
        limit, began = cpu.retired + self.slice, time.thread_time()
        stop = self.vm.run(min(limit, self.plan.limit or limit))
        took = time.thread_time() - began
        if stop.reason == "limit" and took:
            self.slice = max(LEAST, min(MOST, int(self.slice * min(4.0, SLICE / took))))
        figures.seconds += took
        figures.instructions = cpu.retired
        if self.vm.engine is not None:
            figures.events = sum(self.vm.engine.exits().values())
        return took, stop

    def settle(self, stop: Stop) -> None:
        """Decide what becomes of it after a slice that ended for this reason."""
        if stop.reason == "input":
            self.state = READY if self.source.buffered or self.source.closed else INPUT
        elif stop.reason in ("limit", "interrupt") and not (0 < self.plan.limit <= self.figures.instructions):
            self.state = READY
        else:
            self.state = ENDED
        if self.state == ENDED:
            self.stop = self.stop or stop

    def give(self, state: Saved) -> None:
        """Give it the state that CPU and devices of a machine of its kind have saved; its RAM has been written. Raises
        ValueError, Misfit."""
        vm, cpu = self.vm, self.vm.cpu
        vm.bus.restore(state["bus"])
        cpu.restore(state["cpu"])
        if cpu.walker is not None:
            cpu.walker.flush()
        cpu.supervisor.flushed()
        cpu.changed()
        cpu.supervisor.moved()
        self.figures.instructions = cpu.retired

    @property
    def resident(self) -> int:
        """Bytes of its RAM that the host has given it, as it has touched them."""
        return os.fstat(self.vm.memory.fd).st_blocks * 512 if self.vm.memory.fd >= 0 else self.plan.memory

    def close(self) -> None:
        self.vm.close()
