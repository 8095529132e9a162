"""What ring1.isa.virtual says: whose each part of the state is, where kernels run, and what outcomes are."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.theory.experiment import findings
from ring1.dbt.theory.judge import holds
from ring1.isa.classify import Class, classify, holes, verdicts
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.source import IsaError
from ring1.isa.virtual import compressed, kept, kernel_modes, owned
from tests.theory.machines import extended, whole

RISCISH = Path(__file__).parent / "riscish.isa"

PSW_SAVED = """
registers r[4] { zero = 0; a; b; c; }
control psw { M 0; IE 1; CC 3:2; MASK 7:4; }
control old @0 { M 0; IE 1; CC 3:2; MASK 7:4; }
control oldpc @1;
control new @2 { M 0; IE 1; CC 3:2; MASK 7:4; }
control newpc @3;
control lines @4;
mode psw.M supervisor 0 user 1;
cause illegal = 1;
on trap(number, value) { old = psw; oldpc = pc; psw = new; pc = newpc; }
on undefined() { trap illegal(word); }
on absent(address) { trap illegal(address); }
interrupts { enable psw.IE; pending lines; cause line; value 0; }
operand rd rs1 rs2 : register;
format R(op) : op:8 rd rs1 rs2 0:18 "{rd}, {rs1}, {rs2}";
format Z(op) : op:8 0:24 "";
insn add : R(1) {
    let sum = rs1 + rs2;
    rd = sum;
    psw.CC = sum == 0 ? 0 : sum <s 0 ? 1 : 2;
}
insn bcr : R(2) { if psw.CC == rs1[1:0] { pc = rs2; } }
insn lpsw : Z(3) { require psw.M == 0 else illegal(word); psw = old; pc = oldpc; }
insn spm : R(4) { psw.MASK = rs1[3:0]; }
"""
"""A trap saves the whole processor status and loads another, as on the System/360."""


def test_what_a_trap_saves_and_the_machine_does_not_use_is_the_programs(tmp_path: Path) -> None:
    """Condition codes and program mask in a status word that a trap saves whole: no ordinary instruction is
    sensitive."""
    isa = whole(tmp_path, PSW_SAVED)
    assert owned(isa)["psw"] == 0b11111100
    assert kept(isa)["psw"] == 0b11
    assert kept(isa)["new"] & 0b11 == 0b11 and kept(isa)["newpc"] == 0xFFFFFFFF
    classes = classify(isa)
    assert [c.name for c in classes.values() if c.sensitive] == ["lpsw"]
    assert [v.holds for v in verdicts(isa, classes)] == [True, True, True]
    for name, found in findings(isa, classes.values(), 300, 1).items():
        assert found.disagreements == [], name


def test_what_a_trap_overwrites_is_lost(tmp_path: Path) -> None:
    """The same machine, but the condition code is cleared before the status is saved."""
    isa = whole(tmp_path, PSW_SAVED.replace("{ old = psw;", "{ psw.CC = 0; old = psw;"))
    assert kept(isa)["psw"] == 0b1111
    assert classify(isa)["add"].control == ("psw.CC",)


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("old = psw; psw = new; pc = newpc;", 0b11),
        ("old = psw; psw = new; if psw.CC == 0 { pc = newpc; }", 0b1111),  # consulted
        ("old = psw; psw = new; pc = newpc + zx(psw.MASK);", 0b11110011),
        ("old.MASK = psw.MASK; psw = new; pc = newpc;", 0b1111),  # the condition code is not saved
        ("old = psw; psw.M = 0; pc = newpc;", 0b11),  # nothing else is touched
        ("old = psw + 1; psw = new; pc = newpc;", 0b11111111),  # no copy
    ],
)
def test_how_a_trap_decides(handler: str, expected: int, tmp_path: Path) -> None:
    isa = whole(tmp_path, PSW_SAVED.replace("old = psw; oldpc = pc; psw = new; pc = newpc;", handler))
    assert kept(isa)["psw"] == expected


def test_computed_bits_are_whose_they_are_computed_from(tmp_path: Path) -> None:
    isa = extended(
        tmp_path,
        "control alias @12 { FLAG 0 = psw.FLAGS[0]; DUE 1 = reached({timecmph, timecmp}); MASK 5:2 = ie.LINES; }\n"
        "insn rda : D(0xa0) { rd = zx(alias.FLAG); }\ninsn rdb : D(0xa1) { rd = zx(alias.MASK); }",
    )
    classes = classify(isa)
    assert "alias" not in owned(isa)  # nobody can write it
    assert not classes["rda"].sensitive
    assert classes["rdb"].location == ("ie.LINES",)


def test_a_bit_of_a_field_is_the_machines_alone(tmp_path: Path) -> None:
    """Interrupts go by one of the flags: the others are the program's as before."""
    isa = extended(
        tmp_path, "interrupts { enable psw.IE & !psw.FLAGS[2]; pending ie & ip; cause 0x80000000 | line; value 0; }"
    )
    assert owned(isa)["psw"] == 0xFB00
    assert classify(isa)["setpsw"].privileged


