// Sends a word and rings the doorbell, again and again.

_start: li      s0, 0x40
        li      s1, 0x41
1:      addi    a0, a0, 1
        out     s0, a0
        out     s1, zero
        li      t0, 500
2:      addi    t0, t0, -1
        bnez    t0, 2b
        j       1b
