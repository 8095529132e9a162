# Outputs whether it runs on the machine or under a monitor.
_start: spy     a0
        la      a1, machine
        beqz    a0, say
        la      a1, monitor
say:    lbu     a2, 0(a1)
        beqz    a2, done
        out     zero, a2
        addi    a1, a1, 1
        j       say
done:   li      t0, 0xf0
        out     t0, zero
        .rodata
machine:
        .asciz  "machine\n"
monitor:
        .asciz  "monitor\n"
