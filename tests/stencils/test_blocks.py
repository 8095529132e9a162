"""Blocks of stencils beside blocks that are lowered."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import capstone
import pytest

from ring1.dbt.host.x86_64.verify.block import verify
from ring1.dbt.stencils.form import Forms
from ring1.dbt.stencils.samples import words
from ring1.dbt.translate.translation import Translation
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from tests.stencils.parts import copier, supply
from tests.translate.blocks import disassembler

PC, FRAME = 0x5678, 0x123
KINDS = {"flat": (False, ()), "paged": (False, ((PC >> 12, FRAME),)), "softtlb": (True, ((PC >> 12, FRAME),))}


def text(insn: capstone.CsInsn) -> str:
    """An instruction; where jumps within a block lead depends on the order of its parts."""
    return insn.mnemonic if insn.mnemonic[0] == "j" and "[" not in insn.op_str else f"{insn.mnemonic} {insn.op_str}"


def instructions(made: Translation) -> Counter[str]:
    return Counter(map(text, disassembler().disasm(made.host.code, 0)))


def ways(made: Translation) -> set[tuple[object, ...]]:
    return {(way.kind, way.pc, way.reason, way.refund, way.by, site >= 0) for way, site in made.host.exits.values()}


@pytest.mark.parametrize("machine", ["pg32", "examples/machines/armv6.isa", "examples/machines/vax.isa"])
@pytest.mark.parametrize(
    "kind", ["flat", *(pytest.param(kind, marks=pytest.mark.soak) for kind in ("paged", "softtlb"))]
)
def test_an_instruction_alone_is_as_it_is_lowered(machine: str, kind: str) -> None:
    """With its registers in all kinds of places, among them those that the host needs for itself: the same host
    instructions and the same ways out, and the verifier's proof."""
    lookup, frames = KINDS[kind]
    isa = load(machine)
    made = supply(isa, lookup=lookup)
    forms, mode = Forms(isa, Decoder(isa)), 0
    number = 0
    for number, word in enumerate(islice(words(isa, forms, made.pinned, few=True), 0, None, 5)):
        stencils = copier(made).block(PC, mode, lambda pc: word, lambda pc: True, frames, {})  # noqa: B023
        lowered = made.translator.translate(PC, mode, lambda pc: word, False, lambda pc: True, frames)  # noqa: B023
        assert instructions(stencils) == instructions(lowered), hex(word)
        assert ways(stencils) == ways(lowered)
        assert (stencils.pcs, stencils.words, stencils.count) == (lowered.pcs, lowered.words, lowered.count)
        assert stencils.host.marks == lowered.host.marks
        if number % 7 == 0:
            verify(stencils.host, {0, stencils.body, stencils.page}, set(made.pinned.values()))
    assert number > 100


def test_a_block_of_many() -> None:
    """It ends where it would end, and its budget and marks are those of its instructions."""
    isa = load("pg32")
    made = supply(isa)
    forms = Forms(isa, Decoder(isa))
    sample = list(words(isa, forms, made.pinned, few=True))
    chosen = [sample[n] for n in range(0, len(sample), 37)]
    for start in range(0, len(chosen) - 8, 8):
        code = chosen[start : start + 8]

        def fetch(pc: int) -> int:
            return code[(pc - PC) // 4 % 8]  # noqa: B023

        def known(pc: int) -> bool:
            return pc == PC + 32

        stencils = copier(made).block(PC, 0, fetch, known, (), {})
        lowered = made.translator.translate(PC, 0, fetch, False, known)
        assert (stencils.pcs, stencils.words, stencils.count) == (lowered.pcs, lowered.words, lowered.count)
        assert ways(stencils) == ways(lowered)
        assert len(stencils.host.marks) == len(lowered.host.marks)
        verify(stencils.host, {0, stencils.body, stencils.page}, set(made.pinned.values()))
