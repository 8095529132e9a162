"""Traps, by the manual's section: what each cause reports, what a trap changes and that it changes nothing else, double
faults, unhandled traps, and which instructions which ring may run. Under every engine."""

from __future__ import annotations

from typing import Any

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from tests.machine.builder import ENGINES, RAM, Outcome, Program, machine, run

HANDLER, CODE = 0x800, 0x1000
PRIVILEGED = {
    "in": ("a0", "a1"),
    "out": ("a1", "a0"),
    "setptb": ("a0",),
    "tlbflush": (),
    "rdcr": ("a0", "scratch"),
    "wrcr": ("scratch", "a0"),
    "cli": (),
    "sti": (),
    "hlt": (),
    "rfe": (),
}
HOLES = {"getpsw": ("a0",), "setpsw": ("a0",), "getptb": ("a0",), "lra": ("a0", "a1"), "jru": ("a1",)}
REGISTERS = {"a0": 0x11, "a1": 0x22222222, "a2": RAM, "t0": 0x3002, "ra": 0xFFFFFFFF, "s1": 0}
Case = tuple[str | int, tuple[str | int, ...], int, int]
"""An instruction or a word, its operands, the cause that it traps with, tval."""
CASES: dict[str, Case] = {
    "zero word": (0, (), 0, 0),
    "ones word": (0xFFFFFFFF, (), 0, 0xFFFFFFFF),
    "no such opcode": (0x01234567, (), 0, 0x01234567),
    "hcall": ("hcall", (0x1234,), 0, -1),
    "hcall 0": ("hcall", (0,), 0, -1),
    "brk": ("brk", (), 2, 0),
    "syscall 0": ("syscall", (0,), 3, 0),
    "syscall": ("syscall", (0xFFFF,), 3, 0xFFFF),
    "div": ("div", ("a0", "a1", "zero"), 4, 0),
    "divu": ("divu", ("a0", "a1", "s1"), 4, 0),
    "rem": ("rem", ("zero", "a1", "s1"), 4, 0),
    "remu": ("remu", ("s1", "zero", "zero"), 4, 0),
    "swap": ("swap", ("a0", "a1", "t0"), 8, 0x3002),
    "cas": ("cas", ("a0", "a1", "t0"), 8, 0x3002),
    "load": ("lw", ("a0", 4, "a2"), 9, RAM + 4),
    "load end": ("lw", ("a0", -2, "a2"), 9, RAM),
    "store": ("sb", ("a0", 0, "a2"), 9, RAM),
    "store end": ("sw", ("a0", -1, "a2"), 9, RAM),
    "store far": ("sh", ("a0", 0, "ra"), 9, 0xFFFFFFFF),
}
"""tval -1 stands for the instruction's own word."""


def program(case: Case, handler: str = "stay") -> Program:
    """The instruction at CODE; the handler's first instruction changes nothing, or traps itself."""
    p = Program()
    p.org(HANDLER)
    if handler == "stay":
        p("jal", "zero", HANDLER)
    else:
        p(handler)
    p.org(CODE)
    name, operands, *_ = case
    if isinstance(name, int):
        p.word(name)
    else:
        p(name, *operands)
    return p


def psw(ring: int, enable: int = 0, flags: int = 0, pring: int = 0, pie: int = 0) -> int:
    return ring | enable << 2 | pring << 3 | pie << 5 | flags << 8


def state(got: Outcome) -> dict[str, int]:
    return {**got.state.registers, **got.state.control, "pc": got.state.pc}


def check(engine: str, case: Case, before: int, isa: str = "pg32") -> None:
    """The case traps with that psw, and the only change is what a trap makes."""
    p = program(case)
    control = {"psw": before, "tvec": HANDLER, "epc": 0x44, "cause": 0x55, "tval": 0x66, "scratch": 0x77, "ie": 0x5}
    settings: dict[str, Any] = {"registers": REGISTERS, "control": control, "entry": CODE, "isa": machine(isa)}
    cold = run(engine, p, 0, **settings)
    # One instruction retires: the handler's, a jump to itself.
    warm = run(engine, p, 1, **settings)
    word = int.from_bytes(p.image()[CODE : CODE + 4], "little")
    after = psw(0, 0, before >> 8, before & 3, before >> 2 & 1)
    expected = state(cold) | {"psw": after, "epc": CODE, "cause": case[2], "pc": HANDLER, "time": 1}
    expected["tval"] = word if case[3] == -1 else case[3]
    assert warm.stop == Stop("limit")
    assert state(warm) == expected
    assert (warm.memory, warm.output) == (cold.memory, b"")


@pytest.mark.parametrize("ring", range(4))
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_causes(engine: str, name: str, ring: int) -> None:
    check(engine, CASES[name], psw(ring, enable=ring & 1, flags=0xA5, pring=3 - ring, pie=1 - (ring & 1)))


@pytest.mark.parametrize("ring", [1, 2, 3])
@pytest.mark.parametrize("name", PRIVILEGED)
@pytest.mark.parametrize("engine", ENGINES)
def test_privileged_outside_ring_0(engine: str, name: str, ring: int) -> None:
    check(engine, (name, PRIVILEGED[name], 1, -1), psw(ring, enable=1, flags=0x80))


