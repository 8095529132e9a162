"""The context word: writes to what decides rights, enables and modes, in generated code and at the instruction.

RV32's rules read several control registers, PG32's the processor status and one that names the tables.
"""

from __future__ import annotations

import random

import pytest

from bench.rv32 import GUESTS, Machine
from ring1.dbt.vmm.deprivileged import holes
from ring1.dbt.vmm.execute import Executor
from ring1.isa.context import context, space_bits
from tests.machine.builder import machine
from tests.machine.extended import extended
from tests.machine.rv32 import outcome

# --- Interrupts are taken exactly behind the write that lets them in ---------------------------------------------

TAKEN = """
        .equ WAY, %d
        la_ t0, machine
        csrw mtvec, t0
        la_ t0, supervisor
        csrw stvec, t0
        li t0, 0x22             # SSI and STI
        csrw mie, t0
        li t0, 2                # SSI is S's
        csrw mideleg, t0
        li s11, 300
        li a0, 8
        li a1, 0x20
        li a2, 0x22
        li a3, 0x88
        li a4, 0x2
        li a5, 0xc0088          # other rights as well
again:
        %s
        addi s11, s11, -1
        bnez s11, again
        wfi
        .balign 4
machine:
        csrr t1, mepc
        la_ t2, expected
        sub t1, t1, t2
        add s0, s0, t1          # 0, if it was taken where it should be
        csrr t1, mcause
        add s1, s1, t1
        csrw mip, zero
        addi s2, s2, 1
        li t1, 0x1800
        csrs mstatus, t1        # to M, whose interrupts are off
        li t1, 0x80
        csrc mstatus, t1
        mret
        .balign 4
supervisor:
        csrr t1, sepc
        la_ t2, expected
        sub t1, t1, t2
        add s0, s0, t1
        csrr t1, scause
        add s1, s1, t1
        csrw sip, zero
        addi s3, s3, 1
        ecall                   # to M, which is to go on at `expected`
"""
STI, SSI = 0x80000005, 0x80000001
TO_SUPERVISOR = """
        la_ t0, 6f
        csrw mepc, t0
        li t0, 0x1800
        csrc mstatus, t0
        li t0, 0x800
        csrs mstatus, t0
        mret
6:
"""
WAYS = {
    "csrsi mstatus": ("csrw mip, a1\n csrsi mstatus, 8\nexpected: nop", STI),
    "csrs mstatus": ("csrw mip, a1\n csrs mstatus, a0\nexpected: nop", STI),
    "csrw mstatus": ("csrw mip, a1\n csrw mstatus, a3\nexpected: nop", STI),
    "csrw mstatus, with rights": ("csrw mip, a1\n csrw mstatus, a5\nexpected: nop", STI),
    "csrw mip": ("csrsi mstatus, 8\n csrw mip, a1\nexpected: nop", STI),
    "csrw mie": ("csrw mie, zero\n csrsi mstatus, 8\n csrw mip, a1\n csrw mie, a2\nexpected: nop", STI),
    "csrw mideleg": ("csrsi mstatus, 8\n csrw mip, a4\n csrw mideleg, zero\nexpected: csrw mideleg, a4", SSI),
    "mret": (
        "csrw mip, a1\n la_ t0, expected\n csrw mepc, t0\n li t0, 0x1880\n csrw mstatus, t0\n mret\n ebreak\n"
        "expected: nop",
        STI,
    ),
    "mret to S": (
        "csrw mip, a1\n la_ t0, expected\n csrw mepc, t0\n li t0, 0x800\n csrw mstatus, t0\n mret\n ebreak\n"
        "expected: nop",
        STI,
    ),
}


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_taken_behind_the_write(name: str, hot: bool) -> None:
    body, cause = WAYS[name]
    got, _ = outcome(TAKEN % (0, body), hot=hot)
    assert got.stop.reason == "halt"
    assert (got["s0"], got["s1"], got["s2"]) == (0, 300 * cause & 0xFFFFFFFF, 300)


