# forkwait [N]: N (100) times fork, and wait for the child: it stores to a page that it shares with its parent, whose
# copy must not change, and ends with a status, which must arrive.
        .include "start.s"
main:   enter   4
        li      a2, 100
        call    argument
        mv      s0, a0                          # s0 = N
        li      s1, 0                           # s1 = children so far
        la      gp, shared
1:      beq     s1, s0, 3f
        sw      s1, 0(gp)
        syscall SYS_FORK
        bltz    a0, failed
        bnez    a0, 2f
        lw      a0, 0(gp)                       # the child
        li      t0, -1
        sw      t0, 0(gp)
        syscall SYS_EXIT
2:      addi    a0, sp, 16
        syscall SYS_WAIT
        lw      t0, 16(sp)
        andi    t1, s1, 255
        bne     t0, t1, wrong
        lw      t0, 0(gp)
        bne     t0, s1, wrong
        addi    s1, s1, 1
        j       1b
3:      mv      a0, s1
        call    print_number
        say     " children came and went\n"
        li      a0, 0
        leave   4
wrong:  say     "forkwait: the child's memory or status is wrong\n"
        li      a0, 1
        leave   4
failed: mv      a1, a0
        la      a0, name
        call    complain
        leave   4

        .section .rodata
name:   .asciz  "forkwait"
        .data
        .align  2
shared: .word   0
        .include "lib.s"
