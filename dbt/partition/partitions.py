"""Partitions: machines that run in slots of virtual time, one after the other, exactly (as ARINC 653 has them).

Time is that of all: an instruction takes one unit, whoever executes it, and a machine that waits lets it pass. A slot
ends between two instructions, at its time, under every engine; the machine's clock goes on while others run. So a run
is a function of the plan and its files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines.registry import Registry
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import ENDED, Hosted
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.loading import populated
from ring1.dbt.machine.memory import GUARDED, PAGE, SEALED, Shared
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.partition.channel import Channel, End, Ends, Pages, Watchdog, Words
from ring1.dbt.partition.plan import TO, Care, ChannelPlan, PartitionPlan
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa
from ring1.isa.record import Record, replace

RAN, LATE = ("bound", "interrupt"), "watchdog"
"""Reasons for which a slot ends when all is well; and that of a fault that the monitor finds."""


Build = Callable[[Isa, tuple[str, ...]], Program]


class SlotEnd(Device):
    """Has a machine stop where its slot ends."""

    name = "slot"
    at = 0

    def deadline(self) -> int:
        return self.at

    def advance(self, now: int) -> None:
        """Raises Stopped when it is time."""
        if now >= self.at:
            raise Stopped(Stop("bound"))


class Ran(Record):
    """A slot that is over."""

    machine: str
    begin: int
    """When it was to begin, in virtual time."""
    length: int
    late: int
    """How much later the machine began ..."""
    over: int
    """... and how much later it ended; negative if it ended by itself."""
    seconds: float
    """Wall time that it took."""
    instructions: int
    """What has retired in it."""


class Failure(Record):
    """What the health monitor has seen."""

    machine: str
    at: int
    why: str
    action: str


class Partition:
    """A machine with its devices, and the monitor's orders."""

    def __init__(self, name: str, care: Care, ends: list[End]) -> None:
        self.name = name
        self.care = care
        self.ends = ends
        self.machine: Hosted
        self.end = SlotEnd()
        self.watchdog = Watchdog()
        self.before = b""
        """Console output of the machines that it has been."""

    def shared(self) -> Iterator[Shared]:
        """Yield the pages of RAM that it has in common with others."""
        for end in self.ends:
            if isinstance(end.channel, Pages):
                yield end.channel.of(end.sends)

    def look_again(self) -> None:
        """Others may have written to pages that it has as well: what is relied on of them has changed."""
        memory = self.machine.vm.memory
        for pages in memory.shared:
            for frame in pages.frames:
                if memory.watch[frame] & ~(GUARDED | SEALED):
                    memory.on_write(frame * PAGE, PAGE)

    @property
    def output(self) -> bytes:
        return self.before + self.machine.screen.since(0)[1]


class Partitions:
    """Runs a plan."""

    def __init__(self, plan: PartitionPlan, registry: Registry, build: Build | None = None) -> None:
        """`build` makes a program of its files, if not the usual way. Raises MachineError if a machine cannot be
        made."""
        self.plan, self.build = plan, build
        self.host = Host(Plan(plan.machines.path, (), 1), registry, len(plan.machines.machines))
        self.now = 0
        self.schedule = next(iter(plan.schedules))
        self.failures: list[Failure] = []
        self.channels: list[Channel] = []
        self.parts: dict[str, Partition] = {}
        try:
            self.channels += map(channel, plan.channels)
            for machine in plan.machines.machines:
                ends = [
                    End(channel, channel.sender == machine.name)
                    for channel in self.channels
                    if machine.name in (channel.sender, channel.receiver)
                ]
                part = Partition(machine.name, plan.care[machine.name], ends)
                part.machine = self.made(part, fresh=True)
                self.parts[machine.name] = part
        except BaseException:
            self.close()
            raise

    def made(self, part: Partition, fresh: bool) -> Hosted:
        """Make the machine of a partition, as it is at reset; without a program unless it is fresh."""
        plan = next(each for each in self.plan.machines.machines if each.name == part.name)
        part.end, part.watchdog = SlotEnd(), Watchdog()
        part.watchdog.heard = self.now
        devices = [part.end, part.watchdog, Ends(part.ends)]
        if part.ends and self.host.factory.isa(plan.isa).board:
            raise MachineError(f"{part.name}: channels are behind ports, and {plan.isa} has none")
        program, shared = self.program(plan), list(part.shared())
        for at, data in populated(program.image):
            for pages in shared:
                if at < pages.address + pages.length and pages.address < at + len(data):
                    raise MachineError(f"{part.name}: its program is where it has pages of a channel, at {at:#x}")
        return self.host.factory.made(replace(plan, closed=True), program if fresh else None, devices, shared)

    def program(self, plan: MachinePlan) -> Program:
        """Return the program of a machine. Raises MachineError."""
        factory = self.host.factory
        return factory.program(plan) if self.build is None else self.build(factory.isa(plan.isa), plan.program)

    # --- Running -----------------------------------------------------------------------

    def run(self, frames: int, told: Callable[[Ran], None] = lambda ran: None) -> None:
        """Run so many major frames, or until every machine has ended. `told` is called with each slot."""
        for _ in range(frames):
            if all(part.machine.state == ENDED for part in self.parts.values()):
                return
            for slot in self.plan.schedules[self.schedule]:
                told(self.slot(self.parts[slot.machine], slot.length))

    def slot(self, part: Partition, length: int) -> Ran:
        """Run a partition for its slot."""
        machine, begin = part.machine, self.now
        cpu, end, began = machine.vm.cpu, begin + length, time.perf_counter()
        self.now = end
        if machine.state == ENDED:
            return Ran(part.name, begin, length, 0, -length, 0.0, 0)
        cpu.skip(begin - cpu.time)
        late, before = cpu.time - begin, cpu.retired
        part.end.at = machine.vm.bus.bound = end
        part.look_again()
        stop = machine.vm.run(machine.plan.limit or None)
        figures = machine.figures
        figures.instructions = cpu.retired
        ran = Ran(part.name, begin, length, late, cpu.time - end, time.perf_counter() - began, cpu.retired - before)
        why = "" if stop.reason in (*RAN, "exit", "limit") else stop.reason
        if not why and part.care.watchdog and end - part.watchdog.heard > part.care.watchdog:
            why = LATE
        if stop.reason in ("exit", "limit"):
            machine.state, machine.stop = ENDED, stop
        elif why:
            self.fail(part, why, stop)
        return ran

    def fail(self, part: Partition, why: str, stop: Stop) -> None:
        """Do what is to be done when a partition has failed."""
        action, machine = part.care.fault, part.machine
        self.failures.append(Failure(part.name, machine.vm.cpu.time, why, action))
        if action in ("warm", "cold"):
            part.before = part.output
            part.machine = made = self.made(part, action == "cold")
            if action == "warm":
                memory = machine.vm.memory
                for page in memory.occupied():
                    made.vm.memory.write(page * PAGE, memory.read(page * PAGE, PAGE))
                made.vm.load(b"", self.program(machine.plan).entry)
            machine.close()
            return
        machine.state, machine.stop = ENDED, stop
        if action.startswith(TO):
            self.schedule = action.removeprefix(TO)

    def close(self) -> None:
        for part in self.parts.values():
            part.machine.close()
        for channel in self.channels:
            channel.close()
        self.channels.clear()
        self.host.close()


def channel(plan: ChannelPlan) -> Channel:
    """Make a channel. Raises OSError."""
    if plan.pages:
        return Pages(plan.name, plan.sender, plan.receiver, plan.pages, (plan.at, plan.seen), plan.both)
    return Words(plan.name, plan.sender, plan.receiver, plan.words)
