"""Interrupts of machines whose lines have an order of their own and enables for each: the same ones are taken, at the
same instructions, under every engine."""

from __future__ import annotations

from random import Random

import pytest

from ring1.isa.manual import manual
from ring1.isa.switches import needed
from tests.machine.builder import Program, run, run_all
from tests.machine.extended import extended

ORDER = (11, 3, 7, 30)
TEXT = """
control raised @12;
control always @13;
control gated  @14;
interrupts {
    enable  always | (psw.IE ? gated : 0);
    pending raised;
    order   11 3 7 30;
    cause   0x80000000 | line;
    value   raised;
}
"""


def program(raised: int, always: int, gated: int) -> Program:
    """The handler records the line in memory, at `sp`, and lowers it."""
    p = Program(extended(TEXT))
    p.control("tvec", 0x400)
    p.li("sp", 0x1000)
    p.control("always", always)
    p.control("gated", gated)
    p.control("raised", raised)
    for _ in range(4):
        p("addi", "s0", "s0", 1)
    p("sti")
    for _ in range(4):
        p("addi", "s0", "s0", 1)
    p.off()
    p.org(0x400)
    p("rdcr", "a0", "cause")
    p("rdcr", "a1", "epc")
    p("sw", "a0", 0, "sp")
    p("sw", "a1", 4, "sp")
    p("sw", "s0", 8, "sp")
    p("addi", "sp", "sp", 12)
    p("addi", "a2", "zero", 1)
    p("sll", "a2", "a2", "a0")
    p("rdcr", "a3", "raised")
    p("xor", "a3", "a3", "a2")
    p("wrcr", "raised", "a3")
    p("rfe")
    return p


def lines(mask: int) -> list[int]:
    return sorted((n for n in range(32) if mask >> n & 1), key=lambda n: (ORDER.index(n) if n in ORDER else 32, n))


@pytest.mark.parametrize("seed", range(6))
def test_each_line_in_its_turn(seed: int) -> None:
    """Lines that are gated come behind `sti`, in the order of the description."""
    rng = Random(seed)
    raised, gated = (rng.getrandbits(32) & rng.getrandbits(32) | 0x888 for _ in range(2))
    got = run_all(program(raised, 0, gated))
    wanted = lines(raised & gated)
    seen = [(got.word(0x1000 + 12 * n) & 0xFF, got.word(0x1008 + 12 * n)) for n in range(len(wanted))]
    assert seen == [(line, 4) for line in wanted]
    assert got["raised"] == raised & ~gated and got["s0"] == 8


def test_lines_that_are_always_let_in() -> None:
    """Before `sti`, which gated ones wait for; and again before the handler's first instruction, for ever."""
    p = program(1 << 3 | 1 << 5 | 1 << 9, 1 << 9, 1 << 3 | 1 << 5)
    got = run_all(p)
    assert got.stop.reason == "double-fault" and (got["cause"], got["epc"], got["s0"]) == (0x80000009, 0x400, 0)


@pytest.mark.parametrize("mmu", ["bt", "bare", "trap", "hybrid"])
def test_waiting_is_for_any_pending_line(mmu: str) -> None:
    """Also for one that is not enabled, as the description says what is pending; then it goes on behind the wait."""
    text = TEXT.replace("pending raised", "pending raised & always")
    isa = extended(text.replace("always | (psw.IE ? gated : 0)", "psw.IE ? gated : 0"), "pg32v")
    p = Program(isa)
    p.control("always", 8)
    p.control("gated", 0)
    p.control("raised", 8)
    p("sti")
    p("hlt")
    p("addi", "s0", "zero", 7)
    p.off()
    want = run("interp", p)
    assert want["s0"] == 7 and want.stop.code == 0
    assert run(mmu, p) == want


def test_what_is_needed_for_any_line() -> None:
    """A bit that only one line needs is not needed for interrupts."""
    assert needed(extended(TEXT)) == {}
    assert needed(extended(TEXT.replace("always | (psw.IE ? gated : 0)", "gated & sx(psw.IE)"))) == {"psw": 4}
    assert needed(extended(TEXT.replace("always | (psw.IE ? gated : 0)", "{gated[31:1], psw.IE}"))) == {}


def test_manual() -> None:
    text = manual(extended(TEXT))
    assert "line 11, then 3, then 7, then 30, then the lowest first" in text
    assert "while a bit is set in both always | (psw.IE ? gated : 0) and" in text


LOWERING = """
control raised @12;
interrupts {
    enable  zx(psw.IE) | raised & 8;
    pending raised;
    cause   0x80000000 | line;
    value   0;
}
on trap(number, value) unless tvec == 0 {
    epc = pc; cause = number; tval = value;
    psw.PRING = psw.RING; psw.RING = 0;
    psw.PIE = psw.IE; psw.IE = 0;
    raised = number == 0x80000000 ? 8 : 0;
    pc = tvec;
}
"""


def test_an_interrupt_that_makes_another_line_pending() -> None:
    """Entering the handler for line 0 lowers that line and raises line 3, which nothing disables: it comes before the
    handler's first instruction."""
    p = Program(extended(LOWERING))
    p.control("tvec", 0x400)
    p.li("a0", 1)
    p("sti")
    p("wrcr", "raised", "a0")
    for _ in range(4):
        p("addi", "s0", "s0", 1)
    p.off(1)
    p.org(0x400)
    p("addi", "s1", "s1", 1)
    p("rdcr", "a1", "cause")
    p("rdcr", "a2", "epc")
    p.off()
    done = run_all(p)
    assert (done["a1"], done["a2"], done["s1"], done["s0"]) == (0x80000003, 0x400, 1, 0)
