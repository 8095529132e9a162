# Where a kernel begins on PG32: the stack at the top of RAM (a0 = its size at reset), then main(); its result is the
# exit code. Memory is zero where the image is, so .bss needs no clearing.

        .equ    POWER, 0xf0

        .text
_start: mv      sp, a0
        li      a0, 0
        li      a1, 0
        call    main
        li      a1, POWER
        out     a1, a0
