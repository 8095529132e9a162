# What a program may not do: store behind the heap.
        .globl  program
program:
        li      s0, 0x40010000
        sw      s0, 0(s0)
        syscall 1
