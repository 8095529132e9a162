"""Devices of the board virt, at physical addresses: small programs that use them, under every engine alike.

What is expected comes from the manuals that the devices name. Each program ends by the test finisher.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.isa.asm.assemble import assemble
from tests.machine.builder import Outcome, machine, run
from tests.ways import present

ENGINES = ("bare", "bt", "bt/softtlb", "bt/traced", *present(("trap", "hw")))
BASE = 0x80000000
SIZE = 1 << 20
HEAD = """
        .equ FINISHER, 0x100000
        .equ CLINT, 0x2000000
        .equ PLIC, 0xc000000
        .equ UART, 0x10000000
        .equ DISK, 0x10008000
        .macro la_ register, place
        lui \\register, %hi(\\place)
        addi \\register, \\register, %lo(\\place)
        .endm
        .macro off
        li t5, FINISHER
        li t6, 0x5555
        sw t6, 0(t5)
        .endm
_start: la_ t0, trapped
        csrw mtvec, t0
"""
TAIL = """
        .balign 4
trapped: li t5, FINISHER        # nothing should trap: the cause is the exit code
        csrr t6, mcause
        slli t6, t6, 16
        li t0, 0x3333
        or t6, t6, t0
        sw t6, 0(t5)
"""


def outcome(text: str, tail: str = TAIL, engines: tuple[str, ...] = ENGINES, **options: object) -> Outcome:
    """How interp ends a program; every engine ends it so."""
    isa = machine("rv32")
    image = assemble(isa, [("a.s", HEAD + text + tail)]).image
    given = {"isa": isa, "memory": SIZE, "entry": BASE, **options}
    first, *others = (run(engine, image, **given) for engine in ("interp", *engines))  # type: ignore[arg-type]
    for engine, other in zip(engines, others, strict=True):
        assert (other.stop, other.output, other.state) == (first.stop, first.output, first.state), engine
        assert other.memory == first.memory, engine
    return first


ECHO = """
        li s0, UART
again:  lbu t0, 5(s0)
        andi t1, t0, 1
        beqz t1, end
        lbu a0, 0(s0)
wait:   lbu t0, 5(s0)
        andi t0, t0, 0x20
        beqz t0, wait
        sb a0, 0(s0)
        j again
end:    lw s1, 4(s0)            # MCR, LSR, MSR and SCR at once
        lhu s2, 6(s0)           # MSR, SCR
        li t0, 0x5a
        sb t0, 7(s0)
        lb s3, 7(s0)
        off
"""


def test_a_uart_is_read_and_written() -> None:
    got = outcome(ECHO, source=b"Hello, UART!\n" * 20)
    assert got.output == b"Hello, UART!\n" * 20 and got.stop == Stop("exit", 0)
    # The carrier is gone, which the first reading is told (DDCD of the PC16550D's modem status register).
    assert (got["s1"], got["s2"], got["s3"]) == (0x00386000, 0x30, 0x5A)


CARRIER = """
        li s0, UART
        lbu s1, 6(s0)           # there is input
        li t0, 9                # what is received, and the modem's status
        sb t0, 1(s0)
        lbu s2, 2(s0)
        lbu s3, 0(s0)
        li t1, PLIC
        li t0, 1
        sw t0, 40(t1)           # source 10
        li t2, PLIC + 0x2000
        li t0, 1 << 10
        sw t0, 0(t2)
        li t0, 0x800
        csrs mie, t0
        wfi
        lbu s4, 2(s0)           # the modem's status is what there is to tell
        lbu s5, 6(s0)
        lbu s6, 2(s0)           # and it has been told
        lbu s7, 6(s0)
        csrr s8, mip
        off
"""


def test_the_carrier_is_lost_where_the_input_ends() -> None:
    got = outcome(CARRIER, source=b"x")
    assert (got["s1"], got["s2"] & 0xF, got["s3"]) == (0xB0, 4, ord("x"))
    assert (got["s4"] & 0xF, got["s5"], got["s6"] & 0xF, got["s7"], got["s8"]) == (0, 0x38, 1, 0x30, 0)


@pytest.mark.parametrize(("word", "code"), [(0x5555, 0), (0x73333, 7), (0xFF3333, 255), (0x7777, 0)])
def test_the_finisher(word: int, code: int) -> None:
    assert outcome(f"li t0, FINISHER\nli t1, {word}\nsw t1, 0(t0)\n").stop == Stop("exit", code)


TIMER = """
        la_ t0, tick
        csrw mtvec, t0
        li s0, CLINT
        li s1, 0x0200bff8
        lw s2, 0(s1)            # now
        addi t0, s2, 1000
        li t1, 0x02004000
        sw zero, 4(t1)
        sw t0, 0(t1)
        li t0, 0x80
        csrs mie, t0
        csrr s3, mip            # not yet
        csrsi mstatus, 8
