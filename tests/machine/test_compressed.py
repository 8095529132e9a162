"""Instructions of two lengths: RV32's C extension, with what the manual says comes of it, under every engine alike.

Each program ends by waiting for an interrupt that never comes.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from tests.machine import rv32
from tests.machine.builder import Outcome
from tests.machine.rv32 import BASE

# Every compressed instruction once, with values that make a difference. s2 to s11 are what has been seen.
EACH = """
        la_ t0, handler
        csrw mtvec, t0
        la_ sp, stack
        c.li a0, -3
        c.lui a1, 0xfffe1       # 0xfffe1000
        c.lui a2, 31            # 0x1f000
        c.addi4spn a3, sp, 1020
        c.addi16sp sp, -512
        sub s2, a3, sp          # 1532
        c.addi16sp sp, 496
        c.swsp a1, 252(sp)
        c.lwsp s3, 252(sp)      # 0xfffe1000
        c.addi16sp sp, 16
        c.mv s0, sp
        c.sw a0, 124(s0)
        c.lw a4, 124(s0)
        c.mv s4, a4             # -3
        c.srai a4, 1            # -2
        c.mv s5, a4
        c.srli a4, 31           # 1
        c.slli a4, 30           # 0x40000000
        c.add s5, a4            # 0x3ffffffe
        c.andi a0, -4           # -4
        c.sub a0, a2            # -0x1f004
        c.xor a0, a1
        c.or a0, a4
        c.and a0, a3
        c.mv s6, a0
        c.addi s6, -32
        c.jal there
        c.nop
back:   c.j over
there:  c.mv s7, ra             # back - 2
        la_ a5, back
        c.jr a5
over:   la_ a5, called
        c.jalr a5
after:  c.li a0, 0
        c.beqz a0, taken
        c.li s8, 1
taken:  c.bnez a0, never
        c.li a0, 1
        c.bnez a0, always
never:  c.li s8, 2
always: c.ebreak
        ecall
        ecall
        wfi
called: c.mv s9, ra             # after
        c.jr ra
        .balign 4
handler:
        csrr t1, mcause
        csrr t2, mepc
        slli s10, s10, 4
        add s10, s10, t1        # 3, 11, 11
        add s11, s11, t2
        csrr t3, mtval
        add t5, t5, t3
        addi t2, t2, 2          # behind c.ebreak, amid the first ecall
        c.addi t6, 1
        c.li t4, 1
        beq t6, t4, return
        addi t2, t2, 2
return: csrw mepc, t2
        mret
        .balign 16
stack:  .zero 1024
"""


def outcome(text: str, hot: bool = False) -> tuple[Outcome, dict[str, int]]:
    """How every engine ends a program, which is to halt, with its symbols."""
    got, symbols = rv32.outcome(text, hot=hot)
    assert got.stop == Stop("halt")
    return got, symbols


@pytest.mark.parametrize("hot", [False, True])
def test_each_instruction(hot: bool) -> None:
    got, symbols = outcome(EACH, hot=hot)
    word = 0xFFFFFFFF
    stack = symbols["stack"]
    logic = ((-0x1F004 & word ^ 0xFFFE1000) | 0x40000000) & (stack + 1020)
    assert (got["s2"], got["s3"], got["s4"], got["s5"]) == (1532, 0xFFFE1000, -3 & word, 0x3FFFFFFE)
    assert got["s6"] == logic - 32 & word
    assert (got["s7"], got["s9"], got["s8"]) == (symbols["back"] - 2, symbols["after"], 0)
    trapped = symbols["always"]
    assert got["s10"] == 0x3BB and got["s11"] == 3 * trapped + 2 + 6 & word
    assert got["t5"] == trapped  # mtval of ebreak is its address, of ecall 0
    assert got["sp"] == stack


# Words that are no instructions: cause, and the word with 16 bits in mtval. What is behind them is executed next.
ILLEGAL = (
    0x0000,  # all zeros
    0x0004,  # c.addi4spn with 0
    0x2000,  # c.fld
    0x6000,  # c.flw
    0x8000,  # reserved
    0x6101,  # c.addi16sp with 0
    0x6501,  # c.lui with 0
    0x6001,  # c.lui of zero with 0
    0x9001,  # c.srli with shamt[5]
    0x9401,  # c.srai with shamt[5]
    0x9C01,  # c.subw
    0x9C41,  # reserved
    0x1502,  # c.slli with shamt[5]
    0x4002,  # c.lwsp of zero
    0x8002,  # c.jr of zero
    0x6002,  # c.flwsp
    0xE002,  # c.fswsp
)
HINTS = (
    0x0001,  # c.nop
    0x0005,  # c.nop with an immediate
    0x0501,  # c.addi with 0
    0x4005,  # c.li of zero
    0x6005,  # c.lui of zero
    0x8006,  # c.mv of zero
    0x9006,  # c.add of zero
    0x0502,  # c.slli with 0
    0x0006,  # c.slli of zero
    0x8101,  # c.srli with 0
    0x8501,  # c.srai with 0
)


def test_words_that_are_reserved_and_hints() -> None:
    words = "".join(f".half {word:#x}\n c.addi s2, 1\n" for word in (*ILLEGAL, *HINTS))
    got, _ = outcome(f"""
        la_ t0, handler
        csrw mtvec, t0
        la_ a5, seen
        li a0, 0x1234
        {words}
        wfi
        .balign 4
handler:
        csrr t1, mcause
        csrr t2, mtval
        add s0, s0, t1
        sw t2, 0(a5)
        addi a5, a5, 4
        csrr t2, mepc
        addi t2, t2, 2
        csrw mepc, t2
        mret
seen:   .zero 128
""")
    assert got["s2"] == len(ILLEGAL) + len(HINTS)
    assert got["s0"] == 2 * len(ILLEGAL) and got["a0"] == 0x1234
    first = got["a5"] - 4 * len(ILLEGAL)
    assert [got.word(first - BASE + 4 * n) for n in range(len(ILLEGAL))] == list(ILLEGAL)


# Addresses of traps have bit 1, and not bit 0; jumps go to any even address, into the middle of an instruction too.
MIDDLE = """
        la_ t0, handler
        csrw mtvec, t0
        li t0, -1
        csrw mepc, t0
        csrr s2, mepc           # 0xfffffffe
        csrw sepc, t0
        csrr s3, sepc
        csrr s4, misa
        li s1, 50
again:  la_ a5, whole
        jalr ra, 1(a5)          # the lowest bit of the target does not count
        la_ a5, whole + 2
        c.jalr a5
        addi s1, s1, -1
        bnez s1, again
        ecall
        .balign 4
        c.nop
whole:  lui a0, 0x04090         # its second half is c.addi s0, 2
        c.addi s5, 1
        c.jr ra
        .balign 4
handler:
        csrr s6, mepc
        wfi
"""


@pytest.mark.parametrize("hot", [False, True])
def test_even_addresses(hot: bool) -> None:
    got, symbols = outcome(MIDDLE, hot=hot)
    assert (got["s2"], got["s3"], got["s4"]) == (0xFFFFFFFE, 0xFFFFFFFE, 0x40141105)
    assert got["a0"] == 0x04090000 and got["s5"] == 100 and got["s0"] == 100
    assert symbols["whole"] % 4 == 2 and got["mcause"] == 11


# An instruction of 4 bytes with its halves in two virtual pages. `try` calls it, three times: a0 is what it makes of
# 0, and each trap is written down: cause, address, value.
STRADDLING = """
        .equ ROOT, 0x80010000
        .equ LEAF, 0x80011000
        .equ FIRST, 0x80012000
        .equ SECOND, 0x80015000     # not behind it
        .equ OTHER, 0x80013000
        .equ REST, (CODE + 2) & 0xffffffff
        .equ FIRST_ENTRY, LEAF + CODE / 4096 % 1024 * 4
        .equ SECOND_ENTRY, LEAF + REST / 4096 % 1024 * 4
        .macro put place, value
        li t0, \\place
        li t1, \\value
        sw t1, 0(t0)
        .endm
        .macro half place, value
        li t0, \\place
        li t1, \\value
        sh t1, 0(t0)
        .endm
        .macro second value
        put SECOND_ENTRY, \\value
        li t0, REST
        sfence.vma t0
        .endm
        .macro try
        jal ra, attempt
        .endm
        la_ t0, handler
        csrw mtvec, t0
        la_ s2, seen
        put ROOT + 0x800, 0x200000cf
        put ROOT + CODE / 0x400000 * 4, LEAF / 4 + 1
        put ROOT + REST / 0x400000 * 4, LEAF / 4 + 1
        put FIRST_ENTRY, FIRST / 4 + 0xcf
        put SECOND_ENTRY, SECOND / 4 + 0xcf
        half FIRST + 0xffe, 0x0513      # addi a0, a0, 0x123
        half SECOND, 0x1235
        half SECOND + 2, 0x8082         # c.jr ra
        half OTHER, 0x2345              # addi a0, a0, 0x234
        half OTHER + 2, 0x8082
        li t0, 0x80000000 + ROOT / 4096
        csrw satp, t0
        la_ t0, super
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        mret
attempt:
        mv s3, ra
        li s4, 3
        li s5, CODE
