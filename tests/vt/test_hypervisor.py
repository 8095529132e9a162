"""The engine `hw`: its VMM under other VMCSs than the standard one, all equal to interp; counts of events; views."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.engines.hw.hypervisor import AROUND, Change, Hypervisor
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.stop import Stop
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.engine import Engine
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.look_ups import Pressing
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt import controls, fields, nested
from ring1.dbt.vt.exits import NAMES
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.nested import ACCESSED, DIRTY, RIGHTS
from ring1.dbt.vt.vmcs import Vmcs
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.record import replace
from tests.machine import builder
from tests.machine.builder import HERE, ONES, Program, machine, run, started
from tests.machine.compare import difference
from tests.machine.generator import case, plan
from tests.machine.tables import ALL, ROOT, Space, image
from tests.programs import PROGRAMS
from tests.vmm.machines import resumed
from tests.vt.machines import ALL_CONTROLS, guest, host

INDEX = {name: n for n, name in enumerate(machine().controls)}


def everything_exits(vmcs: Vmcs, memory: HostMemory) -> None:
    """All traps, ports, flushes, control registers, time: the VMM has to do it all."""
    vmcs.write(fields.PRIMARY, ALL_CONTROLS)
    vmcs.write(fields.EXCEPTIONS, ONES)
    vmcs.write(fields.READS, (1 << len(INDEX)) - 1)
    vmcs.write(fields.WRITES, (1 << len(INDEX)) - 1)


def exceptions_exit(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.EXCEPTIONS, ONES)


def nothing_nested(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.SECONDARY, 0)


def untagged(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.SECONDARY, controls.NESTED_PAGING)


def no_timer(vmcs: Vmcs, memory: HostMemory) -> None:
    vmcs.write(fields.PIN, controls.EXTERNAL_INTERRUPT_EXITING)
    vmcs.write(fields.ON_EXIT, 0)


def devices_passed_through(vmcs: Vmcs, memory: HostMemory) -> None:
    """The guest has all devices, `hlt` and the control registers of the interrupt lines to itself."""
    vmcs.write(fields.PRIMARY, controls.SECONDARY_CONTROLS)
    vmcs.write(fields.WRITES, 0)


def strange_host(vmcs: Vmcs, memory: HostMemory) -> None:
    """Registers of the host that would do the guest no good: who looks at the CPU in root operation sees them."""
    for name, control in machine().controls.items():
        if control.stored:
            vmcs.write(host(name), 0xA5A5A5A5 & control.stored)
    vmcs.write(host("psw"), 0xFF24)
    vmcs.write(host("pc"), 0x7FFFFFF0)


CHANGES: tuple[Change, ...] = (
    everything_exits,
    exceptions_exit,
    nothing_nested,
    untagged,
    no_timer,
    devices_passed_through,
    strange_host,
)


def at_random(seed: int) -> Change:
    """A VMCS with any controls that entry allows."""

    def change(vmcs: Vmcs, memory: HostMemory) -> None:
        r = Random(seed)
        all_registers = (1 << len(INDEX)) - 1
        chosen = ((fields.EXCEPTIONS, ONES), (fields.READS, all_registers), (fields.WRITES, all_registers))
        for encoding, most in (*chosen, (fields.PRIMARY, ALL_CONTROLS)):
            vmcs.write(encoding, r.choice((0, most, r.getrandbits(32) & most)))
        vmcs.write(fields.SECONDARY, r.choice((0, controls.NESTED_PAGING, controls.TAGGED_TLB, controls.SECONDARY)))
        for encoding in (fields.PORTS_LOW, fields.PORTS_HIGH):
            at = vmcs.read(encoding)
            memory.bytes[at : at + PAGE] = r.randbytes(PAGE)
        if r.random() < 0.3:
            no_timer(vmcs, memory)

    return change


EXPECTED: dict[tuple[Change, str], set[str]] = {
    (everything_exits, "holes"): {"control read", "control write", "io", "exception", "tlb flush", "nested violation"},
    (everything_exits, "timer"): {"control write", "io", "hlt", "time read"},
    (exceptions_exit, "traps"): {"exception", "io"},
    (no_timer, "timer"): {"external interrupt"},
}
"""Exits that an example has under a VMCS."""


def hypervisor(engine: Engine | None) -> Hypervisor:
    """The VMM of an engine."""
    assert isinstance(engine, Executor) and isinstance(engine.platform, Hypervisor)
    return engine.platform


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> Callable[[Change], list[Executor]]:
    """Have the engine `hw` of the machine's tests use another VMCS; the engines that were made."""
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))

    def use(change: Change) -> list[Executor]:
        made: list[Executor] = []

        def executor(name: str, vm: Vm, pinning: bytes, options: Options = HERE) -> Executor:
            assert name == "hw"
            # What is remembered on disk was decided under the standard VMCS.
            made.append(Executor(vm.cpu, partial(Hypervisor, change=change), pinning, replace(options, remember=False)))
            return made[-1]

        monkeypatch.setattr(builder, "executor", executor)
        return made

    return use


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(6))
def test_generated_programs(change: Change, seed: int, changed: Callable[[Change], list[Executor]]) -> None:
    """Whole programs end in the model's state, whatever exits."""
    changed(change)
    isa = ("pg32", "pg32v", "pg32h")[seed % 3]
    assert difference(case(plan(Random(seed + 100), isa)), ("hw",)) == ""


