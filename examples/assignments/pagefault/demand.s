# Uses three pages of the heap, far apart: they are zero at first.
        .globl  program
program:
        li      s0, 0x40000000
        lw      a0, 8(s0)
        bnez    a0, wrong
        li      a0, 11
        sw      a0, 8(s0)
        li      s1, 0x40003ffc
        sw      a0, 0(s1)
        li      s1, 0x40007000
        lbu     a1, 5(s1)
        bnez    a1, wrong
        lw      a1, 8(s0)
        bne     a0, a1, wrong
        li      s0, 0x40003000          # what was not stored to on that page
        lw      a1, 0(s0)
        bnez    a1, wrong
        syscall 42
wrong:  syscall 1
