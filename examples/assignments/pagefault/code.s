# What a program may not do: a jump into the heap.
        .globl  program
program:
        li      s0, 0x40000000
        jr      s0
        syscall 1