again:  bnez s5, waited
        addi s4, s4, 1
        j again
waited: sub s7, s7, s2
        li t0, 0x02004000       # once more, by waiting
        li t1, -1
        sw t1, 0(t0)
        lw t1, 0(s1)
        li t2, 100000
        add s8, t1, t2
        sw s8, 0(t0)
        sw zero, 4(t0)
        wfi
        lw s9, 0(s1)
        sub s9, s9, s8
        off
        .balign 4
tick:   csrr s5, mcause
        csrr s6, mip
        lw a1, 0(s1)
        bnez s7, 1f
        mv s7, a1
1:      li t1, 0x02004004
        li t2, -1
        sw t2, 0(t1)            # in the far future: the line falls
        csrr a0, mip
        mret
"""


def test_the_timer_interrupts_at_its_time() -> None:
    got = outcome(TIMER)
    assert got.stop == Stop("exit", 0)
    assert (got["s3"], got["s5"], got["s6"], got["a0"]) == (0, 0x80000007, 0x80, 0)
    assert got["s7"] == 1002  # the handler reads mtime at its third instruction
    assert got["a1"] - got["s8"] == 3  # wfi retires at that time
    assert got["s9"] == 11  # behind wfi and ten instructions of the handler


SOFTWARE = """
        la_ t0, got
        csrw mtvec, t0
        li s0, CLINT
        csrsi mie, 8
        csrsi mstatus, 8
        li t0, -1
        sw t0, 0(s0)
        nop
        off
        .balign 4
got:    csrr s1, mcause
        lw s2, 0(s0)
        sw zero, 0(s0)
        csrr s3, mip
        mret
"""


def test_the_software_interrupt() -> None:
    got = outcome(SOFTWARE)
    assert (got["s1"], got["s2"], got["s3"]) == (0x80000003, 1, 0)


EXTERNAL = """
        la_ t0, got
        csrw mtvec, t0
        li s0, UART
        li s1, PLIC
        li s2, PLIC + 0x200000  # M's context
        li t0, 3
        sw t0, 40(s1)           # priority of source 10
        li t0, 0x400
        li t1, PLIC + 0x2000
        sw t0, 0(t1)
        li t0, 0x800
        csrs mie, t0
        csrsi mstatus, 8
        li t0, 2
        sb t0, 1(s0)            # the transmitter is empty: interrupt
        nop
        beqz s5, trapped
        li t0, 3
        sw t0, 0(s2)            # the threshold is as high as the priority: none
        li t0, 65
        sb t0, 0(s0)
        nop
        lw s8, 4(s2)            # and yet it can be claimed
        lw s9, 4(s2)            # once
        csrr s10, mip
        li t0, 10
        sw t0, 4(s2)
        li t1, PLIC + 0x1000
        lw s11, 0(t1)           # pending again, as nobody has looked why
        off
        .balign 4
got:    csrr s3, mcause
        csrr s4, mip
        lw s5, 4(s2)            # 10
        lw s6, 4(s2)            # nothing else
        csrr s7, mip
        lbu a0, 2(s0)           # the transmitter is empty, FIFOs off
        lbu a1, 2(s0)           # nothing
        sw s5, 4(s2)
        mret
