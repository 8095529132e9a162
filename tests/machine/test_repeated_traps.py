"""Traps one after the other with nothing retired between them: legal, as long as they change something."""

from __future__ import annotations

from itertools import product

import pytest

from ring1.dbt.machine import traps
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.isa.model import Isa
from tests.machine.builder import RAM, Program, run
from tests.machine.extended import extended
from tests.ways import present

BUS_ERROR, ILLEGAL, SYSCALL = 9, 0, 3
ENTRY = """
    epc = pc; cause = number; tval = value;
    psw.PRING = psw.RING; psw.PIE = psw.IE; psw.IE = 0;
"""
BRANCHING = f"""
control dvec @12;
on trap(number, value) unless tvec == 0 {{ {ENTRY}
    if psw.RING == 3 {{ psw.RING = 1; pc = dvec; }} else {{ psw.RING = 0; pc = tvec; }}
}}
"""
"""What user code traps with goes to a handler in ring 1, as RISC-V delegates to its supervisor."""
CHOOSING = f"""
control dvec @12;
on trap(number, value) unless tvec == 0 {{ {ENTRY}
    let user = psw.RING == 3;
    psw.RING = user ? 1 : 0;
    pc = user ? dvec : tvec;
}}
"""
NESTED = f"""
control dvec @12;
control nested @13 {{ N 0; }}
on trap(number, value) unless tvec == 0 {{ {ENTRY}
    psw.RING = 0;
    if nested.N {{ pc = dvec; }} else {{ pc = tvec; }}
    nested.N = 1;
}}
"""
"""The second trap goes elsewhere, though it may have the same pc, cause and mode."""
COUNTING = f"""
control count @12;
on trap(number, value) unless tvec == 0 {{ {ENTRY} psw.RING = 0; count = count + 1; pc = tvec; }}
"""
EQUIVALENT = ("interp", "bare", "bt", "bt/softtlb", "hw", "kvm")
MONITORS = ("trap", "hybrid")


def ways() -> list[tuple[str, str]]:
    """Engines, and a machine on which each is equivalent."""
    return [(name, "pg32") for name in present(EQUIVALENT)] + [(name, "pg32v") for name in present(MONITORS)]


def jump_to_user(p: Program, entry: int) -> None:
    p.control("epc", entry)
    p.li("t0", 3 << 3)
    p("setpsw", "t0")
    p("rfe")


@pytest.mark.parametrize(("way", "text"), [*product(ways(), (BRANCHING, CHOOSING))])
@pytest.mark.parametrize("dvec", [RAM, 0x8000])
def test_the_first_handler_cannot_be_executed(way: tuple[str, str], text: str, dvec: int) -> None:
    """User code makes a system call, its handler in ring 1 is not there or is no instruction, and that one's is."""
    isa = extended(text, way[1])
    p = Program(isa)
    p.control("tvec", 0x2000)
    p.control("dvec", dvec)
    jump_to_user(p, 0x1000)
    p.org(0x1000)
    p("syscall", 5)
    p.org(0x2000)
    p("rdcr", "a0", "epc")
    p("rdcr", "a1", "cause")
    p("rdcr", "a2", "tval")
    p("getpsw", "a3")
    p.off(7)
    got = run(way[0], p)
    assert got.stop == Stop("exit", 7)
    cause = BUS_ERROR if dvec == RAM else ILLEGAL
    assert [got[f"a{n}"] for n in range(4)] == [dvec, cause, dvec if dvec == RAM else 0, 1 << 3]


@pytest.mark.parametrize("way", ways())
def test_the_second_handler_cannot_be_executed_either(way: tuple[str, str]) -> None:
    """It stops where the second handler's trap would come again, with what that one has written."""
    p = Program(extended(BRANCHING, way[1]))
    p.control("tvec", RAM + 8)
    p.control("dvec", RAM + 4)
    jump_to_user(p, 0x1000)
    p.org(0x1000)
    p("syscall", 5)
    got = run(way[0], p)
    assert got.stop == Stop("double-fault", trap=TrapInfo(BUS_ERROR, RAM + 8, RAM + 8), first=TrapInfo(3, 5, 0x1000))
    # The traps at dvec, in ring 1, and at tvec, in ring 0, have been taken, the latter until nothing changed.
    assert [got[name] for name in ("epc", "cause", "tval", "psw")] == [RAM + 8, BUS_ERROR, RAM + 8, 0]


