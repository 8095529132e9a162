# What a program may not do: a load from address 0x80000000, of which nobody knows.
        .globl  program
program:
        li      s0, 0x80000000
        lw      a0, 0(s0)
        syscall 1
