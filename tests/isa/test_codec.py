"""Encodings of PG32 and its variants: words and operands belong to each other both ways, illegal words are illegal, and
operands out of range are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.isa.codec import Decoder, OperandError, alignment, encode
from ring1.isa.load import load
from ring1.isa.model import Instruction, Operand

PG32 = load("pg32")
DECODER = Decoder(PG32)
ISAS = ("pg32", "pg32v", "pg32h")


def limits(insn: Instruction, operand: Operand) -> tuple[int, int]:
    """Least and greatest value of an operand."""
    if operand.kind == "control":
        return 0, max(PG32.control_numbers)
    if operand.kind == "signed":
        step = alignment(insn, operand)
        return -1 << (operand.width - 1), (1 << (operand.width - 1)) - step
    return 0, (1 << operand.width) - 1


def values(insn: Instruction) -> st.SearchStrategy[dict[str, int]]:
    def one(operand: Operand) -> st.SearchStrategy[int]:
        low, high = limits(insn, operand)
        step = alignment(insn, operand)
        return st.integers(low // step, high // step).map(lambda n: n * step)

    return st.fixed_dictionaries({operand.name: one(operand) for operand in insn.operands})


instructions = st.sampled_from(list(PG32.instructions.values()))
encodable = instructions.flatmap(lambda insn: st.tuples(st.just(insn), values(insn)))


@settings(max_examples=400)
@given(encodable)
def test_decode_is_the_inverse_of_encode(given: tuple[Instruction, dict[str, int]]) -> None:
    insn, operands = given
    word = encode(insn, operands)
    assert 0 < word < 0xFFFFFFFF
    decoded = DECODER.decode(word)
    assert decoded is not None and decoded.instruction is insn and decoded.values == operands


@settings(max_examples=400)
@given(
    st.one_of(
        st.integers(0, 2**32 - 1),
        encodable.map(lambda g: encode(*g)).flatmap(lambda word: st.integers(0, 31).map(lambda bit: word ^ 1 << bit)),
    )
)
def test_encode_is_the_inverse_of_decode(word: int) -> None:
    """Any word is illegal or comes back: no bit of a legal one is ignored."""
    decoded = DECODER.decode(word)
    if decoded is not None:
        assert encode(decoded.instruction, decoded.values) == word


@pytest.mark.parametrize("name", PG32.instructions)
def test_edges_of_every_operand(name: str) -> None:
    """Least and greatest values come back; what lies beyond, or is not aligned, is refused by name."""
    insn = PG32.instructions[name]
    usual = {operand.name: 0 for operand in insn.operands}
    for operand in insn.operands:
        low, high = limits(insn, operand)
        step = alignment(insn, operand)
        for value in {low, high, 0, step, high - step}:
            decoded = DECODER.decode(encode(insn, usual | {operand.name: value}))
            assert decoded is not None and decoded.values == usual | {operand.name: value}
        greatest = (1 << operand.width) - 1 if operand.kind == "control" else high
        for value in (low - step, greatest + step, *([step // 2] if step > 1 else [])):
            with pytest.raises(OperandError) as caught:
                encode(insn, usual | {operand.name: value})
            assert caught.value.operand == operand.name


def test_signed_operands_as_words() -> None:
    """The unsigned word of the same bits will do; one that is out of range will not."""
    addi = PG32.instructions["addi"]
    assert encode(addi, {"rd": 1, "rs1": 2, "imm": 0xFFFFFFFF}) == encode(addi, {"rd": 1, "rs1": 2, "imm": -1})
    assert encode(addi, {"rd": 1, "rs1": 2, "imm": 0xFFFF8000}) == encode(addi, {"rd": 1, "rs1": 2, "imm": -0x8000})
    for value in (0x8000, 0xFFFF, 0xFFFF7FFF, 1 << 32):
        with pytest.raises(OperandError, match="out of range"):
            encode(addi, {"rd": 1, "rs1": 2, "imm": value})


@pytest.mark.parametrize("name", ISAS)
def test_words_of_zeros_and_ones_are_illegal(name: str) -> None:
    decoder = Decoder(load(name))
    assert decoder.decode(0) is None and decoder.decode(0xFFFFFFFF) is None


@pytest.mark.parametrize("name", ISAS)
def test_control_registers_that_do_not_exist(name: str) -> None:
    isa = load(name)
    decoder = Decoder(isa)
    for insn in (isa.instructions["rdcr"], isa.instructions["wrcr"]):
        width = next(operand.width for operand in insn.operands if operand.kind == "control")
        usual = {operand.name: 0 for operand in insn.operands}
        for number in range(1 << width):
            decoded = decoder.decode(encode(insn, usual | {"cr": number}))
            assert (decoded is not None) == (number in isa.control_numbers)


def test_variants_have_the_same_encodings() -> None:
    for name in ISAS[1:]:
        other = load(name)
        assert {n: (i.mask, i.match) for n, i in other.instructions.items()} == {
            n: (i.mask, i.match) for n, i in PG32.instructions.items()
        }


def test_no_two_instructions_share_a_word() -> None:
    made = list(PG32.instructions.values())
    for n, a in enumerate(made):
        for b in made[n + 1 :]:
            assert a.mask & b.mask & (a.match ^ b.match), (a.name, b.name)
