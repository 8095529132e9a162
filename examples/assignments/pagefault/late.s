# Stores to a shared page, and then to eight pages that are not there yet: the last one gets no frame.
        .globl  program
program:
        li      s0, 0x40008000
        sw      s0, 0(s0)
        li      s0, 0x40000000
        li      a1, 0x1000
again:  sw      s0, 0(s0)
        add     s0, s0, a1
        j       again
