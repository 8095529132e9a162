"""Encodings of RV32, beside those of GNU binutils 2.40, and what the description says of control registers."""

from __future__ import annotations

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.manual import manual
from ring1.isa.model import Isa

BINUTILS = (
    (0x00C58533, "add a0, a1, a2"),
    (0xFF010113, "addi sp, sp, -16"),
    (0xFFC42783, "lw a5, -4(s0)"),
    (0x7FF1AFA3, "sw t6, 2047(gp)"),
    (0x41FE5D93, "srai s11, t3, 31"),
    (0xFFFFF537, "lui a0, 0xfffff"),
    (0x00001297, "auipc t0, 1"),
    (0x00008067, "jalr zero, 0(ra)"),
    (0x0293A333, "mulhsu t1, t2, s1"),
    (0x03F07533, "remu a0, zero, t6"),
    (0x1005A52F, "lr.w a0, (a1)"),
    (0x18D7262F, "sc.w a2, a3, (a4)"),
    (0x00B6252F, "amoadd.w a0, a1, (a2)"),
    (0xE129A02F, "amomaxu.w zero, s2, (s3)"),
    (0x18051073, "csrrw zero, satp, a0"),
    (0xF14025F3, "csrrs a1, mhartid, zero"),
    (0x300472F3, "csrrci t0, mstatus, 8"),
    (0x140FD073, "csrrwi zero, sscratch, 31"),
    (0x30200073, "mret"),
    (0x10200073, "sret"),
    (0x10500073, "wfi"),
    (0x00000073, "ecall"),
    (0x00100073, "ebreak"),
    (0x0000100F, "fence.i"),
    (0x12000073, "sfence.vma zero, zero"),
    (0x12B50073, "sfence.vma a0, a1"),
)
FLOW = (
    (0x10B50063, "beq a0, a1, 0x80000100"),
    (0xF60FFEE3, "bgeu t6, zero, 0x7fffff80"),
    (0x7F6000EF, "jal ra, 0x800007fe"),
    (0xFF5FE06F, "jal zero, 0x7ffff000"),
)
"""One after the other from 0x80000000 on."""
NOT_ASSEMBLED = {0x06B6252F: "amoadd.w", 0x1405A52F: "lr.w", 0x0310000F: "fence", 0x8330000F: "fence"}
"""Words with bits that do not matter: amoadd.w.aqrl, lr.w.aq, fence rw, w and fence.tso."""
ALIASES = (
    (0x0FF0000F, "fence"),
    (0x00000013, "nop"),
    (0x30002573, "csrr a0, mstatus"),
    (0x34051073, "csrw mscratch, a0"),
    (0x00008067, "ret"),
    (0x12000073, "sfence.vma"),
    (0xC0102573, "rdtime a0"),
)
ILLEGAL = (0, 0xFFFFFFFF, 0x7FF01073, 0x0000302F, 0x02051013, 0x00002067)
"""Zeros, ones, a control register that does not exist, an atomic of another width, a shift by 32, jalr with another
funct3."""


@pytest.fixture(scope="module")
def rv32() -> Isa:
    return load("rv32")


def words(isa: Isa, text: str) -> list[int]:
    image = assemble(isa, [("a.s", text)]).image
    return [int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4)]


def test_as_binutils_encode_it(rv32: Isa) -> None:
    assert words(rv32, "\n".join(text for _, text in BINUTILS)) == [word for word, _ in BINUTILS]
    assert words(rv32, "\n".join(text for _, text in ALIASES)) == [word for word, _ in ALIASES]
    for word, text in BINUTILS:
        told = disassemble(rv32, word, 0x80000000)
        assert words(rv32, told) == [word], text
        assert told.split()[0] == text.split()[0]


@pytest.mark.parametrize("number", range(4))
def test_jumps(rv32: Isa, number: int) -> None:
    word, text = FLOW[number]
    assert disassemble(rv32, word, 0x80000000 + 4 * number) == text
    assert words(rv32, "nop\n" * number + text)[number] == word


def test_bits_that_do_not_matter(rv32: Isa) -> None:
    decoder = Decoder(rv32)
    for word, name in NOT_ASSEMBLED.items():
        decoded = decoder.decode(word)
        assert decoded is not None and decoded.instruction.name == name


def test_illegal_words(rv32: Isa) -> None:
    decoder = Decoder(rv32)
    assert [word for word in ILLEGAL if decoder.decode(word) is not None] == []


def test_manual(rv32: Isa) -> None:
    text = manual(rv32)
    assert "RAM begins at the physical address 0x80000000." in text
    assert "line 11, then 3, then 7, then 9, then 1, then 5, then the lowest first" in text
    assert "A physical address that does not exist, for a store (address):" in text
    assert "For a fetch: on when satp.ON & priv.MODE != 3 is 1." in text
