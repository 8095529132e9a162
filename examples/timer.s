# timer: timer interrupts in virtual time, and `hlt`.
#
#   Run it:     ring1 run examples/timer.s
#   Look for:   ticks at exactly 10000, 20000, ... : time is the number of instructions retired, so an
#               interrupt falls on the same instruction in every run and under every engine. Between two ticks
#               lie 10000 instructions: 8 of the handler and 9992 of the main loop, which are 4996 trips of 2.
#               Then `hlt` makes time jump: the processor has nothing to do until the next tick.
#
# The handler must not disturb the main loop, and its first instruction must already read the time; so three
# registers belong to it alone: gp (scratch), tp (where the next record goes) and a5 (the period).

        .equ    PERIOD, 10000
        .equ    TICKS,  5

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0
        la      t0, handler
        wrcr    tvec, t0
        la      tp, records
        li      a5, PERIOD
        li      t0, LINE_TIMER
        wrcr    ie, t0
        wrcr    timecmp, a5                     # the first tick. `timecmp` has 64 bits, all ones after
        wrcr    timecmph, zero                  #   reset: writing the high word arms it

        # The main loop counts until the handler has seen TICKS ticks.
        li      s0, 0                           # s0 = the main loop's count
        li      s1, TICKS                       # s1 = ticks to come, decremented by the handler
        sti
1:      addi    s0, s0, 1
        bnez    s1, 1b
        cli

        la      s0, records
        li      s1, 1
2:      la      a0, text_tick
        call    print_str
        mv      a0, s1
        call    print_dec
        la      a0, text_at
        call    print_str
        lw      a0, 0(s0)                       # when it came
        call    print_dec
        li      a0, 1
        beq     s1, a0, 3f                      # before the first tick the loop ran for some odd time
        la      a0, text_counted
        call    print_str
        lw      a0, 4(s0)                       # the count at this tick
        lw      a1, -4(s0)                      # the count at the tick before
        sub     a0, a0, a1
        call    print_dec
3:      call    newline
        addi    s0, s0, 8
        addi    s1, s1, 1
        bne     s0, tp, 2b

        # Halt with interrupts on: time moves on to the tick, `hlt` retires, the handler runs.
        li      a5, PERIOD
        li      t0, 500000
        wrcr    timecmp, t0
        sti
        hlt
        cli
        la      a0, text_slept
        call    print_str
        lw      a0, -8(tp)                      # the handler's record
        call    print_thousands

        # Halt with interrupts off: it wakes all the same, and goes on without a handler.
        mv      s0, tp
        li      t0, 900000
        wrcr    timecmp, t0
        hlt
        rdtime  s1
        la      a0, text_slept
        call    print_str
        mv      a0, s1
        call    print_thousands
        la      a0, text_handler
        bne     s0, tp, 4f                      # the handler has made a record
        la      a0, text_no_handler
4:      call    print_str

        li      a0, 0
        call    power_off

# The handler: eight instructions. Reading the time comes first: this is when the tick came.
handler:
        rdtime  gp
        sw      gp, 0(tp)                       # record when ...
        sw      s0, 4(tp)                       # ... and how far the main loop had come
        addi    tp, tp, 8
        add     gp, gp, a5
        wrcr    timecmp, gp                     # the next tick: in the future, so the line falls
        addi    s1, s1, -1
        rfe

# print_thousands(a0 = word): its thousands, and a newline
print_thousands:
        addi    sp, sp, -4
        sw      ra, 0(sp)
        li      a1, 1000
        divu    a0, a0, a1
        call    print_dec
        la      a0, text_thousand
        call    print_str
        lw      ra, 0(sp)
        addi    sp, sp, 4
        ret

        .section .rodata
text_tick:
        .asciz  "tick "
text_at:
        .asciz  " at "
text_counted:
        .asciz  ", counted "
text_slept:
        .asciz  "slept until "
text_thousand:
        .asciz  " thousand\n"
text_handler:
        .asciz  "a handler ran\n"
text_no_handler:
        .asciz  "no handler ran\n"

        .bss
        .align  2
records:
        .space  8 * (TICKS + 3)                 # for each tick: the time, the main loop's count

        .include "lib/print.s"
