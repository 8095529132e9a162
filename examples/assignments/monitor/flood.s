# A guest that keeps its monitor busy: 20,000 privileged instructions.
        .globl  guest
guest:  li      a2, 5000
        li      a3, 0
again:  wrcr    scratch, a2
        rdcr    a0, scratch
        add     a3, a3, a0
        sti
        cli
        addi    a2, a2, -1
        bnez    a2, again
        mv      a0, a3                  # 5000 * 5001 / 2
        call    digits
        li      a0, 9
        call    off
