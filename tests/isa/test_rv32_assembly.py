"""Assembly for RV32 as courses and compilers write it, beside what GNU binutils make of it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.source import AsmError

TEXT = """
_start: la a0, here
        la s1, 0x12345
        lla a1, there
1:      auipc a2, %pcrel_hi(there + 4)
        addi a2, a2, %pcrel_lo(1b)
        lw a3, %pcrel_lo(1b)(a2)
        sb a3, %pcrel_lo(1b)(a2)
        lui a4, %hi(there)
        lbu a4, %lo(there)(a4)
        lw a5, there
        lhu a6, here
        sh a6, there + 2, t0
        call there
        call t2, here
        tail there
        jump here, t3
        j 2f
        jal 2f
        jr t0
        jr -4(t0)
        jalr t1
        jalr 8(t1)
        jalr s2, t1
        jalr s2, t1, 12
2:      ret
here:   li t0, 0
        li t0, -2048
        li t0, 0x7ff
        li t0, 0x800
        li t0, 0xfffff800
        li t0, 0xfffff7ff
        li t0, 0x80000000
        li t0, 0xffffffff80000001
        li t0, 0x12345000
        mv a0, a1
        not a0, a1
        neg a0, a1
        seqz a0, a1
        snez a0, a1
        sltz a0, a1
        sgtz a0, a1
        sgt a0, a1, a2
        sgtu a0, a1, a2
        sext.b a0, a1
        sext.h a0, a1
        zext.b a0, a1
        zext.h a0, a1
        add a0, a1, -7
        and a0, a1, 15
        or a0, a1, 1
        xor a0, a1, -1
        slt a0, a1, 3
        sltu a0, a1, 3
        sll a0, a1, 31
        srl a0, a1, 1
        sra a0, a1, 4
        beqz a0, 2b
        bnez a0, 2b
        blez a0, 2b
        bgez a0, 2b
        bltz a0, 2b
        bgtz a0, 2b
        bgt a0, a1, 2b
        ble a0, a1, 2b
        bgtu a0, a1, 2b
        bleu a0, a1, 2b
        csrr a0, mstatus
        csrr a0, 0x344
        csrw mscratch, a0
        csrs mie, a0
        csrc mie, a0
        csrw 0x340, 5
        csrwi mscratch, 31
        csrsi mstatus, 8
        csrci mstatus, 8
        csrs mstatus, 8
        csrc mstatus, 8
        csrrw a0, mscratch, 3
        csrrs a0, mip, 2
        csrrc a0, mip, 2
        rdcycle a0
        rdcycleh a0
        rdtime a0
        rdtimeh a0
        rdinstret a0
        rdinstreth a0
        fence
        fence rw, w
        fence iorw, o
        fence.i
        sfence.vma
        sfence.vma a0
        scall
        sbreak
        unimp
        nop
"""
DATA = r"""
        .balign 4096
there:  .word here - _start, 1b, 3f
3:      .half 1, -1
        .balign 8
        .dword 0x0123456789abcdef
        .asciz "a\n"
