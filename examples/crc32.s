# crc32: CRC-32 (the one of Ethernet, gzip and PNG) of the input, by a table of 256 words.
#
#   Run it:     printf 123456789 | ring1 run examples/crc32.s
#   Look for:   cbf43926, the check value printed in every description of this CRC. Compare with
#               `python3 -c 'import sys, zlib; print(f"{zlib.crc32(sys.stdin.buffer.read()):08x}")'`.
#               Building the table takes about 16000 instructions, each byte of input ten.

        .equ    POLYNOMIAL, 0xedb88320          # x^32 + x^26 + x^23 + ... + x + 1, bit 31 is x^0

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0

        # table[i] = what eight steps of the shift register make of i
        la      s0, table
        li      a1, 0                           # a1 = i
        li      a2, POLYNOMIAL
        mv      a3, s0                          # a3 = &table[i]
1:      mv      a0, a1
        li      a4, 8                           # bits to go
2:      andi    a5, a0, 1
        srli    a0, a0, 1
        neg     a5, a5                          # all ones if the bit that left was 1, else 0:
        and     a5, a5, a2                      #   subtract the polynomial without a branch
        xor     a0, a0, a5
        addi    a4, a4, -1
        bnez    a4, 2b
        sw      a0, 0(a3)
        addi    a3, a3, 4
        addi    a1, a1, 1
        li      a4, 256
        bne     a1, a4, 1b

        # crc = table[(crc ^ byte) & 255] ^ (crc >> 8) for each byte of input
        li      a0, -1                          # the register begins, and is read out, inverted
        li      a1, CONSOLE_DATA
        li      a2, -1                          # end of input
3:      in      a3, a1
        beq     a3, a2, 4f
        xor     a3, a3, a0
        andi    a3, a3, 255
        slli    a3, a3, 2
        add     a3, a3, s0
        lw      a3, 0(a3)
        srli    a0, a0, 8
        xor     a0, a0, a3
        j       3b

4:      not     a0, a0
        call    print_hex
        call    newline

        li      a0, 0
        call    power_off

        .bss
        .align  2
table:  .space  256 * 4

        .include "lib/print.s"