"""


def test_the_uart_interrupts_through_the_controller() -> None:
    got = outcome(EXTERNAL)
    assert got.stop == Stop("exit", 0) and got.output == b"A"
    assert (got["s3"], got["s4"], got["s5"], got["s6"], got["s7"]) == (0x8000000B, 0x800, 10, 0, 0)
    assert (got["a0"], got["a1"]) == (2, 1)
    assert (got["s8"], got["s9"], got["s10"], got["s11"]) == (10, 0, 0, 0x400)


# A driver masks a source by its priority while it serves it (PLIC Specification 1.0.0, "Interrupt Completion": a
# completion is ignored if the source is not enabled; of its priority nothing is said).
MASKED = """
        li s0, UART
        li s1, PLIC
        li s2, PLIC + 0x200000  # M's context
        li s3, 3
        sw s3, 40(s1)           # priority of source 10
        li t1, PLIC + 0x2000
        li t0, 0x400
        sw t0, 0(t1)
        li t0, 2
        sb t0, 1(s0)            # the transmitter is empty: interrupt
        lw s4, 4(s2)            # 10
        sw zero, 40(s1)
        sw s4, 4(s2)            # completed
        sw s3, 40(s1)
        lw s5, 4(s2)            # 10
        sw zero, 0(t1)
        sw s5, 4(s2)            # not enabled: ignored
        li t0, 0x400
        sw t0, 0(t1)
        lw s6, 4(s2)            # 0: still claimed
        off
"""


def test_a_source_is_completed_whatever_its_priority_is() -> None:
    """What was completed while its priority was 0 never came again."""
    got = outcome(MASKED)
    assert (got["s4"], got["s5"], got["s6"]) == (10, 10, 0)


# S reserves and stores to a register of the PLIC through an entry whose flags differ each time; M changes them.
RESERVED = """
        .equ ROOT, 0x80010000
        la_ t0, handler
        csrw mtvec, t0
        li s1, ROOT + 4 * (PLIC >> 22)
        li s0, PLIC / 4 + 0x07                  # V R W, neither accessed nor dirty
        sw s0, 0(s1)
        li t0, ROOT + 0x800
        li t1, 0x200000cf
        sw t1, 0(t0)
        li t0, 0x80000000 + ROOT / 4096
        csrw satp, t0
        la_ t0, super
        csrw mepc, t0
        li t0, 0x800
        csrs mstatus, t0
        li a1, 5
        mret
super:  li t1, PLIC + 40
again:  lr.w a0, (t1)
        sc.w a2, a1, (t1)
        add s2, s2, a2
        ecall
        j again
        .balign 4
handler:
        csrr t2, mcause
        addi t2, t2, -9
        bnez t2, trapped
        addi s3, s3, 1
        addi s0, s0, 0x100                      # bits that are software's
        sw s0, 0(s1)
        sfence.vma
        csrr t2, mepc
        addi t2, t2, 4
        csrw mepc, t2
        li t2, 4
        bne s3, t2, back
        off
back:   mret
"""


def test_entries_are_judged_for_the_mode_of_the_guest() -> None:
    """Under trap, sc.w is executed on the real machine first: what its program's mode may do there was remembered as
    what the guest's mode may do."""
    got = outcome(RESERVED)
    assert got.stop == Stop("exit", 0) and (got["s2"], got["s3"]) == (0, 4)


SUPERVISOR = """
        li s0, UART
        li s1, PLIC
        li t0, 1
        sw t0, 40(s1)
        li t1, PLIC + 0x2080    # S's context
        li t0, 0x400
        sw t0, 0(t1)
        li t0, 0x222
        csrw mideleg, t0
        li t0, 2
        sb t0, 1(s0)            # line 9 is up
        csrr s2, mip            # 0x200
        li t0, 0x20
        csrs mip, t0            # software adds the timer's
        csrr s3, mip            # 0x220
        csrr s4, sip            # 0x220
        lbu t1, 2(s0)           # line 9 is down
        csrr s5, mip            # 0x20: what the line did has not been written back
        li t0, 0x200
        csrs mip, t0
        csrr s6, mip            # 0x220: software's own
        csrc mip, t0
        csrr s7, mip            # 0x20
        off
"""


def test_what_the_line_drives_is_not_written_back() -> None:
    got = outcome(SUPERVISOR)
    assert [got[f"s{n}"] for n in range(2, 8)] == [0x200, 0x220, 0x220, 0x20, 0x220, 0x20]


