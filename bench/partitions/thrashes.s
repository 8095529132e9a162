// Writes to all of its memory, a cache line at a time.

        .equ    FIRST, 0x10000

_start: addi    a4, a0, 0               // how much there is
2:      li      a1, FIRST
1:      sw      a3, 0(a1)
        addi    a3, a3, 1
        addi    a1, a1, 64
        bltu    a1, a4, 1b
        j       2b
