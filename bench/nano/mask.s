# cli, sti: the kernel masks interrupts, or unmasks them (SET); no line is enabled.
        .include "nano.inc"

        .equ    TIMES,  32

main:   .rept   TIMES
        .if     SET
        sti
        .else
        cli
        .endif
        .endr
        addi    gp, gp, TIMES
        j       main

        no_traps