def test_kernel_modes() -> None:
    pg32, risc = load("pg32"), load(str(RISCISH))
    assert kernel_modes(pg32) == (1, 2, 3) and kernel_modes(risc) == (2, 1, 0)
    assert [compressed(pg32, k) for k in (1, 2, 3)] == [(1, 1, 2, 3), (2, 2, 2, 3), (3, 3, 3, 3)]
    assert [compressed(risc, k) for k in (2, 1, 0)] == [(0, 1, 2, 2), (0, 1, 1, 1), (0, 0, 0, 0)]


TRAPS = """
insn probe  : D(0xa0) { require psw.IE == 1 else illegal(word); rd = 1; }
insn ring   : D(0xa1) { require psw.RING != 0 else illegal(word); rd = 1; }
insn lazy   : D(0xa2) { if scratch[0] == 1 { require psw.IE == 1 else illegal(word); } rd = 1; }
insn both   : D(0xa3) { if psw.IE == 1 { trap illegal(word); } else { trap privileged(word); } }
insn letg   : D(0xa4) { let r = psw.RING; let ok = r == 0; require ok else privileged(word); rd = psw; }
guard aligned { require psw.RING == 0 else privileged(word); }
insn aligned : X(0xa5) { require rs1[11:0] == 0 else misaligned(rs1); ptb = rs1; }
insn asked  : D(0xa6) { let x = mem[zx(psw.IE) << 12, 4]; rd = 1; }
"""


def test_a_trap_is_an_outcome(tmp_path: Path) -> None:
    """Whether there is one depends on what a monitor keeps: that is location or mode."""
    isa = extended(tmp_path, TRAPS)
    classes = classify(isa)

    def kinds(c: Class) -> tuple[bool, bool, bool, bool]:
        return c.privileged, bool(c.control), bool(c.mode), bool(c.location)

    assert {name: kinds(c) for name, c in [*classes.items()][-7:]} == {
        "probe": (False, False, False, True),
        "ring": (False, False, True, False),
        "lazy": (False, False, False, True),
        "both": (False, False, False, False),  # the monitor is told in any case
        "letg": (True, False, False, True),
        "aligned": (True, True, False, False),  # that the supervisor can trap as well is its own affair
        "asked": (False, False, False, True),  # nobody uses what is there, but another address may fault
    }
    assert classes["probe"].user == ("location",) and classes["ring"].user == ("mode",)
    assert classes["both"].traps == (0, 1, 2, 3)
    assert verdicts(isa, classes)[0].holds is False
    assert set(verdicts(isa, classes)[0].by) == {"probe", "ring", "lazy", "asked"}
    found = findings(isa, [*classes.values()][-7:], 300, 1)
    for name, finding in found.items():
        assert finding.disagreements == [], name
        for witness in finding.witnesses.values():
            assert holds(isa, witness) is not None


SAME = """
insn xself  : D(0xa0) { rd = psw ^ psw; }
insn same   : D(0xa1) { if psw.IE { rd = 1; } else { rd = 1; } }
insn masked : D(0xa2) { rd = psw & 0xff00; }
insn keeps  : X(0xa3) { psw = psw & ~0xff00 | rs1 & 0xff00; }
insn nobody : D(0xa4) { let x = psw; rd = 1; }
insn choice : D(0xa5) { rd = psw.IE ? ra : ra; }
insn again  : Z(0xa6) { psw.IE = psw.IE; psw.RING = psw.RING; }
insn none   : D(0xa7) { rd = zx(psw.RING) * 0; }
insn zeros  : D(0xa8) { zero = psw; }
"""
WITNESSED = """
insn rden   : D(0xb0) { rd = zx(ptb.EN); }
insn cflush : Z(0xb1) { if psw.RING == 0 { flush; } }
insn cwait  : Z(0xb2) { if psw.RING == 0 { wait; } }
insn kconst : DX(0xb3) { if rs1 == 0x12345678 { rd = zx(psw.IE); } }
insn kimm   : I(0xb4) { if imm == 0x1234 { rd = rs1 + zx(psw.IE); } }
insn kfield : D(0xb5) { if scratch == 0xcafe0001 { rd = zx(psw.IE); } }
insn kmem   : DX(0xb6) { if mem[rs1, 4] == 0x89abcdef { rd = zx(psw.IE); } }
insn kpart  : DX(0xb7) { if rs1[31:8] == 0x123456 { rd = zx(psw.IE); } }
"""


