# spin [N]: N (1000) thousand instructions that do nothing but use the processor up.
        .include "start.s"
main:   enter
        li      a2, 1000
        call    argument
        li      t0, 500
        mul     a0, a0, t0
        beqz    a0, 2f
1:      addi    a0, a0, -1
        bnez    a0, 1b
2:      leave
        .include "lib.s"
