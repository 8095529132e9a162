"""Interrupts that are switched on in other ways than by one bit of the processor status."""

from __future__ import annotations

from random import Random

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.isa.model import Isa
from ring1.isa.switches import needed
from tests.machine.builder import Program, run
from tests.machine.extended import extended
from tests.ways import present

EQUIVALENT = ("interp", "bare", "bt", "bt/softtlb", "hw", "kvm")
MONITORS = ("trap", "hybrid")
HANDLER = 0x400
TIMER = 0x80000000


def interrupts(enable: str, pending: str = "ie & ip") -> str:
    return f"interrupts {{ enable {enable}; pending {pending}; cause 0x80000000 | line; value 0; }}\n"


def trap(more: str) -> str:
    return f"""on trap(number, value) unless tvec == 0 {{
        epc = pc; cause = number; tval = value; psw.PRING = psw.RING; psw.PIE = psw.IE; psw.RING = 0; psw.IE = 0; {more}
        pc = tvec;
    }}\n"""


KERNELS = "guard {} {{ require psw.RING == 0 else privileged(word); }}\n"
"""What switches interrupts on is for kernels: under trap and hybrid it would be a hole."""
WHOLE = "control gate = zx(psw.IE);\n" + interrupts("gate[0]")
FIELD = "control gate { A 3 = psw.IE; }\n" + interrupts("gate.A")
SPREAD = "control gate = {psw[31:3], psw.IE, psw[1:0]};\n" + interrupts("gate[2]")
TWICE = "control inner = {0b0000000000000000000000000000000, psw.IE};\ncontrol gate { A 9 = inner[0]; }\n"
TWICE = TWICE.replace("0b0000000000000000000000000000000", "psw[31:1] & 0") + interrupts("gate.A")
MASKED = "control gate @12 { MASK 0; }\n" + interrupts("!gate.MASK") + trap("gate.MASK = 1;")
MASKED += "insn go : Z(0xa0) { gate.MASK = 0; }\n" + KERNELS.format("go")
BOTH = "control gate @12 { ON 5; }\n" + interrupts("psw.IE & gate.ON") + "insn go : Z(0xa0) { gate.ON = 1; }\n"
BOTH += KERNELS.format("go")
EITHER = "control gate @12 { ON 5; }\n" + interrupts("psw.IE | gate.ON") + trap("gate.ON = 0;")
EITHER += "insn go : Z(0xa0) { gate.ON = 1; }\n" + KERNELS.format("go")
LEVEL = "control gate @12 { LEVEL 3:0; }\n" + interrupts("gate.LEVEL <u 5") + trap("gate.LEVEL = 9;")
LEVEL += "insn go : Z(0xa0) { gate.LEVEL = 4; }\n" + KERNELS.format("go")
ONE = "control ie @5 { LINES 3:0; MASTER 31; }\n" + interrupts("ie.MASTER", "zx(ie.LINES) & ip")
ONE += trap("ie.MASTER = 0;") + "insn go : Z(0xa0) { ie.MASTER = 1; }\ninsn arm : Z(0xa1) { ie.LINES = 1; }\n"
ONE += KERNELS.format("go arm")
WANT = "control want = ie & ip;\n" + interrupts("psw.IE", "want")

