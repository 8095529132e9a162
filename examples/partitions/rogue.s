// A neighbour that misbehaves: it masks interrupts, writes all over what it takes for memory, and ends in a trap.

_start: cli
        la      a0, end
1:      sw      a0, 0(a0)
        addi    a0, a0, 4
        j       1b
end:
