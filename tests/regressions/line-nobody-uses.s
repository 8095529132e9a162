// Generated code does not ask for the interrupt lines if what it would read goes to a register that is always zero. The check
// took it for a difference that its interpreter asked.
// way: bare/checked
// stops: 60

        li      a0, 7
        li      a1, 3
again:  rdcr    zero, ip
        addi    a0, a0, 5
        addi    a1, a1, -1
        bne     a1, zero, again
