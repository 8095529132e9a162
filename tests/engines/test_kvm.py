"""The engine kvm: what only a real virtual CPU has, and that it is equivalent all the same."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from unittest import mock

import pytest

from bench import kvm as bench
from ring1.dbt.engines.kvm import host, tick
from ring1.dbt.engines.kvm.engine import Kvm, Vcpu, VcpuError
from ring1.dbt.host.interface import FAULTED, MISSED
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.kvm import ioctl, monitor, pages
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.view import View
from ring1.dbt.native import slots
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import Program, machine, run, started
from tests.machine.compare import difference
from tests.machine.generator import KINDS, Plan, case, plan

ISAS = ("pg32", "pg32v", "pg32h")
USER, SUPERVISOR = 3, 0


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RING1_CACHE", str(tmp_path_factory.mktemp("cache")))


# --- Equivalence --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1000, 1024))
def test_generated_programs(seed: int) -> None:
    assert difference(case(plan(Random(seed), ISAS[seed % 3])), ("kvm",)) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fragment(kind: str) -> None:
    assert difference(case(Plan(7, ((kind, 1), (kind, 2), (kind, 3)), "pg32")), ("kvm",)) == ""


@pytest.mark.parametrize("seed", range(2000, 2012))
def test_a_virtual_cpu_that_is_interrupted_all_the_time(seed: int) -> None:
    """A signal may come between any two instructions: time is as exact then, and faults are resumed with it."""
    with mock.patch.object(tick, "PERIOD", 0.0002):
        assert difference(case(plan(Random(seed), ISAS[seed % 3])), ("kvm",)) == ""


def test_a_store_across_pages_that_faults_in_the_second_changes_nothing() -> None:
    """KVM's emulator would write to the first."""
    p = Program()
    root, table, page = 0x4000, 0x5000, 0x6000
    p.control("tvec", "handler")
    for at, entry in ((root, table | 1), (root + 4, 0), (table, 0 | 0xF), (table + 4 * 6, page | 0xF)):
        p.li("t0", at)
        p.li("t1", entry)
        p("sw", "t1", 0, "t0")
    p.li("t0", root | 1)
    p("setptb", "t0")
    p.li("t0", page + 0xFFE)
    p.li("t1", -1)
    p("sw", "t1", 0, "t0")
    p.label("handler")
    p("setptb", "zero")
    p.off(1)
    p.org(page)
    p.word(*[0] * 1024)
    kept = [run(engine, p) for engine in ("interp", "kvm")]
    assert kept[0] == kept[1] and kept[1].word(page + 0xFFC) == 0


# --- Privilege levels and protection ------------------------------------------------------------


@contextmanager
def snippet(text: str, mode: int) -> Iterator[tuple[Vcpu, Callable[[], int]]]:
    """Host code in the code memory of a machine that has run, to be run in a mode of the guest's: its virtual CPU, and
    what runs it and says how it left."""
    p = Program()
    p.off(0)
    with started("kvm", p) as (vm, _):
        assert vm.run() == Stop("exit", 0)
        executor = vm.engine
        assert isinstance(executor, Executor) and isinstance(executor.platform, Vcpu)
        real, leave, base = executor.platform, slots.VMM, executor.memory.base
        code = assemble(text.format(leave=leave, code=base, ram=real.ram, **places(real)))
        at = executor.memory.allocate(len(code))
        executor.memory.write(at, code)
        mode_slot = vm.isa.slots["psw"]
        vm.cpu.s[mode_slot] = vm.cpu.s[mode_slot] & ~3 | mode
        executor.spaces.enter()
        yield real, lambda: real.enter(vm.cpu.state.pointer, executor.memory.address(at))


def places(vcpu: Vcpu) -> dict[str, int]:
    block = vcpu.monitor
    return {"monitor": block.code.address, "data": block.data.address, "tables": vcpu.pages.pool.address}


LEFT = "call qword ptr [rbp{leave:+d}]"


