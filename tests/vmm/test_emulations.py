"""What traps is emulated by generated code as the VMM emulates it, or left to it with nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.deprivileged import Deprivileged
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.execute import Executor
from ring1.isa.codec import encode
from ring1.isa.load import load
from ring1.isa.model import Instruction, Isa
from tests.machine.builder import Program, machine, run, started
from tests.machine.tables import ALL, RAM, ROOT, U, image
from tests.machine.tables import Space as TableSpace
from tests.vmm.emulated import AT_ONCE, BUDGET, NEVER, PC, Monitored

MACHINES = Path(__file__).parent.parent.parent / "examples/machines"
NAMES = ["pg32", "pg32v", "pg32h", *(f"{MACHINES}/{name}.isa" for name in ("riscv", "backwards", "x86", "vax", "s360"))]


def seen(monitored: Monitored) -> tuple[list[int], list[int], int, object]:
    """All that the guest or the VMM can see: the virtual words, those of the real machine, time and the trap."""
    cpu, platform = monitored.cpu, monitored.platform
    assert isinstance(platform, Deprivileged)
    virtual = cpu.s[: len(cpu.isa.slots)].tolist()
    real = list[int]()

    def loaded(_first: int, _second: int) -> int:
        real[:] = cpu.s[: len(cpu.isa.slots)].tolist()
        return 0

    platform.around(loaded)(0, 0)
    return virtual, real, cpu.time, cpu.trapped and cpu.first


def words_of(insn: Instruction, r: Random) -> Iterator[int]:
    """Some words of an instruction."""
    for _ in range(3):
        values: dict[str, int] = {}
        for o in insn.operands:
            numbers = range(16) if o.kind == "register" else range(1 << min(o.width, 5))
            values[o.name] = r.choice(numbers) & ~3 if o.relative else r.choice(numbers)
        try:
            yield encode(insn, values)
        except (KeyError, ValueError, IndexError):
            continue


def states(isa: Isa, r: Random) -> Iterator[list[int]]:
    """Words of the machine, with every control bit on, off, and by chance, in each mode."""
    assert isa.mode is not None
    for pattern, mode in product((0, 0xFFFFFFFF, None), range(isa.mode.count)):
        words = [r.getrandbits(32) & ~3 for _ in isa.slots]
        for name, control in isa.controls.items():
            if control.stored:
                words[isa.slots[name]] = (r.getrandbits(32) if pattern is None else pattern) & control.stored
        for number, value in isa.hardwired.items():
            words[number] = value
        bits, slot = isa.mode.bits, isa.slots[isa.mode.control]
        words[slot] = words[slot] & ~bits.mask | mode << bits.lo
        yield words


@pytest.mark.parametrize("name", NAMES, ids=lambda name: Path(name).stem)
def test_what_traps_is_emulated_as_the_vmm_does_it(name: str) -> None:
    isa, r = load(name), Random(19)
    monitored = Monitored(isa, "trap")
    with monitored.vm:
        policy, done = monitored.platform.policy, 0
        guests = monitored.engine.supply.translator
        for insn in isa.instructions.values():
            for word, words in product(words_of(insn, r), states(isa, r)):
                monitored.put(words, r.choice((0, 1)))
                mode = monitored.engine.spaces.mode()
                decision = guests.decided(PC, policy.modes[mode], word).decision
                if not decision.reason.startswith(("emulate", "reflect")):
                    continue
                before, budget = seen(monitored), r.choice((0, 1, BUDGET))
                monitored.platform.begin()
                emulated = monitored.by_code(word, mode, budget)
                if not emulated:
                    assert seen(monitored) == before
                    continue
                got = seen(monitored)
                monitored.put(words, 0)
                assert monitored.by_python(word), insn.name
                assert got == seen(monitored), (insn.name, hex(word), mode)
                assert budget
                done += 1
        assert done > 20


# --- In guests -----------------------------------------------------------------------------------


def kernel(isa: Isa) -> Program:
    """A kernel with every kind of emulated instruction, and a program that calls it."""
    p = Program(isa)
    p.control("tvec", "handler")
    p.control("scratch", 5)
    p.li("s0", 0)
    p.label("again")
    p("rdcr", "a0", "scratch")
    p("addi", "a0", "a0", 3)
    p("wrcr", "scratch", "a0")
    p("cli")
    p("rdcr", "a1", "tvec")
    p("sti")
    p("rdcr", "a2", "timecmp")
    p.control("epc", "user")
    p("getpsw", "a3")
    p("rfe")
    p.label("user")
    p("addi", "s0", "s0", 1)
    p("syscall", 7)
    p("sti")
    p("jal", "zero", "user")
    p.label("handler")
    p("rdcr", "t0", "cause")
    p("addi", "a4", "a4", 1)
    p("rdcr", "t1", "epc")
    p("addi", "t1", "t1", 4)
    p("wrcr", "epc", "t1")
    p("rfe")
    return p


@pytest.mark.parametrize("engine", ("trap", "trap/softtlb"))
def test_a_guest_stops_at_every_count_as_under_the_interpreter(engine: str) -> None:
    p = kernel(machine("pg32v"))
    for limit in (*range(1, 120), 1000, 20_000):
        assert run(engine, p, limit, options=AT_ONCE) == run("interp", p, limit), limit


def test_exits_are_counted_as_if_the_vmm_had_emulated() -> None:
    counted = []
    for options in (AT_ONCE, NEVER):
        with started("trap", kernel(machine("pg32v")), options=options) as (vm, _):
            vm.run(20_000)
            assert isinstance(vm.engine, Executor)
            exits = {name: n for name, n in vm.engine.exits().items() if name.startswith(("emulate", "reflect"))}
            counted.append((exits, vm.engine.callouts, vm.engine.interpreted))
            by_code = vm.engine.emulations.total()
            assert by_code > 10_000 if options is AT_ONCE else not by_code
    (few, _, _), (many, _, _) = counted
    assert few.keys() == many.keys()
    assert all(abs(few[name] - many[name]) <= 3 for name in few)
    assert all(abs(a - b) <= 3 for a, b in zip(counted[0][1:], counted[1][1:], strict=True))


def test_an_interrupt_comes_at_the_same_instruction() -> None:
    isa = machine("pg32v")
    for due in range(40, 100):
        p = Program(isa)
        p.control("tvec", "handler")
        p.control("timecmp", due)
        p.control("timecmph", 0)
        p.control("ie", 1)
        p.label("again")
        p("sti")
        p("addi", "s0", "s0", 1)
        p("rdcr", "a0", "cause")
        p("cli")
        p("wrcr", "scratch", "s0")
        p("jal", "zero", "again")
        p.label("handler")
        p("rdcr", "a1", "epc")
        p("rdtime", "a2")
        p("rdcr", "a3", "cause")
        p.control("timecmph", 1)
        p("rfe")
        assert run("trap", p, 200, options=AT_ONCE) == run("interp", p, 200), due


@pytest.mark.soak
@pytest.mark.parametrize("name", ("pg32", "pg32h"))
def test_holes_show_the_same_real_machine(name: str) -> None:
    """A kernel that escapes to ring 3, looks at the real registers, and is brought back by its next trap."""
    p = Program(machine(name))
    p.control("tvec", "handler")
    p.label("again")
    p("rdcr", "a0", "tvec")
    p("getpsw", "a1")
    p("setpsw", "s0")
    p.li("t0", "there")
    p("jru", "t0")
    p.label("there")
    p("getpsw", "a2")
    p("addi", "s0", "s0", 0x123)
    p("rdcr", "a3", "tvec")
    p("getpsw", "a4")
    p("getptb", "a5")
    p("lra", "t1", "s0")
    p("cli")
    p("syscall", 3)
    p("jal", "zero", "again")
    p.label("handler")
    p("getpsw", "s1")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    for limit in (*range(1, 100), 999):
        assert run("trap", p, limit, options=AT_ONCE) == run("trap", p, limit, options=NEVER), limit


def test_who_observes_exits_sees_each() -> None:
    seen: list[str] = []
    with started("trap", kernel(machine("pg32v")), options=AT_ONCE) as (vm, _):
        assert isinstance(vm.engine, Executor)
        vm.run(2000)
        assert vm.engine.emulations.total()
        vm.engine.attend(Attention(exits=seen.append))
        before = vm.engine.emulations.total()
        vm.run(3000)
        assert vm.engine.emulations.total() == before and seen.count("emulate rdcr") > 200
        vm.engine.attend(Attention())
        vm.run(4000)
        assert vm.engine.emulations.total() > before


def test_one_site_serves_a_guest_in_two_virtual_modes() -> None:
    """Rings 0 and 1 share the real ring 1: a system call of one is not taken for one of the other."""
    p = Program(machine("pg32v"))
    p.control("tvec", "handler")
    p.label("again")
    p("syscall", 1)
    p("addi", "s0", "s0", 1)
    p("jal", "zero", "again")
    p.label("handler")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("getpsw", "t1")
    p("xori", "t1", "t1", 8)  # PRING: 0 and 1 by turns
    p("andi", "t1", "t1", 0x18)
    p("setpsw", "t1")
    p("rfe")
    for limit in (*range(1, 60), 5000):
        assert run("trap", p, limit, options=AT_ONCE) == run("interp", p, limit), limit


@pytest.mark.parametrize("engine", ("trap", "trap/softtlb"))
def test_a_program_has_its_own_rights_while_a_line_is_pending(engine: str) -> None:
    """Behind an emulated rfe somebody looks at interrupts, and goes on in the program's view, not the kernel's."""
    p = Program(machine("pg32v"))
    p.control("tvec", "handler")
    p.control("timecmp", 0)
    p.control("timecmph", 0)
    p.control("ie", 1)
    p.li("a1", 0x4000)
    p.control("epc", "user")
    p.li("t0", 0x18)  # ring 3, interrupts off
    p("setpsw", "t0")
    p("rfe")
    p.label("handler")
    p("rdcr", "t0", "cause")
    p("add", "s0", "s0", "t0")
    p("lw", "a2", 0, "a1")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    p.label("user")
    p("syscall", 1)
    p("addi", "a3", "a3", 1)
    p("lw", "a0", 0, "a1")  # the kernel's page
    p("add", "s1", "s1", "a0")
    p("jal", "zero", "user")
    memory = image(TableSpace({4: 0x4000 | ALL & ~U}), p)
    settings: dict[str, Any] = {"isa": p.isa, "memory": RAM, "control": {"ptb": ROOT | 1}}
    for limit in (200, 5000):
        assert run(engine, memory, limit, options=AT_ONCE, **settings) == run("interp", memory, limit, **settings)


@pytest.mark.parametrize("engine", ("trap", "para"))
def test_devices_are_asked_by_emulations(engine: str) -> None:
    """A port that nobody foresees, and one that switches the machine off: as without emulations, with the same
    counts."""
    p = Program(machine("pg32v"))
    p.li("s0", 40)
    p.label("again")
    for port in (0x20, 0x13, 0x00, 0x01, 0x21):
        p.li("a4", port)
        p("hcall", 11) if engine == "para" else p("in", "a4", "a4")
        p("slli", "t0", "a0", 3)
        p("add", "a0", "t0", "a0")
        p("xor", "a0", "a0", "a4")
        p.li("a4", 0)
        p("addi", "a5", "s0", 40)
        p("hcall", 12) if engine == "para" else p("out", "a4", "a5")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.li("a4", 0xF0)
    p.li("a5", 5)
    p("hcall", 12) if engine == "para" else p("out", "a4", "a5")
    other = "interp" if engine == "trap" else "para-interpreted"
    settings: dict[str, Any] = {"source": b"some input", "seed": 3}
    for limit in (*range(100, 160), None):
        here, there = run(engine, p, limit, options=AT_ONCE, **settings), run(other, p, limit, **settings)
        assert here == there, limit
    assert here.stop == Stop("exit", 5) and len(here.output) == 200
    counted = []
    for options in (AT_ONCE, NEVER):
        with started(engine, p, options=options, **settings) as (vm, _):
            vm.run()
            assert isinstance(vm.engine, Executor)
            exits = {name: n for name, n in vm.engine.exits().items() if name.startswith(("emulate", "hcall"))}
            counted.append((exits, vm.engine.callouts, vm.engine.interpreted))
            assert bool(vm.engine.emulations.total()) == (options is AT_ONCE)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("name", ("pg32", "pg32h"))
def test_what_the_program_owns_is_handed_over(name: str) -> None:
    """Flags that a hole has set are there behind an emulation that writes the status."""
    p = Program(machine(name))
    p.control("tvec", "handler")
    p.label("again")
    p("addi", "s0", "s0", 0x123)
    p("slli", "t1", "s0", 8)
    p("setpsw", "t1")
    p("cli")
    p("getpsw", "a1")
    p("add", "a2", "a2", "a1")
    p("syscall", 3)
    p("jal", "zero", "again")
    p.label("handler")
    p("getpsw", "s1")
    p("add", "a3", "a3", "s1")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    for limit in (*range(1, 60), 999):
        assert run("trap", p, limit, options=AT_ONCE) == run("trap", p, limit, options=NEVER), limit
    with started("trap", p, options=AT_ONCE) as (vm, _):
        vm.run(999)
        assert isinstance(vm.engine, Executor) and vm.engine.emulations.total() > 100


@pytest.mark.soak
@pytest.mark.parametrize("name", ("pg32", "pg32h"))
def test_escapes_and_interrupts_are_as_without_emulations(name: str) -> None:
    """The timer at every count of a guest that escapes to ring 3, where it is by rights as well at times, and flags."""
    p = Program(machine(name))
    p.control("tvec", "handler")
    p("wrcr", "timecmp", "a0")
    p.control("timecmph", 0)
    p.control("ie", 1)
    p.label("again")
    p("addi", "s0", "s0", 0x55)
    p("slli", "t1", "s0", 8)
    p("setpsw", "t1")
    p("sti")
    p("rdcr", "a1", "scratch")
    p.li("t0", "there")
    p("jru", "t0")
    p.label("there")
    p("getpsw", "a2")
    p("add", "a3", "a3", "a2")
    p("lra", "t1", "s0")  # the VMM is entered
    p("rdcr", "a4", "tvec")
    p("add", "a3", "a3", "a4")
    p("addi", "a4", "zero", 0)
    p("syscall", 3)
    p("jal", "zero", "again")
    p.label("handler")
    p("rdcr", "t0", "cause")
    p("bge", "t0", "zero", "call")
    p("rdtime", "t0")
    p("addi", "t0", "t0", 37)
    p("wrcr", "timecmp", "t0")
    p("rfe")
    p.label("call")
    p("rdcr", "gp", "epc")
    p("addi", "gp", "gp", 4)
    p("wrcr", "epc", "gp")
    p("andi", "t0", "s0", 4)
    p("beq", "t0", "zero", "back")
    p.li("t0", 0x38)  # to ring 3, where the machine lets it
    p("setpsw", "t0")
    p.li("t0", "there")
    p("wrcr", "epc", "t0")
    p("addi", "s0", "s0", 3)
    p.label("back")
    p("rfe")
    for due in range(30, 100):
        here, there = (run("trap", p, 1500, options=o, registers={"a0": due}) for o in (AT_ONCE, NEVER))
        assert here == there, due
