"""RV32: small programs that use what PG32 has not, with what the manual says comes of them, under every engine alike.

Each ends by waiting for an interrupt that never comes.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.execute import Executor
from tests.machine import rv32
from tests.machine.builder import Outcome, machine, run, started
from tests.machine.rv32 import BASE, SIZE

# U calls S, S calls M: `ecall` goes where medeleg says, and each handler knows where it came from.
CALLS = """
        la_ t0, machine
        csrw mtvec, t0
        la_ t0, supervisor
        csrw stvec, t0
        li t0, 0x100            # ecall of U
        csrw medeleg, t0
        la_ t0, user
        csrw mepc, t0
        csrw mstatus, zero
        mret
user:   li a7, 93
        ecall
        j user                  # S goes on behind it
        .balign 4
supervisor:
        csrr s0, scause
        csrr s1, sepc
        csrr s2, sstatus
        ecall
        .balign 4
machine:
        csrr s3, mcause
        csrr s4, mepc
        csrr s5, mstatus
        csrr s6, mhartid
        wfi
"""

# S may not touch M's registers, nor write one that is read-only; counters are given one by one; satp can be kept away.
RIGHTS = """
        la_ t0, machine
        csrw mtvec, t0
        csrwi mcounteren, 2     # time, not cycle
        la_ t0, super
        csrw mepc, t0
        li t0, 0x100800         # TVM, and MPP is S
        csrw mstatus, t0
        mret
super:  csrr a1, time           # allowed
        csrr a2, sscratch       # allowed
        csrr a3, cycle          # 1
        csrr a3, mscratch       # 2
        csrr a3, satp           # 3
        csrrw a3, time, zero    # 4
        csrrs a3, time, a1      # 5
        csrrci a3, time, 1      # 6
        csrrs a4, time, zero    # allowed: writes nothing
        csrrsi a4, time, 0      # allowed
        sfence.vma              # 7
        mret                    # 8
        ecall
        .balign 4
machine:
        csrr t1, mcause
        li t2, 2
        bne t1, t2, done
        addi s0, s0, 1
        csrr t0, mtval
        add s1, s1, t0
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        mret
done:   wfi
"""

# Views: S sees and changes its bits of mstatus, mie and mip alone. MPP never becomes 2.
VIEWS = """
        li t0, 0x222
        csrw mideleg, t0
        li t0, -1
        csrw mie, t0
        csrr s0, sie            # 0x222
        csrw sie, zero
        csrr s1, mie            # 0x888
        csrw mip, t0
        csrr s2, sip            # 0x222
        csrw sip, zero          # SSIP alone
        csrr s3, mip            # 0x220
        csrw sstatus, t0
        csrr s4, mstatus        # 0xc0122
        li t0, 0x1000
        csrw mstatus, t0
        csrr s5, mstatus        # MPP as it was
        li t0, 0x800
        csrw mstatus, t0
        csrr s6, mstatus
        li t0, 1000
        csrw minstret, t0
        csrr s7, minstret       # 1000: the write takes effect before the next instruction
        csrr s8, minstret
        csrw mie, zero
        csrw mip, zero
        wfi
"""

# A software interrupt of S's is taken in U and in S, through the vector; one that M keeps comes before it.
INTERRUPTS = """
        la_ t0, machine
        csrw mtvec, t0
        la_ t0, vectors
        addi t0, t0, 1
        csrw stvec, t0
        li t0, 2
        csrw mideleg, t0
        li t0, 0x22             # SSI and STI
        csrw mie, t0
        csrw mip, t0
        li t0, 0x8              # MIE: STI comes to M at once, SSI does not
        csrs mstatus, t0
        nop
        la_ t0, user
        csrw mepc, t0
        csrw mstatus, zero
        mret
user:   nop                     # never reached
        .balign 4
vectors:
        ebreak
        csrr a1, scause         # SSI, 1
        csrr a2, sepc
        csrr a3, sip
        csrw sip, zero
        csrw sie, zero
        wfi
        .balign 4
machine:
        csrr s0, mcause
        csrr s1, mepc
        csrr s2, mip
        li t0, 0x20
        csrc mip, t0
        mret