@pytest.mark.parametrize(("mode", "level"), [(USER, 3), (SUPERVISOR, 0), (1, 0), (2, 0)])
def test_rings_have_the_privilege_levels_of_the_processor(mode: int, level: int) -> None:
    with snippet("mov ebx, cs\n" + LEFT, mode) as (vcpu, enter):
        assert enter() > MISSED
        assert vcpu.registers[ioctl.NUMBER["rbx"]] & 3 == level


@pytest.mark.parametrize("place", ["monitor", "data", "tables", "ram"])
@pytest.mark.parametrize("access", ["mov al, byte ptr [rax]", "mov byte ptr [rax], 1"])
def test_ring_3_cannot_get_at_what_is_the_monitors(place: str, access: str) -> None:
    text = f"movabs rax, {{{place}}}\n{access}\n" + LEFT
    with snippet(text, USER) as (vcpu, enter):
        address = vcpu.ram if place == "ram" else places(vcpu)[place]
        assert enter() == FAULTED
        assert vcpu.quads[vcpu.cpu.state.quad(slots.FAULT_ADDRESS)] == address
        assert vcpu.quads[vcpu.cpu.state.quad(slots.FAULT_ERROR)] & 5 == 5  # a protection violation, at CPL 3


@pytest.mark.parametrize("mode", [USER, SUPERVISOR])
def test_nobody_writes_to_code(mode: int) -> None:
    with snippet("movabs rax, {code}\nmov byte ptr [rax], 1\n" + LEFT, mode) as (vcpu, enter):
        assert enter() == FAULTED
        assert vcpu.quads[vcpu.cpu.state.quad(slots.FAULT_ERROR)] & 3 == 3


def test_ring_3_has_no_view_of_the_kernels_pages() -> None:
    """In the real tables of ring 3's view a page without U is not present, and every page that is has U; a kernel's
    page in the kernel's view has it not."""
    p = Program()
    root, table = 0x4000, 0x5000
    p.control("tvec", "handler")
    entries = ((root, table | 1), (table, 0 | 0x1F), (table + 4 * 6, 0x6000 | 0xF), (table + 4 * 7, 0x7000 | 0x1F))
    for at, entry in entries:
        p.li("t0", at)
        p.li("t1", entry)
        p("sw", "t1", 0, "t0")
    p.li("t0", root | 1)
    p("setptb", "t0")
    p.li("s0", 0x6000)
    p("lw", "a0", 0, "s0")
    p.li("t0", "user")
    p("jru", "t0")
    p.label("user")
    p.li("s1", 0x7000)
    p("lw", "a1", 0, "s1")
    p("lw", "a2", 0, "s0")  # traps
    p.label("handler")
    p.off(2)
    with started("kvm", p) as (vm, _):
        assert vm.run() == Stop("exit", 2)
        assert vm.cpu.control("cause") == 6 and vm.cpu.control("tval") == 0x6000
        executor = vm.engine
        assert isinstance(executor, Executor) and isinstance(executor.platform, Vcpu)
        made = executor.platform.pages

        def entry_of(view: View, page: int) -> int:
            window = view.window
            assert isinstance(window, pages.GuestWindow)
            at = made.reach(window.root, page * PAGE, make=False)
            return 0 if at < 0 else made.lowered.get(at, made.quads[at])

        kernel, user = (next(v for v in executor.spaces.views if mode in v.modes) for mode in (SUPERVISOR, USER))
        assert entry_of(kernel, 6) & (pages.PRESENT | pages.USER) == pages.PRESENT
        assert entry_of(user, 7) & (pages.PRESENT | pages.USER) == pages.PRESENT | pages.USER
        assert not entry_of(user, 6) & pages.PRESENT


# --- What the processor does itself --------------------------------------------------------------


def test_interrupts_are_injected() -> None:
    """Each that the guest takes comes through the virtual CPU's own IDT, when its IF is set."""
    p = Program()
    p.control("tvec", "handler")
    p.control("timecmph", 0)
    p.control("timecmp", 200)
    p.control("ie", 1)
    p("sti")
    p.label("loop")
    p("jal", "zero", "loop")
    p.label("handler")
    p.off(4)
    with started("kvm", p) as (vm, _):
        assert vm.run(1000) == Stop("exit", 4)
        assert vm.cpu.control("epc") and vm.cpu.control("cause") == 0x80000000
        executor = vm.engine
        assert isinstance(executor, Executor) and isinstance(executor.platform, Vcpu)
        assert executor.platform.injected == 1


