# syscall: a program in ring 3 calls its kernel, which returns at once. Paging is on.
        .include "nano.inc"

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        paging_on
        to_user 1f
1:      syscall 0
        addi    gp, gp, 1
        j       1b

handler:
        return_behind
