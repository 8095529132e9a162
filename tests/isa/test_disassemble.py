"""Disassembly, and that it assembles to the same words."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import disassemble, disassemble_image
from ring1.isa.codec import Decoder, encode
from ring1.isa.model import Instruction, Operand
from tests.isa.assembly import pg32, program

ADDRESSES = st.integers(0, (1 << 22) - 1).map(lambda n: 4 * n)
"""Up to 16 MiB: beyond, an image with one word in it is large. Distances wrap there all the same."""


@pytest.mark.parametrize(
    ("word", "address", "text"),
    [
        (0x10ABC000, 0, "add a0, a1, a2"),
        (0x28AA0678, 0, "addi a0, a0, 1656"),
        (0x2822FFF0, 0, "addi sp, sp, -16"),
        (0x38A12345, 0, "lui a0, 0x12345"),
        (0x32AB001F, 0, "srai a0, a1, 31"),
        (0x44AFFFFC, 0, "lw a0, -4(a5)"),
        (0x4AA20008, 0, "sw a0, 8(sp)"),
        (0x50ACB000, 0, "swap a0, a1, (a2)"),
        (0x60AB0002, 0x100, "beq a0, a1, 0x108"),
        (0x60ABFFFF, 0x100, "beq a0, a1, 0xfc"),
        (0x680FFFFF, 0, "jal zero, 0xfffffffc"),
        (0x70000007, 0, "syscall 7"),
        (0x71000000, 0, "brk"),
        (0x84A00002, 0, "rdcr a0, cause"),
        (0x850A0000, 0, "wrcr tvec, a0"),
        (0, 0, ".word 0x00000000"),
        (0xFFFFFFFF, 0, ".word 0xffffffff"),
        (0x10ABC001, 0, ".word 0x10abc001"),  # bits that must be zero
        (0x84A0000F, 0, ".word 0x84a0000f"),  # there is no control register 15
    ],
)
def test_text(word: int, address: int, text: str) -> None:
    assert disassemble(pg32(), word, address) == text


def assembled(text: str, address: int) -> int:
    """The word that `text` is at `address`."""
    image = assemble(pg32(), [("a.s", f".org {address}\n{text}")]).image
    assert len(image) == address + 4
    return int.from_bytes(image[address:], "little")


def operand_values(operand: Operand, insn: Instruction) -> st.SearchStrategy[int]:
    if operand.kind == "register":
        return st.integers(0, len(pg32().registers) - 1)
    if operand.kind == "control":
        return st.sampled_from(sorted(pg32().control_numbers))
    low, high = 0, (1 << operand.width) - 1
    if operand.kind == "signed":
        low, high = -1 << (operand.width - 1), (1 << (operand.width - 1)) - 1
    step = 1 << min(part.lo for part in insn.parts if part.operand == operand.name)
    numbers = st.one_of(st.integers(low // step, high // step), st.sampled_from([low // step, high // step, 0]))
    return numbers.map(lambda n: n * step)


@cache
def legal_words(name: str) -> st.SearchStrategy[int]:
    """The words of an instruction, with any operands."""
    insn = pg32().instructions[name]
    values = st.fixed_dictionaries({o.name: operand_values(o, insn) for o in insn.operands})
    return values.map(lambda v: encode(insn, v))


@given(st.sampled_from(sorted(pg32().instructions)).flatmap(legal_words), ADDRESSES)
def test_every_legal_word_comes_back(word: int, address: int) -> None:
    text = disassemble(pg32(), word, address)
    assert not text.startswith(".word")
    assert assembled(text, address) == word


@pytest.mark.parametrize("name", sorted(pg32().instructions))
@given(data=st.data())
def test_every_instruction_comes_back(name: str, data: st.DataObject) -> None:
    word, address = data.draw(legal_words(name)), data.draw(st.integers(0, 1 << 12).map(lambda n: 4 * n))
    assert disassemble(pg32(), word, address).split()[0] == name
    assert assembled(disassemble(pg32(), word, address), address) == word


@given(st.integers(0, (1 << 32) - 1), st.integers(0, 1 << 12).map(lambda n: 4 * n))
def test_any_word_comes_back(word: int, address: int) -> None:
    text = disassemble(pg32(), word, address)
    assert text.startswith(".word") == (Decoder(pg32()).decode(word) is None)
    assert assembled(text, address) == word


@given(
    st.lists(st.one_of(st.binary(max_size=9), st.integers(0, 60).map(bytes), st.just(bytes.fromhex("00000028")))),
    st.sampled_from([0, 4, 0x100, 0x10000]),
)
def test_any_image_comes_back(parts: list[bytes], base: int) -> None:
    data = b"".join(parts)
    image = assemble(pg32(), [("a.s", disassemble_image(pg32(), data, base))]).image
    assert image[base:] == data


def test_text_of_an_image() -> None:
    data = program("li a0, 0x12345678\nloop: bnez a0, loop\n.space 20\n.byte 1, 2").image
    assert disassemble_image(pg32(), data, 0x100).splitlines() == [
        "        .org 0x100",
        "        lui a0, 0x12345                 # 00000100: 38a12345",
        "        addi a0, a0, 1656               # 00000104: 28aa0678",
        "        bne a0, zero, 0x108             # 00000108: 61a00000",
        "        .zero 20                        # 0000010c",
        "        .byte 0x01, 0x02                # 00000120",
    ]


def test_bases_where_no_instruction_can_stand() -> None:
    for base in (-4, 2, 1 << 32):
        with pytest.raises(ValueError):
            disassemble_image(pg32(), b"1234", base)