@pytest.mark.parametrize("name", PRIVILEGED)
@pytest.mark.parametrize("engine", ENGINES)
def test_privileged_in_ring_0(engine: str, name: str) -> None:
    """None of them traps there: `rfe` goes to epc, the others go on (`hlt` as a line is enabled and pending)."""
    p = program((name, PRIVILEGED[name], 0, 0))
    p.word(*[0x28000000] * 2)  # addi zero, zero, 0
    control = {"tvec": HANDLER, "epc": CODE + 8, "ie": 8, "ip": 8}
    got = run(engine, p, 1, control=control, entry=CODE, registers={"a0": 0, "a1": 0x20})
    assert (got.stop, got["pc"]) == (Stop("limit"), CODE + (8 if name == "rfe" else 4))


@pytest.mark.parametrize("ring", range(4))
@pytest.mark.parametrize("name", HOLES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("isa", ["pg32", "pg32v", "pg32h"])
def test_holes(isa: str, engine: str, name: str, ring: int) -> None:
    """On pg32 none of the five traps, in any ring; on pg32v all do outside ring 0, on pg32h all but jru."""
    case: Case = (name, HOLES[name], 1, -1)
    if ring and (isa == "pg32v" or (isa == "pg32h" and name != "jru")):
        check(engine, case, psw(ring, flags=1), isa)
        return
    p = program(case)
    control = {"tvec": HANDLER, "psw": psw(ring)}
    got = run(engine, p, 1, registers={"a0": ring, "a1": 0x123}, control=control, entry=CODE, isa=machine(isa))
    assert got.stop == Stop("limit") and got["cause"] == 0
    assert got["pc"] == (0x120 if name == "jru" else CODE + 4)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("engine", ENGINES)
def test_unhandled(engine: str, name: str) -> None:
    """Without a handler the machine stops, reports the trap, and nothing has changed; asked again, it says it again."""
    case = CASES[name]
    p = program(case)
    settings: dict[str, Any] = {"registers": REGISTERS, "control": {"psw": psw(2, 1, 0xA5), "epc": 0x44}, "entry": CODE}
    word = int.from_bytes(p.image()[CODE : CODE + 4], "little")
    got = run(engine, p, **settings)
    assert got.stop == Stop("trap", trap=TrapInfo(case[2], word if case[3] == -1 else case[3], CODE))
    assert state(got) == state(run(engine, p, 0, **settings))
    assert got.state.instructions == 0


@pytest.mark.parametrize("ring", [0, 3])
@pytest.mark.parametrize("engine", ENGINES)
def test_double_fault(engine: str, ring: int) -> None:
    """The handler's first instruction traps: both traps are reported."""
    p = program(CASES["syscall"], handler="brk")
    got = run(engine, p, control={"tvec": HANDLER, "psw": psw(ring)}, entry=CODE)
    assert got.stop == Stop("double-fault", trap=TrapInfo(2, 0, HANDLER), first=TrapInfo(3, 0xFFFF, CODE))
    assert got.state.instructions == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_in_a_handler_is_no_double_fault(engine: str) -> None:
    """One instruction between the two is enough."""
    p = program(CASES["syscall"])
    p.org(HANDLER)
    p("addi", "a0", "a0", 1)
    p("syscall", 7)
    got = run(engine, p, 100, control={"tvec": HANDLER}, entry=CODE)
    assert (got.stop, got["a0"], got["epc"], got["tval"]) == (Stop("limit"), RAM + 100, HANDLER + 4, 7)


@pytest.mark.parametrize("tvec", [RAM, 0xFFFFFFFC, 0x80000000])
@pytest.mark.parametrize("engine", ENGINES)
def test_handler_where_no_memory_is(engine: str, tvec: int) -> None:
    got = run(engine, program(CASES["brk"]), control={"tvec": tvec}, entry=CODE)
    assert got.stop == Stop("double-fault", trap=TrapInfo(9, tvec, tvec), first=TrapInfo(2, 0, CODE))


@pytest.mark.parametrize("target", [RAM, 0x80000000, 0xFFFFFFFC])
@pytest.mark.parametrize("how", ["jalr", "jru"])
@pytest.mark.parametrize("engine", ENGINES)
def test_fetch_where_no_memory_is(engine: str, how: str, target: int) -> None:
    """A bus error at the new pc, after the jump has retired."""
    p = Program()
    p(how, *(("ra", 3, "a1") if how == "jalr" else ("a1",)))
    p.org(HANDLER)
    p("jal", "zero", HANDLER)
    got = run(engine, p, 2, registers={"a1": target}, control={"tvec": HANDLER})
    assert [got[name] for name in ("cause", "tval", "epc", "pc", "time")] == [9, target, target, HANDLER, 2]


@pytest.mark.parametrize("engine", ENGINES)
def test_running_off_the_end_of_ram(engine: str) -> None:
    p = Program(at=RAM - 8)
    p("addi", "a0", "zero", 1)
    p("addi", "a0", "zero", 2)
    got = run(engine, p, entry=RAM - 8)
    assert got.stop == Stop("trap", trap=TrapInfo(9, RAM, RAM))
    assert (got["a0"], got.state.instructions) == (2, 2)


@pytest.mark.parametrize("engine", ENGINES)
def test_traps_in_the_middle_of_a_block(engine: str) -> None:
    """What came before the trap has happened, what comes after has not; a handler that adds 4 goes on."""
    p = Program()
    p.control("tvec", "handler")
    p("addi", "a0", "zero", 1)
    p("addi", "s1", "zero", 0)
    at = p("div", "a0", "a0", "s1")
    p("addi", "a0", "a0", 1)
    p.off()
    p.label("handler")
    p("addi", "a3", "a0", 0)
    p("rdcr", "a4", "epc")
    p("addi", "t0", "a4", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    got = run(engine, p)
    assert (got.stop, got["a3"], got["a4"], got["a0"]) == (Stop("exit", 0), 1, at, 2)