@pytest.mark.parametrize("seed", range(12))
def test_random_controls(seed: int, changed: Callable[[Change], list[Executor]]) -> None:
    changed(at_random(seed))
    isa = ("pg32", "pg32v", "pg32h")[seed % 3]
    assert difference(case(plan(Random(seed), isa)), ("hw",)) == ""


@pytest.mark.parametrize(
    ("name", "stop", "reason"), [("brk", "trap", "triple fault"), ("hlt", "halt", "external interrupt")]
)
def test_a_guest_that_stops_has_exited(name: str, stop: str, reason: str) -> None:
    """It traps with no handler; or it waits, without an exit, for what never comes, and the host gives up."""
    p = Program()
    p(name)
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(p.image())
        vm.engine = made = Executor(vm.cpu, partial(Hypervisor, change=devices_passed_through), p.image(), HERE)
        assert vm.run(1000).reason == stop
        assert hypervisor(made).processor.root and made.exits() == {"nested violation": 1, reason: 1}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["timer", "traps", "holes", "smc", "disk", "echo"])
def test_examples(change: Change, name: str, tmp_path: object, changed: Callable[[Change], list[Executor]]) -> None:
    program = next(p for p in PROGRAMS if p.name == name and p.output)
    linked = assemble_files(machine(), [str(program.source)])
    states, engines = [], changed(change)
    for engine in ("interp", "hw"):
        disk = None
        if program.disk is not None:
            disk = f"{tmp_path}/disk"
            with open(disk, "wb") as file:
                file.write(program.disk)
        given = {"memory": 1 << 22, "source": program.stdin, "disk": disk, "entry": linked.entry}
        got = run(engine, linked.image, 1_000_000, **given)
        assert got.stop == Stop("exit", program.exit_code) and got.output == program.output
        states.append((got.state, got.memory))
    assert states[0] == states[1]
    (made,) = engines
    assert EXPECTED.get((change, name), set()) <= made.exits().keys()
    if change in (exceptions_exit, devices_passed_through):
        assert "control read" not in made.exits()
    if change is devices_passed_through:
        assert not {"io", "hlt", "control write"} & made.exits().keys()


# --- Counts ------------------------------------------------------------------------------------


def counted(program: Program, change: Change | None = None, memory: int = 1 << 20) -> tuple[Executor, Stop]:
    """The engine after a run, in which no instruction looks up what another way shows."""
    image = program.image()
    vm = Vm(machine(), memory, b"", io.BytesIO())
    vm.load(image)
    vm.engine = made = Executor(vm.cpu, partial(Hypervisor, change=change), image, replace(HERE, pressing=Pressing()))
    with vm:
        return made, vm.run(1_000_000)


def test_counts_of_a_small_program() -> None:
    p = Program()
    for byte in b"hi":
        p.out(0, byte)
    p("rdtime", "a0")
    p("sti")
    p("cli")
    p.off(3)
    made, stop = counted(p)
    assert stop == Stop("exit", 3)
    assert made.exits() == {"nested violation": 1, "io": 3}
    modelled = made.modelled()
    # The last `out` switches the power off: nobody enters after it.
    assert modelled["entries"] == 4 and modelled["injected events"] == 0
    assert modelled["walk references"] == modelled["nested walks"] * 4


def test_a_port_that_is_passed_through_does_not_exit() -> None:
    p = Program()
    p.inp(0x20, "a0")
    p.inp(0x20, "a1")
    p.off()

    def entropy(vmcs: Vmcs, memory: HostMemory) -> None:
        memory.bytes[vmcs.read(fields.PORTS_LOW) + 4] = 0xFE

    assert counted(p)[0].exits()["io"] == 3
    assert counted(p, entropy)[0].exits()["io"] == 1


def ticking(enabled_late: bool) -> Program:
    """A timer interrupt; its handler switches the power off."""
    p = Program()
    p.control("tvec", 0x400)
    p.control("timecmph", 0)
    p.control("timecmp", 40)
    p.control("ie", 1)
    if not enabled_late:
        p("sti")
    for _ in range(60):
        p("addi", "a0", "a0", 1)
    if enabled_late:
        p("sti")
    p("addi", "a0", "a0", 1)
    p.org(0x400)
    p.off()
    return p


