# digits: outputs a0 in hexadecimal and ends the line. off: switches the machine off with exit code a0. For guests in
# ring 0; t1, t2 and s0 are overwritten.
        .globl  digits, off
digits: li      t1, 28
next:   srl     t2, a0, t1
        andi    t2, t2, 15
        addi    t2, t2, '0'
        li      s0, '9'
        bge     s0, t2, decimal
        addi    t2, t2, 'a' - '0' - 10
decimal:
        out     zero, t2
        addi    t1, t1, -4
        bgez    t1, next
        li      t2, '\n'
        out     zero, t2
        ret
off:    li      t1, 0xf0
        out     t1, a0
