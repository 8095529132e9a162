# Pages 8 to 15 are one page, until somebody stores to them.
        .globl  program
program:
        li      s0, 0x40008000
        li      s1, 0x4000f000
        li      a5, 0x600df00d
        lw      a0, 0(s0)
        bne     a0, a5, wrong
        lw      a0, 16(s1)
        bne     a0, a5, wrong
        li      a1, 7
        sw      a1, 0(s0)               # now page 8 is its own
        lw      a0, 0(s1)
        bne     a0, a5, wrong
        lw      a0, 0(s0)
        bne     a0, a1, wrong
        lw      a0, 0xffc(s0)           # with all that was in it
        bne     a0, a5, wrong
        sb      a1, 2(s1)               # and page 15
        lw      a0, 0(s1)
        li      a2, 0x6007f00d
        bne     a0, a2, wrong
        lw      a0, 0(s0)
        bne     a0, a1, wrong
        li      s0, 0x40009000
        lw      a0, 0(s0)
        bne     a0, a5, wrong
        syscall 42
wrong:  syscall 1
