"""A hosted machine as bytes, but for its pages: what goes with it to another host, or to another engine."""

from __future__ import annotations

import io
import zlib

from ring1.dbt.hosting.hosted import PAUSED, READY, Hosted
from ring1.dbt.vmm import contents
from ring1.dbt.vmm.contents import Body, SavedMachine


def saved(machine: Hosted) -> bytes:
    """Return the state of a machine that does not run. Raises ValueError if a device holds too much."""
    vm, screen = machine.vm, machine.screen
    state = {
        "cpu": vm.cpu.save(),
        "bus": vm.bus.save(),
        "closed": machine.source.closed,
        "screen": bytes(screen.kept),
        "written": screen.written,
        "paused": machine.state == PAUSED,
    }
    return contents.pack(SavedMachine(vm.isa.name, vm.isa.digest, vm.memory.size), state, ())


def given(machine: Hosted, state: bytes) -> None:
    """Give a machine, whose RAM has been written, the rest of its state. Raises ValueError, Misfit, and others for what
    makes no sense."""
    vm, packed = machine.vm, zlib.compress(state, 0)

    def same(found: SavedMachine) -> None:
        if (found.name, found.digest, found.ram) != (vm.isa.name, vm.isa.digest, vm.memory.size):
            raise ValueError("it is another machine than was said")

    found = contents.unpack(Body(io.BytesIO(packed), 0, len(packed)), same).state
    machine.give(found)
    machine.source.closed = bool(found["closed"])
    machine.screen.kept[:] = found["screen"]
    machine.screen.written = int(found["written"])
    machine.state = PAUSED if found["paused"] else READY
