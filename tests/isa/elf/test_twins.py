"""RV32EM's instructions and their twins: described alike, and encoded as GNU's assembler and ring1's have them."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble
from ring1.isa.codec import Decoder, encode
from ring1.isa.elf.twins import RV32EM, UNLIKE, Strange, Twins, pairs
from ring1.isa.load import load
from ring1.isa.model import Instruction
from tests.isa.assembly import pg32

GCC = "riscv64-unknown-elf-gcc"
OBJCOPY = "riscv64-unknown-elf-objcopy"


def test_twins_do_the_same() -> None:
    unlike = {name for name, (a, b) in pairs(pg32()).items() if a.body and a.body != b.body}
    assert unlike == set(UNLIKE) == {"div", "divu", "rem", "remu", "jalr"}


def test_fields_of_twins_are_at_least_as_wide() -> None:
    for name, (a, b) in pairs(pg32()).items():
        theirs = {operand.name: operand for operand in b.operands}
        for operand in a.operands:
            if name not in ("rdcr", "wrcr"):
                assert theirs[operand.name].width >= operand.width, (name, operand)
            assert theirs[operand.name].relative == operand.relative


def some(insn: Instruction, chance: random.Random) -> dict[str, int]:
    """Operands that the encoding can hold, the extremes among them."""
    values = {}
    for operand in insn.operands:
        low, high = 0, (1 << operand.width) - 1
        if operand.kind == "signed":
            low, high = -1 << (operand.width - 1), (1 << (operand.width - 1)) - 1
        if operand.name == "cr":
            high = 11
        value = chance.choice([low, high, chance.randint(low, high)])
        values[operand.name] = value & ~3 if operand.relative else value
    return values


def test_a_word_becomes_the_same_instruction_with_the_same_operands() -> None:
    chance, twins, decoder = random.Random(1), Twins(pg32()), Decoder(pg32())
    rv = load(RV32EM)
    for name, insn in rv.instructions.items():
        if name in ("fence", "fence_i", "ecall", "ebreak", "rdcycle", "rdinstret"):
            continue
        for _ in range(200):
            values = some(insn, chance)
            word = twins.of(encode(insn, values))
            decoded = decoder.decode(word)
            assert decoded is not None and decoded.instruction.name == name
            assert decoded.values == values


TEXT = """
        add a0, a1, a2
        sub a5, t0, ra
        addi sp, sp, -2048
        slli s0, s1, 31
        srai tp, gp, 1
        lui a0, 0xfffff
        auipc a1, 0x12345
        lw a0, 2047(a1)
        sb a0, -2048(a1)
        mulhsu a0, a1, a2
        remu a0, a1, a2
        beq a0, a1, . - 4
        bgeu a0, a1, . + 4092
        jal ra, . + 0xffffc
        jal zero, . - 0x100000
        jalr ra, -4(a0)
"""


@pytest.mark.skipif(shutil.which(GCC) is None, reason=f"{GCC} is not installed")
def test_words_of_gnu_s_assembler_become_those_of_ring1_s(tmp_path: Path) -> None:
    (tmp_path / "t.s").write_text(".option norelax\n.option norvc\n" + TEXT + "ebreak\nfence\nrdtime a3\n")
    march = ["-march=rv32em_zicsr", "-mabi=ilp32e"]
    subprocess.run([GCC, *march, "-c", "t.s", "-o", "t.o"], cwd=tmp_path, check=True)
    subprocess.run([OBJCOPY, "-O", "binary", "-j", ".text", "t.o", "t.bin"], cwd=tmp_path, check=True)
    theirs = (tmp_path / "t.bin").read_bytes()
    twins = Twins(pg32())
    made = b"".join(
        twins.of(int.from_bytes(theirs[at : at + 4], "little")).to_bytes(4, "little") for at in range(0, len(theirs), 4)
    )
    assert made == assemble(pg32(), [("t.s", TEXT + "brk\nnop\nrdtime a3\n")]).image


@pytest.mark.skipif(shutil.which(GCC) is None, reason=f"{GCC} is not installed")
def test_pg32_s_own_instructions_by_their_macros(tmp_path: Path) -> None:
    text = """
        in a0, a1
        out a0, a1
        setptb a2
        tlbflush
        cli
        sti
        hlt
        rfe
        getpsw a3
        setpsw a4
        getptb a5
        lra a0, t0
        jru t1
        rdcr a0, timecmph
        wrcr tvec, a1
        syscall 65535
        hcall 1
"""
    inc = Path(__file__).parents[3] / "examples" / "c" / "elf"
    (tmp_path / "t.s").write_text('.include "pg32.inc"\n' + text + "swap a0, a1, a2\ncas a3, a4, a5\n")
    subprocess.run(
        [GCC, "-march=rv32em", "-mabi=ilp32e", f"-Wa,-I{inc}", "-c", "t.s", "-o", "t.o"], cwd=tmp_path, check=True
    )
    subprocess.run([OBJCOPY, "-O", "binary", "-j", ".text", "t.o", "t.bin"], cwd=tmp_path, check=True)
    theirs, twins = (tmp_path / "t.bin").read_bytes(), Twins(pg32())
    made = b"".join(
        twins.of(int.from_bytes(theirs[at : at + 4], "little")).to_bytes(4, "little") for at in range(0, len(theirs), 4)
    )
    assert made == assemble(pg32(), [("t.s", text + "swap a0, a1, (a2)\ncas a3, a4, (a5)\n")]).image


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (0x00008082, "compressed"),  # c.jr ra
        (0x00A52027, "extension F or D"),  # fsw
        (0x100522AF, "extension A"),  # lr.w
        (0x30529073, "Zicsr"),  # csrw mtvec, t0
        (0x30200073, "privileged"),  # mret
        (0x00080833, "register from x16"),  # add a6, a6, zero
        (0x01080793, "register from x16"),  # addi a5, a6, 16
        (0x0000000B | 0x7F << 25, "no instruction"),
    ],
)
def test_words_without_twins(word: int, why: str) -> None:
    with pytest.raises(Strange) as error:
        Twins(pg32()).of(word)
    assert why in str(error.value)


def test_a_branch_into_the_middle_of_a_word_is_refused() -> None:
    with pytest.raises(Strange) as error:
        Twins(pg32()).of(0x00000163)  # beq zero, zero, . + 2
    assert "beq" in str(error.value)


def test_padding_stays() -> None:
    twins = Twins(pg32())
    assert twins.of(0) == 0 and twins.of(0xFFFFFFFF) == 0xFFFFFFFF


def test_a_machine_whose_instruction_does_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pg32.isa").write_text(Path(__file__).parents[3].joinpath("isa/pg32.isa").read_text())
    (tmp_path / "odd.isa").write_text('isa odd extends pg32 "odd";\ninsn add : R(0x10) { rd = rs1 - rs2; }\n')
    twins = Twins(load(str(tmp_path / "odd.isa")))
    with pytest.raises(Strange) as error:
        twins.of(0x00B50533)  # add a0, a0, a1
    assert "does something else" in str(error.value)
    assert twins.of(0x40B50533)  # sub is as it was