PAGED = """
        .equ ROOT, 0x80010000
        li t0, ROOT
        li t1, 0x20000000 + 0x0f        # 0x80000000 -> RAM: V R W X
        li t2, ROOT + 0x800
        sw t1, 0(t2)
        li t1, 0x04000000 + 0x07        # 0xc0000000 -> 0x10000000: V R W
        li t2, ROOT + 0xc00
        sw t1, 0(t2)
        li t1, 0x04000000 + 0x03        # 0xc0400000 -> the same, V R
        sw t1, 4(t2)
        li t1, 0x00400000 + 0x07        # 0xc0800000 -> 0x1000000, where nothing is
        sw t1, 8(t2)
        li t1, 0x80000000 + ROOT / 4096
        csrw satp, t1
        la_ t0, super
        csrw mepc, t0
        li t0, 0x800
        csrw mstatus, t0
        la_ t0, trap
        csrw mtvec, t0
        mret
super:  li s0, 0xc0000000
        lbu s1, 5(s0)                   # LSR: 0x60
        li t0, 80
        li s2, 10
1:      sb t0, 0(s0)
        addi t0, t0, 1
        addi s2, s2, -1
        bnez s2, 1b
        li s3, 0xc0400000
        lbu s4, 5(s3)
        sb t0, 0(s3)                    # store_page
        li s5, 0xc0800000
        lw t1, 0(s5)                    # load_access
        sw t1, 0(s5)                    # store_access
        amoadd.w t1, t1, (s0)           # store_access: no device takes what reads in order to write
        jr s0                           # fetch_page
        .balign 4
trap:   csrr t4, mcause
        slli s9, s9, 4
        add s9, s9, t4
        csrr t5, mepc
        li t6, 12
        beq t4, t6, done
        addi t5, t5, 4
        csrw mepc, t5
        mret
done:   li t2, ROOT + 0xc00
        lw s6, 0(t2)                    # accessed and dirty
        lw s7, 4(t2)                    # accessed
        lw s8, 8(t2)                    # neither, as nothing is there
        off
"""


def test_devices_are_translated_to_and_marked() -> None:
    got = outcome(PAGED)
    assert got.output == b"PQRSTUVWXY"
    assert (got["s1"], got["s4"]) == (0x60, 0x60)
    assert got["s9"] == 0xF577C
    assert (got["s6"] & 0xFF, got["s7"] & 0xFF, got["s8"] & 0xFF) == (0xC7, 0x43, 0x07)


REFUSED = """
        la_ t0, trap
        csrw mtvec, t0
        li s0, PLIC
        li s1, UART
        sb t0, 0(s0)            # 7: less than a register
        sh t0, 4(s0)            # 7
        lw t1, 2(s0)            # 5: not aligned
        lhu s3, 2(s0)           # half a register
        lbu s4, 0(s0)
        lr.w t1, (s1)           # reads
        li t2, 0x100ffc         # the end of the finisher
        lw t1, 0(t2)
        lw t1, 4(t2)            # 5: behind it
        amoswap.w t1, t1, (s1)  # 7
        jr s1                   # 1
        .balign 4
trap:   csrr t4, mcause
        slli s9, s9, 4
        add s9, s9, t4
        csrr t5, mtval
        add s10, s10, t5
        csrr t5, mepc
        li t6, 1
        beq t4, t6, done
        addi t5, t5, 4
        csrw mepc, t5
        mret
done:   off
"""


def test_accesses_that_no_device_takes() -> None:
    got = outcome(REFUSED)
    assert got["s9"] == 0x775571
    assert got["s10"] == (2 * 0xC000000 + 4 + 0xC000002 + 0x101000 + 2 * 0x10000000) & 0xFFFFFFFF


