// Computes, and is interrupted by a device's line: the handler's first instruction tells the device, and so does the next.

        .equ    FIRST, 0x50
        .equ    SECOND, 0x51

_start: la      t0, rung
        wrcr    tvec, t0
        li      s0, FIRST
        li      s1, SECOND
        li      t0, 4
        wrcr    ie, t0
        sti
1:      addi    a0, a0, 1
        xor     a1, a1, a0
        slli    a2, a1, 3
        add     a3, a3, a2
        j       1b

rung:   out     s0, zero
        out     s1, zero
        rfe
