# syscalls [N]: N (1000) system calls that do next to nothing, and the virtual time that they took.
        .include "start.s"
main:   enter
        li      a2, 1000
        call    argument
        mv      s0, a0
        mv      s1, a0
        rdtime  gp
1:      beqz    s1, 2f
        syscall SYS_GETPID
        addi    s1, s1, -1
        j       1b
2:      rdtime  a1
        sub     a1, a1, gp
        mv      a0, s0
        la      a2, text
        call    report
        leave
        .section .rodata
text:   .asciz  "system calls"
        .include "measure.inc"
        .include "lib.s"
