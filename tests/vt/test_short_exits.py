"""VM exits whose work generated code does, and VM entries that it makes: the guest, the VMCS and all counts are as with
the VMM's own."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pytest

from ring1.dbt.engines.hw.hypervisor import Hypervisor
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.vmcs import Vmcs
from ring1.isa.record import replace
from tests.machine.builder import Program, machine, run, started
from tests.machine.tables import ROOT
from tests.machine.test_interrupt_sweep import MEMORY, system
from tests.vmm.emulated import AT_ONCE, NEVER


def talking() -> Program:
    """A guest that writes to the console and reads the state of the disk, and is interrupted by the timer meanwhile."""
    p = Program()
    p.control("tvec", "handler")
    p.control("timecmp", 97)
    p.control("timecmph", 0)
    p.control("ie", 1)
    p("sti")
    p.li("s0", 120)
    p.label("again")
    p.out(0, 65)
    p.inp(0x13, "a0")
    p("add", "a1", "a1", "a0")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(9)
    p.label("handler")
    p("addi", "s1", "s1", 1)
    p("rdtime", "a5")
    p("addi", "a5", "a5", 53)
    p("wrcr", "timecmp", "a5")
    p("rfe")
    return p


def windows() -> Program:
    """A guest whose interrupts come by its deadlines, when it lets in what is pending, and by its own writes to lines;
    some at the same time. The next is due after 1, 2, 3 ... instructions."""
    p = Program()
    p.control("tvec", "handler")
    p.control("timecmph", 0)
    p.control("ie", 9)
    p.li("s0", 150)
    p("sti")
    p.label("again")
    p("cli")
    p("addi", "s1", "s1", 1)
    p("rdtime", "a5")
    p("add", "a5", "a5", "s1")
    p("wrcr", "timecmp", "a5")
    p("addi", "a0", "a0", 3)
    p("sti")
    p("addi", "a0", "a0", 5)
    p.li("a1", 8)
    p("wrcr", "ip", "a1")
    p("addi", "a0", "a0", 7)
    p("cli")
    p("wrcr", "ie", "zero")
    p("wrcr", "ip", "a1")
    p("sti")
    p.li("a1", 9)
    p("wrcr", "ie", "a1")
    p("andi", "a1", "s1", 31)
    p("bne", "a1", "zero", "on")
    p("add", "s1", "zero", "zero")
    p.label("on")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(9)
    p.label("handler")
    p("rdcr", "t0", "ip")
    p("add", "a2", "a2", "t0")
    p("rdcr", "t0", "cause")
    p("xor", "a3", "a3", "t0")
    p("rdcr", "t0", "epc")
    p("add", "a3", "a3", "t0")
    p("andi", "t0", "s0", 7)
    p("slli", "t0", "t0", 4)
    p("rdtime", "a5")
    p("add", "a5", "a5", "t0")
    p("addi", "a5", "a5", 13)
    p("wrcr", "timecmp", "a5")
    p("wrcr", "ip", "zero")
    p("rfe")
    return p


PROGRAMS = {"talking": talking, "windows": windows}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("engine", ("hw", "hw/softtlb"))
def test_the_guest_stops_at_every_count_as_under_the_interpreter(engine: str, program: str) -> None:
    p = PROGRAMS[program]()
    for limit in (*range(60, 180, 3), 700, 701, 703, None):
        assert run(engine, p, limit, options=AT_ONCE) == run("interp", p, limit), limit


def counted(program: Program | bytes, limits: tuple[int | None, ...], options: Options, **given: Any) -> list[Any]:
    """All counts, and the VMCS, at each limit."""
    made = []
    with started("hw", program, options=options, **given) as (vm, _):
        engine = vm.engine
        assert isinstance(engine, Executor)
        if not options.routines:
            engine.walks.wanted = False
        for limit in limits:
            vm.run(limit)
            counts = engine.exits(), engine.events(), engine.modelled(), engine.control_structure()
            made.append((limit, *counts, engine.callouts, engine.interpreted))
        assert bool(engine.emulations.total()) == options.routines
    return made


@pytest.mark.parametrize("program", PROGRAMS)
def test_counts_and_vmcs_are_as_without(program: str) -> None:
    """From the beginning to a limit, and from limit to limit."""
    p = PROGRAMS[program]()
    for limit in (*range(283, 420, 11), 523, None):
        assert counted(p, (limit,), AT_ONCE) == counted(p, (limit,), NEVER), limit
    limits = (*range(300, 4000, 7), None)
    assert counted(p, limits, AT_ONCE) == counted(p, limits, NEVER)


@pytest.mark.parametrize("paged", [False, True], ids=["flat", "paged"])
@pytest.mark.parametrize("waits", [False, True], ids=["busy", "waiting"])
def test_counts_of_a_kernel_and_its_program(waits: bool, paged: bool) -> None:
    """Walks, too: those of generated code are counted as the VMM's."""
    given: dict[str, Any] = {"isa": machine("pg32v"), "memory": MEMORY, "control": {"ptb": ROOT | 1} if paged else {}}
    limits, soft = (900, 2_001, 5_002, 9_001), Mmu("softtlb")
    with_code, without = (
        counted(system(90, waits, paged), limits, replace(options, mmu=soft), **given) for options in (AT_ONCE, NEVER)
    )
    assert with_code == without


def untagged(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.SECONDARY, controls.NESTED_PAGING)


def no_timer(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.PIN, controls.EXTERNAL_INTERRUPT_EXITING)
    vmcs.write(fields.ON_EXIT, 0)


def lines_passed_through(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.WRITES, 0)


def exceptions(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.EXCEPTIONS, 0xFFFFFFFF)


@pytest.mark.parametrize("change", (untagged, no_timer, lines_passed_through, exceptions))
@pytest.mark.parametrize("program", PROGRAMS)
def test_other_entries_are_the_vmms(program: str, change: Any) -> None:
    """Where an entry does more, or other exits tell the VMM of lines, all counts are as with the VMM's own."""
    image, made = PROGRAMS[program]().image(), []
    for options in (AT_ONCE, NEVER):
        with Vm(machine(), 1 << 16, b"", io.BytesIO()) as vm:
            vm.load(image)
            soft = replace(options, mmu=Mmu("softtlb"))
            vm.engine = engine = Executor(vm.cpu, partial(Hypervisor, change=change), image, soft)
            engine.walks.wanted = options.routines
            seen = []
            for limit in (*range(100, 900, 13), None):
                stop = vm.run(limit)
                counts = dict(engine.exits()), engine.modelled(), engine.control_structure()
                seen.append((stop, vm.state(), *counts))
            made.append(seen)
    assert made[0] == made[1]
    assert made[0][-1][0] == Stop("exit", 9)