"""
# What riscv64-unknown-elf-as -march=rv32ima_zicsr_zifencei -mno-relax and ld --no-relax -Ttext=0x80000000, of binutils
# 2.40, make of them: code, and data a page behind it.
WORDS = (
    *(0x00000517, 0x08C50513, 0x000124B7, 0x34548493, 0x00001597, 0xFF058593, 0x00001617, 0xFEC60613),
    *(0xFEC62683, 0xFED60623, 0x80001737, 0x00074703, 0x00001797, 0xFD07A783, 0x00000817, 0x05485803),
    *(0x00001297, 0xFD029123, 0x00001097, 0xFB8080E7, 0x00000317, 0x03C303E7, 0x00001317, 0xFA830067),
    *(0x00000E17, 0x02CE0067, 0x0200006F, 0x01C000EF, 0x00028067, 0xFFC28067, 0x000300E7, 0x008300E7),
    *(0x00030967, 0x00C30967, 0x00008067, 0x00000293, 0x80000293, 0x7FF00293, 0x000012B7, 0x80028293),
    *(0x80000293, 0xFFFFF2B7, 0x7FF28293, 0x800002B7, 0x800002B7, 0x00128293, 0x123452B7, 0x00058513),
    *(0xFFF5C513, 0x40B00533, 0x0015B513, 0x00B03533, 0x0005A533, 0x00B02533, 0x00B62533, 0x00B63533),
    *(0x01859513, 0x41855513, 0x01059513, 0x41055513, 0x0FF5F513, 0x01059513, 0x01055513, 0xFF958513),
    *(0x00F5F513, 0x0015E513, 0xFFF5C513, 0x0035A513, 0x0035B513, 0x01F59513, 0x0015D513, 0x4045D513),
    *(0xF60504E3, 0xF60512E3, 0xF6A050E3, 0xF4055EE3, 0xF4054CE3, 0xF4A04AE3, 0xF4A5C8E3, 0xF4A5D6E3),
    *(0xF4A5E4E3, 0xF4A5F2E3, 0x30002573, 0x34402573, 0x34051073, 0x30452073, 0x30453073, 0x3402D073),
    *(0x340FD073, 0x30046073, 0x30047073, 0x30046073, 0x30047073, 0x3401D573, 0x34416573, 0x34417573),
    *(0xC0002573, 0xC8002573, 0xC0102573, 0xC8102573, 0xC0202573, 0xC8202573, 0x0FF0000F, 0x0310000F),
    *(0x0F40000F, 0x0000100F, 0x12000073, 0x12050073, 0x00000073, 0x00100073, 0xC0001073, 0x00000013),
)
DATA_WORDS = (*(0x0000008C, 0x80000018, 0x8000100C, 0xFFFF0001, 0x89ABCDEF, 0x01234567, 0x00000A61),)
AS, LD, COPY = (f"riscv64-unknown-elf-{tool}" for tool in ("as", "ld", "objcopy"))


@pytest.fixture(scope="module")
def rv32() -> Isa:
    return load("rv32")


def words(image: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4))


def faults(isa: Isa, text: str) -> list[str]:
    with pytest.raises(AsmError) as caught:
        assemble(isa, [("a.s", text)])
    return [fault.message for fault in caught.value.faults]


def test_as_binutils_assemble_it(rv32: Isa) -> None:
    made = assemble(rv32, [("a.s", TEXT + DATA)])
    assert words(made.image)[: len(WORDS)] == WORDS
    assert words(made.image)[1024:] == DATA_WORDS


@pytest.mark.skipif(shutil.which(AS) is None, reason="binutils-riscv64-unknown-elf is not installed")
def test_as_the_binutils_of_this_host_assemble_it(rv32: Isa, tmp_path: Path) -> None:
    source, made = tmp_path / "a.s", tmp_path / "a.bin"
    source.write_text(TEXT + DATA)
    march = ("-march=rv32ima_zicsr_zifencei", "-mabi=ilp32", "-mno-relax")
    subprocess.run([AS, *march, "-o", tmp_path / "a.o", source], check=True)
    flags = ("-melf32lriscv", "--no-relax", "-Ttext=0x80000000")
    subprocess.run([LD, *flags, "-o", tmp_path / "a.elf", tmp_path / "a.o"], check=True)
    subprocess.run([COPY, "-O", "binary", "-j", ".text", tmp_path / "a.elf", made], check=True)
    image = assemble(rv32, [("a.s", TEXT + DATA)]).image
    assert words(image) == words(made.read_bytes())[: len(words(image))]


def test_halves_of_an_address_far_away(rv32: Isa) -> None:
    """Distances wrap around the address space: 0x7fc is 0x800007fc behind 0x80000000, or 0x7ffff804 before it."""
    text = "_start: la a0, low\n1: auipc a1, %pcrel_hi(low)\n lw a1, %pcrel_lo(1b)(a1)\n"
    text += " .equ low, place - 0x80000000 + 0x7fc\nplace = _start\n"
    assert words(assemble(rv32, [("a.s", text)]).image) == (0x80000517, 0x7FC50513, 0x80000597, 0x7F45A583)


def test_a_half_of_another_file_s_symbol(rv32: Isa) -> None:
    files = [("a.s", "_start: la a0, far\n"), ("b.s", " nop\n .globl far\nfar: ret\n")]
    assert words(assemble(rv32, files).image)[:2] == (0x00000517, 0x00C50513)


def test_lower_halves_without_upper_ones(rv32: Isa) -> None:
    wrong = "this is not the label of an instruction with %pcrel_hi"
    assert faults(rv32, "1: nop\n lw a0, %pcrel_lo(1b)(a0)\n") == [wrong]
    assert faults(rv32, "x: auipc a0, %hi(x)\n lw a0, %pcrel_lo(x)(a0)\n") == [wrong]
    assert faults(rv32, " lw a0, %pcrel_lo(5)(a0)\n") == [wrong]
    assert faults(rv32, " lw a0, %pcrel_lo(nowhere)(a0)\n") == ["undefined symbol nowhere"]
    assert faults(rv32, " .word %pcrel_hi(4)\n .data\n .word %pcrel_lo(6)\n") == [wrong]


def test_letters_of_a_fence(rv32: Isa) -> None:
    from ring1.isa.asm.disassemble import disassemble

    assert disassemble(rv32, 0x0310000F, 0) == "fence rw, w"
    assert disassemble(rv32, 0x0FF0000F, 0) == "fence iorw, iorw"
    assert disassemble(rv32, 0x0010000F, 0) == "fence 0, w"
    assert words(assemble(rv32, [("a.s", "fence 0, w\nfence 12, rw\n")]).image) == (0x0010000F, 0x0C30000F)
    assert faults(rv32, "fence wr, w\n") == ["undefined symbol wr"]


def test_a_program_begins_where_ram_does(rv32: Isa) -> None:
    assert assemble(rv32, [("a.s", "main: ret\n")]).entry == 0x80000000
    assert assemble(rv32, [("a.s", "main: ret\n_start: ret\n")]).entry == 0x80000004
