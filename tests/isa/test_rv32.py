"""Encodings of RV32, beside those of GNU binutils 2.40, and what the description says of control registers."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble, disassemble_image
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.manual import manual
from ring1.isa.model import Isa
from ring1.isa.source import AsmError

OBJDUMP = "riscv64-unknown-elf-objdump"

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
COMPRESSED = (
    (0x1FE8, "c.addi4spn a0, sp, 0x3fc"),
    (0x5CF8, "c.lw a4, 124(s1)"),
    (0xDCF8, "c.sw a4, 124(s1)"),
    (0x1FFD, "c.addi t6, -1"),
    (0x757D, "c.lui a0, -1"),
    (0x7101, "c.addi16sp sp, -512"),
    (0x617D, "c.addi16sp sp, 496"),
    (0x83FD, "c.srli a5, 31"),
    (0x8405, "c.srai s0, 1"),
    (0x98A1, "c.andi s1, -24"),
    (0x8F85, "c.sub a5, s1"),
    (0x8FA5, "c.xor a5, s1"),
    (0x8FC5, "c.or a5, s1"),
    (0x8FE5, "c.and a5, s1"),
    (0x0FFE, "c.slli t6, 31"),
    (0x50FE, "c.lwsp ra, 252(sp)"),
    (0xDFFE, "c.swsp t6, 252(sp)"),
    (0x8082, "c.jr ra"),
    (0x9782, "c.jalr a5"),
    (0x9002, "c.ebreak"),
    (0x8FFE, "c.mv t6, t6"),
    (0x9FFE, "c.add t6, t6"),
)
"""As above, without aliases."""
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


def test_compressed_encodings() -> None:
    isa = load("rv32")
    for word, text in COMPRESSED:
        assert disassemble(isa, word, 0) == text
        assert assemble(isa, [("a.s", text)]).image == word.to_bytes(2, "little")


def test_compressed_jumps() -> None:
    """The furthest ones; and no further."""
    isa, base = load("rv32"), 0x80000000
    made = assemble(
        isa, [("a.s", "a: .zero 2048\nc.j a\nc.jal b\n.zero 2044\nb: c.beqz a0, c\n.zero 252\nc: c.bnez s1, b")], base
    )
    words = [int.from_bytes(made.image[at : at + 2], "little") for at in (2048, 2050, 4096, 4350)]
    assert words == [0xB001, 0x2FFD, 0xCD7D, 0xF089]
    decoder = Decoder(isa)
    distances = [
        next(v for k, v in d.values.items() if k in ("near", "close")) for d in map(decoder.decode, words) if d
    ]
    assert distances == [-2048, 2046, 254, -254]
    for far in ("a: .zero 2050\nc.j a", "c.jal b\n.zero 2046\nb:", "c.beqz a0, c\n.zero 254\nc:"):
        with pytest.raises(AsmError, match="out of range"):
            assemble(isa, [("a.s", far)], base)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c.and a0, t0", "register 5 is out of range 8..15"),
        ("c.lwsp zero, 0(sp)", "it cannot be 0 here"),
        ("c.addi16sp sp, 0", "it cannot be 0 here"),
        ("c.addi16sp a0, 16", "a0 is not sp"),
        ("c.lui a0, 0", "it cannot be 0 here"),
        ("c.lui sp, 1", "it would be c.addi16sp"),
        ("c.jr zero", "it cannot be 0 here"),
        ("c.mv a0, zero", "it would be c.jr"),
        ("c.lw a0, 2(a1)", "2 is not a multiple of 4"),
        ("c.li a0, 32", "out of range -32..31"),
        ("c.slli a0, 32", "out of range 0..31"),
    ],
)
def test_operands_that_compressed_instructions_cannot_have(text: str, why: str) -> None:
    with pytest.raises(AsmError, match=re.escape(why)):
        assemble(load("rv32"), [("a.s", text)])


def test_code_at_even_addresses() -> None:
    """Padding is code that does nothing; what somebody jumps into is shown as what is jumped to."""
    isa = load("rv32")
    made = assemble(isa, [("a.s", ".align 1\nc.nop\n.balign 8\nnop\n.option rvc\nc.lui a0, 0xfffe1\n.balign 4\nc.nop")])
    halves = [int.from_bytes(made.image[at : at + 2], "little") for at in range(0, len(made.image), 2)]
    assert halves == [1, 1, 0x13, 0, 0x13, 0, 0x7505, 1, 1]
    again = disassemble_image(isa, made.image)
    assert assemble(isa, [("a.s", again)]).image == made.image
    code = bytes.fromhex("1305010001000000000001")
    shown = disassemble_image(isa, code, 0, [(2, "amid")])
    assert ".half 0x0513" in shown and "amid:" in shown and ".byte 0x01" in shown
    assert assemble(isa, [("a.s", shown)]).image == code


@pytest.mark.skipif(shutil.which(OBJDUMP) is None, reason=f"{OBJDUMP} is not installed")
def test_every_half_word_beside_binutils(tmp_path: Path) -> None:
    """What is an instruction, and which one, of all words of 16 bits. Binutils show shifts by 32 and more, which RV32
    leaves to others, and c.addi16sp with 0, which is reserved."""
    halves = [half for half in range(1 << 16) if half & 3 != 3]
    (tmp_path / "all").write_bytes(b"".join(half.to_bytes(2, "little") for half in halves))
    command = [OBJDUMP, *["-D", "-b", "binary", "-m", "riscv:rv32", "-M", "no-aliases"], "all"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    rows = re.findall(r"^ *[0-9a-f]+:\t([0-9a-f]{4}) +\t(\S+)(?:\t(\S+))?", shown, re.MULTILINE)
    assert [int(row[0], 16) for row in rows] == halves
    decoder, count = Decoder(load("rv32")), 0
    for text, name, operands in rows:
        decoded = decoder.decode(int(text, 16))
        others = name.startswith((".", "c.f")) or name == "c.unimp" or (name, operands) == ("c.addi16sp", "sp,0")
        beyond = name in ("c.slli", "c.srli", "c.srai") and int(operands.split(",")[1], 0) > 31
        if others or beyond:
            assert decoded is None, text
        else:
            count += 1
            assert decoded is not None, text
            assert decoded.instruction.name in (name.removesuffix("64"), "c.addi" if name == "c.nop" else name), text
    assert count == 28823
