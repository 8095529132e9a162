# timer: the kernel sets the timer to a time that does not come.
        .include "nano.inc"

main:   li      t0, -1
1:      set_timer t0, t0
        addi    gp, gp, 1
        j       1b

        no_traps
