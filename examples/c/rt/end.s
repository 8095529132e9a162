# The end of the program in memory. This file must be linked last: its label is then behind every other .bss.

        .bss
        .balign 16
        .globl  __heap_start
__heap_start:
