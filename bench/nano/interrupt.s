# interrupt: a program in ring 3 is interrupted by the timer; its kernel sets it again, and returns.
        .include "nano.inc"

        .equ    BETWEEN, 100                    # instructions, from one time that the kernel looks to the interrupt

main:   li      t0, LINE_TIMER
        enable_lines t0
        call    next
        to_user 1f
1:      addi    a0, a0, 1
        j       1b

next:   get_time t0, t1, t2
        addi    t0, t0, BETWEEN
        sltiu   t2, t0, BETWEEN                 # the carry
        add     t1, t1, t2
        set_timer t0, t1
        ret

handler:
        addi    gp, gp, 1
        call    next                            # the program has no use for ra
        return_from_trap
