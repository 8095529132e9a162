# What lies where RAM begins when ring1 links a C program: the way to _start, and the stack, which ends where the program
# begins. It grows down, and below RAM there is no memory: an access there traps (trap.s says what happened).
# __stack_size is defined by who links. The first words are where a raw image begins, and are given up to the stack.

        .text
        lui     t0, %hi(_start)
        jalr    zero, %lo(_start)(t0)
        .word   0x76677261, __arguments         # the loader's: see start.s
        .space  __stack_size - 16
        .globl  __stack_end
__stack_end:
