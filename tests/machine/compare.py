"""One program on the independent model and on every engine, looked at whenever its limits say: the first difference."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.vm import Snapshot
from tests.machine.builder import ENGINES, MONITORS, machine, started
from tests.machine.generator import SIZE, Case, Plan, case
from tests.machine.model import Model


@dataclass(frozen=True)
class Look:
    """What is compared."""

    stop: Stop
    state: Snapshot
    output: bytes
    disk: bytes | None


def by_model(c: Case) -> list[Look]:
    disk = None if c.disk is None else bytearray(c.disk)
    model = Model(machine(c.plan.isa), SIZE, c.source, disk, c.seed)
    model.load(c.image)
    looks = []
    for limit in c.limits:
        stop = model.run(limit)
        looks.append(Look(stop, model.state(), bytes(model.board.output), None if disk is None else bytes(disk)))
    return looks


def by_engine(engine: str, c: Case) -> list[Look]:
    looks = []
    with tempfile.NamedTemporaryFile() as file:
        if c.disk is not None:
            Path(file.name).write_bytes(c.disk)
        with started(
            engine,
            c.image,
            isa=machine(c.plan.isa),
            memory=SIZE,
            source=c.source,
            disk=None if c.disk is None else file.name,
            seed=c.seed,
            options=c.options,
            hot=c.hot,
        ) as (vm, output):
            for limit in c.limits:
                stop = vm.run(limit)
                disk = None if c.disk is None else Path(file.name).read_bytes()
                looks.append(Look(stop, vm.state(), output.getvalue(), disk))
    return looks


def difference(c: Case, engines: tuple[str, ...] = ()) -> str:
    """How an engine that is equivalent on the case's machine differs from the model; nothing if none does."""
    engines = engines or (ENGINES + MONITORS if c.plan.isa == "pg32v" else ENGINES)
    expected = by_model(c)
    # What an engine keeps on disk counts when it runs the program again.
    for engine in engines * 2 if c.options.remember else engines:
        for limit, want, got in zip(c.limits, expected, by_engine(engine, c), strict=True):
            if want != got:
                return f"{engine} at {limit}: {apart(want, got)}"
    return ""


def apart(want: Look, got: Look) -> str:
    """What differs, as model -> engine."""
    found = [] if want.stop == got.stop else [f"stop {want.stop} -> {got.stop}"]
    pairs = {"pc": (want.state.pc, got.state.pc), "instructions": (want.state.instructions, got.state.instructions)}
    pairs |= {n: (v, got.state.registers[n]) for n, v in want.state.registers.items()}
    pairs |= {n: (v, got.state.control[n]) for n, v in want.state.control.items()}
    found += [f"{name} {a:#x} -> {b:#x}" for name, (a, b) in pairs.items() if a != b]
    found += ["memory"] if want.state.memory_sha256 != got.state.memory_sha256 else []
    found += [f"output {want.output!r} -> {got.output!r}"] if want.output != got.output else []
    found += ["disk"] if want.disk != got.disk else []
    return ", ".join(found)


def shrunk(plan: Plan, engines: tuple[str, ...] = ()) -> Plan:
    """A plan with as few pieces as still show a difference."""
    step = max(1, len(plan.pieces) // 2)
    while True:
        for at in range(0, len(plan.pieces), step):
            less = replace(plan, pieces=plan.pieces[:at] + plan.pieces[at + step :])
            if difference(case(less), engines):
                plan = less
                break
        else:
            if step == 1:
                return plan
            step //= 2