IE, PIE = 1 << 2, 1 << 5
CASES: dict[str, tuple[str, dict[str, int], tuple[tuple[str, ...], ...]]] = {
    **{
        f"{name} by {how[-1][0]}": (text, {}, how)
        for name, text in {"whole": WHOLE, "field": FIELD, "spread": SPREAD, "twice": TWICE, "pending": WANT}.items()
        for how in ((("sti",),), (("%psw", "4"),), (("%rfe",),))
    },
    "masked by go": (MASKED, {"gate": 1}, (("go",),)),
    "masked by wrcr": (MASKED, {"gate": 1}, (("%gate", "0"),)),
    "both by go": (BOTH, {"psw": IE}, (("go",),)),
    "both by wrcr": (BOTH, {"psw": IE}, (("%gate", "32"),)),
    "both by sti": (BOTH, {"gate": 32}, (("sti",),)),
    "both in turn": (BOTH, {}, (("sti",), ("go",))),
    "either by go": (EITHER, {}, (("go",),)),
    "either by sti": (EITHER, {}, (("sti",),)),
    "level by go": (LEVEL, {"gate": 6}, (("go",),)),
    "level by wrcr": (LEVEL, {"gate": 6}, (("%gate", "0"),)),
    "one by go": (ONE, {}, (("go",),)),
    "one by wrcr": (ONE, {}, (("%ie", "-1"),)),
    "one by arm": (ONE, {"ie": 1 << 31}, (("arm",),)),
}


def program(text: str, parent: str, how: tuple[tuple[str, ...], ...], rounds: int) -> tuple[Program, int]:
    """A loop, then what switches interrupts on; and where the guest is then, when it is interrupted at once."""
    p = Program(extended(text, parent))
    p("addi", "s0", "zero", rounds)
    p.label("again")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.li("a1", 5)
    after = 0
    for name, *value in how:
        if name == "%rfe":
            p.control("epc", "resumed")
            p.li("t0", PIE)
            p("setpsw", "t0")
            p("rfe")
            p.label("resumed")
        elif name == "%psw":
            p.li("t0", int(value[0]))
            p("setpsw", "t0")
        elif name.startswith("%"):
            p.control(name[1:], int(value[0]))
        else:
            p(name)
        after = p.at
    for _ in range(30):
        p("addi", "a2", "a2", 1)
    p.off(1)
    p.org(HANDLER)
    p("rdcr", "a3", "epc")
    p("rdcr", "a4", "cause")
    p.off(2)
    return p, after


def ways() -> list[tuple[str, str]]:
    """Engines, and what their machine extends."""
    return [(name, "pg32") for name in present(EQUIVALENT)] + [(name, "pg32v") for name in present(MONITORS)]


@pytest.mark.parametrize("case", CASES)
def test_an_interrupt_comes_as_soon_as_it_may(case: str) -> None:
    """The timer is pending all the time: it interrupts behind the instruction that lets it."""
    text, control, how = CASES[case]
    for way, parent in ways():
        for rounds in (1, 60):
            p, after = program(text, parent, how, rounds)
            state = {"tvec": HANDLER, "ie": 1, "timecmp": 0, "timecmph": 0} | control
            got = run(way, p, control=state, hot=rounds > 1)
            assert got.stop == Stop("exit", 2), (way, rounds)
            assert (got["a3"], got["a4"], got["a2"]) == (after, TIMER, 0), (way, rounds)


@pytest.mark.parametrize("case", CASES)
def test_no_interrupt_comes_before(case: str) -> None:
    """Without that instruction the guest gets to its end."""
    text, control, how = CASES[case]
    for way, parent in ways():
        p, _ = program(text, parent, how[:-1], 60)
        state = {"tvec": HANDLER, "ie": 1, "timecmp": 0, "timecmph": 0} | control
        got = run(way, p, control=state, hot=True)
        assert (got.stop, got["a2"]) == (Stop("exit", 1), 30), way


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("", {"psw": IE}),
        (WHOLE, {"psw": IE}),
        (FIELD, {"psw": IE}),
        (SPREAD, {"psw": IE}),
        (TWICE, {"psw": IE}),
        (MASKED, {}),
        (BOTH, {"psw": IE, "gate": 32}),
        (EITHER, {}),
        (LEVEL, {}),
        (ONE, {"ie": 1 << 31}),
    ],
)
def test_bits_that_are_needed(text: str, masks: dict[str, int]) -> None:
    assert needed(extended(text)) == masks


# --- By chance -------------------------------------------------------------------------------

