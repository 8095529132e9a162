"""Interrupts: taken between instructions, at the same one under every engine; masked, in order, by level.

"The timer line is pending while the 64-bit `time` >= the 64-bit `timecmp`", and `rdtime` sees the instructions retired
before it: so a timer interrupt lies between instruction number `timecmp` - 1 and number `timecmp`, counted from 0.
"""

from __future__ import annotations

from functools import cache

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm.options import Options
from tests.machine.builder import ENGINES, HERE, RAM, Program, run, run_all, started
from tests.machine.extended import extended

HANDLER, DATA = 0x800, 0x4000
TIMER, CONSOLE, DISK, SOFT = range(4)
ONE_BLOCK = Options(code_size=1 << 20, most_blocks=1)
SINGLE = Options(code_size=1 << 20, most_instructions=1)
UNCHAINED = Options(code_size=1 << 20, chain=False, most_instructions=3)
WAYS = [("interp", HERE), *((e, o) for e in ("bare", "bt") for o in (HERE, ONE_BLOCK, SINGLE, UNCHAINED))]
"""Engines, and ways in which they keep their code."""


def interrupt(line: int) -> int:
    return 0x80000000 + line


@cache
def workload() -> Program:
    """A short program of every sort of instruction; the handler notes epc and time at DATA and disarms the timer."""
    p = Program()
    p("addi", "a0", "zero", 3)
    p("lui", "s0", DATA >> 12)
    p.label("again")
    p("sw", "a0", 0x100, "s0")
    p("lw", "a1", 0x102, "s0")
    p("jal", "ra", "function")
    p("getpsw", "a2")
    p("setpsw", "a2")
    p("rdtime", "a3")
    p("rdcr", "a4", "scratch")
    p("wrcr", "scratch", "a4")
    p("div", "a4", "a3", "a0")
    p("addi", "a5", "s0", 0x100)
    p("swap", "a4", "a3", "a5")
    p("cas", "a4", "a0", "a5")
    p("addi", "a0", "a0", -1)
    p("bne", "a0", "zero", "again")
    p.li("a5", 0x100)
    p("wrcr", "epc", "a5")
    p("jal", "zero", "end")
    p.label("function")
    p("mul", "a5", "a0", "a1")
    p("jalr", "zero", 0, "ra")
    p.label("end")
    p("jal", "zero", "end")
    p.org(HANDLER)
    p("rdtime", "sp")
    p("sw", "sp", 4, "s0")
    p("rdcr", "sp", "epc")
    p("sw", "sp", 0, "s0")
    p.li("sp", -1)
    p("wrcr", "timecmp", "sp")
    p("wrcr", "timecmph", "sp")
    p("jal", "zero", HANDLER + 28)
    return p


LENGTH = 60
"""Instructions that the workload takes to come to its endless loop, and a few more."""


@cache
def trace() -> tuple[int, ...]:
    """The pc of each instruction where nothing interrupts."""
    with started("interp", workload(), registers={"s0": DATA}) as (vm, _):
        pcs = []
        for number in range(LENGTH):
            assert vm.run(number) == Stop("limit")
            pcs.append(vm.cpu.pc)
        return tuple(pcs)


@pytest.mark.parametrize(("engine", "options"), WAYS)
def test_timer_at_every_instruction(engine: str, options: Options) -> None:
    assert trace()[-1] == workload().labels["end"]
    for time in range(LENGTH):
        control = {"psw": 4, "ie": 1, "timecmp": time, "timecmph": 0, "tvec": HANDLER}
        got = run(engine, workload(), time + 20, registers={"s0": DATA}, control=control, options=options)
        assert (got.word(DATA), got.word(DATA + 4)) == (trace()[time], time)
        assert (got["cause"], got["tval"], got["psw"]) == (interrupt(TIMER), 0, 0x20)


@pytest.mark.parametrize(("engine", "options"), WAYS)
def test_limit_at_every_instruction(engine: str, options: Options) -> None:
    """A limit stops before the instruction that would exceed it, and a machine that goes on does not notice."""
    with started(engine, workload(), options=options) as (vm, _):
        for number in (*range(0, LENGTH, 3), LENGTH):
            assert vm.run(number) == Stop("limit")
            assert vm.cpu.retired == number
            assert vm.cpu.pc == (trace()[number] if number < LENGTH else workload().labels["end"])
        stepped = vm.state()
    assert stepped == run(engine, workload(), LENGTH, options=options).state


