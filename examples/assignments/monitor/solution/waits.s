# A guest that waits.
        .globl  guest
guest:  hlt
        li      a1, 0xf0
        out     a1, zero
