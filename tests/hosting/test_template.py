"""Machines that begin from a snapshot: each goes on as the one that it was taken of, and none is in the others' way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines import table
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import ENDED, INPUT
from ring1.dbt.hosting.plan import MachinePlan, PlanError, read
from ring1.examples.os import image
from ring1.isa.source import Position
from tests.hosting.test_host import HERE, SECONDS, alone, hosting, planned
from tests.hosting.test_migration import CHANGING

ENGINES = table.ENGINES
ROOT = Path(__file__).parents[2]
FEW = 0x8000


def begun(name: str, template: Path, **more: Any) -> MachinePlan:
    return MachinePlan(name, Position("plan"), template=str(template), isa="", **more)


@pytest.fixture
def half(tmp_path: Path) -> Path:
    """A snapshot of a machine amid its work."""
    (tmp_path / "brief.s").write_text(CHANGING.format(times=FEW))
    with hosting(planned("a", tmp_path / "brief.s", paused=True)) as host:
        host.machines["a"].vm.run(123_456)
        host.snapshot("a", str(tmp_path / "half.snap"))
    return tmp_path / "half.snap"


def test_each_ends_as_the_one_that_it_is_of(half: Path) -> None:
    wanted = alone(str(half.parent / "brief.s"), "bare")
    engines = [name for name in HERE if name != "kvm"]
    with hosting(*(begun(f"{name}-{n}", half, engine=name) for name in engines for n in range(2))) as host:
        assert host.wait(SECONDS)
        for machine in host.machines.values():
            assert (machine.vm.state(), machine.screen.since(0)[1]) == wanted
        assert len(host.factory.templates) == 1


def test_the_small_unix(tmp_path: Path) -> None:
    """Many begin at the prompt of one; a disk that has changed is refused."""
    contents = image.build(image.contents(image.sources()))
    disks = [tmp_path / f"{n}.img" for n in range(4)]
    for disk in disks:
        disk.write_bytes(contents)
    template = tmp_path / "unix.snap"
    with hosting(planned("unix", ROOT / "examples/os/kernel.s", disk=str(disks[0]))) as host:

        def waiting() -> bool:
            return all(machine.state == INPUT for machine in host.machines.values())

        assert host.wait(SECONDS, waiting)
        host.snapshot("unix", str(template))
        for n, disk in enumerate(disks[1:]):
            host.add(begun(f"from-{n}", template, disk=str(disk), input=f"echo I am {n}\n".encode()))
        assert host.wait(SECONDS, waiting)
        for n in range(3):
            machine = host.machines[f"from-{n}"]
            assert machine.screen.since(0)[1].decode().endswith(f"I am {n}\n$ ")
            assert machine.plan.memory == 1 << 20 and machine.plan.isa == "pg32"
        disks[0].write_bytes(b"\1" * len(contents))
        with pytest.raises(MachineError, match="late: "):
            host.add(begun("late", template, disk=str(disks[0])))
        with pytest.raises(MachineError, match="late: "):
            host.add(begun("late", template))
        assert "late" not in host.machines


def test_a_template_that_is_replaced_is_read_again(half: Path) -> None:
    with hosting() as host:
        host.add(begun("a", half, paused=True))
        before = host.machines["a"].figures.instructions
        host.machines["a"].vm.run(200_000)
        host.snapshot("a", str(half.parent / "later.snap"))
        os.replace(half.parent / "later.snap", half)
        host.add(begun("b", half, paused=True))
        assert (before, host.machines["b"].figures.instructions) == (123_456, 200_000)
        half.write_bytes(half.read_bytes()[:-7])
        with pytest.raises(MachineError, match=r"c: .*damaged"):
            host.add(begun("c", half))
        assert set(host.machines) == {"a", "b"}


def test_ones_of_a_plan(half: Path) -> None:
    path = half.parent / "plan.toml"
    path.write_text('[machine.m]\ntemplate = "half.snap"\ncount = 5\nengine = "bt"\n')
    plan = read(str(path), ENGINES)
    assert [(machine.name, machine.memory) for machine in plan.machines] == [(f"m-{n}", 1 << 20) for n in range(1, 6)]
    host = Host(plan, ENGINES)
    try:
        host.start()
        assert host.wait(SECONDS)
        assert {row.why for row in host.rows()} == {"exit 0"}
    finally:
        host.close()


WRONG = {
    'template = "none.snap"': (2, "template: there is no file none.snap"),
    'template = "brief.s"': (2, "not a snapshot"),
    'template = "half.snap"\nprogram = "brief.s"': (3, "program: the template of m has that"),
    'template = "half.snap"\nmemory = "1M"': (3, "memory: the template of m has that"),
    'template = "half.snap"\nisa = "rv32"': (2, "a snapshot of another machine than this rv32"),
    'template = "short.snap"': (2, "damaged"),
}


@pytest.mark.parametrize("text", WRONG)
def test_plans_that_are_wrong(text: str, half: Path) -> None:
    shutil.copy(half, half.parent / "short.snap")
    os.truncate(half.parent / "short.snap", half.stat().st_size - 1)
    path = half.parent / "plan.toml"
    path.write_text(f"[machine.m]\n{text}\n")
    with pytest.raises(PlanError) as caught:
        read(str(path), ENGINES)
    told = [(fault.position.line, fault.message) for fault in caught.value.faults]
    line, part = WRONG[text]
    assert [found for found, message in told] == [line] and part in told[0][1]


def test_nothing_is_translated_again(half: Path) -> None:
    """The second one finds what the first has translated."""
    with hosting(begun("a", half), processors=1) as host:
        assert host.wait(SECONDS, lambda: host.machines["a"].state == ENDED)
        engine = host.machines["a"].vm.engine
        assert engine is not None
        lowered = engine.work.lowered
        host.add(begun("b", half))
        assert host.wait(SECONDS, lambda: host.machines["b"].state == ENDED)
        again = host.machines["b"].vm.engine
        assert again is not None and again.work.lowered == 0 and engine.work.lowered == lowered
        assert again.work.blocks >= 5
