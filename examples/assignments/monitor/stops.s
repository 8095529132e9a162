# A guest that traps and has no handler: the machine stops.
        .globl  guest
guest:  li      a0, 't'
        out     zero, a0
        brk
        out     zero, a0