"""

# M reads through S's and U's tables (MPRV), and fetches without; a page of U's needs SUM.
TABLES = """
        .equ ROOT, 0x80010000
        la_ t0, machine
        csrw mtvec, t0
        li t0, ROOT
        li t1, 0x20000000 + 0x0f    # 0x00000000 -> RAM, 4 MiB: V R W X
        sw t1, 0(t0)
        li t1, 0x20000000 + 0x1f    # 0x00400000 -> RAM, of U's
        sw t1, 4(t0)
        li t1, 0x20000000 + 0x403   # a superpage that is misaligned
        sw t1, 8(t0)
        li t1, 0x20000000 + 0x09    # 0x00c00000 -> RAM: V X
        sw t1, 12(t0)
        li t1, 0x80000000 + ROOT / 4096
        csrw satp, t1
        sfence.vma
        li t2, 0x123
        li t1, ROOT + 0x800
        sw t2, 0(t1)
        li t0, 0x20800              # MPRV, in S's name
        csrw mstatus, t0
        li a1, 0x10800
        lw s0, 0(a1)                # 0x123
        sw s0, 4(a1)
        li a1, 0x410800
        lw s1, 0(a1)                # faults: U's
        li t0, 0x60800              # and SUM
        csrw mstatus, t0
        lw s2, 0(a1)                # 0x123
        li a1, 0x810800
        lw s1, 0(a1)                # faults: misaligned
        li a1, 0xc10800
        lw s1, 0(a1)                # faults: X alone
        li t0, 0xa0800              # MXR
        csrw mstatus, t0
        lw s3, 0(a1)                # 0x123
        sw s3, 0(a1)                # faults
        li t0, 0x20000              # in U's name
        csrw mstatus, t0
        li a1, 0x410804
        lw s4, 0(a1)                # 0x123
        li a1, 0x10800
        sw s3, 0(a1)                # faults
        csrw mstatus, zero
        li t1, ROOT
        lw s5, 0(t1)                # accessed and dirty
        lw s6, 8(t1)                # neither
        lw s7, 4(t1)                # accessed
        li t1, 0x1000
        lw s1, 0(t1)                # no RAM: load_access
        sw s1, 0(t1)                # store_access
        lr.w s1, (t1)               # load_access
        amoadd.w s1, t1, (t1)       # store_access
        jr t1                       # fetch_access
        .balign 4
machine:
        csrr t4, mcause
        slli s9, s9, 4
        add s9, s9, t4
        csrr t5, mtval
        add s10, s10, t5
        csrr t5, mepc
        li t6, 1
        beq t4, t6, done
        addi t5, t5, 4
        csrw mepc, t5
        # mret takes MPRV away if it goes below M: it returns to M, with what was there.
        li t6, 0x1800
        csrs mstatus, t6
        mret
done:   wfi
"""

# A reservation is lost by a store-conditional, whether it succeeds or not.
RESERVATIONS = """
        li a0, 0x80000800
        sc.w s0, a0, (a0)       # 1
        lr.w s1, (a0)
        li t0, 7
        sc.w s2, t0, (a0)       # 0
        sc.w s3, t0, (a0)       # 1
        lr.w s4, (a0)           # 7
        addi a1, a0, 4
        sc.w s5, t0, (a1)       # 1: another address
        sc.w s6, t0, (a0)       # 1
        amomaxu.w s7, a0, (a0)  # 7
        amomin.w s8, t0, (a0)   # 0x80000800, which stays
        lw s9, 0(a0)
        wfi
"""


def outcome(text: str) -> tuple[Outcome, dict[str, int]]:
    """How every engine ends a program, which is to halt, with its symbols."""
    got, symbols = rv32.outcome(text)
    assert got.stop == Stop("halt")
    return got, symbols


def test_calls() -> None:
    got, symbols = outcome(CALLS)
    assert (got["s0"], got["s1"], got["s2"]) == (8, symbols["user"] + 4, 0)
    assert (got["s3"], got["s4"]) == (9, symbols["supervisor"] + 12)
    assert got["s5"] == 0x800 and got["s6"] == 0 and got["priv"] == 3


def test_rights_by_number() -> None:
    got, symbols = outcome(RIGHTS)
    assert got["s0"] == 8 and got["mcause"] == 9
    super_ = symbols["super"] - BASE
    image, _ = rv32.assembled(RIGHTS)
    refused = [int.from_bytes(image[super_ + 4 * n : super_ + 4 * n + 4], "little") for n in (2, 3, 4, 5, 6, 7, 10, 11)]
    assert got["s1"] == sum(refused) & 0xFFFFFFFF
    assert got["a3"] == 0 and got["a4"] > got["a1"] > 0


def test_views() -> None:
    got, _ = outcome(VIEWS)
    assert [got[f"s{n}"] for n in range(4)] == [0x222, 0x888, 0x222, 0x220]
    assert [got[f"s{n}"] for n in range(4, 7)] == [0xC0122, 0, 0x800]
    assert (got["s7"], got["s8"]) == (1000, 1001)


def test_interrupts() -> None:
    got, symbols = outcome(INTERRUPTS)
    assert (got["s0"], got["s2"]) == (0x80000005, 0x22)
    assert (got["a1"], got["a2"], got["a3"]) == (0x80000001, symbols["user"], 2)


def test_translation() -> None:
    got, _ = outcome(TABLES)
    assert [got[f"s{n}"] for n in (0, 2, 3, 4)] == [0x123] * 4
    assert got["s5"] & 0xFF == 0xCF and got["s6"] & 0xFF == 0x03 and got["s7"] & 0xFF == 0x5F
    # Loads 13 three times, stores 15 twice, then 5, 7, 5, 7 and 1, each a digit.
    assert got["s9"] == 0xDDDFF57571 & 0xFFFFFFFF
    assert got["s10"] == sum((0x410800, 0x810800, 0xC10800, 0xC10800, 0x10800, *[0x1000] * 5))


def test_reservations() -> None:
    got, _ = outcome(RESERVATIONS)
    assert [got[f"s{n}"] for n in range(10)] == [1, 0, 0, 1, 7, 1, 1, 7, BASE + 0x800, BASE + 0x800]


@pytest.mark.parametrize("size", [0, 4095, (1 << 31) + 4096])
def test_ram_that_does_not_fit(size: int) -> None:
    with pytest.raises(ValueError, match="RAM must be"):
        run("interp", b"", isa=machine("rv32"), memory=size)


# Data beside code, and an instruction that changes in each round, in RAM that begins at 0x80000000: s0 counts the
# rounds in the page of the code, s1 adds up what the instruction makes of them.
SHARED = """
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
        la_ s3, words
        la_ s4, patched
        li s5, 60