SUPERVISORS = """
        la_ t0, machine
        csrw mtvec, t0
        la_ t0, supervisor
        csrw stvec, t0
        li t0, 0x22
        csrw mie, t0
        li t0, 2
        csrw mideleg, t0
        li s11, 300
        li a4, 2
        la_ t0, again
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        mret
again:
        %s
        addi s11, s11, -1
        bnez s11, again
        li a7, 1
        ecall
        .balign 4
machine:
        csrr s9, mcause
        csrr s8, mepc
        wfi
        .balign 4
supervisor:
        csrr t1, sepc
        la_ t2, expected
        sub t1, t1, t2
        add s0, s0, t1
        csrr t1, scause
        add s1, s1, t1
        csrw sip, zero
        addi s2, s2, 1
        li t1, 0x20
        csrc sstatus, t1
        sret
"""
THEIRS = {
    "csrsi sstatus": "csrw sip, a4\n csrsi sstatus, 2\nexpected: nop",
    "csrs sstatus": "csrw sip, a4\n csrs sstatus, a4\nexpected: nop",
    "csrw sstatus": "csrw sip, a4\n csrw sstatus, a4\nexpected: nop",
    "csrw sie": "csrw sie, zero\n csrsi sstatus, 2\n csrw sip, a4\n csrw sie, a4\nexpected: nop",
    "csrw sip": "csrsi sstatus, 2\n csrw sip, a4\nexpected: nop",
    "sret": "csrw sip, a4\n la_ t0, expected\n csrw sepc, t0\n li t0, 0x120\n csrw sstatus, t0\n sret\n nop\n"
    "expected: nop",
}


@pytest.mark.parametrize("name", THEIRS)
def test_taken_by_the_supervisor(name: str) -> None:
    got, _ = outcome(SUPERVISORS % THEIRS[name])
    assert got.stop.reason == "halt"
    assert (got["s0"], got["s1"], got["s2"], got["s9"]) == (0, 300 * SSI & 0xFFFFFFFF, 300, 9)


# --- Rights change between two accesses ----------------------------------------------------------------------

RIGHTS = """
        .equ ROOT, 0x80010000
        la_ t0, machine
        csrw mtvec, t0
        li t0, ROOT
        li t1, 0x200000cf           # RAM where it is, S's
        li t2, ROOT + 0x800
        sw t1, 0(t2)
        li t1, 0x200000df           # 0x00400000, U's
        sw t1, 4(t0)
        li t1, 0x200000c9           # 0x00c00000: V X
        sw t1, 12(t0)
        li t1, 0x80000000 + ROOT / 4096
        csrw satp, t1
        li s11, 200
        li a1, 0x410900
        li a2, 0xc10900
        li a3, 0x40000              # SUM
        li a4, 0x80000              # MXR
        li a5, 0x20000              # MPRV
        li t2, ROOT + 0x900
        li t1, 5
        sw t1, 0(t2)
        la_ t0, again
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        mret
again:
        lw t3, 0(a1)                # faults: 13
        csrs sstatus, a3
        lw t3, 0(a1)
        add s0, s0, t3
        csrc sstatus, a3
        sw t3, 4(a1)                # faults: 15
        lw t3, 0(a2)                # faults: 13
        csrs sstatus, a4
        lw t3, 0(a2)
        add s1, s1, t3
        csrc sstatus, a4
        lw t3, 0(a2)                # faults: 13
        csrs sstatus, a3
        csrs sstatus, a4
        lw t3, 0(a1)
        lw t4, 0(a2)
        csrw sstatus, zero
        add s2, s2, t3
        add s2, s2, t4
        lw t3, 0(a1)                # faults: 13
        ecall                       # M reads in S's name, with MPRV, and is S again
        addi s11, s11, -1
        bnez s11, again
        li a7, 1
        ecall
        .balign 4
machine:
        csrr t5, mcause
        add s4, s4, t5
        li t6, 9
        beq t5, t6, called
        csrr t5, mepc
        addi t5, t5, 4
        csrw mepc, t5
        mret
called: bnez a7, done
        csrr t5, mepc
        addi t5, t5, 4
        la_ t6, caught
        csrw mtvec, t6
        csrs mstatus, a5
        lw t4, 0(a1)                # faults: S may not, and the page is U's
        csrs mstatus, a3
        lw t4, 0(a1)                # may now
        csrc mstatus, a3
        csrc mstatus, a5
        la_ t6, machine
        csrw mtvec, t6
        add s3, s3, t4
        csrw mepc, t5
        li t6, 0x800
        csrs mstatus, t6            # what the fault in M has changed
        li t6, 0x1000
        csrc mstatus, t6
        mret
done:   wfi
        .balign 4
caught: csrc mstatus, a5
        csrr t6, mcause
        add s5, s5, t6
        csrr t6, mepc
        addi t6, t6, 4
        csrw mepc, t6
        li t6, 0x1800
        csrs mstatus, t6
        csrs mstatus, a5
        mret                        # to M, with MPRV
"""


@pytest.mark.parametrize("hot", [False, True])
def test_rights_between_accesses(hot: bool) -> None:
    got, _ = outcome(RIGHTS, hot=hot)
    assert got.stop.reason == "halt"
    assert (got["s0"], got["s1"], got["s2"]) == (1000, 1000, 2000)
    assert got["s4"] == 200 * (13 + 15 + 13 + 13 + 13 + 9) + 9
    assert got["s5"] % 13 == 0 and got["s5"] > 0


# --- A flush of a page is enough for what it is about --------------------------------------------------------

FLUSHES = """
        .equ ROOT, 0x80010000
        li a0, ROOT
        li t1, 0x200000cf           # RAM where it is
        li t2, ROOT + 0x800
        sw t1, 0(t2)
        li t1, 0x20004801           # 0x50000000: pages
        sw t1, 0x500(a0)
        li a1, ROOT + 0x2000
        li a2, 0x50000900
        li a3, 0x40010900
        li a4, 0x40020000           # of the same superpage
        li t0, 0x80014900
        li t1, 1
        sw t1, 0(t0)
        li t0, 0x80015900
        li t1, 100
        sw t1, 0(t0)
        li t1, 7
        sw t1, 0x7fc(a0)
        li a3, 0x400107fc           # what is at 0x7fc
        li s3, 0x200050c7
        li s4, 0x200054c7
        li s5, 0x200000c7
        li s11, 200
        la_ t0, machine
        csrw mtvec, t0
        li t1, 0x80000000 + ROOT / 4096
        csrw satp, t1
        la_ t0, again
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        mret
again:
        sw s3, 0(a1)
        sfence.vma a2
        lw t1, 0(a2)
        add s0, s0, t1
        sfence.vma a2               # nothing has changed: it stays where it is shown
        sw s4, 0(a1)
        sfence.vma a2
        lw t1, 0(a2)
        add s0, s0, t1
        sw zero, 0(a1)
        sfence.vma a2
        lw t1, 0(a2)                # faults
        sw s5, 0x400(a0)
        sfence.vma a4
        lw t1, 0(a3)
        add s1, s1, t1
        sw zero, 0x400(a0)
        sfence.vma a4
        lw t1, 0(a3)                # faults
        addi s11, s11, -1
        bnez s11, again
        ecall
        .balign 4
machine:
        csrr t0, mcause
        addi t0, t0, -13
        bnez t0, done
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        addi s2, s2, 1
        mret
done:   wfi
"""


@pytest.mark.parametrize("hot", [False, True])
def test_flushes_of_pages(hot: bool) -> None:
    got, _ = outcome(FLUSHES, engines=("bare/shadow", "bt", "bt/softtlb", "trap", "trap/shadow", "hw"), hot=hot)
    assert got.stop.reason == "halt"
    assert (got["s0"], got["s1"], got["s2"], got["s11"]) == (200 * 101, 200 * 7, 400, 0)


# --- Anything, by chance -----------------------------------------------------------------------------------

