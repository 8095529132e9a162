# A guest that traps, and has no handler.
        .globl  guest
guest:  li      a1, '!'
        out     zero, a1
        divu    a0, a1, zero
        out     zero, a1
