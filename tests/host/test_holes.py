"""Host instructions of one form with other constants are the same operation and operands, and a number beside them."""

from __future__ import annotations

import pytest

from ring1.dbt.cache.supply import Supply
from ring1.dbt.engines.table import bt_policy
from ring1.dbt.host.x86_64.operations import Item, Op
from ring1.dbt.vmm.options import Options
from ring1.isa.asm.assemble import assemble
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from tests.translate.blocks import Made, caught

FORMS = ("addi a0, a1, {}", "andi a0, a0, {}", "lw a0, {}(a1)", "sb a1, {}(a2)", "slti a2, a3, {}", "xori s0, s1, {}")
NUMBERS = ((1000, 1004), (20, 28), (-1000, -1008))
"""Pairs for which no instruction does without a constant that another needs, nor with a smaller one."""


def made(text: str) -> Made:
    """The block of one instruction, of a program that says that its registers are worth pinning."""
    isa = load("pg32")
    image = assemble(isa, [("form.s", f"_start: {text}\n        j _start\n")]).image
    decoder = Decoder(isa)
    supply = Supply(isa, decoder, bt_policy(isa), image, Options().most_instructions, False)
    numbers = [n for n, names in enumerate(isa.registers) if names[0] in ("a0", "a1", "a2", "a3")]
    supply.pin(dict(zip(numbers, supply.host.pinnable(), strict=False)))
    words = memoryview(image).cast("I")
    with caught() as blocks:
        supply.translator.translate(0, 0, lambda pc: words[pc >> 2])
    return blocks[0]


def form(item: Item) -> object:
    """All of it but its constant."""
    return item._replace(imm=None) if isinstance(item, Op) else item


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("text", FORMS)
def test_constants_alone_differ(text: str, numbers: tuple[int, int]) -> None:
    a, b = (made(text.format(number)) for number in numbers)
    assert [form(item) for item in a.items] == [form(item) for item in b.items]
    holes = [n for n, (x, y) in enumerate(zip(a.items, b.items, strict=True)) if x != y]
    assert holes
    for n in holes:
        x, y = a.items[n], b.items[n]
        assert isinstance(x, Op) and isinstance(y, Op) and x.imm is not None and y.imm is not None
        assert abs(x.imm - y.imm) == abs(numbers[0] - numbers[1])
    differ = sum(p != q for p, q in zip(a.host.code, b.host.code, strict=True))
    assert 0 < differ <= 4 * len(holes)
