// An instrument cluster: it draws the speed that the brake controller tells, a star for each 50.

        .equ    SPEED, 0x40
        .equ    BELL, 0x41

_start: la      t0, rung
        wrcr    tvec, t0
        li      t0, 4                   // the doorbell's line
        wrcr    ie, t0
        sti
wait:   hlt
        j       wait

rung:   li      t1, BELL                // silence it
        out     t1, zero
more:   in      t0, t1                  // how many words wait?
        beqz    t0, done
        li      t2, SPEED
        in      a0, t2
        li      a1, '*'
1:      addi    a0, a0, -50
        blt     a0, zero, 2f
        out     zero, a1
        j       1b
2:      li      a1, '\n'
        out     zero, a1
        j       more
done:   rfe