round:  li a0, 0
        la_ ra, landed
        jr s5
landed: addi s4, s4, -1
        bnez s4, round
        sw a0, 0(s2)
        addi s2, s2, 4
        jr s3
super:  try                             # 0x123
        second 0
        try                             # no page
        second SECOND / 4 + 0xc7
        try                             # no X
        second OTHER / 4 + 0xcf
        try                             # 0x234
        half OTHER, 0x3455              # its second half changes
        fence.i
        try                             # 0x345
        half FIRST + 0xffe, 0x0593      # and its first half: a1
        fence.i
        li a1, 0
        try                             # 0
        sw a1, 0(s2)                    # 0x345
        addi s2, s2, 4
        half FIRST + 0xffe, 0x0513
        fence.i
        second SECOND / 4 + 0xcf
        try                             # 0x123
        put FIRST_ENTRY, OTHER / 4 + 0xcf      # the first page goes elsewhere, and only its flush says so
        half OTHER + 0xffe, 0x0505      # c.addi a0, 1, which ends the page
        li t0, CODE
        sfence.vma t0
        half SECOND, 0x0509             # c.addi a0, 2
        fence.i
        try                             # 3
        half SECOND, 0x1235
        half OTHER + 0xffe, 0x0513
        fence.i
        try                             # 0x123
        second 0x10000000 / 4 + 0xcf
        try                             # a device
        second 0x40000000 / 4 + 0xcf
        try                             # nothing
        ecall
        .balign 4
handler:
        csrr t0, mcause
        li t1, 9
        beq t0, t1, done
        sw t0, 0(s2)
        csrr t0, mepc
        sw t0, 4(s2)
        csrr t0, mtval
        sw t0, 8(s2)
        addi s2, s2, 12
        csrw mepc, ra
        mret
done:   wfi
        .balign 4
seen:   .zero 400
"""


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("code", [0x00400FFE, 0xFFFFFFFE])
def test_an_instruction_in_two_pages(code: int, hot: bool) -> None:
    """The first page of addresses follows the last one."""
    got, symbols = outcome(f"        .equ CODE, {code}\n{STRADDLING}", hot=hot)
    fault = [12, code, code + 2 & 0xFFFFFFFF] * 3
    access = [1, code, code + 2 & 0xFFFFFFFF] * 3
    wanted = [0x123, *fault, 0, *fault, 0, 0x234, 0x345, 0, 0x345, 0x123, 3, 0x123, *access, 0, *access, 0]
    first = symbols["seen"] - BASE
    assert [got.word(first + 4 * n) for n in range(len(wanted))] == wanted
    assert got["s2"] == symbols["seen"] + 4 * len(wanted)


# A timer that goes off after 1, 2, 3 ... instructions, amid a loop of both lengths: it is taken between any two.
TICKING = """
        .equ TIMER, 0x02004000
        la_ t0, handler
        csrw mtvec, t0
        li s2, 1                # the distance
        li s3, TIMER
        li t0, -1
        sw t0, 4(s3)
        jal ra, arm
        li t0, 0x80
        csrw mie, t0
        csrsi mstatus, 8
        li a0, 0
        li a1, 400
        .balign 4
loop:   c.addi a0, 3
        addi a0, a0, 5
        c.addi a0, -1
        c.mv a2, a0
        lui a3, 0x12345
        c.add a2, a3
        c.addi a1, -1
        c.bnez a1, loop
        csrci mstatus, 8
        csrw mie, zero
        wfi
arm:    csrr t0, time
        add t0, t0, s2
        sw t0, 0(s3)
        sw zero, 4(s3)
        jr ra
        .balign 4
handler:
        csrr t1, mepc
        la_ t2, loop
        sub t1, t1, t2
        li t2, 1
        sll t2, t2, t1
        or s4, s4, t2           # a bit for each place, in bytes from the loop's beginning
        c.addi s5, 1
        add s6, s6, t1
        c.addi s2, 1
        andi s2, s2, 31
        csrr t0, time
        add t0, t0, s2
        addi t0, t0, 4
        sw t0, 0(s3)
        mret