def test_an_interrupt_is_not_injected_while_the_processor_takes_none() -> None:
    with snippet(LEFT, SUPERVISOR) as (vcpu, _), mock.patch.object(vcpu.cpu, "enable", lambda cpu: 0):
        stop = threading.Timer(0.2, lambda: setattr(vcpu, "stop", True))
        go = vcpu.go

        class Stuck(Exception):
            pass

        def waiting(changed: bool) -> int:
            reason = go(changed)
            if hasattr(vcpu, "stop"):
                raise Stuck
            return reason

        stop.start()
        with mock.patch.object(vcpu, "go", waiting), pytest.raises(Stuck):
            vcpu.inject(0)
        assert vcpu.injected == 0


def test_mode_and_address_space_change_without_the_vmm() -> None:
    """A thousand system calls, each into another address space and back, do not leave the virtual machine."""
    p = Program()
    first, second, table = 0x4000, 0x5000, 0x6000
    p.control("tvec", "handler")
    for at, entry in ((first, table | 1), (second, table | 1), (table, 0 | 0x1F)):
        p.li("t0", at)
        p.li("t1", entry)
        p("sw", "t1", 0, "t0")
    p.li("s0", first | 1)
    p.li("s1", second | 3)
    p("setptb", "s0")
    p.li("a0", 1000)
    p.li("t0", "user")
    p("jru", "t0")
    p.label("user")
    p("syscall", 1)
    p("jal", "zero", "user")
    p.label("handler")
    p("setptb", "s1")
    p("rdcr", "t1", p.file["epc"])
    p("addi", "t1", "t1", 4)
    p("wrcr", p.file["epc"], "t1")
    p("setptb", "s0")
    p("addi", "a0", "a0", -1)
    p("beq", "a0", "zero", "end")
    p("rfe")
    p.label("end")
    p.off(5)
    with started("kvm", p) as (vm, _):
        assert vm.run() == Stop("exit", 5)
        assert vm.cpu.retired > 8000
        assert vm.engine is not None and sum(vm.engine.exits().values()) < 150


def touching(first: int, second: int) -> Program:
    """Stores to 32 pages, flushes, maps half of them elsewhere, and stores again."""
    p = Program()
    root, table, space, frames = 0x4000, 0x5000, 0x400000, 0x10000
    p.control("tvec", "handler")
    for at, entry in ((root, table | 1), (root + 4, table + 0x1000 | 1)):
        p.li("t0", at)
        p.li("t1", entry)
        p("sw", "t1", 0, "t0")
    p.li("t0", table)
    p.li("t1", 0xF)
    for n in range(8):
        p("sw", "t1", 4 * n, "t0")
        p.li("t2", 0x1000)
        p("add", "t1", "t1", "t2")
    p.li("t0", table + 0x1000)
    for base in (first, second):
        p.li("t1", frames + base * 0x1000 | 7)
        for n in range(32):
            p("sw", "t1", 4 * n, "t0")
            p("add", "t1", "t1", "t2")
        p.li("a0", root | 1)
        p("setptb", "a0")
        p("tlbflush")
        p.li("a1", space)
        for n in range(32):
            p.li("a2", base + n)
            p("sw", "a2", 8, "a1")
            p("lw", "a3", 8, "a1")
            p("add", "a4", "a4", "a3")
            p("add", "a1", "a1", "t2")
        p("setptb", "zero")
    p.label("handler")
    p.off(3)
    return p


def test_the_monitor_fills_the_real_tables_itself() -> None:
    """Most page faults do not come to the VMM, which learns of what was shown, and hides it when the tables change."""
    p = touching(0, 40)
    expected = run("interp", p, memory=1 << 20)
    with started("kvm", p, memory=1 << 20) as (vm, _):
        assert vm.run() == Stop("exit", 3) == expected.stop
        assert vm.state() == expected.state
        executor = vm.engine
        assert isinstance(executor, Executor) and isinstance(executor.platform, Vcpu)
        assert executor.platform.filled >= 32
        assert executor.exits()["page shown"] <= 32


