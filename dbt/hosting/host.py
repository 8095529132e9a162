"""The host: many machines in one process, which run by turns on a few threads as their shares say."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines.registry import Registry
from ring1.dbt.hosting.factory import Factory
from ring1.dbt.hosting.hosted import ENDED, INPUT, PAUSED, READY, RUNNING, Hosted
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.hosting.state import given, saved
from ring1.dbt.hosting.stride import Stride
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.stop import Stop
from ring1.dbt.native.mappings import of_process
from ring1.isa.record import Record, replace

AWAKE = 200
ASKED = 30.0
"""Seconds that a machine is given to end its slice."""


class Unknown(MachineError):
    """There is no machine of that name, or it is in no state for what is asked."""


class Row(Record):
    """A machine at a moment, for tables."""

    name: str
    state: str
    why: str
    """Why it has ended."""
    engine: str
    share: int
    seconds: float
    """Processor time so far."""
    instructions: int
    events: int
    resident: int
    """Bytes of RAM touched."""
    output: int
    """Bytes output to the console."""


class Host:
    """The machines by name, and the threads that run them. Its methods can be called from any thread."""

    def __init__(self, plan: Plan, registry: Registry, room: int = 0, awake: int = AWAKE) -> None:
        """`room`: how many machines there will be at most, if more than in the plan. `awake`: how many keep their views
        while they wait for their consoles. Raises MachineError."""
        self.factory = Factory(registry, max(room, len(plan.machines), 1))
        self.policy = Stride()
        self.awake = awake
        self.waiting: dict[str, None] = {}
        """Machines that wait for their consoles and have not given their views back, the first of them first."""
        self.machines: dict[str, Hosted] = {}
        self.changed = threading.Condition()
        """Its lock protects everything but a running machine; notified when a machine changes its state."""
        self.ending = False
        self.began = time.monotonic()
        count = plan.processors or os.cpu_count() or 1
        self.threads = [threading.Thread(target=self.work, name=f"ring1-{n}", daemon=True) for n in range(count)]
        try:
            for machine in plan.machines:
                self.add(machine)
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    # --- Machines ----------------------------------------------------------------------

    def add(self, plan: MachinePlan) -> None:
        """Add a machine. Raises MachineError."""
        with self.changed:
            if plan.name in self.machines:
                raise Unknown(f"there is a machine {plan.name} already")
        self.enter(self.factory.machine(plan))

    def enter(self, machine: Hosted) -> None:
        """Take a machine in. Raises Unknown if there is one of its name."""
        name = machine.plan.name
        with self.changed:
            if name in self.machines:
                raise Unknown(f"there is a machine {name} already")
            self.machines[name] = machine
            self.policy.add(name, machine.share)
            if machine.state == READY:
                self.wake(name)
            self.changed.notify_all()

    def machine(self, name: str) -> Hosted:
        """Return a machine. Raises Unknown."""
        if name not in self.machines:
            raise Unknown(f"there is no machine {name}")
        return self.machines[name]

    def pause(self, name: str) -> None:
        """Have a machine stop until it is to go on. Raises Unknown."""
        with self.held(name) as machine:
            if machine.state == ENDED:
                raise Unknown(f"{name} has ended")
            machine.state = PAUSED

    def resume(self, name: str) -> None:
        """Have a paused machine go on. Raises Unknown."""
        with self.changed:
            machine = self.machine(name)
            if machine.state != PAUSED:
                raise Unknown(f"{name} is not paused: {machine.state}")
            machine.state = READY
            self.wake(name)

    def end(self, name: str) -> None:
        """Have a machine stop for good. Raises Unknown."""
        with self.held(name) as machine:
            machine.state, machine.stop = ENDED, machine.stop or Stop("interrupt")

    def remove(self, name: str) -> None:
        """End a machine and forget it. Raises Unknown."""
        with self.held(name):
            machine = self.fixed(name)
            machine.state = ENDED
            self.leave(name)
        machine.close()

    def leave(self, name: str) -> Hosted:
        """Forget a machine, which does not run any more; return it. Raises Unknown."""
        with self.changed:
            machine = self.machine(name)
            del self.machines[name]
            self.policy.remove(name)
            self.changed.notify_all()
        return machine

    def share(self, name: str, share: int) -> None:
        """Give a machine another share. Raises Unknown."""
        with self.changed:
            self.machine(name).share = share
            self.policy.share(name, share)

    def feed(self, name: str, data: bytes) -> None:
        """Type on a machine's console. Raises Unknown."""
        with self.held(name) as machine:
            machine.source.feed(data)
            if machine.state == INPUT:
                machine.state = READY

    def snapshot(self, name: str, path: str) -> None:
        """Write a machine to a snapshot file, and go on. Raises Unknown, OSError."""
        from ring1.dbt.vmm.snapshot import save

        with self.held(name) as machine:
            save(machine.vm, path)

    def switch(self, name: str, engine: str) -> None:
        """Have a machine go on under another engine. Raises MachineError, Unknown."""
        with self.held(name):
            old = self.fixed(name)
            if old.state == ENDED:
                raise Unknown(f"{name} has ended")
            isa, memory = old.vm.isa, old.vm.memory
            try:
                state = saved(old)
                made = self.factory.empty(replace(old.plan, engine=engine), isa)
            except (OSError, ValueError) as error:
                raise MachineError(f"{name}: {error}") from None
            for page in memory.occupied():
                made.vm.memory.write(page * PAGE, memory.read(page * PAGE, PAGE))
            given(made, state)
            made.figures, made.share = old.figures, old.share
            if old.state == INPUT:
                made.state = INPUT
            self.machines[name] = made
            old.close()

    @contextmanager
    def leaving(self, name: str) -> Iterator[Hosted]:
        """Have a machine, which runs on, neither be removed nor be made another one. Raises Unknown, also if somebody
        has begun this already."""
        with self.changed:
            machine = self.fixed(name)
            machine.leaving = True
        try:
            yield machine
        finally:
            with self.changed:
                machine.leaving = False

    def fixed(self, name: str) -> Hosted:
        """Return a machine that is not about to leave. Raises Unknown."""
        machine = self.machine(name)
        if machine.leaving:
            raise Unknown(f"{name} is on its way to another host")
        return machine

    @contextmanager
    def kept(self, name: str) -> Iterator[Hosted]:
        """Keep a machine from running, and from everybody else, without the lock. Raises Unknown."""
        with self.changed:
            if not self.changed.wait_for(lambda: not self.machine(name).kept, ASKED):
                raise Unknown(f"{name} is busy")
            machine = self.machine(name)
            machine.kept = True
            self.policy.drop(name)
        try:
            with self.changed:
                if machine.state == RUNNING:
                    machine.vm.interrupt()
                    if not self.changed.wait_for(lambda: machine.state != RUNNING, ASKED):
                        raise Unknown(f"{name} does not end its slice")
            yield machine
        finally:
            with self.changed:
                machine.kept = False
                if machine.state == READY and name in self.machines:
                    self.wake(name)
                self.changed.notify_all()

    @contextmanager
    def held(self, name: str) -> Iterator[Hosted]:
        """Hold a machine under the lock: it does not run meanwhile, and its state may be changed. Raises Unknown."""
        with self.kept(name) as machine, self.changed:
            yield machine

    def wake(self, name: str) -> None:
        """Have a machine that is ready run, unless somebody keeps it."""
        if not self.machines[name].kept:
            self.policy.wake(name)
            self.changed.notify_all()

    # --- Running -----------------------------------------------------------------------

    def work(self) -> None:
        """Run machines by turns, until the host ends."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.ending or bool(self.policy.ready))
                if self.ending:
                    return
                name = self.policy.next()
                assert name is not None
                machine = self.machines[name]
                machine.state = RUNNING
                self.waiting.pop(name, None)
            try:
                took, stop = machine.run()
            except Exception as error:  # of its own making, such as a disk that is full: nobody else is to suffer
                took, stop = 0.0, Stop("error")
                machine.error = str(error) or type(error).__name__
            with self.changed:
                self.policy.charge(name, took)
                machine.settle(stop)
                if machine.state == INPUT:
                    self.waits(name)
                if machine.state == READY and not machine.kept:
                    self.policy.enter(name)
                self.changed.notify_all()

    def waits(self, name: str) -> None:
        """A machine begins to wait for its console. If many do, the one that has waited longest gives its views
        back."""
        self.waiting[name] = None
        if len(self.waiting) > self.awake:
            first = next(iter(self.waiting))
            del self.waiting[first]
            machine = self.machines.get(first)
            if machine is not None and machine.state == INPUT and not machine.kept and machine.vm.engine is not None:
                machine.vm.engine.rest()

    def wait(self, seconds: float | None = None, done: Callable[[], bool] | None = None) -> bool:
        """Wait until every machine has ended, or `done` says so under the lock. False if the time is over before."""
        with self.changed:
            return self.changed.wait_for(done or self.over, seconds)

    def over(self) -> bool:
        """Has every machine ended?"""
        return all(machine.state == ENDED for machine in self.machines.values())

    def figures(self) -> dict[str, Any]:
        """Return what the host has and has granted."""
        grants = of_process()
        return {
            "processors": len(self.threads),
            "seconds": round(time.monotonic() - self.began, 3),
            "machines": len(self.machines),
            "views": self.factory.options.mmu.limits.views,
            "code_size": self.factory.options.code_size,
            "mappings": {"granted": grants.granted, "grantable": grants.most},
        }

    def rows(self) -> list[Row]:
        """Return what there is to tell of all machines."""
        with self.changed:
            return [self.row(name, machine) for name, machine in self.machines.items()]

    def row(self, name: str, machine: Hosted) -> Row:
        figures, stop = machine.figures, machine.stop
        why = machine.error or ("" if stop is None else stop.reason if stop.code is None else f"exit {stop.code}")
        return Row(
            name,
            machine.state,
            why,
            machine.technique.name,
            machine.share,
            figures.seconds,
            figures.instructions,
            figures.events,
            machine.resident,
            machine.screen.written,
        )

    def close(self) -> None:
        """End all machines and threads. Can be called twice."""
        with self.changed:
            self.ending = True
            for machine in self.machines.values():
                machine.vm.interrupt()
            self.changed.notify_all()
        for thread in self.threads:
            if thread.is_alive():
                thread.join(ASKED)
        for machine in self.machines.values():
            machine.close()
        self.machines.clear()
