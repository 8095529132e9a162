# A guest that only outputs.
        .globl  guest
guest:  la      s0, text
again:  lbu     a0, 0(s0)
        beqz    a0, done
        out     zero, a0
        addi    s0, s0, 1
        j       again
done:   li      t0, 0xf0
        li      t1, 5
        out     t0, t1
        .rodata
text:   .asciz  "hello\n"
