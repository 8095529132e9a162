// What the disk had saved of itself changed when the guest wrote to it again: three looks showed the last one's registers.
// way: interp/then=bt
// stops: 3 6 9

        addi t0, zero, 0x10
        addi t1, zero, 1
        out t0, t1
        addi t1, t1, 1
        out t0, t1
        addi t1, t1, 1
        out t0, t1
        nop
        nop
        nop