VIRTIO = """
        .equ QUEUE, 0x80020000          # descriptors; the driver's ring at +0x1000, the device's at +0x2000
        li s0, DISK
        lw s1, 0(s0)
        lw s2, 4(s0)
        lw s3, 8(s0)
        lw s4, 0x100(s0)                # capacity
        lbu s5, 0x101(s0)
        sw zero, 0x70(s0)
        li t0, 3
        sw t0, 0x70(s0)                 # acknowledge, driver
        li t0, 1
        sw t0, 0x14(s0)
        lw s6, 0x10(s0)                 # features 32 and up: VERSION_1
        sw t0, 0x24(s0)
        sw s6, 0x20(s0)
        li t0, 11
        sw t0, 0x70(s0)                 # features are fine
        sw zero, 0x30(s0)
        lw s7, 0x34(s0)                 # the largest queue
        li t0, 8
        sw t0, 0x38(s0)
        li t0, QUEUE
        sw t0, 0x80(s0)
        sw zero, 0x84(s0)
        li t0, QUEUE + 0x1000
        sw t0, 0x90(s0)
        sw zero, 0x94(s0)
        li t0, QUEUE + 0x2000
        sw t0, 0xa0(s0)
        sw zero, 0xa4(s0)
        li t0, 1
        sw t0, 0x44(s0)
        li t0, 15
        sw t0, 0x70(s0)                 # ready
        # Two requests: sector 1 is read, then written to sector 2.
        li t0, QUEUE
        la_ t1, table
        li t2, 96
1:      lw t3, 0(t1)
        sw t3, 0(t0)
        addi t0, t0, 4
        addi t1, t1, 4
        addi t2, t2, -4
        bnez t2, 1b
        li t0, QUEUE + 0x1000
        li t1, 0x00020000               # index 2
        sw t1, 0(t0)
        li t1, 0x00030000               # heads 0 and 3
        sw t1, 4(t0)
        sw zero, 0x50(s0)
2:      lw s8, 0x60(s0)
        beqz s8, 2b
        li t0, QUEUE + 0x2000
        lhu s9, 2(t0)                   # 2 used
        lw s10, 8(t0)                   # 513 bytes into the first
        lw s11, 16(t0)                  # 1 into the second
        sw s8, 0x64(s0)
        lw a1, 0x60(s0)
        la_ t0, buffer
        lw a0, 0(t0)
        la_ t0, status
        lhu a2, 0(t0)
        off
        .balign 16
table:  .word read, 0, 16, 0x00010001
        .word buffer, 0, 512, 0x00020003
        .word status, 0, 1, 0x00000002
        .word write, 0, 16, 0x00040001
        .word buffer, 0, 512, 0x00050001
        .word status + 1, 0, 1, 0x00000002
read:   .word 0, 0, 1, 0
write:  .word 1, 0, 2, 0
status: .half 0xffff
        .balign 16
buffer: .space 512
"""


def test_a_virtio_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk.img"
    sector = struct.pack("<128I", *range(0x1000, 0x1080))
    for engine in ("interp", *ENGINES):
        disk.write_bytes(bytes(512) + sector + bytes(2 * 512))
        got = outcome(VIRTIO, engines=(), disk=str(disk)) if engine == "interp" else None
        if got is None:
            image = assemble(machine("rv32"), [("a.s", HEAD + VIRTIO + TAIL)]).image
            got = run(engine, image, isa=machine("rv32"), memory=SIZE, entry=BASE, disk=str(disk))
        assert got.stop == Stop("exit", 0), engine
        assert (got["s1"], got["s2"], got["s3"], got["s4"], got["s5"]) == (0x74726976, 2, 2, 4, 0), engine
        assert (got["s6"], got["s7"]) == (1, 256)
        assert (got["s8"], got["s9"], got["s10"], got["s11"], got["a1"]) == (1, 2, 513, 1, 0)
        assert (got["a0"], got["a2"]) == (0x1000, 0)
        assert disk.read_bytes() == bytes(512) + sector + sector + bytes(512), engine


def test_a_queue_that_makes_no_sense_needs_a_reset(tmp_path: Path) -> None:
    """A chain that has no end; a buffer that is not in RAM."""
    disk = tmp_path / "disk.img"
    disk.write_bytes(bytes(2048))
    for old, new in (
        ("0x00010001", "0x00000001"),
        (".word buffer, 0, 512, 0x00020003", ".word 4096, 0, 512, 0x00020003"),
    ):
        assert old in VIRTIO
        text = VIRTIO.replace(old, new, 1).replace("lw a1, 0x60(s0)", "lw a1, 0x70(s0)")
        got = outcome(text, disk=str(disk))
        assert (got["s8"], got["s9"], got["a1"]) == (2, 0, 0x4F)


def test_an_empty_slot() -> None:
    got = outcome("li s0, DISK\nlw s1, 0(s0)\nlw s2, 8(s0)\nli t0, 0x10001000\nlw s3, 0(t0)\nlw s4, 8(t0)\noff\n")
    assert (got["s1"], got["s2"], got["s3"], got["s4"]) == (0x74726976, 0, 0x74726976, 0)
