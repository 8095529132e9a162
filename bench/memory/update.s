# Page-table update storm: PAGES pages are in use; one after the other is mapped to another frame, which is loaded from.
# Operation: an entry that is changed, the flush, the load.

        .include "paging.inc"

        .equ    PAGES,  64

_start: begin
        li      a0, ROOT
        li      a1, TABLES
        call    space
        li      a0, TABLES
        li      a1, FRAMES | FRESH
        li      a2, PAGES
        li      a3, PAGE
        call    fill
        li      a0, ROOT
        paging_on a0
        li      a2, HERE + PAGES * PAGE
        li      s0, PAGES * PAGE                # the distance of the frames that take turns
1:      li      a0, TABLES
        li      a1, HERE
2:      lw      t0, 0(a0)
        xor     t0, t0, s0
        sw      t0, 0(a0)
        tlbflush
        lw      t0, 0(a1)
        addi    gp, gp, 1
        addi    a0, a0, 4
        add     a1, a1, a3
        bne     a1, a2, 2b
        j       1b