def test_what_makes_no_difference_is_innocuous(tmp_path: Path) -> None:
    isa = extended(tmp_path, SAME)
    classes = [*classify(isa).values()][-9:]
    assert [c.name for c in classes if c.sensitive] == []
    for name, finding in findings(isa, classes, 3000, 1).items():
        assert finding.disagreements == [], name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_rare_is_found(seed: int, tmp_path: Path) -> None:
    isa = extended(tmp_path, WITNESSED)
    classes = [*classify(isa).values()][-8:]
    assert all(c.sensitive and c.user for c in classes)
    for name, finding in findings(isa, classes, 300, seed).items():
        assert finding.disagreements == [], name


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_stores_across_a_page_where_paging_depends_on_the_mode(seed: int) -> None:
    """The same bytes, whatever pieces they are written in."""
    isa = load(str(RISCISH))
    c = classify(isa)["sw"]
    assert not c.sensitive
    assert findings(isa, [c], 3000, seed)["sw"].disagreements == []


# --- The mode that a monitor chooses --------------------------------------------------------

THREE = """
registers x[4] { zero = 0; a; b; c; }
control priv { MODE 1:0; }
control status @0 { IE 0; PIE 1; PP 3:2; }
control vec @1;
control epc @2;
control table @3 { ON 31; PPN 19:0; }
mode priv.MODE supervisor 3 user 0;
cause illegal = 2;
cause fault = 3;
cause ecall = 8;
on trap(number, value) {
    epc = pc; status.PIE = status.IE; status.PP = priv.MODE; status.IE = 0; priv.MODE = 3; pc = vec;
}
on undefined() { trap illegal(word); }
on absent(address) { trap fault(address); }
paging when table.ON & priv.MODE != 3 {
    page 12; levels 10 10; root table.PPN;
    entry 4 { V 0; R 1; W 2; X 3; U 4; A 6; D 7; PPN 29:10; }
    frame PPN; invalid !V; leaf R | W | X; denied priv.MODE == 0 & !U;
    fetch X else fault; load R else fault; store W else fault; accessed A; dirty D;
}
operand rd rs1 : register;
format D(op) : op:8 rd rs1 0:20 "{rd}, {rs1}";
format Z(op) : op:8 0:24 "";
insn mv     : D(1) { rd = rs1; }
insn ecall  : Z(2) { trap ecall; }
insn mret   : Z(3) { require priv.MODE == 3 else illegal(word); priv.MODE = status.PP; pc = epc; }
insn sret   : Z(4) { require priv.MODE[0] == 1 else illegal(word); priv.MODE = 0; pc = epc; }
insn satp   : D(5) { require priv.MODE[0] == 1 else illegal(word); rd = table; table = rs1; }
insn sfence : Z(6) { require priv.MODE[0] == 1 else illegal(word); flush; }
"""


def test_a_kernel_in_user_mode(tmp_path: Path) -> None:
    """Three modes in the manner of RISC-V: in S, what is S's does not trap; in U, all does (privileged specification
    1.10)."""
    isa = whole(tmp_path, THREE)
    classes = classify(isa)
    assert set(holes(isa, classes, 1)) == {"sret", "satp", "sfence"}
    assert holes(isa, classes, 0) == ()
    first, second, third = verdicts(isa, classes)
    assert (first.holds, first.modes) == (True, (0,))
    assert second.holds is third.holds is True
    assert {n for n, c in classes.items() if c.privileged} == {"mret", "sret", "satp", "sfence"}


def test_pg32_by_mode() -> None:
    pg32, pg32v = load("pg32"), load("pg32v")
    classes = classify(pg32)
    for mode in (1, 2):
        assert set(holes(pg32, classes, mode)) == {"getpsw", "setpsw", "getptb", "lra", "jru"}
    assert verdicts(pg32v, classify(pg32v))[0].modes == (1, 2, 3)


# --- Machines that make no sense -------------------------------------------------------------


def with_modes(top: int) -> str:
    return (
        PSW_SAVED.replace("M 0; IE 1; CC 3:2; MASK 7:4;", f"M {top}:0; IE 31;").split("insn add")[0]
        + "insn nop : R(1) { rd = rs1; }\n insn z : Z(2) { psw.M = 0; }"
    )


@pytest.mark.parametrize("top", [5, 11, 15])
def test_too_many_modes_are_refused_first(top: int, tmp_path: Path) -> None:
    isa = whole(tmp_path, with_modes(top))
    with pytest.raises(IsaError, match="it has more than 8 processor modes"):
        classify(isa)


@pytest.mark.parametrize("without", ["mode", "trap"])
def test_a_machine_that_no_theorem_speaks_of(without: str, tmp_path: Path) -> None:
    text = PSW_SAVED.replace("mode psw.M supervisor 0 user 1;", "") if without == "mode" else PSW_SAVED
    if without == "trap":
        text = (
            text.split("on trap")[0]
            + "operand rd rs1 rs2 : register;"
            + text.split("operand rd rs1 rs2 : register;")[1]
        )
        text = text.replace("require psw.M == 0 else illegal(word);", "")
    isa: Isa = whole(tmp_path, text)
    classes = classify(isa)
    made = verdicts(isa, classes)
    assert [v.holds for v in made] == [None, None, None]
    assert "no processor mode" in made[0].reason if without == "mode" else "no traps" in made[0].reason
