// A brake controller: every 5,000 units of time it looks at the wheel, decides on the pressure, and tells the cluster.
// The wheel is simulated: it slows down with the pressure, and locks if that is too high; then the pressure is taken back.

        .equ    PERIOD, 5000
        .equ    WATCHDOG, 0x3f
        .equ    SPEED, 0x40             // the channel to the cluster: words, and the doorbell
        .equ    BELL, 0x41

_start: la      t0, tick
        wrcr    tvec, t0
        li      s0, 1200                // the wheel's speed
        li      s1, 0                   // the pressure
        wrcr    timecmph, zero
        li      t0, PERIOD
        wrcr    timecmp, t0
        li      t0, 1                   // the timer's line
        wrcr    ie, t0
        sti
wait:   hlt
        j       wait

tick:   slli    t1, s1, 1               // the more pressure, the more slip
        sub     t1, s0, t1
        li      t2, 200
        bge     t1, t2, more
        srli    s1, s1, 1               // it is about to lock: halve the pressure
        j       turn
more:   addi    s1, s1, 9
turn:   srli    t1, s1, 3
        sub     s0, s0, t1
        bge     s0, zero, tell
        li      s0, 1200                // it stands: the next run
        li      s1, 0
tell:   li      t1, SPEED
        out     t1, s0
        li      t1, BELL
        out     t1, zero
        li      t1, WATCHDOG            // all is well
        out     t1, zero
        rdcr    t0, timecmp
        li      t1, PERIOD
        add     t0, t0, t1
        wrcr    timecmp, t0
        rfe
