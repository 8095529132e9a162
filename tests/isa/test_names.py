"""What names mean: registers, symbols that are assigned, and those that nothing defines."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.isa.codec import Decoder
from ring1.isa.read import read
from tests.isa.assembly import faults, pg32, words

TINY = """\
isa tiny "a machine";
registers g h[4] { zero = 0; one; two; three; }
operand rd rs : register;
operand imm : signed 8;
operand big : unsigned 32;
format R(op) : op:8 rd rs imm 0:12 "{rd}, {rs}, {imm}";
insn add : R(1) { rd = rs + imm; }
alias "copy {rd}, {rs}" = "add {rd}, {rs}, 0";
hint "mov mr" = copy;
"""


def test_registers_by_number() -> None:
    """By the name of the description's file and by RISC-V's."""
    for n, (name, *_) in enumerate(pg32().registers):
        (expected,) = words(f"add {name}, {name}, {name}")
        assert words(f"add x{n}, r{n}, x{n}") == [expected]
        assert words(f"sw x{n}, 4(x{n})\njalr x{n}") == words(f"sw {name}, 4({name})\njalr {name}")
    assert faults("mv a0, x16")[0].startswith("a.s:1:8: x16 is not a register (zero ra")
    assert words("x5: j x5\n.word x6\n.equ x6, 7") == words("a: j a\n.word 7")  # where no register can stand


def test_a_description_says_what_its_registers_are_called(tmp_path: Path) -> None:
    path = tmp_path / "tiny.isa"
    path.write_text(TINY)
    isa = read(str(path))
    assert isa.file == "g" and {isa.register_numbers[name] for name in ("two", "g2", "h2")} == {2}
    assert isa.hints == {"mov": "copy", "mr": "copy"}
    for bad, message in (
        ("registers g h[2] { h1; h0; }", "two registers are called h0"),
        ("registers g[2] { one; g0; }", "two registers are called g0"),
        ("registers g g[2] { a; b; }", "two registers are called g0"),
    ):
        path.write_text(f'isa bad "bad";\n{bad}\n')
        with pytest.raises(Exception, match=message):
            read(str(path))
    path.write_text(TINY + 'hint "nop" = nothing;\nhint "a mov" = add;\n')
    with pytest.raises(
        Exception, match=r"(?s)10:14: error: there is no instruction nothing.*hint mov is described twice"
    ):
        read(str(path))


@pytest.mark.parametrize("length", [250, 4000])
def test_chains_of_assignments(length: int) -> None:
    """In any order, over numbers and addresses: no limit of Python's stack."""
    backward = "".join(f".set v{n}, v{n + 1} + 1\n" for n in range(length))
    ends = f".set v{length}, 7\n"
    assert words(f".word v0\n{backward}{ends}") == words(f"{backward}{ends}.word v0") == [length + 7]
    forward = ".set v0, here + 4\n" + "".join(f".set v{n + 1}, v{n} + 1\n" for n in range(length))
    assert words(f"{forward}.word v{length}\nhere: .word 0")[0] == length + 8
    assert faults(f".word v0\n{backward}.set v{length}, v0") == ["a.s:2:1: v0 is defined by itself"]
    column = len(f".set v{length - 1}, ") + 1
    assert faults(f".word v0\n{backward}") == [f"a.s:{length + 1}:{column}: undefined symbol v{length}"]


def test_what_need_not_be_known() -> None:
    """As in C: a circle or an undefined name where no value is asked for."""
    assert words(".equ a, 1 || b\n.equ b, a\n.word a, b") == [1, 1]
    assert words(".equ a, b && c\n.equ c, a\n.equ b, 0\n.word a, c") == [0, 0]
    assert words(".equ a, b ? c : 5\n.equ c, a + d\n.equ b, 0\n.word a\n.equ d, 1\n.word c") == [5, 6]
    assert faults(".equ a, b ? c : 5\n.equ c, a\n.equ b, 1\n.word a") == ["a.s:1:1: a is defined by itself"]


def test_undefined_names_are_told_once() -> None:
    """With the first place and the number of statements, in all files; each local label for itself."""
    body = "la a0, here\nj here\n.word here, here + 4, there\n"
    assert faults(body, body + "j 1f") == [
        "a.s:1:8: undefined symbol here, used 8 times",
        "a.s:3:23: undefined symbol there, used 2 times",
        "b.s:4:3: there is no label 1: after this",
    ]
    assert faults("j 1f", "j 1f\n1:") == ["a.s:1:3: there is no label 1: after this"]
    assert len(faults("".join(f"j f{n}x\n" * 5 for n in range(100)))) == 100


def test_a_name_of_another_files() -> None:
    assert faults("call print\nj other", ".globl other\nother: nop\nprint: ret") == [
        "a.s:1:6: undefined symbol print; b.s:3 defines it without .globl print"
    ]


def test_a_label_without_its_colon() -> None:
    """It is missing once: who uses the label makes no mistake."""
    for statement in ("li a0, 1", "ret", ".word 1", "m 5"):
        found = faults(f".macro m x\n.endm\nj loop\n  loop {statement}\nla a0, loop")
        assert found == ["a.s:4:7: a colon is missing after loop"], statement
    assert faults("loop\nj loop") == ["a.s:1:1: unknown instruction loop; a label is written loop:"]
    assert faults("frob a0\nj frob")[1:] == ["a.s:2:3: undefined symbol frob"]


def test_immediates_are_the_words_that_instructions_have_of_them() -> None:
    """Signed or unsigned (docs/pg32.md), whatever the instruction."""
    isa, decoder = pg32(), Decoder(pg32())

    def value(text: str) -> int | None:
        try:
            (word,) = words(text)
        except Exception:
            return None
        decoded = decoder.decode(word)
        assert decoded is not None
        (immediate,) = (decoded.values[o.name] for o in decoded.instruction.operands if o.kind.endswith("signed"))
        return immediate & 0xFFFFFFFF

    tried = [
        sign * ((1 << bit) + off)
        for sign in (1, -1)
        for bit in (0, 4, 5, 7, 8, 15, 16, 19, 20, 31, 32)
        for off in (-1, 0, 1)
    ]
    for insn in isa.instructions.values():
        immediates = [o for o in insn.operands if o.kind.endswith("signed") and not o.relative]
        if not immediates:
            continue
        (operand,) = immediates
        text = f"{insn.name} {insn.syntax}".replace("{" + operand.name + "}", "{}")
        text = text.replace("{rd}", "a0").replace("{rs1}", "a1").replace("{rs2}", "a2")
        low, high = (
            (-(1 << operand.width - 1), 1 << operand.width - 1) if operand.kind == "signed" else (0, 1 << operand.width)
        )
        fits = {n & 0xFFFFFFFF for n in tried if low <= n < high}
        for n in tried:
            meant = n & 0xFFFFFFFF if -(1 << 31) <= n < 1 << 32 and n & 0xFFFFFFFF in fits else None
            assert value(text.format(n)) == meant, (text, n)


def test_an_immediate_is_told_as_it_was_written() -> None:
    for number in ("0xffff0000", "0xffff", "-0x8001", "0x1ffffffff"):
        (fault,) = faults(f"addi a0, a0, {number}")
        assert fault == f"a.s:1:14: value {int(number, 0)} is out of range -32768..32767"
