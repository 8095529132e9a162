"""Every instruction that only computes, against Python's integers, under every engine.

Shown: results at all pairs of edge values; every way in which operands can be the same register, zero among them; guest
registers that live in host registers and those that live in memory; branches both ways.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.vmm.options import Options
from tests.machine.builder import ENGINES, Program, run, run_all

REGISTERS = ("zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5")
EDGES = (
    *(0, 1, 2, 3, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000),
    *(0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFF8000, 0xFFFFFFE0, 0xFFFFFFFE, 0xFFFFFFFF, 0xDEADBEEF),
)
RESULTS, CODE = 0x4000, 0x8000
"""Results are stored where an offset from register zero reaches them."""


def signed(a: int) -> int:
    return a - 2**32 if a >= 2**31 else a


def toward_zero(a: int, b: int) -> int:
    return -(abs(a) // abs(b)) if (a < 0) != (b < 0) else abs(a) // abs(b)


def remainder(a: int, b: int) -> int:
    """With the dividend's sign."""
    return a - b * toward_zero(a, b)


THREE: dict[str, Callable[[int, int], int]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "sll": lambda a, b: a << b % 32,
    "srl": lambda a, b: a >> b % 32,
    "sra": lambda a, b: signed(a) >> b % 32,
    "slt": lambda a, b: int(signed(a) < signed(b)),
    "sltu": lambda a, b: int(a < b),
    "mul": lambda a, b: a * b,
    "mulh": lambda a, b: signed(a) * signed(b) // 2**32,
    "mulhsu": lambda a, b: signed(a) * b // 2**32,
    "mulhu": lambda a, b: a * b // 2**32,
    "div": lambda a, b: toward_zero(signed(a), signed(b)),
    "divu": lambda a, b: a // b,
    "rem": lambda a, b: remainder(signed(a), signed(b)),
    "remu": lambda a, b: a % b,
}
IMMEDIATE: dict[str, Callable[[int, int], int]] = {
    "addi": lambda a, i: a + i,
    "slti": lambda a, i: int(signed(a) < i),
    "sltiu": lambda a, i: int(a < i % 2**32),
    "andi": lambda a, i: a & i % 2**32,
    "ori": lambda a, i: a | i % 2**32,
    "xori": lambda a, i: a ^ i % 2**32,
    "slli": lambda a, i: a << i,
    "srli": lambda a, i: a >> i,
    "srai": lambda a, i: signed(a) >> i,
}
BRANCHES: dict[str, Callable[[int, int], bool]] = {
    "beq": lambda a, b: a == b,
    "bne": lambda a, b: a != b,
    "blt": lambda a, b: signed(a) < signed(b),
    "bge": lambda a, b: signed(a) >= signed(b),
    "bltu": lambda a, b: a < b,
    "bgeu": lambda a, b: a >= b,
}
TABLE = CODE + 0x2000


def over_table(values: list[tuple[int, int]], body: Callable[[Program], int]) -> Program:
    """A program that has each pair of values in a0 and a1, and stores the words that `body` leaves at 0(t2), 4(t2)...;
    `body` returns how many."""
    p = Program(at=CODE)
    p.li("t0", TABLE)
    p.li("t1", TABLE + 8 * len(values))
    p.li("t2", 0)
    p.label("again")
    p("lw", "a0", 0, "t0")
    p("lw", "a1", 4, "t0")
    count = body(p)
    p("addi", "t2", "t2", 4 * count)
    p("addi", "t0", "t0", 8)
    p("bne", "t0", "t1", "again")
    p.off()
    assert p.at <= TABLE
    p.org(TABLE)
    for pair in values:
        p.word(*pair)
    return p


@pytest.mark.parametrize("name", THREE)
def test_three_registers_at_all_edges(name: str) -> None:
    values = [(a, b) for a in EDGES for b in EDGES if b or name not in ("div", "divu", "rem", "remu")]

    def body(p: Program) -> int:
        p(name, "a2", "a0", "a1")
        p("sw", "a2", 0, "t2")
        return 1

    got = run_all(over_table(values, body), entry=CODE)
    for n, (a, b) in enumerate(values):
        assert got.word(4 * n) == THREE[name](a, b) % 2**32, (hex(a), hex(b))


