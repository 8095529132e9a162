# switches [N]: two processes yield to each other N (1000) times each, and the virtual time that it took.
        .include "start.s"
main:   enter   4
        li      a2, 1000
        call    argument
        mv      s0, a0
        mv      s1, a0
        rdtime  gp
        syscall SYS_FORK
        bltz    a0, 4f
        sw      a0, 16(sp)
1:      beqz    s1, 2f
        syscall SYS_YIELD
        addi    s1, s1, -1
        j       1b
2:      lw      t0, 16(sp)
        bnez    t0, 3f
        li      a0, 0                           # the child
        syscall SYS_EXIT
3:      li      a0, 0
        syscall SYS_WAIT
        rdtime  a1
        sub     a1, a1, gp
        slli    a0, s0, 1
        la      a2, text
        call    report
        leave   4
4:      mv      a1, a0
        la      a0, name
        call    complain
        leave   4
        .section .rodata
text:   .asciz  "context switches"
name:   .asciz  "switches"
        .include "measure.inc"
        .include "lib.s"
