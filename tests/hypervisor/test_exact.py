"""What a guest can only see if it looks closely: the same under examples/hypervisor as on the bare machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.examples.hypervisor.image import ISA, Guest
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.hypervisor.machines import host, needs_gcc, run, single

pytestmark = needs_gcc

SHOW = """
        .macro  show rs                         # four bytes on the console
        .rept   4
        out     zero, \\rs
        srli    \\rs, \\rs, 8
        .endr
        .endm
"""

DEADLINES = """
# Interrupts by the timer, after 1, 18, 35 ... instructions of a loop that cannot be interrupted unnoticed: the handler
# shows where, and at which time.
_start: la      t0, handler
        wrcr    tvec, t0
        li      t0, 1
        wrcr    ie, t0
        wrcr    timecmph, zero
        li      s0, 1
again:  rdcr    t0, time
        addi    t0, t0, 4
        add     t0, t0, s0
        wrcr    timecmp, t0
        li      a0, 0
        sti
        .rept   500
        addi    a0, a0, 1
        .endr
        j       again
handler:
        rdcr    a1, time
        rdcr    a2, epc
        show    a0
        show    a1
        show    a2
        li      t0, -1
        wrcr    timecmp, t0
        addi    s0, s0, 17
        li      a3, 400
        la      t0, again
        wrcr    epc, t0
        bltu    s0, a3, back
        li      t0, 0xf0
        out     t0, zero
back:   rfe
"""

TWO_PAGES = """
# A store to two pages of which one is not there, then a load: A and D of the other, and tval.
        .equ    ROOT, 0x10000
        .equ    TABLE, 0x11000
_start: la      t0, handler
        wrcr    tvec, t0
        li      t0, ROOT
        li      t1, TABLE | 1
        sw      t1, 0(t0)
        li      t0, TABLE
        li      t1, 0xf                         # pages 0 to 15, but for 5 and 8
        li      t2, 16
1:      sw      t1, 0(t0)
        addi    t0, t0, 4
        lui     a0, 1
        add     t1, t1, a0
        addi    t2, t2, -1
        bnez    t2, 1b
        li      t0, TABLE
        sw      zero, 5*4(t0)
        sw      zero, 8*4(t0)
        li      t1, 0x1100f                     # the tables themselves, at 0xf000
        sw      t1, 15*4(t0)
        li      t0, ROOT | 1
        setptb  t0
        li      s1, 4
        la      s0, places
next:   lw      a0, 0(s0)
        addi    s0, s0, 4
        sw      a0, 0(a0)
after:  lw      a1, -4(s0)
        lw      a1, 0(a1)
        j       done
handler:
        rdcr    a1, tval
        show    a1
        rdcr    a1, cause
        show    a1
        li      t0, 0xf000
        lw      a1, 4*4(t0)
        show    a1
        lw      a1, 6*4(t0)
        show    a1
        lw      a1, 7*4(t0)
        show    a1
        lw      a1, 9*4(t0)
        show    a1
        rdcr    t0, epc                         # on with the next instruction
        addi    t0, t0, 4
        wrcr    epc, t0
        rfe
done:   addi    s1, s1, -1
        bnez    s1, next
        li      t0, 0xf0
        out     t0, zero
        .align  2
places: .word   0x4ffe, 0x5fff, 0x7ffd, 0x8ffe
"""

NEXT_PAGE = """
# A sensitive instruction at the end of a page, and one at the beginning of the next, which leads away from there: the
# second page has been used.
        .equ    ROOT, 0x10000
        .equ    TABLE, 0x11000
_start: li      t0, ROOT
        li      t1, TABLE | 1
        sw      t1, 0(t0)
        li      t0, TABLE
        li      t1, 0xf
        li      t2, 32
1:      sw      t1, 0(t0)
        addi    t0, t0, 4
        lui     a0, 1
        add     t1, t1, a0
        addi    t2, t2, -1
        bnez    t2, 1b
        la      t0, back
        wrcr    epc, t0
        li      t0, ROOT | 1
        setptb  t0
        la      t0, edge
        jr      t0
back:   li      t0, TABLE
        lw      a0, 4*1(t0)
        show    a0
        lw      a0, 4*2(t0)
        show    a0
        li      t0, 0xf0
        out     t0, zero
        .org    0x1ff8
edge:   addi    a0, a0, 1
        cli
        rfe
"""

NEARLY = """
# Behind a sensitive instruction, words that are nearly others.
_start: la      t0, handler
        wrcr    tvec, t0
        la      t0, back
        wrcr    epc, t0
        cli
        .word   0x86000001, 0x83100000, 0x8400000f, 0x84000010, 0x8500000c, 0x85100000, 0x88000001
        .word   0x89000010, 0x8a000000, 0x80000001, 0x81100000, 0x81000001, 0x90000001, 0x91100000, 0x92000001
        .word   0x93000001, 0x94100000, 0x95000000
back:   li      t0, 0xf0
        out     t0, zero
handler:
        rdcr    a1, cause
        show    a1
        rdcr    a1, tval
        show    a1
        rdcr    t0, epc
        addi    t0, t0, 4
        wrcr    epc, t0
        cli
        rfe
"""

DISK = """
# A disk's command ends amid sensitive instructions that look at the lines.
_start: li      t0, 0x13
        out     t0, t0
        li      t1, 331
1:      addi    t1, t1, -1
        nop
        bnez    t1, 1b
        .irp    r, ra, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5
        rdcr    \\r, ip
        .endr
        .irp    r, ra, gp, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5
        out     zero, \\r
        .endr
        li      t0, 0xf0
        out     t0, zero
"""

GUESTS = {"deadlines": DEADLINES, "two pages": TWO_PAGES, "next page": NEXT_PAGE, "nearly": NEARLY, "disk": DISK}


@pytest.mark.parametrize("text", GUESTS.values(), ids=GUESTS)
def test_close_look(text: str, tmp_path: Path) -> None:
    made = assemble(load(ISA), [("guest.s", SHOW + text)])
    guest = Guest(made.image, made.entry, b"", 1 << 20)
    bare = run(guest, b"", tmp_path, "interp", limit=100_000).ended
    assert len(bare.output) >= 8
    assert single(run(host([guest]), b"", tmp_path, "interp", limit=3_000_000)) == bare
