# smc: an instruction is overwritten, and executed. It is on a page of its own.
        .include "nano.inc"

main:   la      a0, patched
        la      a1, words
        lw      a2, 0(a1)
        lw      a3, 4(a1)
        xor     a3, a3, a2
1:      xor     a2, a2, a3
        sw      a2, 0(a0)
        jalr    ra, 0(a0)
        addi    gp, gp, 1
        j       1b

words:  addi    t1, t1, 1
        addi    t1, t1, 2

        no_traps

        .p2align 12
patched:
        addi    t1, t1, 1
        ret
        .p2align 12
