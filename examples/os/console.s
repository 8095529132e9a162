# console.s: the console's driver. Input comes by interrupt, a line at a time, and only while somebody reads; so the
# buffer needs no more than to hold one. Output is always possible.

        .equ    LINE_SIZE,      128

        .text
# console_write(a1 = user buffer, a2 = bytes) -> bytes, or an error
console_write:
        enter   4
        mv      s0, a1
        mv      gp, a2
        sw      a2, 16(sp)
1:      beqz    gp, 3f
        mv      a0, s0
        li      a1, PTE_R
        call    user_page
        bltz    a0, 4f
        call    page_rest
        add     s0, s0, a2
        sub     gp, gp, a2
        add     a2, a2, a0
        console_put a0, a2
        j       1b
3:      lw      a0, 16(sp)
4:      leave   4

# console_read(a1 = user buffer, a2 = bytes) -> bytes: a line with its newline, or as much of it as there is room
# for; 0 at the end of the input
console_read:
        enter
        mv      s1, a1
        mv      gp, a2
        beqz    gp, 3f
1:      load    s0, line_start                  # s0 = what is left of the line
        load    t1, line_end
        bne     s0, t1, 2f
        load    t1, input_ended
        bnez    t1, 3f
        li      t1, 1
        port_out CONSOLE_STATUS, t1, t0         # interrupts from now on
        store   t1, console_wanted
        la      a0, line
        call    sleep
        j       1b
2:      sub     a2, t1, s0
        bleu    a2, gp, 4f
        mv      a2, gp
4:      mv      gp, a2
        add     t1, s0, a2
        store   t1, line_start
        mv      a0, s1
        mv      a1, s0
        call    copy_out
        bltz    a0, 5f
        mv      a0, gp
        leave
3:      li      a0, 0
5:      leave

# console_interrupt(): take what is there, up to the end of a line.
console_interrupt:
        enter
1:      port_in t1, CONSOLE_STATUS
        andi    t1, t1, 1
        beqz    t1, 2f
        call    console_take
        load    t1, console_wanted
        bnez    t1, 1b
2:      leave

# console_wait(): nothing can happen but input: wait for it, or for its end.
console_wait:
        load    t1, console_wanted
        la      a0, text_stuck
        beqz    t1, stuck
        # falls into console_take

# console_take(): the next byte into the line. At its end, or that of the input, whoever waits for it wakes.
console_take:
        enter
        port_in s0, CONSOLE_DATA
        bltz    s0, 1f
        load    t1, line_end
        la      t2, line
        load    t0, line_start
        bne     t0, t1, 3f
        mv      t1, t2                          # the line has been read: begin a new one
        store   t1, line_start
3:      sb      s0, 0(t1)
        addi    t1, t1, 1
        store   t1, line_end
        li      t0, '\n'
        beq     s0, t0, 2f
        addi    t2, t2, LINE_SIZE
        beq     t1, t2, 2f
        leave
1:      li      t1, 1
        store   t1, input_ended
2:      store   zero, console_wanted
        port_out CONSOLE_STATUS, zero, t0       # no more interrupts
        la      a0, line
        call    wakeup
        leave

stuck:  call    print                           # every process waits for another
        li      a0, OFF_PANIC
        j       power_off

        .section .rodata
text_stuck:     .asciz  "kernel: panic: nothing to wait for\n"

        .data
        .align  2
line_start:     .word   line                    # what has been read of `line`, and what there is
line_end:       .word   line
console_wanted: .word   0                       # does anybody wait for a line?
input_ended:    .word   0

        .bss
line:           .space  LINE_SIZE
