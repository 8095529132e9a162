# Page-touch storm: PAGES pages are mapped to other frames, the TLB is flushed, and each page is stored to once.
# Operation: a page that is mapped and touched.

        .include "paging.inc"

        .equ    PAGES,  512

_start: begin
        li      a0, ROOT
        li      a1, TABLES
        call    space
        li      a0, ROOT
        paging_on a0
        li      s0, FRAMES | FRESH
1:      li      t0, PAGES * PAGE
        xor     s0, s0, t0                      # the other frames
        li      a0, TABLES
        mv      a1, s0
        li      a2, PAGES
        li      a3, PAGE
        call    fill
        tlbflush
        li      a0, HERE
        li      a2, HERE + PAGES * PAGE
2:      sw      gp, 0(a0)
        addi    gp, gp, 1
        add     a0, a0, a3
        bne     a0, a2, 2b
        j       1b
