"""Hostile kernels come and go in a host beside fifty neighbours, which end as arithmetic says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.api.loading import program_of
from ring1.dbt.engines import table
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import ENDED
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.isa.source import Position
from tests.hosting.test_host import SECONDS, planned
from tests.machine.builder import RAM
from tests.vmm.hostile import LIMIT, SECTORS, Kernel, disk_of

ENGINES = table.ENGINES
ATTACKERS = [name for name in ("bare", "bt", "trap", "hybrid", "hw") if not ENGINES[name].why_not()]
NEIGHBOURS = 50
FACTOR, STEP, KEPT = 1664525, 1013904223, 256
"""The generator of Numerical Recipes, and how many of its last numbers are in memory."""
NEIGHBOUR = """
        .equ    TIMES, {times}
_start: in      a0, zero                // what is typed is where it begins
        li      a1, {factor}
        li      a2, {step}
        li      a3, TIMES
        li      a4, 0
1:      mul     a0, a0, a1
        add     a0, a0, a2
        andi    t0, a4, {kept} - 1
        slli    t0, t0, 2
        li      t1, 0x10000
        add     t0, t0, t1
        sw      a0, 0(t0)
        addi    a4, a4, 1
        bne     a4, a3, 1b
        andi    t0, a0, 63
        addi    t0, t0, 48
        out     zero, t0
        li      t0, 0xf0
        out     t0, zero
"""


def after(start: int, times: int) -> int:
    """The generator's number after so many steps, by doubling steps and not by taking them."""
    factor, step, found, added = FACTOR, STEP, 1, 0
    while times:
        if times & 1:
            found, added = found * factor % 2**32, (added * factor + step) % 2**32
        factor, step, times = factor * factor % 2**32, (factor * step + step) % 2**32, times >> 1
    return (start * found + added) % 2**32


def test_the_model() -> None:
    x = 7
    for n in range(100):
        assert after(7, n) == x
        x = (x * FACTOR + STEP) % 2**32


def attack(host: Host, seed: int, engine: str, disk: str) -> None:
    """Have a hostile kernel run in the host until it ends, or waits for more than there is on its console."""
    kernel = Kernel(seed)
    plan = MachinePlan(
        "hostile", Position("test"), isa=kernel.isa.name, engine=engine, memory=RAM, limit=LIMIT, disk=disk
    )
    machine = host.factory.made(plan, program_of(kernel.isa, (), None, kernel.image))
    cpu = machine.vm.cpu
    for name, value in kernel.registers.items():
        cpu.s[kernel.isa.register_numbers[name]] = value
    for name, value in kernel.control.items():
        cpu.s[kernel.isa.slots[name]] = value
    cpu.changed()
    host.enter(machine)
    assert host.wait(SECONDS, lambda: machine.state == ENDED or machine.state == "input")
    host.remove("hostile")


@pytest.mark.parametrize(
    "count", [5, pytest.param(40, marks=pytest.mark.long), pytest.param(2000, marks=pytest.mark.long)]
)
def test_fifty_neighbours(count: int, tmp_path: Path) -> None:
    times = 4_000 * count
    path = tmp_path / "neighbour.s"
    path.write_text(NEIGHBOUR.format(times=times, factor=FACTOR, step=STEP, kept=KEPT))
    plans = [
        planned(f"n{n}", path, input=bytes([33 + n]), closed=True, engine=ATTACKERS[n % len(ATTACKERS)])
        for n in range(NEIGHBOURS)
    ]
    host = Host(Plan("plan", tuple(plans), 2), ENGINES, NEIGHBOURS + 1)
    try:
        host.start()
        with disk_of(bytes(SECTORS * 512)) as (_, disk):
            for seed in range(count):
                attack(host, seed, ATTACKERS[seed % len(ATTACKERS)], disk)
        assert host.wait(10 * SECONDS)
        for n in range(NEIGHBOURS):
            machine = host.machines[f"n{n}"]
            state, begun = machine.vm.state(), 33 + n
            last = [after(begun, times - KEPT + k + 1) for k in range(KEPT)]
            found = list(machine.vm.memory.words[0x10000 // 4 : 0x10000 // 4 + KEPT])
            first = times % KEPT
            assert found == last[KEPT - first :] + last[: KEPT - first], f"n{n}"
            assert state.registers["a0"] == after(begun, times)
            assert machine.screen.since(0)[1] == bytes([48 + (after(begun, times) & 63)])
    finally:
        host.close()
