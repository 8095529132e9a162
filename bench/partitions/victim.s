// Goes through 256 KiB of its memory, a cache line at a time.

        .equ    FIRST, 0x40000
        .equ    END, 0x80000

_start: li      a1, FIRST
        li      a2, END
1:      lw      a0, 0(a1)
        add     a3, a3, a0
        addi    a1, a1, 64
        bltu    a1, a2, 1b
        j       _start
