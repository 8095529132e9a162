# space: the kernel goes to another address space, two in turn, and loads from a page that is different in each.
        .include "nano.inc"

        .equ    OTHER,  ROOT + 4 * PAGE
        .equ    ASID,   1 << PTB_ASID

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        li      t0, TABLE
        li      t1, FRAMES | OPEN
        sw      t1, 0(t0)
        li      a0, OTHER
        li      a1, OTHER + PAGE
        call    space
        li      t0, OTHER + PAGE
        li      t1, FRAMES + PAGE | OPEN
        sw      t1, 0(t0)
        paging_on
        li      a0, ROOT | PTB_EN
        li      a1, OTHER | PTB_EN | ASID
        li      a2, HERE
1:      set_address_space a0
        lw      t0, 0(a2)
        set_address_space a1
        lw      t0, 0(a2)
        addi    gp, gp, 2
        j       1b

        no_traps
