# print.s: what the kernel itself says, on the console.

        .text
# print(a0 = string that ends with a zero byte)
print:
1:      lbu     t1, 0(a0)
        beqz    t1, 2f
        port_out CONSOLE_DATA, t1, t0
        addi    a0, a0, 1
        j       1b
2:      ret

# print_newline()
print_newline:
        li      t1, '\n'
        port_out CONSOLE_DATA, t1, t0
        ret

# print_hex(a0 = word): eight hexadecimal digits
print_hex:
        li      a1, 28                          # the bit at which the next digit begins
1:      srl     t1, a0, a1
        andi    t1, t1, 15
        sltiu   t2, t1, 10
        bnez    t2, 2f
        addi    t1, t1, 'a' - 10 - '0'
2:      addi    t1, t1, '0'
        port_out CONSOLE_DATA, t1, t0
        addi    a1, a1, -4
        bgez    a1, 1b
        ret

# print_decimal(a0 = word): unsigned
print_decimal:
        addi    sp, sp, -12
        mv      a1, sp
        li      t2, 10
1:      remu    t1, a0, t2                      # the last digit comes first
        divu    a0, a0, t2
        addi    t1, t1, '0'
        sb      t1, 0(a1)
        addi    a1, a1, 1
        bnez    a0, 1b
2:      addi    a1, a1, -1
        lbu     t1, 0(a1)
        port_out CONSOLE_DATA, t1, t0
        bne     a1, sp, 2b
        addi    sp, sp, 12
        ret
