"""bench/memory: its guests, which have no output and no end, do what they count under every engine and MMU setting."""

from __future__ import annotations

import pytest

from bench.memory import GUESTS, guest
from ring1.dbt.engines import table
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.load import load
from tests.ways import present, way

NODES = {"BITS": 16}
"""Of the chase: 4 MiB of them."""
INSTRUCTIONS = 30_000
CHASE = (1 << 16) * 9 + INSTRUCTIONS


def run(engine: str, name: str) -> Snapshot:
    file, constants = GUESTS[name]
    program = guest(file, {**constants, **NODES} if file == "chase" else constants)
    with Vm(load("pg32")) as vm:
        vm.load(program.image, program.entry)
        kind, mmu = way(engine)
        vm.engine = table.make(kind, vm, program.image, mmu)
        assert vm.run(CHASE if file == "chase" else INSTRUCTIONS) == Stop("limit")
        return vm.state()


@pytest.mark.soak
@pytest.mark.parametrize("name", GUESTS)
def test_guests(name: str) -> None:
    first, *others = [run(engine, name) for engine in present()]
    assert first.control["ptb"] & 1 and first.registers["gp"] > 100
    for other in others:
        assert other == first
