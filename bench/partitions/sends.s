// Sends words, or with PAGES writes them to the pages that the channel has: WORDS words a round.

_start: li      s0, 0x40
.ifdef PAGES
        in      s0, s0
.endif
1:      li      t0, 16
2:
.ifdef PAGES
        sw      t0, 0(s0)
.else
        out     s0, t0
.endif
        addi    t0, t0, -1
        bnez    t0, 2b
        addi    gp, gp, 16
        j       1b
