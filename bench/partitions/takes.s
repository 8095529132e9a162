// Receives words, or with PAGES reads them from the pages that the channel has.

_start: li      s0, 0x40
.ifdef PAGES
        in      s0, s0
.endif
1:      li      t0, 16
2:
.ifdef PAGES
        lw      a0, 0(s0)
.else
        in      a0, s0
.endif
        addi    t0, t0, -1
        bnez    t0, 2b
        addi    gp, gp, 16
        j       1b
