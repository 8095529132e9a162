"""Control registers whose description says what a write does: views of others, bits that keep to legal values, counters
that can be written."""

from __future__ import annotations

import pytest

from ring1.isa.classify import classify
from ring1.isa.manual import manual
from tests.machine.builder import Program, run, run_all
from tests.machine.extended import extended

VIEWS = """
control mask  @12 reset 0x0f;
control view  @13 "the bits of ie that mask gives" = ie & mask set v { ie = ie & ~mask | v & mask; }
control legal @14 { WHAT 2:0; REST 31:8; } set v {
    let new = v[2:0];
    legal.REST = v[31:8];
    if new != 2 { legal.WHAT = new; } else { legal.WHAT = 7; }
}
control skew;
control skewh;
control count @15 = (time() + {skewh, skew})[31:0] set v {
    let ahead = zx(v, 64) - time() - 1;
    skew = ahead[31:0];
    skewh = ahead[63:32];
}
insn put : CX(0xa0) { let ahead = rs1; let v = rs1 + 1; csr[cr] = v; a3 = ahead + v; }
insn twice : CX(0xa1) { csr[cr] = rs1; let old = csr[cr]; csr[cr] = rs1 + 1; a4 = old; }
insn direct : X(0xa2) { legal = rs1; view = rs1; }
"""


def program() -> Program:
    p = Program(extended(VIEWS))
    p.control("tvec", 0x400)
    p.control("ie", 0x5)
    p.control("mask", 0x3)
    p.control("view", 0xFFFFFFFE)
    p("rdcr", "s0", "ie")  # 6: bit 2 stays, bits 1 and 0 are written
    p("rdcr", "s1", "view")
    p.control("legal", 0x123456FA)
    p("rdcr", "a0", "legal")
    p.control("legal", 0xFD)
    p("rdcr", "a1", "legal")
    p.li("t0", 3)
    p("put", "legal", "t0")  # writes 4, and locals of one name are different ones
    p("rdcr", "a2", "legal")
    p.li("t0", 1)
    p("twice", "legal", "t0")  # reads back 1, then 2 is written, which becomes 7
    p("rdcr", "a5", "legal")
    p.li("t0", 0x1002)
    p("direct", "t0")  # a body that names a register writes its bits, of a computed one none
    p("rdcr", "t1", "legal")
    p("rdcr", "t2", "ie")
    p.control("count", 1000)
    p("rdcr", "ra", "count")
    p("rdcr", "sp", "count")
    p("rdcr", "gp", "time")
    p("sw", "t1", 0x700, "zero")
    p.off(3)
    return p


def test_views_and_legal_values() -> None:
    got = run_all(program())
    assert got.stop.code == 3 and got["cause"] == 0
    assert (got["s0"], got["s1"]) == (0x6, 0x2)
    assert (got["a0"], got["a1"]) == (0x12345607, 5)
    assert (got["a2"], got["a3"]) == (4, 7)
    assert (got["a4"], got["a5"]) == (1, 7)
    assert (got.word(0x700), got["t2"]) == (0x1002, 6)
    assert (got["ra"], got["sp"]) == (1000, 1001) and got["gp"] < 100


@pytest.mark.parametrize("engine", ["trap", "trap/softtlb", "hybrid"])
def test_under_monitors(engine: str) -> None:
    isa = extended(VIEWS, "pg32v")
    image = program().image()
    want = run("interp", image, isa=isa)
    assert run(engine, image, isa=isa) == want and want["s0"] == 0x6


def test_a_write_to_a_view_can_make_a_line_pending() -> None:
    """At the instruction behind it, under every engine."""
    p = Program(extended(VIEWS))
    p.control("tvec", 0x400)
    p.control("mask", 0x8)
    p.control("ip", 0x8)
    p("sti")
    for _ in range(3):
        p("addi", "a0", "a0", 1)
    p.control("view", 0x8)
    at = p("addi", "a0", "a0", 1)
    p.org(0x400)
    p("rdcr", "a1", "epc")
    p.off(1)
    got = run_all(p)
    assert (got["a1"], got["cause"], got["a0"]) == (at, 0x80000003, 0x10003)


def test_classes() -> None:
    """Writing by number is writing what the register's description says."""
    only = "insn one : CX(0xa3) { require #cr == 13 else illegal(word); csr[cr] = rs1; }\n"
    found = classify(extended(VIEWS + only, "pg32v"))
    assert found["one"].control == ("ie.LINES",) and found["one"].user == ("control",)
    assert "psw.IE" not in found["put"].control and "ie.LINES" in found["put"].control
    assert found["wrcr"].privileged


def test_manual() -> None:
    text = manual(extended(VIEWS))
    assert "A write of v:\n        ie = ie & ~mask | v & mask;" in text
    assert "view  the bits of ie that mask gives (number 13)" in text