def test_an_interrupt_is_injected_where_it_is_due() -> None:
    made, stop = counted(ticking(False))
    assert stop.reason == "exit" and made.cpu.s[machine().slots["epc"]] < 0x200
    assert made.modelled()["injected events"] == 1
    assert made.exits()["preemption timer"] >= 1 and "interrupt window" not in made.exits()


def test_an_interrupt_waits_for_its_window() -> None:
    made, stop = counted(ticking(True))
    assert stop.reason == "exit"
    assert made.modelled()["injected events"] == 1 and made.exits()["interrupt window"] == 1


@pytest.mark.parametrize("handled", [False, True])
def test_triple_fault(handled: bool) -> None:
    """A trap without a handler, and one that comes upon another: the VMM learns of it by an exit."""
    p = Program()
    if handled:
        p.control("tvec", 0x400)
    p("brk")
    p.org(0x400)
    p("brk")
    made, stop = counted(p)
    assert stop.reason == ("double-fault" if handled else "trap")
    assert made.exits()["triple fault"] == 1 and hypervisor(made).processor.root


def test_names_of_exits_are_those_of_the_specification() -> None:
    made, _ = counted(ticking(True))
    assert set(made.exits()) <= {*NAMES.values(), "control read"}


# --- Views -----------------------------------------------------------------------------------


def touching(pages: int, store: bool) -> Program:
    p = Program()
    p.li("a0", 0x10000)
    p.li("a1", 0x10000 + pages * PAGE)
    p.label("next")
    p("sw" if store else "lw", "a2", 0, "a0")
    p.li("t0", PAGE)
    p("add", "a0", "a0", "t0")
    p("bne", "a0", "a1", "next")
    p.off()
    return p


