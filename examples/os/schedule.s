# schedule.s: which process runs: round robin, sleep and wakeup, and what happens when nobody can run.

        .text
# reschedule(): give the processor to the next process that is ready, which may be this one; if there is none, wait.
# Returns when it is this process's turn again.
reschedule:
        enter
1:      mv      s0, tp
2:      addi    s0, s0, P_SIZE
        la      t0, processes_end
        bne     s0, t0, 3f
        la      s0, processes
3:      lw      t0, P_STATE(s0)
        li      t1, READY
        beq     t0, t1, 4f
        bne     s0, tp, 2b
        call    idle
        j       1b
4:      store   zero, quantum_over
        beq     s0, tp, 5f
        tally   switches
        mv      a0, s0
        call    switch
5:      leave

# switch(a0 = process): to its kernel stack and address space. Returns when somebody switches back to this one.
switch:
        enter
        sw      sp, P_SP(tp)
        mv      tp, a0
        store   tp, current
        lw      t1, P_STACK(tp)
        store   t1, kernel_sp
        lw      sp, P_SP(tp)
        call    space_enter
        leave

# sleep(a0 = channel): until somebody wakes this channel
sleep:
        enter
        sw      a0, P_CHANNEL(tp)
        li      t0, WAITING
        sw      t0, P_STATE(tp)
        call    reschedule
        leave

# wakeup(a0 = channel): every process that waits for it becomes ready.
wakeup:
        la      a1, processes
        la      a2, processes_end
        li      t1, WAITING
        li      t2, READY
1:      lw      t0, P_STATE(a1)
        bne     t0, t1, 2f
        lw      t0, P_CHANNEL(a1)
        bne     t0, a0, 2f
        sw      t2, P_STATE(a1)
2:      addi    a1, a1, P_SIZE
        bne     a1, a2, 1b
        ret

# idle(): nobody is ready: wait for an interrupt. It is served here, as interrupts are off. There are no ticks
# meanwhile, only the end of the shortest sleep.
#
# The console's line does not rise at the end of the input: only a read of the data port tells, and waits as long as
# it must. So where nothing is left to wait for but input, that read takes the place of `hlt`.
idle:
        enter
        call    timer_until_next                # a0: does anybody sleep?
        load    t1, disk_busy
        get_pending_lines t0
        or      a0, a0, t1
        or      a0, a0, t0
        beqz    a0, 1f
        wait_for_interrupt
        j       2f
1:      call    console_wait
2:      call    serve_lines
        call    timer_start
        leave