@pytest.mark.parametrize("engine", ENGINES)
def test_limit_comes_before_an_interrupt(engine: str) -> None:
    control = {"psw": 4, "ie": 1, "timecmp": 5, "timecmph": 0, "tvec": HANDLER}
    assert run(engine, workload(), 5, control=control)["pc"] == trace()[5]
    assert run(engine, workload(), 6, control=control)["pc"] == HANDLER + 4


@pytest.mark.parametrize("ie", range(16))
@pytest.mark.parametrize("enabled", [0, 4])
def test_masks_and_order(ie: int, enabled: int) -> None:
    """All four lines up: the lowest that `ie` enables is taken, and none with psw.IE = 0."""
    p = Program()
    p.out(0x01, 1)  # the console, which has input
    p.out(0x13, 3)  # the disk: there is none, which is an error, with its interrupt all the same
    p.li("s0", 600)
    p.label("wait")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "wait")
    p.control("timecmp", 0)
    p.control("timecmph", 0)
    p.control("ip", 8)
    p.control("ie", ie)
    p("rdcr", "a0", "ip")
    p("setpsw", "a1")
    p.label("ready")
    p("jal", "zero", "ready")
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    registers = {"a1": enabled}
    got = run_all(p, 1300, registers=registers, control={"tvec": HANDLER}, source=b"x")
    assert got["a0"] == 0b1111
    if ie and enabled:
        line = next(n for n in range(4) if ie >> n & 1)
        assert (got["cause"], got["epc"], got["pc"]) == (interrupt(line), p.labels["ready"], HANDLER)
    else:
        assert (got["cause"], got["pc"]) == (0, p.labels["ready"])


def test_software_interrupt() -> None:
    """Set and cleared by bit 3 of a write to `ip`, which reaches no other bit."""
    p = Program()
    for n, value in enumerate((8, 7, 15, 0, -1)):
        p.control("ip", value)
        p("rdcr", f"a{n}", "ip")
    p.control("ie", 8)
    at = p("sti")
    p("addi", "a5", "zero", 1)
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run_all(p, 100, control={"tvec": HANDLER})
    assert [got[f"a{n}"] for n in range(5)] == [8, 0, 8, 0, 8]
    assert (got["cause"], got["epc"], got["a5"]) == (interrupt(SOFT), at + 4, 0)


@pytest.mark.parametrize("way", ["sti", "setpsw", "wrcr ie", "wrcr ip", "wrcr timecmp", "rfe"])
def test_taken_at_once(way: str) -> None:
    """Right after the instruction that makes it due, and before the next."""
    p = Program()
    p.li("a1", 4)
    p.li("a2", 9)
    p.li("a3", "next")
    p("wrcr", "epc", "a3")
    setup = {"psw": 4, "ie": 9, "ip": 8, "tvec": HANDLER, "timecmp": 0xFFFFFFFF, "timecmph": 0}
    if way in ("sti", "setpsw"):
        setup["psw"] = 0
        p(*(("sti",) if way == "sti" else ("setpsw", "a1")))
    elif way == "rfe":
        setup["psw"] = 0x20
        p("rfe")
    elif way == "wrcr ie":
        setup["ie"] = 0
        p("wrcr", "ie", "a2")
    else:
        setup["ip"] = 0
        p("wrcr", way.removeprefix("wrcr "), "zero" if way == "wrcr timecmp" else "a2")
    p.label("next")
    p("addi", "a5", "a5", 1)
    p("jal", "zero", "next")
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run_all(p, 50, control=setup)
    assert (got["epc"], got["a5"], got["pc"]) == (p.labels["next"], 0, HANDLER)
    assert got["cause"] == interrupt(TIMER if way == "wrcr timecmp" else SOFT)


def test_levels() -> None:
    """A line that stays up interrupts again after `rfe`; one instruction of the program does not get in between."""
    p = Program()
    p.label("main")
    p("addi", "a0", "a0", 1)
    p("jal", "zero", "main")
    p.org(HANDLER)
    p("addi", "a1", "a1", 1)
    p("rfe")
    control = {"psw": 4, "ie": 1, "timecmp": 11, "timecmph": 0, "tvec": HANDLER}
    got = run_all(p, 111, control=control, registers={"a0": 0, "a1": 0})
    assert (got["a0"], got["a1"]) == (6, 50)


def test_ring_of_an_interrupt() -> None:
    """An interrupt of ring 3 comes home with PRING = 3 and PIE = 1; FLAGS stay; the timer stays where it is."""
    for ring in range(4):
        p = Program()
        p("addi", "a0", "a0", 1)
        p("addi", "a0", "a0", 1)
        p.org(HANDLER)
        p("jal", "zero", HANDLER)
        control = {"psw": ring | 4 | 0xA500, "ie": 1, "timecmp": 1, "timecmph": 0, "tvec": HANDLER}
        got = run_all(p, 3, control=control, registers={"a0": 0})
        assert (got["psw"], got["a0"], got["epc"]) == (0xA500 | 0x20 | ring << 3, 1, 4)


