"""Times near 2^32 and 2^64, where words of time wrap: a trap there is like any other."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ring1.dbt.engines.table import make
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import Program, machine
from tests.ways import present

TIMER = 0x80000000
EDGES = (1 << 32, 1 << 64)
AROUND = (-3, -2, -1, 0, 1, 2)
EQUIVALENT = ("interp", "bare", "bt", "hw", "kvm")


def late(time: int, program: Program, engine: str, control: dict[str, int]) -> Vm:
    """A machine that has just been reset, and whose time is what it would be after a long wait."""
    vm = Vm(program.isa, 1 << 16, b"", io.BytesIO())
    vm.load(program.image())
    for name, value in control.items():
        vm.cpu.s[program.isa.slots[name]] = value
    vm.cpu.time = vm.cpu.idle = time
    vm.cpu.changed()
    vm.engine = make(engine, vm, program.image())
    return vm


def ticking(at: int) -> tuple[Program, dict[str, int]]:
    """Counts instructions; the handler of the timer, due at a time, leaves with what time is and where it came from."""
    p = Program()
    for _ in range(12):
        p("addi", "a0", "a0", 1)
    p.org(0x200)
    p("rdtime", "a2")
    p("rdcr", "a3", "timeh")
    p("rdcr", "a4", "epc")
    p.off(1)
    now = at & (1 << 64) - 1
    return p, {"psw": 4, "ie": 1, "tvec": 0x200, "timecmp": now & 0xFFFFFFFF, "timecmph": now >> 32}


@pytest.mark.parametrize("engine", present(EQUIVALENT))
@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("around", AROUND)
def test_an_interrupt_at_any_time(engine: str, edge: int, around: int) -> None:
    at = edge + around
    start = at - 5 if at < 1 << 64 else max(at - 5, 1 << 64)
    p, control = ticking(at)
    with late(start, p, engine, control) as vm:
        assert vm.run(100) == Stop("exit", 1)
        assert vm.cpu.s[vm.isa.register_numbers["a0"]] == 65536 + at - start
        assert vm.cpu.control("epc") == 4 * (at - start)
        low, high = (vm.cpu.s[vm.isa.register_numbers[name]] for name in ("a2", "a3"))
        assert low == at & 0xFFFFFFFF
        assert high == (at + 1 & (1 << 64) - 1) >> 32


@pytest.mark.parametrize("engine", present(EQUIVALENT))
@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("around", AROUND)
def test_a_trap_at_any_time(engine: str, edge: int, around: int) -> None:
    """By translated code, at its first instruction and behind others; and upon it another one."""
    for before in (0, 1, 5):
        p = Program()
        for _ in range(before):
            p("addi", "a0", "a0", 1)
        p("syscall", 3)
        p.org(0x200)
        p("brk")
        with late(edge + around - before, p, engine, {"tvec": 0x200}) as vm:
            stop = vm.run(100)
            assert stop == Stop("double-fault", trap=TrapInfo(2, 0, 0x200), first=TrapInfo(3, 3, 4 * before))
            assert vm.cpu.time == edge + around
            assert vm.cpu.control("epc") == 0x200


@pytest.mark.parametrize("engine", ["interp", "bare", "bt"])
def test_a_wait_of_2_to_the_64th(engine: str) -> None:
    """The timer has interrupted at 3; at 2^64 + 3 it does so again, and that is no second trap at the same time."""
    p = Program()
    for _ in range(8):
        p("addi", "a0", "a0", 1)
    p.org(0x200)
    p("addi", "a1", "zero", -1)
    p("wrcr", "timecmph", "a1")
    p("wrcr", "timecmp", "a1")
    p("brk")
    control = {"psw": 4, "ie": 1, "tvec": 0x200, "timecmp": 3, "timecmph": 0}
    with late(0, p, engine, control) as vm:
        vm.run(3)
        vm.cpu.supervisor.take_interrupt(vm.cpu.supervisor.look())
        assert (vm.cpu.trapped, vm.cpu.first) == (True, TrapInfo(TIMER, 0, 12))
        vm.cpu.skip(1 << 64)
        assert not vm.cpu.trapped


@pytest.mark.parametrize("time", [0, 1, (1 << 32) - 1, 1 << 32, (1 << 64) - 1, 1 << 64, (1 << 64) + 1, 1 << 100])
def test_a_snapshot_behind_a_trap_remembers_it(time: int, tmp_path: Path) -> None:
    """What is in the file, and what goes on from there, is the same at any time."""
    p = Program()
    p("syscall", 3)
    p.org(0x200)
    p("brk")
    path = tmp_path / "snap"
    with late(time, p, "interp", {"tvec": 0x200}) as vm:
        assert (vm.cpu.trapped, vm.cpu.save()["trapped"]) == (False, None)
        vm.cpu.step()
        assert vm.cpu.save()["trapped"] == [3, 3, 0]
        snapshot.save(vm, str(path))
    with snapshot.load(str(path), machine(), output=io.BytesIO()) as vm:
        assert (vm.cpu.time, vm.cpu.trapped, vm.cpu.first) == (time, True, TrapInfo(3, 3, 0))
        vm.engine = make("bt", vm, p.image())
        assert vm.run(100).first == TrapInfo(3, 3, 0)
        assert vm.cpu.time == time
