"""Encodings beyond PG32's: bits that do not matter, instructions that refine others, mnemonics with dots, and operands'
numbers."""

from __future__ import annotations

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.codec import Decoder, OperandError, encode
from ring1.isa.manual import manual
from ring1.isa.show import statements
from ring1.isa.source import AsmError
from tests.machine.builder import Program, run_all
from tests.machine.extended import extended

TEXT = """
format Any(op)     : op:8 rd rs1 rs2 any:2 0:10 "{rd}, {rs1}, {rs2}";
format Both(op)    : op:8 rd rs1 0:4 0:12       "{rd}, {rs1}";
format None(op)    : op:8 0:4 0:4 0:4 0:12      "";
format Count(op)   : op:8 rd rs1 imm            "{rd}, {rs1}, {imm}";
format File(op)    : op:8 rd rs1 0:12 cr        "{rd}, {rs1}, {cr}";
insn sum.any  : Any(0xa0)  { rd = rs1 + rs2; }
insn sum      : Both(0xa0) { rd = rs1 + 1; }
insn sum.any.none : None(0xa0) { a5 = a5 + 100; }
insn sum_any  : R(0xa1) { rd = rs1 - rs2; }
insn which    : R(0xa2) {
    if #rs1 == 5 { rd = 1; } else if #rs1 == #rd { rd = 2; } else if #rs2 == 0 { rd = 3; }
    else { rd = zx(#rs1) << 8 | zx(#rs2); }
}
insn bits     : Count(0xa3) { rd = rs1 + zx(#imm); }
insn checked  : File(0xa4) { rd = {#cr, rs1[27:0]}; }
guard checked { require #cr[3] == 0 | psw.RING == 0 & #rd != 7 else privileged(word); }
"""


def test_the_more_specific_encoding_wins() -> None:
    isa = extended(TEXT)
    decoder = Decoder(isa)
    named = {word: made.instruction.name for word in CASES if (made := decoder.decode(word)) is not None}
    assert named == CASES
    assert list(isa.instructions["sum"].refined) == [("sum.any.none", 0xFFFFFFFF, 0xA0000000)]


CASES = {
    0xA0123000: "sum.any",
    0xA0123C00: "sum.any",
    0xA0120C00: "sum.any",  # bits of `sum` are not 0
    0xA0120000: "sum",
    0xA0100000: "sum",
    0xA0000000: "sum.any.none",
    0xA0001000: "sum.any",
}


def test_operands_that_make_it_another_instruction_are_refused() -> None:
    """The assembler refuses what would be read as something else, and says so."""
    isa = extended(TEXT)
    with pytest.raises(OperandError, match=r"it would be sum$") as caught:
        encode(isa.instructions["sum.any"], {"rd": 1, "rs1": 2, "rs2": 0})
    assert caught.value.operand == "rs2"
    with pytest.raises(AsmError, match=r"a\.s:2:17: error: with these operands it would be sum\n"):
        assemble(isa, [("a.s", "sum.any ra, sp, gp\nsum.any a0, a1, zero\n")])


def test_texts() -> None:
    """What is disassembled assembles to the same word: one with bits that do not matter stays a word."""
    isa = extended(TEXT)
    words = [0xA0123000, 0xA0123400, 0xA0120000, 0xA0000000, 0xA1123000]
    texts = [disassemble(isa, word, 0) for word in words]
    assert texts == ["sum.any ra, sp, gp", ".word 0xa0123400", "sum ra, sp", "sum.any.none", "sum_any ra, sp, gp"]
    image = assemble(isa, [("a.s", "\n".join(texts))]).image
    assert [int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4)] == words
    shown = manual(isa)
    assert " any " in shown.split("\nsum.any rd")[1].split("rd = ")[0] and "\nsum.any rd, rs1, rs2\n" in shown
    assert statements(isa, isa.instructions["bits"].body) == ["rd = rs1 + zx(#imm);"]
    assert statements(isa, isa.instructions["checked"].body)[0] == (
        "require #cr[3] == 0 | psw.RING == 0 & #rd != 7 else privileged(word);"
    )


def test_under_every_engine() -> None:
    """Numbers of registers are those in the word, for each register anew, however often the instruction was met."""
    isa = extended(TEXT)
    p = Program(isa)
    p.control("tvec", 0x400)
    at = 0x2000
    p.li("s1", at)
    wanted = list[int]()
    for rs1 in (n for n in range(16) if n != 9):
        for rd, rs2 in ((1, 0), (2, 0), (1, 3), (rs1, 3)):
            p("which", rd, rs1, rs2)
            p("sw", rd, len(wanted) * 4, "s1")
            made = 1 if rs1 == 5 else 2 if rs1 == rd else 3 if rs2 == 0 else rs1 << 8 | rs2
            wanted.append(made if rd else 0)
    p.li("a0", 40)
    p.li("a1", 2)
    p.li("a5", 0)
    p("sum.any", "a2", "a0", "a1")
    p.word(encode(isa.instructions["sum.any"], {"rd": 13, "rs1": 10, "rs2": 11}) | 0xC00)  # a3
    p("sum", "a4", "a0")
    p.word(0xA0000000)  # a5 = 100
    p("bits", "t1", "zero", -1)
    p("bits", "t2", "zero", 0x7FFF)
    p("checked", "s0", "a0", "timecmp")
    p("checked", "t2", "a0", "timecmp")
    p.org(0x400)
    p.li("a0", 40)
    p.off(9)
    got = run_all(p, isa=isa)
    assert got.stop.code == 9
    assert [got[name] for name in ("a2", "a3", "a4", "a5")] == [42, 42, 41, 100]
    assert [got.word(at + 4 * n) for n in range(len(wanted))] == wanted
    assert got["s0"] == 9 << 28 | 40 and got["t2"] == 0x7FFF and got["cause"] == 1
