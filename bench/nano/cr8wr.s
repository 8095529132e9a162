# cr8wr: the kernel masks interrupts, which are masked already: on the x86 by a write to CR8, here by one to psw. Under
# `para` it stores to the flag that it shares with its monitor.
        .include "nano.inc"

        .equ    TIMES,  32

main:   li      sp, 1
1:      .rept   TIMES
        .ifdef  PARAVIRT
        sw      sp, shared_masked(zero)
        .else
        setpsw  zero
        .endif
        .endr
        addi    gp, gp, TIMES
        j       1b

        no_traps
