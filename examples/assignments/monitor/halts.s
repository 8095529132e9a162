# A guest that waits for an interrupt, of which there are none.
        .globl  guest
guest:  li      a0, 'w'
        out     zero, a0
        hlt
        out     zero, a0
