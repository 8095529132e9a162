"""Code of both lengths by chance, in three virtual pages that are not neighbours in memory, under every engine alike.

It jumps and stores where registers happen to lead it, into its own code as well. What traps is gone on behind, and a
timer takes it elsewhere.
"""

from __future__ import annotations

import random

import pytest

from ring1.isa.codec import OperandError, encode
from ring1.isa.model import Instruction
from tests.machine import rv32
from tests.machine.builder import machine, run
from tests.machine.rv32 import BASE, ENGINES, SIZE

CODE, BYTES = 0x00400000, 0x3000
PAGES = (0x80012000, 0x80015000, 0x80013000)
APART = ("csr", "mret", "sret", "wfi")
"""Beginnings of the names of instructions that are left out: they would change how traps are taken."""
AROUND = """
        .equ ROOT, 0x80010000
        .equ LEAF, 0x80011000
        .macro put place, value
        li t0, \\place
        li t1, \\value
        sw t1, 0(t0)
        .endm
        la_ t0, handler
        csrw mtvec, t0
        put ROOT + 0x800, 0x200000cf
        put ROOT + 4, LEAF / 4 + 1
        put LEAF, 0x80012000 / 4 + 0xcf
        put LEAF + 4, 0x80015000 / 4 + 0xcf
        put LEAF + 8, 0x80013000 / 4 + 0xcf
        li t0, 0x80000000 + ROOT / 4096
        csrw satp, t0
        li t0, 0x00400000
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        li t0, 0x80
        csrw mie, t0
        li t0, 0x02004000
        sw zero, 4(t0)
        li t1, 300
        sw t1, 0(t0)
{registers}
        mret
        .balign 4
handler:
        csrr t5, mepc
        addi t5, t5, 2
        csrr t4, mcause
        li t6, 0x00400000
        li t3, 0x3000
        bltz t4, away           # the timer
        sub t4, t5, t6
        bltu t4, t3, inside
away:   csrr t4, mscratch       # anywhere, and more often near the end of a page
        li t5, 1103515245
        mul t4, t4, t5
        li t5, 12345
        add t4, t4, t5
        csrw mscratch, t4
        srli t4, t4, 8
        andi t5, t4, 0x300
        remu t4, t4, t3
        bnez t5, even
        li t5, 0xfff
        or t4, t4, t5
        srli t5, t4, 16
        andi t5, t5, 14
        sub t4, t4, t5
even:   andi t4, t4, -2
        add t5, t6, t4
        csrr t4, time
        addi t4, t4, 90
        li t3, 0x02004000
        sw t4, 0(t3)
inside: csrw mepc, t5
        mret
"""


def code(chance: random.Random) -> bytes:
    """Instructions by chance, and now and then a half-word of any bits."""
    isa = machine("rv32")
    kinds = [insn for name, insn in isa.instructions.items() if not name.startswith(APART)]
    short, long = ([insn for insn in kinds if insn.size == size] for size in (2, 4))
    made = b""
    while len(made) < BYTES:
        draw = chance.random()
        if draw < 0.03:
            made += chance.randbytes(2)
        else:
            made += word(chance, chance.choice(short if draw < 0.6 else long))
    return made[:BYTES]


def word(chance: random.Random, insn: Instruction) -> bytes:
    while True:
        values = {o.name: chance.randint(*o.range) for o in insn.operands}
        for operand in insn.operands:
            if operand.relative and chance.random() < 0.8:
                values[operand.name] = chance.randrange(-40, 40)
            if operand.kind != "register":
                values[operand.name] &= -4 if chance.random() < 0.9 else -2
        try:
            return encode(insn, values).to_bytes(insn.size, "little")
        except OperandError:
            pass


def program(seed: int) -> bytes:
    """Return an image whose code in three pages, and whose registers, depend on the seed."""
    chance = random.Random(seed)
    registers = "".join(
        f"        li x{n}, {chance.choice((CODE + 2 * chance.randrange(BYTES // 2), 0x80020000 + 64 * n, n))}\n"
        for n in range(1, 28)
    )
    image, _ = rv32.assembled(AROUND.replace("{registers}", registers))
    whole = bytearray(image.ljust(0x16000, b"\0"))
    made = code(chance)
    for n, page in enumerate(PAGES):
        whole[page - BASE : page - BASE + 4096] = made[4096 * n : 4096 * (n + 1)]
    return bytes(whole)


@pytest.mark.parametrize(
    ("seed", "hot"),
    [
        (1, False),
        pytest.param(2, True, marks=pytest.mark.soak),
        *(pytest.param(n, bool(n % 2), marks=pytest.mark.long) for n in range(3, 40)),
    ],
)
def test_code_by_chance(seed: int, hot: bool) -> None:
    image = program(seed)
    isa = machine("rv32")
    first = run("interp", image, 12000, isa=isa, memory=SIZE, entry=BASE)
    assert first.stop.reason == "limit"
    for engine in ENGINES:
        other = run(engine, image, 12000, isa=isa, memory=SIZE, entry=BASE, hot=hot)
        assert (other.stop, other.state) == (first.stop, first.state), engine
        assert other.memory == first.memory, engine
