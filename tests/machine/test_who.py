"""Accesses to data made in another mode's name, as RISC-V's MPRV has them made: which are translated, what is denied,
and what faults, under every engine alike."""

from __future__ import annotations

import pytest

from ring1.isa.classify import classify
from ring1.isa.manual import manual
from tests.machine.builder import Program, machine, run
from tests.machine.extended import extended
from tests.machine.tables import ALL, DATA, ONE, OTHER, RAM, ROOT, TABLE, TWO, Space, U, V, image

PAGING = """
paging when ptb.EN & who != 0 {
    who fetch psw.RING; who data %s;
    page 12; levels 10 10; root ptb.ROOT;
    entry 4 { V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; PPN 31:12; }
    frame PPN; invalid !V | W & !R; leaf R | W | X; denied who == 3 & !U;
    fetch X else fetch_page_fault; load R else load_page_fault; store W & who != 2 else store_page_fault;
    accessed A; dirty D;
}
"""
ANOTHERS = PAGING % "psw.FLAGS[0] == 1 ? psw.PRING : psw.RING"
OWN = PAGING % "psw.RING"
WAYS = ("bare", "bt", "bt/softtlb", "bt/traced", "trap", "hybrid")


def program() -> Program:
    """Ring 0, whose addresses are not translated, reads and writes in the names of rings 3, 1 and 2."""
    p = Program()
    p.control("tvec", 0x800)
    p.li("a5", ROOT | 1)
    p("setptb", "a5")
    p.li("a1", 0x5000)  # a page that ring 3 does not see
    p.li("a2", 0x6000)
    p.li("s1", 0x700)
    for number, ring in enumerate((3, 1, 2)):
        p("lw", "s0", 0, "a2")
        p.li("t0", 1 << 8 | ring << 3)
        p("setpsw", "t0")
        p("lw", "a3", 0, "a2")  # TWO, as ring 3 sees it
        p("lw", "a4", 0, "a1")  # faults for ring 3
        p("sw", "a3", 4, "a2")  # faults for ring 2
        p("setpsw", "zero")
        p("sw", "a3", 0x800 + 16 * number, "s1")
        p("sw", "a4", 0x804 + 16 * number, "s1")
        p("sw", "s0", 0x808 + 16 * number, "s1")
    p.off(7)
    p.org(0x800)
    p("setpsw", "zero")
    p("rdcr", "t1", "cause")
    p("rdcr", "t2", "tval")
    p("rdcr", "t0", "epc")
    p("add", "gp", "gp", "t1")
    p("add", "tp", "tp", "t2")
    p("jalr", "zero", 4, "t0")
    return p


def memory() -> bytes:
    return image(Space({5: ONE | ALL & ~U, 6: TWO | ALL}, {0: TABLE | V}), program())


@pytest.mark.parametrize("way", WAYS)
def test_under_every_engine(way: str) -> None:
    isa = extended(ANOTHERS, "pg32v")
    want = run("interp", memory(), memory=RAM, isa=isa)
    assert run(way, memory(), memory=RAM, isa=isa) == want


def test_what_comes_of_it() -> None:
    """Loads see through the tables in the name of a ring above 0; stores in that of ring 2 fault."""
    got = run("interp", memory(), memory=RAM, isa=extended(ANOTHERS))
    assert got.stop.code == 7
    causes = machine().causes
    faults = [causes[name].number for name in ("load_page_fault", "store_page_fault")]
    assert (got["gp"], got["tp"]) == (sum(faults), 0x5000 + 0x6004)
    one, two = (int.from_bytes(data[:4], "little") for data in (DATA, OTHER))
    seen = [[got.word(0xF00 + 16 * number + at) for at in (0, 4, 8)] for number in range(3)]
    # Page 6 is TWO in their names, and itself, which is empty but for what ring 0 has written, in ring 0's own.
    assert seen == [[two, 0, 0], [two, one, 0], [two, one, 0]]
    assert got.word(0x6004) == two and got.word(TWO + 4) == two


def test_the_same_said_otherwise() -> None:
    """With its own mode for both, it is what it would be without `who`."""
    plain = OWN.replace("who fetch psw.RING; who data psw.RING;", "").replace("who", "psw.RING")
    a, b = (extended(text).paging for text in (OWN, plain))
    assert a == b and a is not None and not a.split
    assert {n: c.privileged for n, c in classify(extended(OWN)).items()} == {
        n: c.privileged for n, c in classify(extended(plain)).items()
    }


def test_manual() -> None:
    text = manual(extended(ANOTHERS))
    assert "For a fetch: on when ptb.EN & psw.RING != 0 is 1." in text
    assert "For a load: on when ptb.EN & (psw.FLAGS[0] == 1 ? psw.PRING : psw.RING) != 0 is 1." in text
    assert "denied to data" in text