"""


def test_interrupts_between_any_two_instructions() -> None:
    got, _ = outcome(TICKING)
    assert got["a0"] == 7 * 400 and got["a2"] == 7 * 400 + 0x12345000
    places = (0, 2, 6, 8, 10, 14, 16, 18)
    assert got["s4"] & sum(1 << place for place in places) == sum(1 << place for place in places)
    assert got["s5"] > 50


# Code and data in one page, and halves of instructions that change in each round.
PATCHED = """
        la_ t0, super
        csrw mepc, t0
        li t0, {status}
        csrw mstatus, t0
        li t0, 0x80010000
        li t1, 0x200000cf       # 4 MiB of RAM where they are
        li t2, 0x80010800
        sw t1, 0(t2)
        li t1, {satp}
        csrw satp, t1
        mret
super:  la_ s2, count
        la_ s3, halves
        la_ s4, patched
        li s5, 80
again:  lw t0, 0(s2)
        addi t0, t0, 1
        sw t0, 0(s2)
        slli t1, t0, 1
        andi t1, t1, {varied}
        add t1, t1, s3
        lhu t2, 0(t1)
        sh t2, 0(s4)            # a compressed instruction
        lhu t2, 8(t1)
        sh t2, 6(s4)            # the second half of one at a multiple of 4 and 2 bytes
        fence.i
        jal ra, patched
        addi s5, s5, -1
        bnez s5, again
        csrw sie, zero
        wfi
        .balign 4
halves: .half 0x0485, 0x0489, 0x048d, 0x0491     # c.addi s1, 1 to 4
        .half 0x001b, 0x002b, 0x003b, 0x004b     # of addi s6, s6, 1 to 4
        .balign 4
        c.nop
patched:
        .half 0
        c.nop
        addi s6, s6, 0
        c.jr ra
        .balign 4
count:  .word 0
"""


@pytest.mark.parametrize("varied", [2, 6])
@pytest.mark.parametrize(("status", "satp"), [(0x1800, 0), (0x800, 0x80080010)])
def test_halves_that_change(varied: int, status: int, satp: int) -> None:
    text = PATCHED.format(varied=varied, status=status, satp=satp)
    got, _ = outcome(text)
    total = sum(n % (varied // 2 + 1) + 1 for n in range(1, 81))
    assert (got["s1"], got["s6"]) == (total, total)


# An instruction that a monitor emulates, in two pages, with paging on: its second half changes, and then its page.
SENSITIVE = """
        .equ CODE, 0x00400ffe
        .equ ROOT, 0x80010000
        .equ LEAF, 0x80011000
        .macro put place, value
        li t0, \\place
        li t1, \\value
        sw t1, 0(t0)
        .endm
        .macro half place, value
        li t0, \\place
        li t1, \\value
        sh t1, 0(t0)
        .endm
        .macro many
        li s4, 40
        jal ra, round
        .endm
        put ROOT + 0x800, 0x200000cf
        put ROOT + 4, LEAF / 4 + 1
        put LEAF, 0x80012000 / 4 + 0xcf
        put LEAF + 4, 0x80015000 / 4 + 0xcf
        half 0x80012ffe, 0x9573         # csrrw a0, sscratch, a1
        half 0x80015000, 0x1405
        half 0x80015002, 0x8082
        half 0x80013000, 0x1415         # csrrw a0, sepc, a1
        half 0x80013002, 0x8082
        li t0, 0x80000000 + ROOT / 4096
        csrw satp, t0
        la_ t0, super
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        mret
round:  mv s3, ra
        li s5, CODE
again:  c.addi a1, 4
        c.jalr s5
        c.add s6, a0
        addi s4, s4, -1
        bnez s4, again
        jr s3
super:  many
        half 0x80015000, 0x1425         # csrrw a0, scause, a1
        fence.i
        many
        put LEAF + 4, 0x80013000 / 4 + 0xcf
        li t0, CODE + 2
        sfence.vma t0
        many
        wfi
"""


@pytest.mark.parametrize("hot", [False, True])
def test_an_emulated_instruction_in_two_pages(hot: bool) -> None:
    got, _ = outcome(SENSITIVE, hot=hot)
    assert (got["sscratch"], got["scause"], got["sepc"]) == (160, 320, 480)
    seen = [4 * n for first in (1, 41, 81) for n in range(first, first + 39)]
    assert got["s6"] == sum(seen)