LEAVES = ["psw.IE", "gate.A", "gate.B", "gate.C[1]", "psw.FLAGS[3]"]
PLACES = (("gate.A", 1), ("gate.B", 1), ("gate.C", 2), ("psw.FLAGS", 8))
WRITES = [f"{place} = {value}" for place, most in PLACES for value in (most, 0)]


def condition(r: Random, depth: int, names: list[str]) -> str:
    """One bit of control registers, computed ones among them."""
    kind = r.choice("&|^!?") if depth and r.random() < 0.75 else ""
    parts = [condition(r, depth - 1, names) for _ in range({"": 0, "!": 1, "?": 3}.get(kind, 2))]
    if kind == "?":
        return f"({parts[0]} ? {parts[1]} : {parts[2]})"
    return f"({kind.join(parts)})" if len(parts) == 2 else f"!({parts[0]})" if parts else r.choice(names)


def described(r: Random) -> str:
    """Two computed registers, the second by way of the first, and interrupts by way of both."""
    one = f"control one {{ X 4 = {condition(r, 2, LEAVES)}; Y 7:6 = {{{condition(r, 1, LEAVES)}, psw.IE}}; Z 12; }}\n"
    names = [*LEAVES, "one.X", "one.Y[0]", "one.Y[1]", "one[4]"]
    two = f"control two = {{psw[30:0], {condition(r, 2, names)}}};\n"
    pending = r.choice(("ie & ip", "zx(ie[3:0]) & ip", "gate.B ? (ie & ip) : (ip & 1)", "ip & {psw[31:1], two[0] | 1}"))
    insns = "".join(f"insn g{n} : Z({0xA0 + n:#x}) {{ {write}; }}\n" for n, write in enumerate(WRITES))
    guard = (
        f"guard {' '.join(f'g{n}' for n in range(len(WRITES)))} {{ require psw.RING == 0 else privileged(word); }}\n"
    )
    gate = "control gate @12 { A 0; B 1; C 5:4; }\n"
    return gate + one + two + interrupts(condition(r, 3, [*names, "two[0]"]), pending) + insns + guard


def drawn(r: Random, isa: Isa) -> Program:
    """Rounds of writes to whatever lets interrupts in; the handler notes where each came."""
    p = Program(isa)
    p.label("again")
    for _ in range(25):
        kind = r.randrange(20)
        if kind < 7:
            p(f"g{r.randrange(len(WRITES))}")
        elif kind < 9:
            p(r.choice(("sti", "cli")))
        elif kind < 11:
            p.control(*r.choice((("gate", r.randrange(64)), ("ie", r.choice((0, 1, 8, 9))), ("ip", r.choice((0, 8))))))
        elif kind < 12:
            p.li("t0", r.choice((0, 4, 0x800, 0x804)))
            p("setpsw", "t0")
        else:
            p("addi", "a0", "a0", 1)
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(1)
    p.org(0x800)
    p("rdcr", "a3", "epc")
    p("sw", "a3", 0, "gp")
    p("addi", "gp", "gp", 4)
    p("rdcr", "a3", "timecmp")
    p("addi", "a3", "a3", 23)
    p("wrcr", "timecmp", "a3")
    p("wrcr", "ip", "zero")
    p("rfe")
    return p


@pytest.mark.parametrize("seed", range(8))
def test_any_condition(seed: int) -> None:
    text = described(Random(seed))
    settings = {
        "control": {"tvec": 0x800, "ie": 1, "timecmp": 7, "timecmph": 0, "psw": 4},
        "registers": {"s0": 12, "gp": 0x2000},
    }
    for way, parent in ways():
        p = drawn(Random(seed), extended(text, parent))
        want = run("interp", p, 3000, **settings)
        got = run(way, p, 3000, hot=bool(seed & 1), **settings)
        assert (got.stop, got.state, got.memory) == (want.stop, want.state, want.memory), way
