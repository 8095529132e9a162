"""What an outcome depends on along the ways through a body: what one test decides, a later one does not decide again,
bits that are lost on the way depend on nothing, and states that are rare are found."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from ring1.dbt.theory.experiment import findings
from ring1.dbt.theory.judge import holds
from ring1.dbt.theory.ways import computed, solved, ways
from ring1.isa.classify import Class, classify
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.outcome import aligned, outcomes
from tests.theory.machines import extended, whole
from tests.theory.test_definition import PSW_SAVED

OWN = "control own @12 { A 0; B 1; C 31:4; }\ncontrol made @13 { P 0 = own.A; Q 1 = psw.FLAGS[0] & psw.RING[0]; }\n"
GUARD = "require psw.RING == 0 else privileged(word);"
ALIKE = {
    "a test that says the contrary of an earlier one": """
        rd = psw.RING == 0 & own == 0xff00 ? 1 : zx(own.B); if !own.B { rd = 7; }""",
    "an assignment that is made again": "if psw.RING == 1 { own.B = own.A; } own.B = own.A;",
    "a register that another operand names, of which the bits are lost": """
        rd = own.B | rs2 == 4 ? 1 : zx(psw.IE); rd = rs1 >>u 8 | rs2 >>u 1;""",
    "a test that never holds": "rd = zx(psw.IE); if rs1 <u 0 { rd = psw; } else { rd = 4; }",
    "a number that is below another one": "if rs1 <u 4 { if rs1 == 9 { rd = psw; } }",
    "a sign that is known": "if rs1 <s 0 { if rs1 <u 0x1000 { rd = psw; } }",
    "a bit that is known": "if rs1[0] { if rs1 == 0x1234 { rd = psw; } }",
    "what is carried, and where nothing is": "rd = ((psw & 0x3f) * 3 + (rs1 & 0xff00)) & 0xff00;",
    "a bit of which another one is lost": "rd = (rs1 * psw & (rs2 & 0x100)) >>u 9;",
    "a field beside the one that is looked at": "rd = (own.B ? rs1 : made) & 1;",
    "a product of what is even": "rd = psw * 0x80000000 & 0x7fffffff;",
    "pc's low bits": "rd = (cause & pc) << 31;",
    "a choice between the same": "rd = psw.IE ? rs1 & 0xff : rs1[7:0] == 0 ? 0 : rs1 & 0xff;",
    "a test that the instruction has passed": "require !psw.IE else illegal(word); rd = zx(psw.IE & own.A);",
}
"""Kinds of bodies for which it makes no difference what a monitor keeps: as it is in ring 0, and guarded by that."""


def last(isa: Isa) -> Class:
    return [*classify(isa).values()][-1]


@pytest.mark.parametrize("kind", ALIKE)
def test_what_makes_no_difference(kind: str, tmp_path: Path) -> None:
    body = " ".join(ALIKE[kind].split())
    isa = extended(tmp_path, f"{OWN}insn it : R(0xa0) {{ {GUARD} {body} }}")
    c = last(isa)
    only = ("psw.IE",) if "passed" in kind else ()  # that decides whether it traps
    assert (c.location, c.control, c.mode) == (only, (), ())
    if kind in ("a test that says the contrary of an earlier one", "an assignment that is made again"):
        isa = extended(tmp_path, f"{OWN}insn it : R(0xa0) {{ {body} }}")
        c = last(isa)
        assert not c.sensitive
    assert findings(isa, [c], 1000, 1)["it"].disagreements == []


SHOWN = {
    "a register that two operands name": ("rd = psw; rd = rs1 >>u 2;", ("psw.IE",)),
    "one of two that are assigned to": ("rd = psw; if rs1 == rs2 { rd = 0; }", ("psw.IE",)),
    "what is carried": ("rd = (psw & 0x3f) + 0xfc & 0x100;", ("psw.IE",)),
    "the sign": ("rd = sx(psw[2:0]) & 0x100;", ("psw.IE",)),
    "an earlier trap": ("require !psw.FLAGS[0] else illegal(word); require !psw.IE else illegal(word);", ("psw.IE",)),
}


@pytest.mark.parametrize("kind", SHOWN)
def test_what_makes_one(kind: str, tmp_path: Path) -> None:
    body, parts = SHOWN[kind]
    isa = extended(tmp_path, f"insn it : R(0xa0) {{ {GUARD} {body} }}")
    c = last(isa)
    assert set(parts) <= set(c.location)
    found = findings(isa, [c], 300, 1)["it"]
    assert found.disagreements == [] and holds(isa, found.witnesses["location"]) is not None


def test_an_earlier_trap_is_one_in_each_mode(tmp_path: Path) -> None:
    """The second guard does not depend on the mode; the first one does."""
    isa = extended(
        tmp_path,
        "insn it : D(0xa0) { require !(psw.FLAGS[0] | psw.RING == 1 & !scratch[0]) else illegal(word); "
        "require !psw.FLAGS[1] else illegal(word); rd = 1; }",
    )
    assert last(isa).mode == (0, 1)
    trap = outcomes(isa, isa.instructions["it"], 0)[0][1].trap
    assert "hi=8" in repr(trap) and "hi=9" in repr(trap)


def test_a_bit_of_a_field_that_stays(tmp_path: Path) -> None:
    """One of the flags is the machine's, and keeps what it has where the instruction does not trap."""
    isa = extended(
        tmp_path,
        "interrupts { enable psw.IE & !psw.FLAGS[5]; pending ie & ip; cause 0x80000000 | line; value 0; }\n"
        "insn it : D(0xa0) { require !psw.FLAGS[5] else illegal(word); psw.FLAGS = zx(psw.FLAGS[0], 8); }",
    )
    c = last(isa)
    assert (c.control, c.location) == ((), ("psw.FLAGS",))
    assert findings(isa, [c], 1000, 1)["it"].disagreements == []


