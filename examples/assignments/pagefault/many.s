# Stores to nine pages, and there are eight frames.
        .globl  program
program:
        li      s0, 0x40000000
        li      s1, 0x40009000
        li      a1, 0x1000
again:  sw      s0, 0(s0)
        add     s0, s0, a1
        bne     s0, s1, again
        syscall 1
