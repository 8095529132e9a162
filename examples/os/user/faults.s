# faults [N]: touch N (100) pages of the heap for the first time, and the virtual time that it took.
        .include "start.s"
main:   enter   4
        li      a2, 100
        call    argument
        mv      s0, a0
        slli    s1, s0, 12
        mv      a0, s1
        syscall SYS_SBRK
        bltz    a0, 3f
        add     s1, s1, a0
        li      t0, PAGE
        rdtime  gp
1:      bgeu    a0, s1, 2f
        sw      t0, 0(a0)
        add     a0, a0, t0
        j       1b
2:      rdtime  a1
        sub     a1, a1, gp
        mv      a0, s0
        la      a2, text
        call    report
        leave   4
3:      mv      a1, a0
        la      a0, name
        call    complain
        leave   4
        .section .rodata
text:   .asciz  "page faults"
name:   .asciz  "faults"
        .include "measure.inc"
        .include "lib.s"
