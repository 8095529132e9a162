# callret: a program in ring 3 calls through a register, and returns from, each of TARGETS routines in turn.
        .include "nano.inc"

        .equ    TARGETS, 64

main:   to_user program

program:
        la      a2, targets_end
1:      la      a0, targets
2:      jalr    ra, 0(a0)
        addi    gp, gp, 1
        addi    a0, a0, 8                       # a routine is two instructions
        bne     a0, a2, 2b
        j       1b

targets:
        .rept   TARGETS
        addi    a1, a1, 1
        ret
        .endr
targets_end:

        no_traps