@pytest.mark.parametrize("name", IMMEDIATE)
def test_immediates_at_all_edges(name: str) -> None:
    shift = name in ("slli", "srli", "srai")
    immediates = [0, 1, 15, 16, 30, 31] if shift else [0, 1, -1, 2, 127, 128, -128, -129, 0x7FF, 0x7FFF, -0x8000]

    def body(p: Program) -> int:
        for n, immediate in enumerate(immediates):
            p(name, "a2", "a0", immediate)
            p("sw", "a2", 4 * n, "t2")
        return len(immediates)

    got = run_all(over_table([(a, 0) for a in EDGES], body), entry=CODE)
    expected = [IMMEDIATE[name](a, i) % 2**32 for a in EDGES for i in immediates]
    assert [got.word(4 * n) for n in range(len(expected))] == expected


@pytest.mark.parametrize("name", BRANCHES)
def test_branches_at_all_edges(name: str) -> None:
    values = [(a, b) for a in EDGES for b in EDGES]

    def body(p: Program) -> int:
        p("addi", "a2", "zero", 1)
        p(name, "a0", "a1", "taken")
        p("addi", "a2", "zero", 0)
        p.label("taken")
        p("sw", "a2", 0, "t2")
        return 1

    got = run_all(over_table(values, body), entry=CODE)
    for n, (a, b) in enumerate(values):
        assert got.word(4 * n) == BRANCHES[name](a, b), (hex(a), hex(b))


@pytest.mark.parametrize("engine", ENGINES)
def test_constants(engine: str) -> None:
    """lui, auipc: all 20 bits, pc of the instruction itself, modulo 2^32."""
    p = Program(at=0x100)
    p("lui", "a0", 0xFFFFF)
    p("lui", "a1", 1)
    p("auipc", "a2", 0)
    p("auipc", "a3", 0xFFFFF)
    p("auipc", "a4", 0x80000)
    p("lui", "zero", 5)
    p("auipc", "zero", 5)
    got = run(engine, p, 7, entry=0x100).state
    names = ("a0", "a1", "a2", "a3", "a4", "zero")
    expected = (0xFFFFF000, 0x1000, 0x108, 0xFFFFF10C, 0x80000110, 0)
    assert tuple(got.registers[name] for name in names) == expected


values = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**32 - 1))
names = st.sampled_from(REGISTERS)
cases = st.one_of(
    st.tuples(st.sampled_from(sorted(THREE)), names, names, names, values, values),
    st.tuples(st.sampled_from(sorted(IMMEDIATE)), names, names, st.integers(-0x8000, 0x7FFF), values, values),
)


@given(st.lists(cases, min_size=1, max_size=40), st.permutations(REGISTERS[1:]), st.sampled_from((1, 3, 64)))
def test_any_registers(given: list[tuple[str, str, str, str | int, int, int]], order: list[str], most: int) -> None:
    """Operands in any registers, the same or not, pinned or not: the result, and that sources keep their values."""
    p = Program(at=CODE)
    expected: list[int] = []
    for name, rd, rs1, third, a, b in given:
        r = dict.fromkeys(REGISTERS, 0)
        for register, value in ((rs1, a), (third, b)):
            if isinstance(register, str):
                p.li(register, value)
                r[register] = value if register != "zero" else 0
        if isinstance(third, str):
            if name in ("div", "divu", "rem", "remu") and r[third] == 0:
                continue
            value = THREE[name](r[rs1], r[third])
        else:
            third %= 32 if name in ("slli", "srli", "srai") else 1 << 32
            value = IMMEDIATE[name](r[rs1], third if third < 2**31 else third - 2**32)
        p(name, rd, rs1, third)
        if rd != "zero":
            r[rd] = value % 2**32
        for register in (rd, rs1, *([third] if isinstance(third, str) else [])):
            p("sw", register, RESULTS + 4 * len(expected), "zero")
            expected.append(r[register])
    p.off()
    uses = Program()
    for weight, register in enumerate(order):
        for _ in range(weight):
            uses("addi", register, register, 0)
    options = Options(code_size=1 << 20, most_instructions=most)
    got = run_all(p, entry=CODE, pinning=uses.image(), options=options)
    assert [got.word(RESULTS + 4 * n) for n in range(len(expected))] == expected
