"""Many machines in one process: they end as they do alone, and none is in another one's way."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines import table
from ring1.dbt.hosting.host import Host, Unknown
from ring1.dbt.hosting.hosted import ENDED, INPUT, PAUSED, READY, RUNNING
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.snapshot import load as resumed
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load
from ring1.isa.source import Position

ROOT = Path(__file__).parents[2]
ENGINES = table.ENGINES
HERE = [name for name in ("interp", "bare", "bt", "trap", "hybrid", "hw", "kvm") if not ENGINES[name].why_not()]
SECONDS = 60.0
FOREVER = """
_start: li      a0, 0
1:      addi    a0, a0, 1
        xor     a1, a1, a0
        j       1b
"""


def planned(name: str, program: str | Path, **more: Any) -> MachinePlan:
    return MachinePlan(name, Position("plan"), program=(str(program),), memory=1 << 20, **more)


@contextmanager
def hosting(*machines: MachinePlan, processors: int = 2) -> Iterator[Host]:
    host = Host(Plan("plan", machines, processors), ENGINES)
    try:
        host.start()
        yield host
    finally:
        host.close()


def alone(program: str, engine: str = "interp") -> tuple[Snapshot, bytes]:
    isa, output = load("pg32"), io.BytesIO()
    made = assemble_files(isa, [program])
    with Vm(isa, 1 << 20, output=output) as vm:
        vm.load(made.image, made.entry)
        vm.engine = ENGINES[engine].make(vm, made.image, Options())
        vm.run()
        return vm.state(), output.getvalue()


@pytest.fixture
def forever(tmp_path: Path) -> Path:
    (tmp_path / "forever.s").write_text(FOREVER)
    return tmp_path / "forever.s"


def test_machines_end_as_they_do_alone() -> None:
    programs = {name: str(ROOT / f"examples/{name}.s") for name in ("sieve", "fib", "hello")}
    wanted = {name: alone(path) for name, path in programs.items()}
    plans = [planned(f"{name}-{engine}", programs[name], engine=engine) for name in programs for engine in HERE]
    with hosting(*plans) as host:
        assert host.wait(SECONDS)
        for row in host.rows():
            state, output = wanted[row.name.partition("-")[0]]
            machine = host.machines[row.name]
            assert (row.why, machine.vm.state(), machine.screen.since(0)[1]) == ("exit 0", state, output)
            assert row.instructions == state.instructions and row.seconds > 0 and row.output == len(output)


def test_consoles(tmp_path: Path) -> None:
    """Two systems, each with a disk of its own, wait for what is typed, and answer it."""
    disks = [tmp_path / f"{n}.img" for n in range(2)]
    disks[0].write_bytes(image.build(image.contents(image.sources())))
    shutil.copy(disks[0], disks[1])
    kernel = ROOT / "examples/os/kernel.s"
    plans = [planned(f"unix-{n}", kernel, disk=str(disk), engine="bt") for n, disk in enumerate(disks)]
    with hosting(*plans) as host:

        def waiting() -> bool:
            return all(machine.state == INPUT for machine in host.machines.values())

        assert host.wait(SECONDS, waiting)
        for n in range(2):
            host.feed(f"unix-{n}", f"echo I am {n}\n".encode())
        assert host.wait(SECONDS, waiting)
        for n in range(2):
            assert host.machines[f"unix-{n}"].screen.since(0)[1].decode().endswith(f"I am {n}\n$ ")


def test_machines_that_wait_give_their_views_back(tmp_path: Path) -> None:
    """All but the last ones; and each goes on when something is typed."""
    contents = image.build(image.contents(image.sources()))
    disks = [tmp_path / f"{n}.img" for n in range(4)]
    for disk in disks:
        disk.write_bytes(contents)
    kernel = ROOT / "examples/os/kernel.s"
    plans = tuple(planned(f"unix-{n}", kernel, disk=str(disk), engine="bt") for n, disk in enumerate(disks))
    host = Host(Plan("plan", plans, 2), ENGINES, awake=2)
    try:
        host.start()

        def waiting() -> bool:
            return all(machine.state == INPUT for machine in host.machines.values())

        for n in range(3):
            assert host.wait(SECONDS, waiting)
            engines = [machine.vm.engine for machine in host.machines.values()]
            assert sorted(isinstance(e, Executor) and bool(e.spaces.views) for e in engines) == [
                False,
                False,
                True,
                True,
            ]
            for name in host.machines:
                host.feed(name, f"echo {n} of {name}\n".encode())
        assert host.wait(SECONDS, waiting)
        for name, machine in host.machines.items():
            assert machine.screen.since(0)[1].decode().endswith(f"2 of {name}\n$ ")
    finally:
        host.close()


def test_shares(forever: Path) -> None:
    """On one thread, each has the processor time of its share."""
    shares = {"a": 100, "b": 200, "c": 500}
    with hosting(*(planned(name, forever, share=n) for name, n in shares.items()), processors=1) as host:
        before = {row.name: row.seconds for row in host.rows()}
        host.wait(2.0)
        used = {row.name: row.seconds - before[row.name] for row in host.rows()}
    whole = sum(used.values())
    assert whole > 0.2
    for name, share in shares.items():
        assert abs(used[name] / whole - share / 800) < 0.06


def test_pause_resume_stop(forever: Path) -> None:
    with hosting(planned("a", forever), planned("late", forever, paused=True), processors=1) as host:
        assert host.machines["late"].state == PAUSED
        host.pause("a")
        had = host.rows()[0].instructions
        host.wait(0.1)
        assert (host.rows()[0].state, host.rows()[0].instructions) == (PAUSED, had)
        host.resume("a")
        assert host.wait(SECONDS, lambda: host.machines["a"].figures.instructions > had)
        assert host.machines["a"].state in (READY, RUNNING)
        with pytest.raises(Unknown, match="a is not paused"):
            host.resume("a")
        host.end("a")
        assert (host.rows()[0].state, host.rows()[0].why) == (ENDED, "interrupt")
        with pytest.raises(Unknown, match="a has ended"):
            host.pause("a")
        host.remove("a")
        with pytest.raises(Unknown, match="there is no machine a"):
            host.pause("a")
        host.resume("late")
        assert host.wait(SECONDS, lambda: host.machines["late"].figures.instructions > 0)


def test_a_machine_is_added_and_another_refused(forever: Path) -> None:
    with hosting(planned("a", forever)) as host:
        host.add(planned("b", ROOT / "examples/hello.s"))
        assert host.wait(SECONDS, lambda: host.machines["b"].state == ENDED)
        with pytest.raises(MachineError, match="there is a machine a already"):
            host.add(planned("a", forever))
        (forever.parent / "wrong.s").write_text("nonsense\n")
        with pytest.raises(MachineError, match="nonsense"):
            host.add(planned("c", forever.parent / "wrong.s"))
        assert set(host.machines) == {"a", "b"}


def test_a_snapshot_of_a_running_machine_goes_on_elsewhere(forever: Path) -> None:
    with hosting(planned("a", forever)) as host:
        assert host.wait(SECONDS, lambda: host.machines["a"].figures.instructions > 1000)
        host.snapshot("a", str(forever.parent / "a.snap"))
        saved = host.machines["a"].figures.instructions
        assert host.wait(SECONDS, lambda: host.machines["a"].figures.instructions > saved)
    with resumed(str(forever.parent / "a.snap")) as vm:
        s, names = vm.cpu.s, vm.isa.register_numbers
        assert vm.cpu.retired >= 1000 and s[names["a0"]] > 100


BAD = {
    "trap": "_start: div a0, a0, zero\n",
    "runs away": "_start: lui a0, 0x7fff\n jr a0\n",
    "halts": "_start: hlt\n",
    "writes everywhere": "_start: la a1, 1f\n1: sw a0, 0(a0)\n addi a0, a0, 4\n j 1b\n",
}


@pytest.mark.parametrize("engine", [name for name in HERE if name != "kvm"])
def test_one_that_fails_takes_nobody_with_it(engine: str, tmp_path: Path) -> None:
    plans = []
    for name, source in BAD.items():
        path = tmp_path / f"{name}.s"
        path.write_text(source)
        plans.append(planned(name, path, engine=engine, limit=1_000_000))
    wanted = alone(str(ROOT / "examples/sieve.s"))
    plans += [planned(f"sieve-{n}", ROOT / "examples/sieve.s", engine="bt") for n in range(6)]
    with hosting(*plans) as host:
        assert host.wait(SECONDS)
        rows = {row.name: row for row in host.rows()}
        for n in range(6):
            machine = host.machines[f"sieve-{n}"]
            assert (machine.vm.state(), machine.screen.since(0)[1]) == wanted
        assert all(rows[name].why and not rows[name].why.startswith("exit") for name in BAD)


def test_an_error_of_the_hosts_ends_one_machine(forever: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hosting(planned("a", forever), planned("b", forever)) as host:

        def full(limit: int) -> object:
            raise OSError(28, "No space left on device")

        with host.held("a") as machine:
            monkeypatch.setattr(machine.vm, "run", full)
        assert host.wait(SECONDS, lambda: host.machines["a"].state == ENDED)
        row = next(row for row in host.rows() if row.name == "a")
        assert "No space left" in row.why
        had = host.machines["b"].figures.instructions
        assert host.wait(SECONDS, lambda: host.machines["b"].figures.instructions > had)


def test_closing_is_prompt(forever: Path) -> None:
    host = Host(Plan("plan", tuple(planned(f"m{n}", forever) for n in range(20)), 2), ENGINES)
    host.start()
    host.wait(0.1)
    began = time.monotonic()
    host.close()
    assert not host.machines and not any(thread.is_alive() for thread in host.threads)
    assert time.monotonic() - began < ASKED


ASKED = 20.0
