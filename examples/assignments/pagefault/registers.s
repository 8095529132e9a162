# Faults in the middle of a computation: its registers are as they were.
        .globl  program
program:
        li      a0, 0x40001000
        li      ra, 1
        li      sp, 2
        li      gp, 3
        li      tp, 4
        li      t0, 5
        li      t1, 6
        li      t2, 7
        li      s0, 8
        li      s1, 9
        li      a1, 11
        li      a2, 12
        li      a3, 13
        li      a4, 14
        li      a5, 15
        sw      a5, 0(a0)
        lw      a5, 0(a0)
        add     a0, ra, sp
        add     a0, a0, gp
        add     a0, a0, tp
        add     a0, a0, t0
        add     a0, a0, t1
        add     a0, a0, t2
        add     a0, a0, s0
        add     a0, a0, s1
        add     a0, a0, a1
        add     a0, a0, a2
        add     a0, a0, a3
        add     a0, a0, a4
        add     a0, a0, a5
        li      a1, 110
        bne     a0, a1, wrong
        syscall 42
wrong:  syscall 1