@pytest.mark.parametrize("store", [False, True])
def test_nested_bits_are_those_of_first_uses(store: bool) -> None:
    """Of pages that generated code has touched, each page by itself, and of no others."""
    pages = 40
    made, _ = counted(touching(pages, store))
    assert made.exits()["nested violation"] == 1 + -(-pages // AROUND)
    for page in range(1 << 8):
        found = hypervisor(made).tables.entry(page) & (ACCESSED | DIRTY)
        if page == 0:
            assert found == ACCESSED
        elif 16 <= page < 16 + pages:
            assert found == (ACCESSED | DIRTY if store else ACCESSED)
        else:
            assert not found


def test_a_page_that_was_read_first_becomes_dirty_when_it_is_written() -> None:
    p = Program()
    p.li("a0", 0x10000)
    for _ in range(4):
        p("lw", "a1", 0, "a0")
    p.out(0xE0, 0)
    for _ in range(4):
        p("sw", "a1", 0, "a0")
    p.off()
    seen = []

    class Watching(Hypervisor):
        def handle(self, reason: int) -> None:
            seen.append(self.tables.entry(16) & (ACCESSED | DIRTY))
            super().handle(reason)

    image = p.image()
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(image)
        vm.engine = Executor(vm.cpu, Watching, image, HERE)
        vm.run(1000)
    assert seen == [0, 0, ACCESSED, ACCESSED | DIRTY]


def test_translations_outlive_exits_if_they_are_tagged() -> None:
    """Without a tag each entry begins with an empty TLB, so that more walks are needed; with it none is repeated."""
    p = Program()
    p.li("a0", 0x10000)
    p.li("a2", 20)
    p.label("again")
    p("lw", "a1", 0, "a0")
    p.out(0xE0, 0)
    p("addi", "a2", "a2", -1)
    p("bne", "a2", "zero", "again")
    p.off()
    tagged, bare = counted(p)[0], counted(p, untagged)[0]
    assert tagged.modelled()["nested walks"] == 2  # a page of code, one of data
    assert bare.modelled()["nested walks"] >= 40
    assert tagged.exits() == bare.exits()


def test_rights_that_are_taken_away_are_missed() -> None:
    """The VMM write-protects a page in use, as for a snapshot: the next store violates, and is not lost."""
    p = Program()
    p.li("a0", 0x10000)
    p("sw", "a0", 0, "a0")
    p.out(0xE0, 0)
    p("sw", "zero", 4, "a0")
    p.off()
    violations = []

    class Protecting(Hypervisor):
        def handle(self, reason: int) -> None:
            read = self.vmcs.read
            if read(fields.REASON) == 30 and read(fields.QUALIFICATION) >> 16 == 0xE0:
                self.host.quads[self.tables.leaf(16) >> 3] &= ~(nested.WRITE | ACCESSED | DIRTY)
                self.processor.invept()
            if read(fields.REASON) == 48:
                violations.append((read(fields.PHYSICAL), read(fields.QUALIFICATION) & 0x3F))
            super().handle(reason)

    image = p.image()
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(image)
        vm.engine = Executor(vm.cpu, Protecting, image, HERE)
        assert vm.run(1000).reason == "exit"
        assert vm.memory.words[0x10000 >> 2] == 0x10000
    assert violations[-1] == (0x10004, nested.WRITE | (RIGHTS & ~nested.WRITE) << 3)


def test_rights_that_are_taken_away_from_a_dirty_page_are_missed() -> None:
    """A D bit that is left says nothing of rights: after a load the page is shown, and may not be written."""
    p = Program()
    p.li("a0", 0x10000)
    p("sw", "a0", 0, "a0")
    p.out(0xE0, 0)
    p("lw", "a1", 0, "a0")
    p("sw", "zero", 4, "a0")
    p.off()
    violations = []

    class Protecting(Hypervisor):
        def handle(self, reason: int) -> None:
            read = self.vmcs.read
            if read(fields.REASON) == 30 and read(fields.QUALIFICATION) >> 16 == 0xE0:
                self.host.quads[self.tables.leaf(16) >> 3] &= ~nested.WRITE
                self.processor.invept()
            if read(fields.REASON) == 48:
                violations.append((read(fields.PHYSICAL), read(fields.QUALIFICATION) & 7))
            super().handle(reason)

    image = p.image()
    for technique in ("shadow", "softtlb"):
        with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
            vm.load(image)
            vm.engine = Executor(vm.cpu, Protecting, image, replace(HERE, mmu=Mmu(technique)))
            assert vm.run(1000).reason == "exit"
        assert violations.pop() == (0x10004, nested.WRITE)


def test_neighbours_are_shown_only_as_far_as_the_nested_tables_allow() -> None:
    """Pages that the guest maps to frames in a row: each is used for the first time in its nested entry, too."""
    pages = range(0x40, 0x48)
    p = Program()
    for page in pages:
        p.li("a0", page << 12)
        p("lw", "a1", 0, "a0")
        p("lw", "a1", 4, "a0")
    p.off()
    space = Space({page: page << 12 | ALL for page in (0xF0, *pages)}, {})
    given = image(space, p)
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(given)
        vm.cpu.s[machine().slots["ptb"]] = ROOT | 1
        vm.cpu.changed()
        vm.engine = made = Executor(vm.cpu, Hypervisor, given, HERE)
        vm.run(4)
        accessed = [hypervisor(made).tables.entry(page) & ACCESSED for page in pages]
        assert accessed == [ACCESSED, *[0] * (len(pages) - 1)]
        assert vm.run(1000).reason == "exit"
        assert all(
            hypervisor(made).tables.entry(page) & ACCESSED and not hypervisor(made).tables.entry(page) & DIRTY
            for page in pages
        )


class Stopping(Layer):
    """Asks the machine to stop when it takes an interrupt."""

    def __init__(self, vm: Vm) -> None:
        super().__init__(vm.cpu.supervisor)
        self.vm = vm

    def take_interrupt(self, lines: int) -> None:
        super().take_interrupt(lines)
        self.vm.interrupt()


def test_an_event_that_is_still_to_be_injected_is_not_lost_in_a_snapshot(tmp_path: Path) -> None:
    """The machine is asked to stop between taking an interrupt and the entry that injects it: taking it has changed
    nothing, so that whoever resumes takes it again."""
    p = Program()
    p.control("tvec", 0x100)
    p.control("ie", 8)
    p.control("ip", 8)
    p("sti")
    p.org(0x100)
    p.off(9)
    path = tmp_path / "snap"
    with started("hw", p) as (vm, _):
        vm.cpu.supervise(Stopping(vm))
        assert vm.run(1000) == Stop("interrupt")
        assert hypervisor(vm.engine).event
        snapshot.save(vm, str(path))
    for after in ("interp", "hw"):
        with resumed(after, path) as (vm, _):
            assert vm.run(1000) == Stop("exit", 9)


def test_state_is_the_guests_between_bursts() -> None:
    """Whoever looks at the machine while it does not run sees the guest, not the host."""
    p = Program()
    p("addi", "a0", "zero", 5)
    p.control("scratch", 0x77)
    p.off()
    image = p.image()
    with Vm(machine(), 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(image)
        vm.engine = made = Executor(vm.cpu, partial(Hypervisor, change=strange_host), image, HERE)
        for limit in range(1, 6):
            vm.run(limit)
            assert hypervisor(made).processor.root and vm.state().pc == 4 * limit
            assert hypervisor(made).vmcs.read(guest("pc")) == 4 * limit
        assert vm.state().control["scratch"] == 0x77 and vm.state().registers["a0"] == 5
