# getpsw: the kernel reads its processor status word.
        .include "nano.inc"

        .equ    TIMES,  32

main:   .rept   TIMES
        getpsw  a0
        .endr
        addi    gp, gp, TIMES
        j       main

        no_traps
