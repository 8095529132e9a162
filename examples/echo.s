# echo: writes its input back, byte by byte: the console as a device, without interrupts.
#
#   Run it:     echo "how now" | ring1 run examples/echo.s
#   Look for:   the output equals the input, whatever the bytes are (0x00 and 0xff too). Reading the data port
#               waits for a byte and gives 0..255; at the end of input it gives all ones, which is no byte.

        .equ    CONSOLE_DATA, 0x00
        .equ    POWER,        0xf0

        .text
_start:
        li      a1, CONSOLE_DATA
        li      a2, -1                          # all ones: end of input
loop:   in      a0, a1
        beq     a0, a2, done
        out     a1, a0
        j       loop

done:   li      a1, POWER
        out     a1, zero
