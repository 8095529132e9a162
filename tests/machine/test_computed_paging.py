"""Paging that is described by way of computed control registers: it means the same."""

from __future__ import annotations

from random import Random

import pytest

from ring1.isa.classify import classify
from tests.machine.builder import Program, machine, run
from tests.machine.extended import extended
from tests.machine.tables import ALL, DATA, LOAD, ONE, RAM, ROOT, TABLE, TWO, Space, U, V, image
from tests.ways import present

WAYS = ("interp", "bare", "bare/traced", "bt", "bt/softtlb", "bt/softtlb/traced", "hw", "kvm")
MONITORS = ("trap", "trap/softtlb", "hybrid")
BODY = """
    page 12; levels 10 10; root %s;
    entry 4 { V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; PPN 31:12; }
    frame PPN; invalid !V | W & !R; leaf R | W | X; denied %s;
    fetch X else fetch_page_fault; load R else load_page_fault; store W else store_page_fault;
    accessed A; dirty D;
"""
TEXTS = {
    "when and root": "control space { ON 0 = ptb.EN; TABLE 31:12 = ptb.ROOT; }\npaging when space.ON {"
    + BODY % ("space.TABLE", "psw.RING == 3 & !U")
    + "}\n",
    "rights": "control who { R 5:4 = psw.RING; }\npaging when ptb.EN {"
    + BODY % ("ptb.ROOT", "who.R == 3 & !U")
    + "}\n",
    # Beside bits that addresses cannot depend on, in the same register.
    "by bit": "control mixed { LEVEL 0 = line(1); SIGN 1 = a0[31]; R 5:4 = psw.RING; "
    + "DUE 6 = reached({zero, timecmp}); }\n"
    + "paging when ptb.EN {"
    + BODY % ("ptb.ROOT", "mixed.R == 3 & !U")
    + "}\n",
    "all": "control space = ptb;\ncontrol who { USER 0 = psw.RING == 3; }\n"
    + "paging when space[0] {"
    + BODY % ("space[31:12]", "who.USER & !U")
    + "}\n",
}


def walking() -> Program:
    """Ring 0 sees page 5 and 6, goes to ring 3, which sees page 6 alone; the tables are exchanged, and back."""
    p = Program()
    p.control("tvec", 0x800)
    p.li("a5", ROOT | 1)
    p("setptb", "a5")
    p.li("a1", 0x5000)
    p.li("a2", 0x6000)
    for _ in range(3):
        p("lw", "a3", 0, "a1")
        p("lw", "a4", 0, "a2")
        p("sw", "a3", 8, "a2")
    p.control("epc", "user")
    p.li("t0", 3 << 3)
    p("setpsw", "t0")
    p("rfe")
    p.label("user")
    p("lw", "s0", 8, "a2")
    p("lw", "s1", 0, "a1")  # faults
    p.org(0x800)
    p("rdcr", "ra", "cause")
    p("rdcr", "sp", "tval")
    p("lw", "gp", 4, "a1")
    p("setptb", "zero")
    p("lw", "tp", 4, "a1")
    p.off(5)
    return p


@pytest.mark.parametrize("name", TEXTS)
def test_it_means_the_same(name: str) -> None:
    space = Space({5: ONE | ALL & ~U, 6: TWO | ALL}, {0: TABLE | V})
    memory = image(space, walking())
    first, second = (int.from_bytes(DATA[at : at + 4], "little") for at in (0, 4))
    for way in present((*WAYS, *MONITORS)):
        parent = "pg32v" if way.split("/")[0] in MONITORS else "pg32"
        want = run("interp", memory, memory=RAM, isa=machine(parent))
        for hot in (False, True):
            got = run(way, memory, memory=RAM, isa=extended(TEXTS[name], parent), hot=hot)
            assert got.stop.code == 5, (way, got.stop)
            assert (got["s0"], got["gp"], got["ra"], got["sp"]) == (first, second, LOAD, 0x5000), way
            assert got.memory == want.memory, way  # accessed and dirty bits among it
            assert got.state.registers == want.state.registers, way


@pytest.mark.parametrize("name", TEXTS)
def test_the_classification_is_the_same(name: str) -> None:
    """What is sensitive by its location is so by way of computed bits as well."""
    plain, computed = classify(machine()), classify(extended(TEXTS[name]))
    for insn, found in plain.items():
        other = computed[insn]
        assert (other.privileged, other.sensitive, other.mode, bool(other.location)) == (
            found.privileged,
            found.sensitive,
            found.mode,
            bool(found.location),
        ), insn


def test_generated_programs_do_not_tell_them_apart() -> None:
    """One of the generator's, with page tables and traps in it."""
    from tests.machine.generator import SIZE, case, plan

    isa = extended(TEXTS["all"])
    for seed in (3, 8):
        made = case(plan(Random(seed), "pg32"))
        most = made.limits[-1]  # behind it a program may rely on stale translations
        want = run("interp", made.image, most, memory=SIZE, source=made.source, seed=made.seed)
        for way in present(("interp", "bt", "bare/softtlb", "hw")):
            got = run(way, made.image, most, memory=SIZE, source=made.source, seed=made.seed, isa=isa)
            assert (got.stop, got.state.registers, got.memory) == (want.stop, want.state.registers, want.memory), way
