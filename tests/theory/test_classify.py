"""The analysis: PG32's classes by hand from its manual, and the theorems of machines that are put together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.isa.classify import Class, classify, verdicts
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.virtual import owned

HERE = Path(__file__).parent
PG32 = load("pg32")
GUARD = load("pg32v").instructions["getpsw"].body[0]
HOLES = ("getpsw", "setpsw", "getptb", "lra", "jru")

INNOCUOUS = [
    "add",
    "sub",
    "and",
    "or",
    "xor",
    "sll",
    "srl",
    "sra",
    "slt",
    "sltu",
    "mul",
    "mulh",
    "mulhsu",
    "mulhu",
    "div",
    "divu",
    "rem",
    "remu",
    "addi",
    "slti",
    "sltiu",
    "andi",
    "ori",
    "xori",
    "slli",
    "srli",
    "srai",
    "lui",
    "auipc",
    "lb",
    "lbu",
    "lh",
    "lhu",
    "lw",
    "sb",
    "sh",
    "sw",
    "swap",
    "cas",
    "beq",
    "bne",
    "blt",
    "bge",
    "bltu",
    "bgeu",
    "jal",
    "jalr",
    "syscall",
    "brk",
    "hcall",
    "rdtime",
]
SENSITIVE = {
    "in": "control location",
    "out": "control",
    "setptb": "control",
    "tlbflush": "control",
    "rdcr": "location",
    "wrcr": "control",
    "cli": "control",
    "sti": "control",
    "hlt": "control",
    "rfe": "control location",
    "getpsw": "mode location",  # RING, and IE PRING PIE
    "setpsw": "control mode",  # in ring 0 all of it, elsewhere FLAGS alone
    "getptb": "location",
    "lra": "mode location",  # in ring 3 pages without U are not there
    "jru": "control",
}
USER = {"getpsw": "mode location", "setpsw": "mode", "getptb": "location", "lra": "mode location"}
"""In ring 3 jru does what jalr does."""
CLOSED = {"pg32": (), "pg32v": HOLES, "pg32h": HOLES[:4]}


def kinds(c: Class) -> str:
    return " ".join(kind for kind in ("control", "mode", "location") if getattr(c, kind))


@pytest.mark.parametrize("name", CLOSED)
def test_every_instruction_by_hand(name: str) -> None:
    classes = classify(load(name))
    assert [*classes] == [*INNOCUOUS, *SENSITIVE]
    for insn, c in classes.items():
        closed = insn in CLOSED[name]
        # Who is let in in one ring only has nothing to compare it with.
        expected = (
            SENSITIVE.get(insn, "").replace("mode ", "").replace(" mode", "") if closed else SENSITIVE.get(insn, "")
        )
        assert (insn, kinds(c)) == (insn, expected)
        assert c.privileged == (insn in SENSITIVE and (insn not in HOLES or closed)), insn
        assert " ".join(c.user) == ("" if closed else USER.get(insn, "")), insn
        assert c.sensitive == (insn in SENSITIVE)
        assert bool(c.time) == (insn in ("rdtime", "rdcr")), insn


@pytest.mark.parametrize(
    ("name", "first", "third", "by"),
    [("pg32", False, False, HOLES), ("pg32v", True, True, ("rdtime",)), ("pg32h", False, True, ("jru",))],
)
def test_theorems_of_the_variants(name: str, first: bool, third: bool, by: tuple[str, ...]) -> None:
    isa = load(name)
    made = verdicts(isa, classify(isa))
    assert [v.theorem for v in made] == [1, 2, 3]
    assert [v.holds for v in made] == [first, first, third]
    assert made[1].by == by
    assert made[0].by == (() if first else by)
    assert made[2].by == (() if third else HOLES[:4])


def test_whose_bits_are_whose() -> None:
    """The program's are those that the machine has no use for."""
    assert owned(PG32) == {"psw": 0xFF00, "ptb": 0x1FE, "scratch": 0xFFFFFFFF}


def test_a_machine_without_modes_is_none_of_the_theorems() -> None:
    two = load(str(HERE.parent / "translate" / "two.isa"))
    classes = classify(two)
    assert not any(c.sensitive or c.privileged or c.time for c in classes.values())
    assert [v.holds for v in verdicts(two, classes)] == [None, None, None]


def test_a_machine_of_another_kind() -> None:
    """Supervisor 3, pages for the other modes only, the mode in no register that can be read."""
    classes = classify(load(str(HERE / "riscish.isa")))
    assert {n: kinds(c) for n, c in classes.items() if c.sensitive} == {
        "mret": "control location",
        "wfi": "control",
        "sfence": "control",
        "csrrw": "control location",
        "rdmpp": "location",
        "size": "location",
        "pies": "control",
    }
    privileged = {n for n, c in classes.items() if c.privileged}
    # halfway traps in user mode only; that odd traps in the supervisor's, too, at times, is its own affair.
    assert privileged == {"mret", "wfi", "sfence", "csrrw", "pies", "halfway", "odd"}
    assert {n for n, c in classes.items() if c.user} == {"rdmpp", "size"}
    assert {n for n, c in classes.items() if c.time} == {"csrrw", "rdcycle"}


def with_holes(closed: set[str], opened: set[str]) -> Isa:
    """PG32 with guards put before some instructions and taken from others."""
    isa = PG32
    for name in closed:
        isa = isa.with_body(name, (GUARD, *isa.instructions[name].body))
    for name in opened:
        isa = isa.with_body(name, isa.instructions[name].body[1:])
    return isa


@given(st.sets(st.sampled_from(HOLES)), st.sets(st.sampled_from([*SENSITIVE][:10]), max_size=2))
def test_guards_decide(closed: set[str], opened: set[str]) -> None:
    isa = with_holes(closed, opened)
    first, second, third = verdicts(isa, classify(isa))
    holes = {*HOLES} - closed | opened
    assert set(first.by) == holes and first.holds == second.holds == (not holes)
    assert set(third.by) == holes - {"jru"} and third.holds == (not holes - {"jru"})


@given(st.sampled_from(HOLES))
def test_one_guard_flips_the_verdict(name: str) -> None:
    almost = with_holes({*HOLES} - {name}, set())
    assert [v.holds for v in verdicts(almost, classify(almost))][:2] == [False, False]
    whole = almost.with_body(name, (GUARD, *almost.instructions[name].body))
    assert [v.holds for v in verdicts(whole, classify(whole))] == [True, True, True]


@pytest.mark.parametrize("name", INNOCUOUS)
def test_a_guard_before_an_innocuous_instruction_changes_no_verdict(name: str) -> None:
    isa = with_holes({name}, set())
    c = classify(isa)[name]
    assert c.privileged == (name not in ("syscall", "brk", "hcall"))  # which always trap
    assert not c.sensitive
    assert verdicts(isa, classify(isa))[0].by == HOLES
