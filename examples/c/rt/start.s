# Where a C program begins on PG32. At reset a0 = bytes of RAM; the image lies at 0, and memory behind it is zero, so
# .bss needs no clearing. The stack begins at the top of RAM and grows down; the heap grows up from __heap_start (heap.c).
# Paging is off: a stack that grows into the heap is not noticed.

        .text
        .globl  _start
_start: mv      sp, a0
        li      a0, 0                   # argc
        la      a1, arguments           # argv
        mv      a2, a1                  # envp
        call    main
        call    exit                    # which calls what atexit() was given

        .section .rodata
        .balign 4
arguments:
        .word   0