RARE = {
    "three tests at once": (
        "R",
        "if ptb.ASID[2] & rs2 == 0x80000004 & (psw.RING <u 3 | rs1 != 0) { rd = rs2 & (rs2 & 0xff0f); }",
    ),
    "an address that is made of two of them, with paging on": (
        "R",
        "require psw.RING == 0 else illegal(word); require rs1 >=u 4 else illegal(word); "
        "require ptb.EN & psw.FLAGS[0] else illegal(word); let there = mem[rs1 + rs1, 4]; rd = there;",
    ),
    "an address and a number": (
        "R",
        "require ie == 0 else privileged(word); let there = mem[rs1 + rs2, 4]; "
        "if rs2 != 0x1234 { scratch = pc + there; } else { rd = physical(rs1); }",
    ),
    "a word that memory has at an address": (
        "I",
        "let there = mem[rs1 + imm, 4]; if imm == -1234 & there == 0x89abcdef { rd = zx(psw.IE); }",
    ),
    "two registers that are one": ("R", "rd = psw; if rs1 == 0x1234 { if rs2 != 0 { rd = rs2; } }"),
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", RARE)
def test_rare_states_are_found(kind: str, seed: int, tmp_path: Path) -> None:
    """Whatever the analysis says has a witness."""
    form, body = RARE[kind]
    isa = extended(tmp_path, f"insn it : {form}(0xa0) {{ {body.replace('-1234', '0xfffffb2e')} }}")
    c = last(isa)
    assert c.sensitive
    finding = findings(isa, [c], 100, seed)["it"]
    assert finding.disagreements == []
    for witness in finding.witnesses.values():
        assert holds(isa, witness) is not None


def test_ways_are_what_they_say() -> None:
    """Words of the instruction, and addresses that are gone for."""
    isa = load("pg32")
    decoder, rng = Decoder(isa), Random(1)
    for name in ("lw", "sb", "swap", "cas", "beq", "rdcr"):
        for way in ways(isa, isa.instructions[name]):
            decoded = decoder.decode(way.word)
            assert decoded is not None and decoded.instruction.name == name
            assert dict(decoded.values) == dict(way.values)
            for access in way.accesses:
                registers = [rng.getrandbits(32) for _ in range(16)]
                number, target = way.values["rs1"], rng.getrandbits(32)

                def at(values: object, way: object = way, access: object = access) -> int | None:
                    return computed(access.address, way, isa, values, 0, 0)  # type: ignore[attr-defined, arg-type]

                found = solved(at, registers, number, target)
                assert found is not None and at(found) == target
                assert [v for n, v in enumerate(found) if n != number] == [
                    v for n, v in enumerate(registers) if n != number
                ]


def test_pc_is_a_multiple_of_4_where_nothing_makes_it_another(tmp_path: Path) -> None:
    assert aligned(load("pg32")) and aligned(load("pg32v"))
    assert not aligned(whole(tmp_path, PSW_SAVED))  # bcr jumps to whatever is in a register
    isa = whole(tmp_path, PSW_SAVED + "insn low : R(9) { rd = pc & 3; }")
    c = last(isa)
    assert not c.sensitive and findings(isa, [c], 300, 1)["low"].disagreements == []
