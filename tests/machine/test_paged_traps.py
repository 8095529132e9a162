"""Traps and interrupts with paging on: a small kernel with demand paging and system calls, and a program in ring 3.

Interrupts between any two of their instructions, limits at each, faults in handlers, handlers that are not there. Under
every engine and each way to translate addresses.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm.vm import Snapshot
from ring1.isa.record import replace
from tests.machine.builder import Program, run, started
from tests.machine.tables import (
    ALL,
    BUS_ERROR,
    DATA,
    FETCH,
    HANDLER,
    LOAD,
    ONE,
    OTHER,
    RAM,
    ROOT,
    STORE,
    TABLE,
    TWO,
    A,
    D,
    R,
    Space,
    U,
    V,
    W,
    X,
    hotly,
    image,
)
from tests.ways import PAGED

USER, FUNCTION = 0x1000, 0x2000
KERNEL, TABLES = 0x3000, 0x7000
"""Where the kernel sees its data and the table. Data: where to log, how long after an interrupt the next is due."""
LOG, PERIOD, SAVED, RECORDS = KERNEL, KERNEL + 4, KERNEL + 8, KERNEL + 0x100
TIMER = 0x80000000
ENTRY = TABLES + 4 * 6


@cache
def system(period: int = 0) -> bytes:
    """The program calls the kernel, which takes page 6 away; it then reads and writes across pages 5 and 6, and the
    kernel maps 6 again. Of each interrupt the kernel logs epc, time and psw."""
    p = Program()
    p.org(USER)
    p.label("again")
    p("sw", "a0", 0x10, "a5")
    p("lw", "a1", 0x12, "a5")
    p("syscall", 7)
    p("lw", "a2", 0xFFE, "a5")
    p("add", "a2", "a2", "a1")
    p("sw", "a2", 0xFFD, "a5")
    p("jal", "ra", FUNCTION)
    p("swap", "a2", "a3", "a5")
    p("addi", "s0", "s0", 1)
    p("jal", "zero", "again")
    p.org(0x9000)  # FUNCTION
    p("lw", "a4", 0x20, "a5")
    p("add", "a3", "a3", "a4")
    p("jalr", "zero", 0, "ra")
    p.org(HANDLER)
    p("wrcr", "scratch", "t0")
    p("rdcr", "t0", "cause")
    p("blt", "t0", "zero", "timer")
    p("addi", "t0", "t0", -3)
    p("beq", "t0", "zero", "call")
    p.li("t0", TWO | ALL)
    p("sw", "t0", ENTRY, "zero")
    p("tlbflush")
    p.label("return")
    p("rdcr", "t0", "scratch")
    p("rfe")
    p.label("call")  # with interrupts, but for its two ends
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("sw", "t0", SAVED, "zero")
    p("rdcr", "t0", "scratch")
    p("sti")
    p("addi", "a0", "a0", 1)
    p("sw", "zero", ENTRY, "zero")
    p("tlbflush")
    p("cli")
    p("wrcr", "scratch", "t0")
    p("lw", "t0", SAVED, "zero")
    p("wrcr", "epc", "t0")
    p("addi", "t0", "zero", 0x38)  # PRING 3, PIE
    p("setpsw", "t0")
    p("jal", "zero", "return")
    p.label("timer")
    p("sw", "t1", SAVED + 4, "zero")
    p("lw", "t1", LOG, "zero")
    for at, (read, *more) in enumerate((("rdcr", "epc"), ("rdtime",), ("getpsw",))):
        p(read, "t0", *more)
        p("sw", "t0", 4 * at, "t1")
    p("addi", "t1", "t1", 12)
    p("sw", "t1", LOG, "zero")
    p("lw", "t1", PERIOD, "zero")
    p("rdtime", "t0")
    p("add", "t0", "t0", "t1")
    p("wrcr", "timecmp", "t0")
    if not period:
        p("wrcr", "ie", "zero")
    p("lw", "t1", SAVED + 4, "zero")
    p("jal", "zero", "return")
    for at, value in ((0xA000, 0x3100), (0xA004, period)):
        p.org(at)
        p.word(value)
    kernel = {0: V | R | X, 3: 0xA000 | V | R | W, 7: TABLE | V | R | W}
    user = {1: USER | V | X | U, 2: 0x9000 | V | X | U, 5: ONE | V | R | W | U}
    return image(Space(kernel | user), p)


START = dict.fromkeys(("a0", "a1", "a2", "a3", "a4", "s0"), 0) | {"a5": 0x5000}
CONTROL = {"ptb": ROOT | 1, "tvec": HANDLER, "psw": 7, "timecmp": 0xFFFFFFFF, "timecmph": 0, "ie": 1}
ROUND, LENGTH = 45, 120
"""Instructions of a round of the program with those of the kernel, and somewhat more than of two."""


@cache
def trace() -> tuple[Snapshot, ...]:
    """The state before each instruction where nothing interrupts."""
    with started("interp", system(), memory=RAM, entry=USER, registers=START, control=CONTROL) as (vm, _):
        states = []
        for number in range(LENGTH):
            assert vm.run(number) == Stop("limit")
            states.append(vm.state())
        return tuple(states)


def test_the_system_does_what_it_is_meant_to() -> None:
    """System calls, and faults of page 6 by the load across pages; the rings, and the kernel with interrupts."""
    assert trace()[ROUND].pc == USER and trace()[-1].registers["s0"] >= 2
    causes = {state.control["cause"] for state in trace()}
    assert causes == {0, 3, LOAD}
    assert {state.control["tval"] for state in trace()} == {0, 7, 0x6000}
    assert {state.control["psw"] & 7 for state in trace()} == {0, 4, 7}


@pytest.mark.parametrize("engine", PAGED)
def test_an_interrupt_at_every_instruction(engine: str) -> None:
    """In user code, behind a trap, in the kernel: at once if psw.IE is set, else as soon as it is. A limit on the way
    stops where it should, a fault being due there or not, and is not noticed."""
    enabled = [bool(state.control["psw"] & 4) for state in trace()]
    for time in range(ROUND + 3):
        control = CONTROL | {"timecmp": time}
        settings: dict[str, Any] = {"memory": RAM, "entry": USER, "registers": START, "control": control}
        with started(engine, system(), **settings) as (vm, _):
            assert vm.run(time // 2) == Stop("limit")
            before = trace()[time // 2]
            assert vm.state() == replace(before, control=before.control | {"timecmp": time, "ip": int(time == 0)})
            assert vm.run(time + 40) == Stop("limit")
            taken = next(n for n in range(time, LENGTH) if enabled[n])
            record = [int.from_bytes(vm.memory.read(0xA100 + 4 * n, 4), "little") for n in range(3)]
            # seven instructions of the handler come before its `rdtime`
            assert record[:2] == [trace()[taken].pc, taken + 7]
            psw = trace()[taken].control["psw"]
            assert record[2] == psw & 0xFF00 | (psw & 3) << 3 | 0x20


@pytest.mark.soak
def test_interrupts_through_all_of_a_hot_loop() -> None:
    """One machine, in which the timer comes a little later in each round, until it has come everywhere."""
    # Of the handler, seven instructions come between its `rdtime` and the program.
    got = hotly(system(7 + ROUND + 1), 4000, entry=USER, registers=START, control=CONTROL | {"timecmp": 3})
    count = (got.word(0xA000) - RECORDS) // 12
    places = {got.word(0xA100 + 12 * n) for n in range(count)}
    assert places == {state.pc for state in trace() if state.control["psw"] & 4}


def in_step(engine: str, program: bytes, limits: range, **settings: Any) -> None:
    """An engine with hot code, stopped at each of the limits: always in the state of the interpreter."""
    with (
        started("interp", program, memory=RAM, **settings) as (model, _),
        started(engine, program, memory=RAM, hot=True, **settings) as (vm, _),
    ):
        for limit in limits:
            assert vm.run(limit) == model.run(limit) == Stop("limit")
            assert vm.state() == model.state(), limit


@pytest.mark.parametrize("engine", PAGED[1:])
def test_a_limit_at_every_instruction(engine: str) -> None:
    """One machine that is stopped after each instruction; and after every third."""
    for stride in (1, 3):
        control = CONTROL | {"timecmp": 100}
        in_step(engine, system(47), range(0, 500, stride), entry=USER, registers=START, control=control)


@pytest.mark.parametrize("stride", [1, 203])
@pytest.mark.parametrize("engine", PAGED[1:])
def test_a_hot_loop_touches_pages_late(engine: str, stride: int) -> None:
    """Page 5 is read in each round, and written from the 70th on; page 6 is read in the 90th. A and D are set then."""
    p = Program()
    p.label("again")
    p("lw", "a1", 0x10, "a5")
    p("add", "a0", "a0", "a1")
    p("addi", "s0", "s0", 1)
    p("blt", "s0", "a2", "again")
    p("sw", "s0", 0x10, "a5")
    p("blt", "s0", "a3", "again")
    p("lw", "a4", 0x10, "t1")
    p("jal", "zero", "again")
    space = Space({5: ONE | ALL, 6: TWO | ALL})
    settings: dict[str, Any] = {"registers": START | {"a2": 70, "a3": 90, "t1": 0x6000}, "control": {"ptb": ROOT | 1}}
    in_step(engine, image(space, p), range(200, 601, stride), **settings)
    for limit, five, six in ((280, A, 0), (281, A | D, 0), (402, A | D, 0), (403, A | D, A)):
        got = run(engine, image(space, p), limit, memory=RAM, hot=True, **settings)
        assert (got.word(TABLE + 20), got.word(TABLE + 24)) == (ONE | ALL | five, TWO | ALL | six)


@pytest.mark.parametrize("ring", [0, 3])
def test_a_fault_in_the_handler_of_a_fault(ring: int) -> None:
    """Page 5 is missing; its handler reads page 6, which is missing too. A system call takes both away again."""
    p = Program()
    p.label("again")
    p("syscall", 0)
    p("lw", "a1", 0x10, "a5")
    p("add", "a0", "a0", "a1")
    p("addi", "s0", "s0", 1)
    p("bne", "s0", "a4", "again")
    p.label("end")
    p("jal", "zero", "end")
    p.org(HANDLER)
    p("rdcr", "t0", "cause")
    p("addi", "t0", "t0", -3)
    p("beq", "t0", "zero", "call")
    p("rdcr", "t0", "tval")
    p("addi", "t0", "t0", -0x6010)
    p("beq", "t0", "zero", "inner")
    p("rdcr", "s1", "epc")
    p("lw", "t2", 0x10, "a3")
    p("add", "a0", "a0", "t2")
    p("sw", "a2", TABLES + 4 * 5, "zero")
    p("wrcr", "epc", "s1")
    p("addi", "t0", "zero", ring << 3)
    p("setpsw", "t0")
    p("rfe")
    p.label("inner")
    p.li("t0", TWO | V | R)
    p("sw", "t0", ENTRY, "zero")
    p("addi", "tp", "tp", 1)
    p("rfe")
    p.label("call")
    p("sw", "zero", TABLES + 4 * 5, "zero")
    p("sw", "zero", ENTRY, "zero")
    p("tlbflush")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    registers = START | {"tp": 0, "a2": ONE | V | R | U, "a3": 0x6000, "a4": 30}
    control = {"ptb": ROOT | 1, "tvec": HANDLER, "psw": ring}
    got = hotly(image(Space({7: TABLE | V | R | W}), p), 2000, registers=registers, control=control)
    words = [int.from_bytes(page[0x10:0x14], "little") for page in (DATA, OTHER)]
    assert (got["a0"], got["tp"], got["psw"] & 3) == (30 * sum(words) % 2**32, 30, ring)


ENDS: dict[str, tuple[tuple[Any, ...], tuple[int, int]]] = {
    "syscall": (("syscall", 9), (3, 9)),
    "load": (("lw", "a0", 0, "a3"), (LOAD, 0x7000)),
    "store": (("sw", "a0", 0, "a3"), (STORE, 0x7000)),
    "jump": (("jalr", "zero", 0, "a3"), (FETCH, 0x7000)),
    "interrupt": (("jal", "zero", "end"), (TIMER, 0)),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("ring", [pytest.param(0, marks=pytest.mark.soak), 3])
def test_handlers_that_cannot_run(ring: int, end: str) -> None:
    """After a hot loop: `tvec` is not mapped, not to be fetched from, not in RAM, or its first instruction faults."""
    (name, *operands), first = ENDS[end]
    for entry, second in (
        (0, (FETCH, 0x6000)),
        (TWO | V | R | U, (FETCH, 0x6000)),
        (RAM | ALL, (BUS_ERROR, 0x6000)),
        (0xE000 | V | X, (LOAD, 0x7000)),
    ):
        p = Program()
        p.label("again")
        p("lw", "a1", 0x10, "a5")
        p("addi", "s0", "s0", 1)
        p("bne", "s0", "a4", "again")
        p.label("end")
        p(name, *operands)
        p.org(0xE000)
        p("lw", "t0", 0, "a3")
        control = {"ptb": ROOT | 1, "tvec": 0x6000, "psw": ring | 4, "ie": 1, "timecmp": 130, "timecmph": 0}
        registers = START | {"a3": 0x7000, "a4": 40}
        got = hotly(image(Space({5: ONE | ALL, 6: entry}), p), registers=registers, control=control)
        at = 0x7000 if end == "jump" else 12
        assert got.stop == Stop("double-fault", trap=TrapInfo(*second, 0x6000), first=TrapInfo(*first, at))
        assert got.state.instructions == {"interrupt": 130, "jump": 121}.get(end, 120)
