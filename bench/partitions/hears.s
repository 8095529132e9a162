// Computes until the doorbell rings: the handler's first instruction silences it, then the words that wait are read.

_start: la      t0, rung
        wrcr    tvec, t0
        li      s0, 0x40
        li      s1, 0x41
        li      t0, 4
        wrcr    ie, t0
        sti
1:      addi    a0, a0, 1
        xor     a1, a1, a0
        slli    a2, a1, 3
        add     a3, a3, a2
        j       1b

rung:   out     s1, zero
2:      in      t0, s1
        beqz    t0, 3f
        in      t1, s0
        j       2b
3:      rfe
