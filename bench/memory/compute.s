# Compute: words of PAGES pages are loaded, mixed and stored, again and again, with paging on if PAGING.
# Operation: a word.

        .include "paging.inc"

        .equ    PAGES,  64
        .equ    MIX,    0x9e3779b1

_start: begin
        li      a0, ROOT
        li      a1, TABLES
        call    space
        li      a0, TABLES
        li      a1, FRAMES | FRESH
        li      a2, PAGES
        li      a3, PAGE
        call    fill
        li      s0, FRAMES
        .if     PAGING
        li      a0, ROOT
        paging_on a0
        li      s0, HERE
        .endif
        li      t1, MIX
        li      a2, PAGES * PAGE
        add     a2, s0, a2
1:      mv      a0, s0
2:      lw      t0, 0(a0)
        add     a1, a1, t0
        mul     a1, a1, t1
        srli    t2, a1, 15
        xor     a1, a1, t2
        sw      a1, 0(a0)
        addi    gp, gp, 1
        addi    a0, a0, 4
        bne     a0, a2, 2b
        j       1b
