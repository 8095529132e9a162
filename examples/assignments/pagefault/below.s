# What a program may not do: load below the heap.
        .globl  program
program:
        li      s0, 0x3ffffffc
        lw      a0, 0(s0)
        syscall 1