def test_unhandled_interrupt() -> None:
    got = run_all(workload(), control={"psw": 4, "ie": 1, "timecmp": 3, "timecmph": 0})
    assert got.stop == Stop("trap", trap=TrapInfo(interrupt(TIMER), 0, trace()[3]))
    assert (got.state.instructions, got["psw"], got["pc"]) == (3, 4, trace()[3])


def test_interrupt_and_trap_make_a_double_fault() -> None:
    """Nothing has retired between the interrupt and the trap of the handler's first instruction."""
    p = Program()
    p("addi", "a0", "a0", 1)
    p("addi", "a0", "a0", 1)
    p.org(HANDLER)
    p("brk")
    got = run_all(p, control={"psw": 4, "ie": 1, "timecmp": 1, "timecmph": 0, "tvec": HANDLER})
    assert got.stop == Stop("double-fault", trap=TrapInfo(2, 0, HANDLER), first=TrapInfo(interrupt(TIMER), 0, 4))


@pytest.mark.parametrize("timecmp", [0xFFFFFFFF, 0x1_00000000, 0x1_00000005, 0x7FFFFFFF_FFFFFFFF, (1 << 64) - 3])
def test_64_bit_time(timecmp: int) -> None:
    """`hlt` moves time on to `timecmp` and retires; both words of time say so."""
    p = Program()
    p("hlt")
    p("rdcr", "a0", "time")
    p("rdcr", "a1", "timeh")
    p("rdcr", "a2", "ip")
    control = {"ie": 1, "timecmp": timecmp & 0xFFFFFFFF, "timecmph": timecmp >> 32}
    got = run_all(p, 4, control=control)
    seen = [(timecmp + n) % 2**64 for n in (1, 2)]
    assert (got["a0"], got["a1"]) == (seen[0] & 0xFFFFFFFF, seen[1] >> 32)
    # After 2^64 - 1 time begins again, and the line falls.
    assert got["a2"] == int((timecmp + 3) % 2**64 >= timecmp)
    assert got.state.instructions == 4


def test_high_word_of_timecmp_counts() -> None:
    """Low words compare as if due, high words not: no interrupt."""
    control = {"psw": 4, "ie": 1, "timecmp": 0, "timecmph": 1, "tvec": HANDLER}
    assert run_all(workload(), LENGTH, control=control)["pc"] == workload().labels["end"]


def test_interrupts_at_the_end_of_ram() -> None:
    """A loop there, interrupted every seventh instruction."""
    p = Program(at=RAM - 12)
    p("addi", "a0", "a0", 1)
    p("addi", "a1", "a1", 1)
    p("jal", "zero", RAM - 12)
    p.org(HANDLER)
    p("rdtime", "t0")
    p("addi", "t0", "t0", 7)
    p("wrcr", "timecmp", "t0")
    p("rfe")
    control = {"psw": 4, "ie": 1, "timecmp": 7, "timecmph": 0, "tvec": HANDLER}
    # 7 of the program; then 4 of the handler, and 7 - 4 of the program again, for ever
    got = run_all(p, 7 + 7 * 100, control=control, entry=RAM - 12, registers={"a0": 0, "a1": 0})
    assert got["a0"] + got["a1"] == sum(n % 3 != 2 for n in range(7 + 3 * 100))


@pytest.mark.parametrize("engine", ENGINES)
def test_pending_by_a_bit(engine: str) -> None:
    """Beside bits that interrupts cannot depend on, in the same control register; a constant register is a constant."""
    isa = extended(
        "control when { SIGN 1 = a0[31]; NOW 2 = reached({zero, timecmp}); CLOCK 31:3 = time()[28:0]; }\n"
        "interrupts { enable psw.IE; pending zx(when.NOW) & ie; cause 0x80000000 | line; value 0; }\n"
    )
    for time in range(3, LENGTH, 5):
        control = {"psw": 4, "ie": 1, "timecmp": time, "timecmph": 0, "tvec": HANDLER}
        got, want = (
            run(engine, workload(), time + 20, registers={"s0": DATA}, control=control, isa=i) for i in (isa, None)
        )
        assert (got.word(DATA), got.word(DATA + 4)) == (trace()[time], time)
        assert got.state.registers == want.state.registers
