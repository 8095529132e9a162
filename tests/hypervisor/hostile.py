"""Guests that want to hurt: their neighbours, the hypervisor, or the machine's progress. Each is a program in assembly
that never ends by itself."""

WRITER = """
# Stores to every page there could be, and goes on at the next one when that traps.
_start: cli
        la      t0, handler
        wrcr    tvec, t0
        li      a0, 0x2000
loop:   sw      a0, 0(a0)
next:   li      t1, 0x1003
        add     a0, a0, t1
        j       loop
handler:
        la      t0, next
        wrcr    epc, t0
        rfe
"""

TABLES = """
# Maps three pages of its own, and all else to physical memory that is not its own; reads and writes there.
        .equ    ALL, 0x1f
_start: la      t0, handler
        wrcr    tvec, t0
        la      a0, table
        li      t1, ALL
        sw      t1, 0(a0)
        li      t1, 0x1000 | ALL
        sw      t1, 4(a0)
        li      t1, 0x4000 | ALL
        sw      t1, 16(a0)
        ori     a0, a0, 1
        la      a1, root
        sw      a0, 0(a1)
        li      t1, ALL                         # 4 MiB pages: physical 0, 4M, 8M, ...
        li      t2, 1
1:      slli    a2, t2, 2
        add     a2, a2, a1
        sw      t1, 0(a2)
        lui     a3, 0x400
        add     t1, t1, a3
        addi    t2, t2, 1
        li      a3, 1024
        bne     t2, a3, 1b
        la      t0, root
        ori     t0, t0, 1
        setptb  t0
        lui     a0, 0x400
loop:   lw      a1, 0(a0)
        sw      a1, 4(a0)
next:   li      t1, 0x1003
        add     a0, a0, t1
        j       loop
handler:
        la      t0, next
        wrcr    epc, t0
        rfe
        .align  12
root:   .space  4096
table:  .space  4096
"""

DMA = """
# Has the disk write to sectors behind its own eight, and read to addresses behind its memory.
_start: mv      s1, a0                          # bytes of memory
again:  li      s0, 0
loop:   addi    a0, s0, 8
        li      a1, 0
        li      a2, 2
        call    transfer
        li      a0, 0
        slli    a1, s0, 11
        add     a1, a1, s1
        li      a2, 1
        call    transfer
        addi    s0, s0, 1
        li      t0, 2000
        bne     s0, t0, loop
        j       again
transfer:
        li      t0, 0x10
        out     t0, a0                          # sector
        li      t0, 0x11
        out     t0, a1                          # address
        li      t0, 0x12
        li      t1, 1
        out     t0, t1                          # sectors
        li      t0, 0x13
        out     t0, a2
1:      in      t1, t0
        addi    t1, t1, -1
        beqz    t1, 1b
        ret
"""

DEAF = """
# Loops with interrupts off.
_start: cli
loop:   j       loop
"""

FLUSHER = """
# Has the hypervisor work: each instruction is sensitive, and empties what it has.
_start: li      t0, 1 << 1                      # another address space, with paging off
        tlbflush
        setptb  t0
        setptb  zero
        j       _start
"""

THIEF = """
# Takes the machine's registers for itself: the timer, the lines, the trap handler, its own rings.
_start: li      t0, -1
        wrcr    timecmp, zero
        wrcr    timecmph, zero
        wrcr    ie, t0
        wrcr    ip, t0
        wrcr    scratch, t0
        la      t1, handler
        wrcr    tvec, t1
        sti
loop:   j       loop
handler:
        getpsw  t1
        setpsw  t0
        rdcr    t1, cause
        sti
        j       handler
"""

TALKER = """
# Writes to the console without end, never a whole line.
_start: li      t0, 0
        li      t1, '.'
loop:   out     t0, t1
        j       loop
"""

ALL = {
    "writer": WRITER,
    "tables": TABLES,
    "dma": DMA,
    "deaf": DEAF,
    "flusher": FLUSHER,
    "thief": THIEF,
    "talker": TALKER,
}

WINDOWS = """
# Uses the addresses at which the hypervisor has its way in and out: the last four pages of a machine of 16 MiB. Code in
# one, which loads from the other three and stores there, through two pages at a time.
        .equ    FIRST, 0xffc000
        .equ    LEAF, 0xf
_start: la      a0, root
        la      a1, table
        li      t0, LEAF                        # 4 MiB at 0, as it is
        sw      t0, 0(a0)
        ori     t0, a1, 1
        sw      t0, 12(a0)                      # 0xc00000 on
        li      t1, 0x100000 | LEAF             # the four pages are at 0x100000
        li      t2, 4
        li      a2, (FIRST >> 12 & 1023) * 4
        add     a1, a1, a2
1:      sw      t1, 0(a1)
        lui     a2, 1
        add     t1, t1, a2
        addi    a1, a1, 4
        addi    t2, t2, -1
        bnez    t2, 1b
        li      t0, 0x100000
        la      a1, body
        la      a2, body_end
2:      lw      t1, 0(a1)
        sw      t1, 0(t0)
        addi    a1, a1, 4
        addi    t0, t0, 4
        bne     a1, a2, 2b
        ori     a0, a0, 1
        setptb  a0
        li      s0, 100
3:      li      t0, FIRST
        jalr    t0
        addi    s0, s0, -1
        bnez    s0, 3b
        lui     t0, 1
        li      a0, 0xf0
        out     a0, a4
body:   li      a0, FIRST + 0x1ffe              # a word in two pages
        lw      a1, 0(a0)
        addi    a1, a1, 1
        sw      a1, 0(a0)
        li      a0, FIRST + 0x2ffe
        lw      a2, 0(a0)
        add     a2, a2, a1
        sw      a2, 0(a0)
        add     a4, a4, a2
        ret
body_end:
        .align  12
root:   .space  4096
table:  .space  4096
"""