@pytest.mark.parametrize("way", ways())
def test_the_same_trap_may_go_elsewhere(way: tuple[str, str]) -> None:
    """The first handler is where the guest has jumped to: pc, cause and mode are those of the trap before."""
    p = Program(extended(NESTED, way[1]))
    p.control("tvec", RAM)
    p.control("dvec", 0x2000)
    p.li("a1", RAM)
    p("jalr", "zero", 0, "a1")
    p.org(0x2000)
    p("rdcr", "a0", "epc")
    p.off(7)
    got = run(way[0], p)
    assert (got.stop, got["a0"]) == (Stop("exit", 7), RAM)


@pytest.mark.parametrize("way", ways())
def test_time_does_not_stand_still_for_ever(way: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every trap changes something, and none gets anywhere."""
    monkeypatch.setattr(traps, "MOST_TRAPS", 50)
    p = Program(extended(COUNTING, way[1]))
    p.control("tvec", RAM)
    p("syscall", 5)
    got = run(way[0], p)
    assert got.stop == Stop("double-fault", trap=TrapInfo(BUS_ERROR, RAM, RAM), first=TrapInfo(3, 5, p.at - 4))
    assert got["count"] == 51  # the system call, and fifty without an instruction


@pytest.mark.parametrize("way", ways())
def test_an_interrupt_whose_handler_is_not_there(way: tuple[str, str]) -> None:
    """The interrupt is the first; its flag is gone once the trap of the fetch has been taken twice."""
    p = Program(extended("", way[1]))
    for _ in range(8):
        p("addi", "a0", "a0", 1)
    control = {"psw": 4, "ie": 1, "timecmp": 5, "timecmph": 0, "tvec": RAM}
    got = run(way[0], p, control=control)
    first = TrapInfo(0x80000000, 0, 20)
    assert got.stop == Stop("double-fault", trap=TrapInfo(BUS_ERROR, RAM, RAM), first=first)
    assert [got[name] for name in ("epc", "cause", "psw")] == [RAM, BUS_ERROR, 0]
    assert got.state.instructions == 5


def test_the_manual_machine_says_the_same() -> None:
    """PG32's own trap, against the model that was written from the manual."""
    isa: Isa = extended("")
    p = Program(isa)
    p.control("tvec", RAM)
    p("syscall", 9)
    for engine in present(EQUIVALENT):
        got = run(engine, p, control={"psw": 4})
        assert [got[name] for name in ("epc", "cause", "tval", "psw")] == [RAM, BUS_ERROR, RAM, 0], engine


ENDLESS = """
on trap(number, value) unless tvec == 0 {
    epc = pc; cause = number; tval = value; psw.PRING = psw.RING; psw.PIE = psw.IE; psw.RING = 0; pc = tvec;
}
"""
"""Interrupts stay switched on: one that is still pending comes again before the handler's first instruction."""


@pytest.mark.parametrize("way", ways())
def test_interrupts_without_end(way: tuple[str, str]) -> None:
    p = Program(extended(ENDLESS, way[1]))
    for _ in range(8):
        p("addi", "a0", "a0", 1)
    p.org(0x200)
    p("addi", "a1", "a1", 1)
    p.off(1)
    control = {"psw": 4, "ie": 1, "timecmp": 5, "timecmph": 0, "tvec": 0x200}
    got = run(way[0], p, control=control, hot=True)
    timer = 0x80000000
    assert got.stop == Stop("double-fault", trap=TrapInfo(timer, 0, 0x200), first=TrapInfo(timer, 0, 20))
    assert [got[name] for name in ("a1", "epc", "cause", "psw")] == [0, 0x200, timer, 4 | 1 << 5]