RANDOM = """
        .equ ROOT, 0x80010000
        li a0, ROOT
        li t1, 0x200000cf
        li t2, ROOT + 0x800
        sw t1, 0(t2)
        li t1, 0x200000df
        sw t1, 0x400(a0)
        li t1, 0x200000c9
        sw t1, 12(a0)
        li a1, ROOT + 0x1000
        li t2, ROOT + 0x1800
        li t1, 0x200000cf
        sw t1, 0(t2)
        li t1, 0x200000d3
        sw t1, 0x400(a1)
        li a2, 0x80080010
        li a3, 0x80080011
        li a4, 0x40010900
        li a5, 0xc10900
        li a6, 0x80010a00
        li t1, 0x20004801       # 0x50000000: pages, none of which is there yet
        sw t1, 0x500(a0)
        sw t1, 0x500(a1)
        li s9, 0x80012000
        li s10, 0x50000900
        li s11, 0x1000
        add s11, s11, s10
        la_ t0, machine
        csrw mtvec, t0
        la_ t0, supervisor
        csrw stvec, t0
again:
%s
        j again
        .balign 4
machine:
        csrrw s8, mscratch, t1
        csrr t1, mcause
        slli s0, s0, 1
        add s0, s0, t1
        bltz t1, 3f
        addi t1, t1, -12        # a fetch that faults goes on in M, with paging off
        bnez t1, 1f
        csrw satp, zero
        csrr t1, mepc
        slli t1, t1, 4
        srli t1, t1, 4
        lui s8, 0x80000
        or t1, t1, s8
        csrw mepc, t1
        li t1, 0x1800
        csrs mstatus, t1
        j 2f
1:      sfence.vma              # one that was not permitted
        csrr t1, mepc
        addi t1, t1, 4
        csrw mepc, t1
        j 2f
3:      csrw mip, zero
2:      csrr t1, mstatus
        slli s1, s1, 1
        add s1, s1, t1
        csrr t1, mepc
        xor s2, s2, t1
        li t1, 0x20000
        csrc mstatus, t1
        csrr t1, mscratch
        mret
        .balign 4
supervisor:
        csrrw s8, sscratch, t1
        csrr t1, scause
        slli s3, s3, 1
        add s3, s3, t1
        bltz t1, 1f
        csrr t1, sepc
        addi t1, t1, 4
        csrw sepc, t1
        j 2f
1:      csrw sip, zero
        csrw sie, zero
2:      csrr t1, sstatus
        slli s4, s4, 1
        add s4, s4, t1
        csrr t1, sscratch
        sret
"""
MODES = {"M": 0x1800, "S": 0x800, "U": 0}


def statement(choose: random.Random, number: int) -> str:
    """Return some instructions."""
    register = choose.choice(("mstatus", "mstatus", "sstatus", "mie", "sie", "mip", "sip", "mideleg", "medeleg"))
    value = choose.getrandbits(32)
    if register.endswith("status"):
        value &= choose.choice((0x9E79AA, 0xE19AA, 0xC0122, 0x22, 0xC0000))
    elif register == "medeleg":
        value &= 0xA1FB  # not what is illegal, nor fetches
    else:
        value &= 0x2AA
    page, frame = choose.randrange(2), choose.choice((0x10, 0x14, 0x15))
    entry = 0x20000000 | frame << 10 | choose.choice((0, 0xC7, 0xC3, 0xD7, 0xDF, 0x07, 0x17))
    flush = choose.choice(("sfence.vma", f"sfence.vma {['s10', 's11'][page]}"))
    writes = [
        f"li t0, {value}\n {choose.choice(('csrw', 'csrs', 'csrc', 'csrs', 'csrc'))} {register}, t0",
        f"{choose.choice(('csrsi', 'csrci', 'csrwi'))} {register}, {choose.choice((0, 2, 8, 10, 31))}",
        f"csrr t0, {register}\n xor s5, s5, t0\n slli s5, s5, 1",
        f"csrw satp, {choose.choice(('zero', 'a2', 'a3', 'a2', 'a3'))}",
        "ecall",
        f"li t0, {entry}\n sw t0, {4 * page}(s9)\n {flush}",
        f"li t0, {entry}\n sw t0, {4 * page}(s9)\n {flush}",
        f"lw t0, 0({['s10', 's11'][page]})\n xor s6, s6, t0",
        f"addi s7, s7, 5\n sw s7, 0({['s10', 's11'][page]})",
        f"lw t0, 0x400(a0)\n xori t0, t0, {choose.choice((4, 16))}\n sw t0, 0x400(a0)\n sfence.vma a4",
        "sfence.vma",
        "sfence.vma a4",
        f"lw t0, 0({choose.choice(('a4', 'a5', 'a6'))})\n xor s6, s6, t0",
        f"lw t0, 0({choose.choice(('a4', 'a5', 'a6'))})\n xor s6, s6, t0",
        f"addi s7, s7, 3\n sw s7, {4 * choose.randrange(8)}({choose.choice(('a4', 'a6'))})",
        f"la_ t0, n{number}\n csrw mepc, t0\n li t0, 0x1800\n csrc mstatus, t0\n"
        f" li t0, {MODES[choose.choice('MMSSU')]}\n csrs mstatus, t0\n mret\nn{number}:",
        f"la_ t0, n{number}\n csrw mepc, t0\n li t0, 0xc0000000\n csrr t1, mepc\n add t1, t1, t0\n csrw mepc, t1\n"
        f" li t0, 0x1800\n csrc mstatus, t0\n mret\nn{number}:",
        f"la_ t0, n{number}\n csrw sepc, t0\n li t0, 0x100\n"
        f" {choose.choice(('csrc', 'csrs'))} sstatus, t0\n sret\nn{number}:",
    ]
    return "        " + choose.choice(writes)