again:  lw t0, 0(s2)
        addi t0, t0, 1
        sw t0, 0(s2)
        slli t1, t0, 2
        andi t1, t1, {varied}
        add t1, t1, s3
        lw t1, 0(t1)
        sw t1, 0(s4)
        fence.i
        jal ra, patched
        bne t0, s5, again
        mv s0, t0
        wfi
patched:
        addi s1, s1, 1
        jr ra
words:  addi s1, s1, 1
        addi s1, s1, 2
        addi s1, s1, 3
        addi s1, s1, 4
        sub s1, s1, t0
        xor s1, s1, t0
        addi s1, s1, -1
        or s1, s1, t0
count:  .word 0
"""


@pytest.mark.parametrize("paged", [False, True])
def test_a_page_that_is_shared(paged: bool) -> None:
    """Its blocks check themselves, though displacements do not reach RAM; its stores are no longer seen."""
    isa = machine("rv32")
    for varied in (4, 28):
        text = SHARED.format(status=0x800 if paged else 0x1800, satp=0x80080010 if paged else 0, varied=varied)
        got, _ = rv32.outcome(text)
        assert got["s0"] == 60
        image, _ = rv32.assembled(text)
        with started("bt", image, isa=isa, memory=SIZE, entry=BASE) as (vm, _):
            assert vm.run(100_000) == Stop("halt")
            assert isinstance(vm.engine, Executor)
            assert vm.engine.sharing.pages == {BASE >> 12}
            assert vm.engine.seen < 20


# Interrupts of S are pending, of which M handles some: where each trap comes from, and in which order ("Interrupts to
# M-mode take priority over any interrupts to lower privilege modes"; then 9, 1, 5). s2 are the causes; s3 is 0 if M's
# came from S's program and not from S's handler.
DESTINED = """
        la_ t0, handler
        csrw mtvec, t0
        la_ t0, super_handler
        csrw stvec, t0
        li t0, {delegated}
        csrw mideleg, t0
        li t0, 0x222
        csrw mie, t0
        csrw mip, t0
        la_ t0, super
        csrw mepc, t0
        li t0, 0x800
        csrs mstatus, t0
        li t0, 0x20
        csrs mstatus, t0        # mret leaves SIE as it is
        csrsi mstatus, 2
        mret
super:  ecall
        .balign 4
handler: csrr t1, mcause
        bgez t1, end
        slli s2, s2, 4
        andi t1, t1, 15
        add s2, s2, t1
        li t2, 1
        sll t2, t2, t1
        csrc mip, t2
        csrr t3, mepc
        la_ t2, super
        sub t3, t3, t2
        or s3, s3, t3
        mret
end:    wfi
        .balign 4
super_handler:
        csrr t1, scause
        slli s2, s2, 4
        andi t1, t1, 15
        add s2, s2, t1
        li t2, 1
        sll t2, t2, t1
        csrc sie, t2
        sret
"""


@pytest.mark.parametrize(
    ("delegated", "order"), [(0x200, 0x159), (0x222, 0x915), (0x20, 0x915), (0x2, 0x951), (0x202, 0x591), (0, 0x915)]
)
def test_interrupts_of_m_come_before_those_of_s(delegated: int, order: int) -> None:
    """S's handler was entered first, if its interrupt had the higher priority, and M's interrupted that."""
    got, _ = outcome(DESTINED.format(delegated=delegated))
    assert (got["s2"], got["s3"]) == (order, 0)