def test_every_kind_of_exit_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.object(bench, "EXITS", 3):
        bench.exits(1)
    head, *rows = capsys.readouterr().out.splitlines()
    assert "CPL 3" in head and len(rows) == len(bench.KINDS)
    assert [len(row[24:].split()) for row in rows] == [len(modes) for _, _, modes in bench.KINDS]


# --- Threads --------------------------------------------------------------------------------------


def computing(number: int) -> Program:
    """Sums and system calls, different for each machine."""
    p = Program()
    p.control("tvec", "handler")
    p.li("a0", 20_000 + number)
    p.li("a1", 0)
    p.li("t0", "user")
    p("jru", "t0")
    p.label("user")
    p("add", "a1", "a1", "a0")
    p("addi", "a0", "a0", -1)
    p("bne", "a0", "zero", "user")
    p("syscall", number)
    p.label("handler")
    p.off(number)
    return p


@pytest.mark.parametrize("engine", ["bt", "kvm"])
def test_four_machines_at_once(engine: str) -> None:
    outcomes = {}

    def work(number: int) -> None:
        outcomes[number] = run(engine, computing(number), None)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        expected = run("interp", computing(number), None)
        assert outcomes[number] == expected and expected.stop == Stop("exit", number)


@pytest.mark.parametrize("engine", ["bt", "kvm"])
@pytest.mark.parametrize("mode", [SUPERVISOR, USER])
def test_four_machines_stop_when_they_are_asked_to(engine: str, mode: int) -> None:
    """Each is in an endless loop, at either privilege level."""
    p = Program()
    if mode == USER:
        p.li("t0", "loop")
        p("jru", "t0")
    p.label("loop")
    p("jal", "zero", "loop")
    machines: list[Vm] = []
    stops: list[Stop] = []
    ready = threading.Barrier(5)

    def work() -> None:
        with started(engine, p) as (vm, _):
            machines.append(vm)
            vm.run(100_000)
            ready.wait()
            stops.append(vm.run())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    ready.wait()
    for vm in machines:
        vm.interrupt()
    for thread in threads:
        thread.join(60)
    assert stops == [Stop("interrupt")] * 4


# --- When something is missing, or goes wrong ------------------------------------------------------


def test_an_exception_of_the_hosts_code_is_told_with_registers_and_instruction() -> None:
    with snippet("mov ecx, 0x1234567\nud2", USER) as (_, enter), pytest.raises(VcpuError) as raised:
        enter()
    (note,) = raised.value.__notes__
    assert "exception 6" in note and "ud2" in note and "0000000001234567" in note


@pytest.mark.anywhere
def test_a_kvm_that_lacks_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "kind", lambda: "svm")
    monkeypatch.setattr(host, "open_device", lambda path, flags: os.open(os.devnull, os.O_RDONLY))
    monkeypatch.setattr(ioctl, "lacking", lambda device: ["KVM_CAP_READONLY_MEM"])
    assert "lacks KVM_CAP_READONLY_MEM" in host.why_not()


def test_registers_come_by_ioctl_where_the_run_page_has_none() -> None:
    genuine = ioctl.Machine.__init__

    def without(made: ioctl.Machine) -> None:
        genuine(made)
        made.synchronous, made.run.valid_regs = False, 0

    with mock.patch.object(ioctl.Machine, "__init__", without):
        assert difference(case(plan(Random(5), "pg32")), ("kvm",)) == ""


def test_the_gates_text_for_hosts_that_run_all_natively_is_assembled_too() -> None:
    """Nothing here can run it."""
    isa = machine()
    text = monitor.SYSCALL_TEXT + monitor.switch_text(isa, USER)
    assert assemble(text).endswith(b"\x48\xcf") and assemble(monitor.GATES["syscall"]).endswith(b"\x0f\x05")


def test_a_vcpu_that_is_never_used_costs_nothing() -> None:
    """The shadow of --check has one of its own."""
    with started("interp", Program()) as (vm, _):
        real = Vcpu(vm.cpu, Kvm(vm.isa))
        assert isinstance(real, Vcpu) and real.machine is None and isinstance(vm.cpu, Cpu)
