# A guest whose registers survive what the monitor does for it, and are where the instruction says.
        .globl  guest
guest:  la      a0, trapped
        wrcr    tvec, a0
        la      a0, numbers
        wrcr    scratch, a0
        lw      ra, 0(a0)
        lw      sp, 4(a0)
        lw      gp, 8(a0)
        lw      tp, 12(a0)
        lw      t0, 16(a0)
        lw      t1, 20(a0)
        lw      t2, 24(a0)
        lw      s0, 28(a0)
        lw      s1, 32(a0)
        lw      a1, 36(a0)
        lw      a2, 40(a0)
        lw      a3, 44(a0)
        lw      a4, 48(a0)
        lw      a5, 52(a0)
        wrcr    scratch, a5
        rdcr    a0, scratch
        sub     a0, a0, a5
        brk                             # the handler returns at once
here:   rdcr    zero, scratch           # register 0 stays 0
        add     a0, a0, zero
        sti
        cli
        add     a0, a0, ra
        slli    a0, a0, 1
        xor     a0, a0, sp
        slli    a0, a0, 1
        xor     a0, a0, gp
        slli    a0, a0, 1
        xor     a0, a0, tp
        slli    a0, a0, 1
        xor     a0, a0, t0
        slli    a0, a0, 1
        xor     a0, a0, t1
        slli    a0, a0, 1
        xor     a0, a0, t2
        slli    a0, a0, 1
        xor     a0, a0, s0
        slli    a0, a0, 1
        xor     a0, a0, s1
        slli    a0, a0, 1
        xor     a0, a0, a1
        slli    a0, a0, 1
        xor     a0, a0, a2
        slli    a0, a0, 1
        xor     a0, a0, a3
        slli    a0, a0, 1
        xor     a0, a0, a4
        slli    a0, a0, 1
        xor     a0, a0, a5
        call    digits
        rdcr    a0, epc
        la      a1, here
        sub     a0, a0, a1
        call    digits
        li      a0, 0
        call    off
trapped:
        wrcr    scratch, a0
        rdcr    a0, epc
        addi    a0, a0, 4
        wrcr    epc, a0
        rdcr    a0, scratch
        rfe
        .rodata
numbers:
        .word   0x11111111, 0x2345, 0x31415926, 0x4, 0x5a5a5a5a, 0x66, 0x77770000, 0x88888888, 0x99, 0xa0a0a0a0
        .word   0xb1b1, 0xc2c2c2c2, 0xd3d3d3d3, 0xe4e4e4
