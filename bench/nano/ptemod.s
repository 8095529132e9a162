# ptemod: the kernel maps a page to another frame, flushes the TLB, and loads from the page.
        .include "nano.inc"

        .equ    PAGES,  64

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        li      a0, TABLE
        li      a1, FRAMES | OPEN
        li      a2, PAGES
        call    fill
        paging_on
        li      a2, HERE + PAGES * PAGE
        li      a3, PAGE
        li      s0, PAGES * PAGE                # the distance of the frames that take turns
1:      li      a0, TABLE
        li      a1, HERE
2:      lw      t0, 0(a0)
        xor     t0, t0, s0
        queue_entry t0, a0
        flush_tlb
        lw      t0, 0(a1)
        addi    gp, gp, 1
        addi    a0, a0, 4
        add     a1, a1, a3
        bne     a1, a2, 2b
        j       1b

        no_traps
