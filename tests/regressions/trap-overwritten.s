// A block of a page that code shares with data looks whether its instructions are still there, but did not look at the
// one that it ends with: `rem zero, s0, zero`, which traps, still did so after something else was written there.
// way: bare
// stops: 228

        addi gp, zero, 0x3000
        wrcr tvec, gp
        addi a4, zero, 10
near:                                   // stores beside code, until the page is shared
        swap gp, gp, (sp)
        addi a4, a4, -1
        bne a4, zero, near
        jal ra, store
again:
        jal ra, traps
        jalr zero, 0(a5)
traps:
        rem zero, s0, zero
        jalr zero, 0(ra)
store:
        jal a5, again
        lui s0, 0
        addi s0, s0, traps
        sh a2, 3(s0)
        jal a5, again
        jalr zero, 0(ra)
        .org 0x3000
        rdcr gp, epc
        addi gp, gp, 4
        wrcr epc, gp
        rfe
