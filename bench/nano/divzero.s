# divzero: a program in ring 3 divides by zero; its kernel goes on behind the division. A fault without the MMU.
        .include "nano.inc"

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        paging_on
        to_user 1f
1:      div     a0, a1, zero
        addi    gp, gp, 1
        j       1b

handler:
        return_behind