@pytest.mark.parametrize("seed", range(8))
def test_programs_by_chance(seed: int) -> None:
    choose = random.Random(seed)
    body = "\n".join(statement(choose, number) for number in range(60))
    got, _ = outcome(RANDOM % body, 12_000)
    assert got.stop.reason == "limit" and got["s0"] | got["s3"]


# --- It stays in generated code ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in GUESTS if name != "MMIO: a word of the PLIC"])
def test_no_exits(name: str) -> None:
    """Once warm, an operation of the benchmark's does not leave generated code, unless it asks a device that nobody
    foresees."""
    guest = Machine(name, "bt")
    guest.instructions = 40_000
    for _ in range(3):
        _, operations, exits = guest.run()
    assert operations > 1000
    assert exits < operations / 50


@pytest.mark.parametrize("name", ["csrw mstatus", "ecall + mret, U"])
def test_translated_with_paging_off(name: str) -> None:
    """Under the extension, where every address is translated, what is not paged is not mixed."""
    guest = Machine(name, "hw")
    guest.instructions = 10_000
    guest.run()
    assert isinstance(guest.engine, Executor)
    assert guest.engine.work.blocks > 0


@pytest.mark.parametrize("name", ["page fault, S", "sfence.vma", "ecall + mret, U"])
def test_deprivileged(name: str) -> None:
    """What a guest sees without a trap in U is its own, so that generated code walks its tables."""
    assert not holes(machine("rv32"), frozenset((0,)))
    guest = Machine(name, "trap")
    assert isinstance(guest.engine, Executor)
    counts, before, operations = guest.engine.counts, 0, 0
    guest.instructions = 40_000
    for _ in range(3):
        before = sum(counts.values())
        _, operations, _ = guest.run()
    assert sum(counts.values()) - before < operations / 50


# --- What it is made of -----------------------------------------------------------------------------------------


def test_bits() -> None:
    assert dict(space_bits(machine("rv32"))) == {"mstatus": 0xE1800, "satp": 0xFFFFFFFF}
    word = context(machine("rv32"))
    assert word is not None and word.width == 64
    assert dict(space_bits(machine())) == {"ptb": machine().controls["ptb"].stored}
    plain = context(machine())
    assert plain is not None and plain.width == 32


def test_extended() -> None:
    """Rights that another register decides are in it."""
    text = """
    paging when ptb.EN {
        page 12; levels 10 10; root ptb.ROOT;
        entry 4 { V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; PPN 31:12; }
        frame PPN; invalid !V; leaf R | W | X; denied psw.RING == 3 & !U;
        fetch X else fetch_page_fault; load R | psw.PIE else load_page_fault; store W else store_page_fault;
        accessed A; dirty D;
    }
    """
    assert dict(space_bits(extended(text))) == {"ptb": machine().controls["ptb"].stored, "psw": 1 << 5}
