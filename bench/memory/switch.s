# Context-switch storm: SPACES address spaces, each with an ASID and PAGES pages of its own, take turns.
# Operation: a switch, and a load and a store in each page of the space.

        .include "paging.inc"

        .equ    PAGES,  4
        .equ    ASID,   1 << 1                  # of `ptb`: one space further

_start: begin
        li      s0, SPACES
        li      s1, FRAMES | FRESH
        li      tp, ROOT
1:      mv      a0, tp                          # root table, and behind it the table for HERE
        li      a3, PAGE
        add     a1, a0, a3
        call    space
        add     a0, tp, a3
        mv      a1, s1
        li      a2, PAGES
        call    fill
        mv      s1, a1
        add     tp, a0, a3
        addi    tp, tp, -4 * PAGES
        addi    s0, s0, -1
        bnez    s0, 1b

        li      a2, 2 * PAGE + ASID
        li      a3, PAGE
2:      li      a0, ROOT | PTB_EN
        li      s0, SPACES
3:      setptb  a0
        li      a1, HERE
        .rept   PAGES
        lw      t0, 0(a1)
        addi    t0, t0, 1
        sw      t0, 0(a1)
        add     a1, a1, a3
        .endr
        addi    gp, gp, 1
        add     a0, a0, a2
        addi    s0, s0, -1
        bnez    s0, 3b
        j       2b
