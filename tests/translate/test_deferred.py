"""Values that are put off are there wherever somebody looks: in a trap's handler, where a trace is left, at its end."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.ir.fold import SHIFTS, binary, calculate, extend, possible
from ring1.dbt.translate.deferred import Deferred, can_wait, sources
from ring1.dbt.translate.repair import evaluate, repair
from ring1.isa import semantics as s
from ring1.isa.model import WORD
from tests.machine.builder import Program, run

NOWHERE = 0x40000000
LINES: dict[str, tuple[tuple[str | int, ...], ...]] = {
    "a chain": (("srli", "a2", "s0", 3), ("andi", "a2", "a2", 0xF0), ("addi", "a2", "a2", 7)),
    "a signed shift": (("srai", "a2", "s1", 4), ("xori", "a2", "a2", 0x55)),
    "a comparison": (("sltu", "a2", "s0", "s1"), ("slt", "a3", "s1", "s0")),
    "a comparison with itself": (("sltu", "s0", "s0", "s1"), ("slti", "s1", "s1", -4)),
    "a source that goes": (("srli", "a2", "s0", 3), ("slli", "a3", "s0", 5), ("addi", "s0", "s1", 1)),
    "sources that go": (
        ("srli", "a2", "s0", 3),
        ("slli", "a3", "s0", 5),
        ("sltu", "a4", "s0", "s1"),
        ("add", "s0", "s1", "s0"),
        ("ori", "s1", "s0", 0x70),
        ("xor", "s0", "s1", "s0"),
    ),
    "copies": (("addi", "a2", "s0", 0), ("addi", "a3", "a2", 0), ("srli", "a4", "a3", 1), ("add", "s0", "s1", "s1")),
}


@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("fault", ["lw", "sw"])
def test_they_are_there_in_the_handler(fault: str, name: str, pinned: bool) -> None:
    """Of an instruction that faults behind them, and overwrites the register that they came from where it does not."""
    p = Program()
    p.control("tvec", "handler")
    p.li("a0", NOWHERE)
    p.li("s0", 0x80001234)
    p.li("s1", 0xFFFFFFF5)
    for mnemonic, *operands in LINES[name]:
        p(str(mnemonic), *operands)
    p(fault, "s0", 4, "a0")
    p.off(1)
    p.label("handler")
    p.off(0)
    few = Program()
    few("add", "t0", "t0", "t0")
    pinning = None if pinned else few.image()
    wanted = run("interp", p)
    assert wanted.stop.code == 0
    for engine in ("bt", "bare/softtlb", "trap"):
        assert run(engine, p, pinning=pinning).state == wanted.state, engine


@pytest.mark.parametrize("hot", [True, False])
def test_they_are_there_where_a_trace_is_left(hot: bool) -> None:
    """By each of its branches, the values that a branch has decided included."""
    p = Program()
    p.li("s0", 0)
    p.li("a5", 0x9E3779B9)
    p.li("t0", 3000)
    p.label("again")
    p("mul", "s1", "t0", "a5")
    p("srli", "a0", "s1", 13)
    p("andi", "a1", "s1", 64)
    p("sltu", "a2", "a0", "s1")
    p("slti", "a3", "s1", 7)
    p("bne", "a1", "zero", "bit")
    p("add", "s0", "s0", "a1")
    p.label("bit")
    p("beq", "a2", "zero", "less")
    p("slli", "s0", "s0", 1)
    p("add", "s0", "s0", "a2")
    p.label("less")
    p("xor", "s1", "a0", "s1")
    p("beq", "a3", "zero", "signed")
    p("sub", "s0", "s0", "a3")
    p.label("signed")
    for name in ("a0", "a1", "a2", "a3", "s1"):
        p("add", "s0", "s0", name)
    p("addi", "t0", "t0", -1)
    p("bne", "t0", "zero", "again")
    p.off()
    wanted = run("interp", p)
    for engine in ("bt", "bare/softtlb", "hw"):
        got = run(engine, p, hot=hot)
        assert (got.state, got.stop) == (wanted.state, wanted.stop), engine


REGISTERS = 5
OPERATORS = ("+", "&", "|", "^", "<<", ">>u", ">>s")
TESTS = ("==", "!=", "<u", "<=u", "<s", "<=s")


def computed(e: s.Expr, words: Sequence[int]) -> int:
    match e:
        case s.Const(_, value):
            return value
        case s.Register(_, int(index)):
            return words[index]
        case s.Extend(_, a, False):
            return computed(a, words)
        case s.Unary(1, "!", a):
            return 1 - computed(a, words)
        case s.Binary(_, op, a, b):
            return calculate(op, computed(a, words), computed(b, words), a.width)
    raise AssertionError(e)


def drawn(r: Random) -> s.Expr:
    """A right side as an instruction may have it."""
    a, b = (s.Register(WORD, r.randrange(REGISTERS)) for _ in range(2))
    constant = s.Const(WORD, r.choice((0, 1, 4, 0xFF, 0x80000000, 0xFFFFFFFF)))
    match r.randrange(4):
        case 0:
            return s.Extend(WORD, s.Binary(1, r.choice(TESTS), a, r.choice((b, constant))), False)
        case 1:
            return r.choice((a, constant))
    op = r.choice(OPERATORS)
    return s.Binary(WORD, op, a, s.Const(8, r.randrange(1, 31)) if op in (">>u", ">>s", "<<") else constant)


def wide(e: s.Expr) -> s.Expr:
    """A word of what may be one bit."""
    return s.Extend(WORD, e, False) if e.width < WORD else e


@given(st.integers(0, 2**32))
def test_simpler_expressions_have_the_same_values(seed: int) -> None:
    r = Random(seed)
    edges = (0, 1, 2, 8, 24, 31, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
    plain: list[s.Expr] = [s.Register(WORD, n) for n in range(REGISTERS)]
    simple = list(plain)
    for _ in range(r.randrange(1, 12)):
        op, i, j = r.choice((*OPERATORS, *TESTS, "-", "*")), r.randrange(len(plain)), r.randrange(len(plain))
        number = r.choice(edges) if op not in SHIFTS else r.choice((1, 2, 3, 8, 16, 24, 31, 32, 40))
        constant = s.Const(8 if op in SHIFTS else WORD, number)
        known = op in SHIFTS or r.random() < 0.6
        width = 1 if op in TESTS else WORD
        plain.append(wide(s.Binary(width, op, plain[i], constant if known else plain[j])))
        simple.append(extend(binary(op, simple[i], constant if known else simple[j], width), WORD, False))
    for _ in range(8):
        words = [r.choice((*edges, r.getrandbits(32))) for _ in range(REGISTERS)]
        for a, b in zip(plain, simple, strict=True):
            value = computed(a, words)
            assert computed(b, words) == value and not value & ~possible(b), (a, b)
            assert all(n.value < 1 << n.width for n in s.walk(b) if isinstance(n, s.Const))


@given(st.integers(0, 2**32), st.frozensets(st.integers(0, REGISTERS - 1)))
def test_whatever_is_done_registers_have_their_values(seed: int, pinned: frozenset[int]) -> None:
    """Deferred assignments, real ones, and looks at what is held, in any order; places are words here."""
    r = Random(seed)
    places = [r.choice((0, 1, 0x80000000, r.getrandbits(32))) for _ in range(REGISTERS)]
    registers = list(places)

    def write(number: int, e: s.Expr) -> None:
        places[number] = computed(e, places)

    later = Deferred(write, pinned)
    for _ in range(r.randrange(1, 30)):
        number, e = r.randrange(REGISTERS), drawn(r)
        value = computed(e, registers)
        match r.randrange(5):
            case 0:
                made = later.use(e)
                later.overwrite(number)
                write(number, made)
                later.assigned(number)
            case 1:
                made = later.resolve(e)
                if sources(made).isdisjoint(later.overwrite(number)):
                    assert computed(made, places) == value
                write(number, later.resolve(e))
                later.assigned(number)
            case 2:
                made = later.peel(e, lambda v: v.a if isinstance(v, s.Binary) else None)
                assert computed(made, places) == value
                continue
            case _:
                if not later.put_off(number, e):
                    assert not can_wait(later.resolve(e))
                    continue
        registers[number] = value
        repaired = list(places)
        for n, formula in repair(later.held()):
            repaired[n] = evaluate(formula, places)
        assert repaired == registers
        one_by_one = list(places)
        for n, held in later.held():
            one_by_one[n] = computed(held, one_by_one)
        assert one_by_one == registers
    later.flush()
    assert places == registers
