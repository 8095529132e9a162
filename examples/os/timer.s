# timer.s: the timer's driver: the quantum after which another process has its turn, and sleep.

        .ifndef TICK
        .equ    TICK,           100000          # of virtual time: instructions
        .endif

        .text
# timer_start(): a quantum begins now.
timer_start:
        get_time a0, a1, t0
        li      t0, TICK
        add     a0, a0, t0
        sltu    t0, a0, t0                      # the carry
        add     a1, a1, t0
        set_timer a0, a1
        ret

# timer_interrupt(): a quantum or a sleep is over.
timer_interrupt:
        enter
        li      t1, 1
        store   t1, quantum_over
        get_time a0, a1, t0
        la      s0, processes
        la      s1, processes_end
        li      t2, READY
1:      lw      t0, P_STATE(s0)
        addi    t0, t0, -WAITING
        bnez    t0, 2f
        lw      t0, P_CHANNEL(s0)
        la      t1, quantum_over                # what those who sleep wait for
        bne     t0, t1, 2f
        lw      t0, P_DEADLINE + 4(s0)
        bltu    a1, t0, 2f
        bltu    t0, a1, 3f
        lw      t0, P_DEADLINE(s0)
        bltu    a0, t0, 2f
3:      sw      t2, P_STATE(s0)
2:      addi    s0, s0, P_SIZE
        bne     s0, s1, 1b
        call    timer_start
        leave

# timer_sleep(a0 = ticks): tp's process sleeps.
timer_sleep:
        enter
        li      t0, TICK
        mulhu   s1, a0, t0
        mul     s0, a0, t0
        get_time a0, a1, t0
        add     s0, s0, a0
        sltu    t0, s0, a0
        add     s1, s1, a1
        add     s1, s1, t0
        sw      s0, P_DEADLINE(tp)
        sw      s1, P_DEADLINE + 4(tp)
        la      a0, quantum_over
        call    sleep
        leave

# timer_until_next(): nobody runs: the timer is for the first that sleeps. Gives 1 if there is one, else 0.
timer_until_next:
        enter
        li      a0, -1                          # all ones: never
        li      a1, -1
        li      a2, 0
        la      s0, processes
        la      s1, processes_end
1:      lw      t0, P_STATE(s0)
        addi    t0, t0, -WAITING
        bnez    t0, 2f
        lw      t0, P_CHANNEL(s0)
        la      t1, quantum_over
        bne     t0, t1, 2f
        lw      t0, P_DEADLINE(s0)
        lw      t1, P_DEADLINE + 4(s0)
        bltu    a1, t1, 2f
        bltu    t1, a1, 3f
        bgeu    t0, a0, 2f
3:      mv      a0, t0
        mv      a1, t1
        li      a2, 1
2:      addi    s0, s0, P_SIZE
        bne     s0, s1, 1b
        set_timer a0, a1
        mv      a0, a2
        leave

        .bss
        .align  2
quantum_over:   .space  4                       # has the process that runs had its turn?
