"""Idioms of compilers for processors with few kinds of instructions: each comes to what the interpreter computes, on
edge values, wherever the registers are, and to the host instructions that there are for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ring1.dbt.host.present import present
from tests.machine.builder import Program, run, started
from tests.translate.blocks import caught

EDGES = (
    0,
    1,
    2,
    31,
    0x7F,
    0x80,
    0xFF,
    0x100,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFF00,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
PAIRS = [(a, b) for a in EDGES for b in EDGES]
TABLE, RESULTS = 0x2000, 0x4000
INPUTS, OUTPUTS = ("a0", "a1"), ("a0", "a1", "a2", "a3", "a4")

Line = tuple[str | int, ...]

IDIOMS: dict[str, tuple[Sequence[Line], tuple[str, ...]]] = {
    "rotation": ([("slli", "a2", "a0", 7), ("srli", "a3", "a0", 25), ("or", "a2", "a2", "a3")], ("rorx",)),
    "rotation by sum": ([("slli", "a2", "a0", 24), ("srli", "a0", "a0", 8), ("add", "a0", "a0", "a2")], ("rorx",)),
    "shift of two": ([("srli", "a2", "a0", 31), ("slli", "a3", "a1", 1), ("or", "a4", "a2", "a3")], ("shr", "lea")),
    "no rotation": ([("slli", "a2", "a0", 7), ("srli", "a3", "a1", 25), ("or", "a2", "a2", "a3")], ("or",)),
    "scaled": ([("addi", "a2", "a0", 64), ("slli", "a2", "a2", 2), ("add", "a2", "a2", "a1")], ("lea",)),
    "three times": ([("slli", "a2", "a0", 1), ("add", "a2", "a2", "a0"), ("addi", "a2", "a2", 1)], ("lea", "add")),
    "byte": ([("andi", "a2", "a0", 255), ("xor", "a2", "a2", "a1")], ("movzx", "xor")),
    "byte by shifts": ([("slli", "a2", "a0", 24), ("srli", "a2", "a2", 24), ("sub", "a2", "a1", "a2")], ("movzx",)),
    "signed byte": ([("slli", "a2", "a0", 24), ("srai", "a2", "a2", 24), ("xor", "a2", "a2", "a1")], ("movsx",)),
    "signed half": ([("slli", "a2", "a0", 16), ("srai", "a2", "a2", 16), ("xor", "a2", "a2", "a1")], ("movsx",)),
    "carry": (
        [("add", "a2", "a0", "a1"), ("sltu", "a3", "a2", "a0"), ("add", "a4", "a1", "a3")],
        ("cmp", "mov", "adc"),
    ),
    "borrow": ([("sltu", "a3", "a0", "a1"), ("sub", "a4", "a1", "a3")], ("cmp", "mov", "sbb")),
    "mask": ([("sltu", "a3", "a0", "a1"), ("sub", "a4", "zero", "a3"), ("and", "a2", "a0", "a4")], ("sbb", "and")),
    "no carry": ([("sltu", "a3", "a0", "a1"), ("xori", "a3", "a3", 1), ("add", "a4", "a1", "a3")], ("sbb",)),
    "count of nonzero": ([("sltu", "a3", "zero", "a0"), ("add", "a4", "a1", "a3")], ("add",)),
    "wrapped": ([("addi", "a2", "a0", 5), ("sltu", "a3", "a2", "a0"), ("add", "a4", "a1", "a3")], ("cmp",)),
    "signed minimum": (
        [("slt", "a2", "a0", "a1"), ("beq", "a2", "zero", 8), ("addi", "a1", "a0", 0)],
        ("cmp", "jg|jle"),
    ),
    "bit": ([("andi", "a2", "a0", 128), ("bne", "a2", "zero", 8), ("addi", "a1", "a2", 3)], ("test", "jne|je")),
    "countdown": ([("addi", "a2", "a0", -1), ("beq", "a2", "zero", 8), ("sub", "a3", "a1", "a2")], ("cmp",)),
    "difference": ([("sub", "a2", "a0", "a1"), ("beq", "a2", "zero", 8), ("addi", "a3", "a2", 9)], ("sub", "je")),
    "choice of either": (
        [("sltiu", "a2", "a0", 1), ("beq", "a2", "zero", 8), ("addi", "a3", "a2", 4)],
        ("test", "jne|je"),
    ),
    "zero to memory": ([("sw", "zero", 12, "s1"), ("addi", "a2", "zero", 0), ("sb", "a2", 17, "s1")], ()),
    "high product": ([("mulhu", "a0", "a0", "a1")], ("imul", "shr")),
    "high signed product": ([("mulh", "a1", "a0", "a1")], ("movsxd", "movsxd", "imul", "shr")),
    "high mixed product": ([("mulhsu", "a1", "a0", "a1"), ("mulhsu", "a0", "a0", "a0")], ("imul", "shr")),
    "reversed difference": ([("sub", "a1", "a0", "a1")], ("neg", "add")),
    "two shifts": (
        [("srli", "a2", "a0", 3), ("srli", "a2", "a2", 30), ("slli", "a3", "a1", 30), ("slli", "a3", "a3", 3)],
        (),
    ),
    "offset above": ([("addi", "a2", "a0", -1), ("slli", "a2", "a2", 30), ("sltu", "a3", "a2", "a1")], ()),
    "an own test": ([("sltu", "a0", "a0", "a1"), ("addi", "a1", "a1", 1), ("add", "a1", "a1", "a0")], ()),
    "sources that go": (
        [("srli", "a2", "a0", 3), ("slli", "a3", "a0", 9), ("andi", "a4", "a0", 15), ("xori", "a0", "a1", 5)],
        (),
    ),
    "in a circle": (
        [("sltu", "a2", "a0", "a1"), ("slli", "a0", "a1", 3), ("srli", "a1", "a0", 1), ("sltu", "a0", "a2", "a1")],
        (),
    ),
    "the place of a test": (
        [("sltu", "a0", "a0", "a1"), ("addi", "a2", "a0", 0), ("sltu", "a1", "a0", "a1"), ("addi", "a0", "a0", 3)],
        (),
    ),
}
"""Instructions, and host instructions that come in this order, perhaps with others between, where the path they are on
is hot."""


def program(lines: Sequence[Line]) -> Program:
    """All pairs of edge values go through the instructions, and all registers go to memory. A jump of 8 passes over the
    next instruction."""
    p = Program()
    p.li("s0", TABLE)
    p.li("s1", RESULTS)
    p.li("t0", len(PAIRS))
    p.label("again")
    for n, name in enumerate(INPUTS):
        p("lw", name, 4 * n, "s0")
    for name in OUTPUTS[len(INPUTS) :]:
        p.li(name, 0)
    for mnemonic, *operands in lines:
        jumps = str(mnemonic)[0] == "b"
        p(str(mnemonic), *(p.at + 8 if jumps and n == 2 else operand for n, operand in enumerate(operands)))
    for n, name in enumerate(OUTPUTS):
        p("sw", name, 4 * n, "s1")
    p("addi", "s0", "s0", 8)
    p("addi", "s1", "s1", 20)
    p("addi", "t0", "t0", -1)
    p("bne", "t0", "zero", "again")
    p.off()
    p.org(TABLE)
    p.word(*(value for pair in PAIRS for value in pair))
    return p


def pinning(names: Sequence[str]) -> bytes:
    """An image that says that only these registers are worth pinning."""
    p = Program()
    for name in names:
        p("add", name, name, name)
    return p.image()


PLACES = {
    "pinned": None,
    "in memory": pinning(("s0", "s1", "t0", "ra", "sp", "gp", "tp", "t1", "t2")),
    "mixed": pinning(("a0", "a3", "s0")),
}


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("name", IDIOMS)
def test_it_comes_to_the_same(name: str, places: str) -> None:
    p = program(IDIOMS[name][0])
    wanted = run("interp", p)
    assert wanted.stop.reason == "exit"
    for engine in ("bt", "bt/softtlb"):
        for hot in (False, True):
            got = run(engine, p, hot=hot, pinning=PLACES[places])
            assert got.memory == wanted.memory and got.state == wanted.state, (engine, hot)


@pytest.mark.parametrize("name", [name for name, (_, wanted) in IDIOMS.items() if wanted])
def test_it_is_emitted(name: str) -> None:
    """In the block or a trace of it."""
    lines, wanted = IDIOMS[name]
    if "rorx" in wanted and "bmi2" not in present().features():
        pytest.skip("this processor has no BMI2")
    with caught() as made, started("bt", program(lines), hot=True) as (vm, _):
        assert vm.run(100_000).reason == "exit"
    found = []
    for block in made:
        rest = iter([insn.mnemonic for insn in block.instructions])
        found.append(all(any(mnemonic in which.split("|") for mnemonic in rest) for which in wanted))
    assert any(found)
