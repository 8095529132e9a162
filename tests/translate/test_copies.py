"""Values that are put off and depend on a register that is overwritten: one of them may be a copy of it."""

from __future__ import annotations

import pytest

from tests.machine.builder import Program, run, run_all
from tests.translate.blocks import caught

ROUNDS = 50


def program(*registers: str) -> Program:
    """A loop that overwrites a register (the first given) on which its copy (the second) and shifts of both depend."""
    p, (one, copy, left, right, total) = Program(), registers
    p.li(one, 0x12345)
    p.li("a5", ROUNDS)
    p.label("again")
    p("addi", copy, one, 0)
    p("slli", left, copy, 26)
    p("srli", right, copy, 6)
    p("addi", one, one, 4)
    p("xor", one, one, right)
    p("add", total, total, left)
    p("or", left, left, right)
    p("add", total, total, left)
    p("xor", total, total, copy)
    p("addi", "a5", "a5", -1)
    p("bne", "a5", "zero", "again")
    p.off()
    return p


def model() -> int:
    """The total, by arithmetic."""
    one, total = 0x12345, 0
    for _ in range(ROUNDS):
        copy, left, right = one, one << 26 & 0xFFFFFFFF, one >> 6
        one = one + 4 ^ right
        total = (total + left & 0xFFFFFFFF) + (left | right) & 0xFFFFFFFF
        total ^= copy
    return total


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("names", ["a0 a1 a2 a3 a4", "a1 a0 a4 a3 a2", "s0 s1 t0 t1 t2"])
def test_a_copy_has_the_value_before(names: str, hot: bool) -> None:
    p = program(*names.split())
    got = run_all(p, hot=hot, registers=dict.fromkeys(names.split(), 0))
    assert got[names.split()[-1]] == model()


def test_a_rotated_copy_is_rotated_at_once() -> None:
    """In hot code, though what it is a copy of is overwritten by one of the two shifts."""
    p = Program()
    p.li("a5", ROUNDS)
    p.label("again")
    p("addi", "a1", "a0", 0)
    p("slli", "a2", "a1", 26)
    p("srli", "a0", "a1", 6)
    p("or", "a0", "a0", "a2")
    p("addi", "a5", "a5", -1)
    p("bne", "a5", "zero", "again")
    p.off()
    with caught() as made:
        got = run("bt", p, hot=True, registers={"a0": 0x89ABCDEF})
    turned = 6 * ROUNDS % 32
    assert got["a0"] == (0x89ABCDEF >> turned | 0x89ABCDEF << 32 - turned & 0xFFFFFFFF)
    assert {"rorx", "ror", "rol"} & {insn.mnemonic for block in made for insn in block.instructions}
