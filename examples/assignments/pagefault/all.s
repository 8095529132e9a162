# Stores to each word of the first eight pages, and sums them up: all frames are used, and not one more.
        .globl  program
program:
        li      s0, 0x40000000
        li      s1, 0x40008000
        li      a0, 0
again:  lw      a1, 0(s0)
        bnez    a1, wrong
        sw      a0, 0(s0)
        addi    a0, a0, 1
        addi    s0, s0, 4
        bne     s0, s1, again
        li      s0, 0x40000000
        li      a2, 0
sum:    lw      a1, 0(s0)
        add     a2, a2, a1
        addi    s0, s0, 4
        bne     s0, s1, sum
        li      a3, 8192 * 8191 / 2
        bne     a2, a3, wrong
        syscall 42
wrong:  syscall 1
