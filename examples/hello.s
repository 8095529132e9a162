# hello: the smallest program that shows something. It needs no stack, no library and no memory of its own.
#
#   Run it:     ring1 run examples/hello.s
#   Look for:   the line "Hello, world!", and the exit status 0 (`echo $?`), which is what the program
#               itself writes to the power port.

        .equ    CONSOLE_DATA, 0x00              # the port that writes a byte to the console
        .equ    POWER,        0xf0              # the port that stops the machine

        .text
_start:
        la      a1, message
        li      a2, CONSOLE_DATA
next:   lbu     a3, 0(a1)                       # a3 = the next byte of the message
        beqz    a3, done                        # a zero byte ends it
        out     a2, a3                          # to the console
        addi    a1, a1, 1
        j       next

done:   li      a2, POWER
        out     a2, zero                        # stop, exit code 0

        .section .rodata
message:
        .asciz  "Hello, world!\n"
