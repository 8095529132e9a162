# print.s: writing to the console. Include it after lib/machine.s.
#
# All follow the ilp32e calling convention: arguments in a0..., and a0-a5, t0-t2 may be changed.
# They use `out`, so they work in ring 0 only.

        .text

# print_char(a0 = byte)
print_char:
        li      t0, CONSOLE_DATA
        out     t0, a0
        ret

# print_str(a0 = address of a string that ends with a zero byte)
print_str:
        li      t0, CONSOLE_DATA
1:      lbu     t1, 0(a0)
        beqz    t1, 2f
        out     t0, t1
        addi    a0, a0, 1
        j       1b
2:      ret

# print_hex(a0 = word): eight hexadecimal digits
print_hex:
        li      t0, CONSOLE_DATA
        li      a1, 28                          # the bit at which the next digit starts
        li      a2, 10
1:      srl     a3, a0, a1
        andi    a3, a3, 15
        addi    a4, a3, '0'
        bltu    a3, a2, 2f
        addi    a4, a3, 'a' - 10
2:      out     t0, a4
        addi    a1, a1, -4
        bgez    a1, 1b
        ret

# print_dec(a0 = word): unsigned decimal without leading zeros
print_dec:
        addi    sp, sp, -12                     # room for the ten digits of 2^32 - 1
        mv      a1, sp
        li      a2, 10
1:      remu    a3, a0, a2                      # the digits come last one first ...
        divu    a0, a0, a2
        addi    a3, a3, '0'
        sb      a3, 0(a1)
        addi    a1, a1, 1
        bnez    a0, 1b
        li      t0, CONSOLE_DATA
2:      addi    a1, a1, -1                      # ... and are written in reverse
        lbu     a3, 0(a1)
        out     t0, a3
        bne     a1, sp, 2b
        addi    sp, sp, 12
        ret

# newline()
newline:
        li      t0, CONSOLE_DATA
        li      t1, '\n'
        out     t0, t1
        ret

# power_off(a0 = exit code): does not return
power_off:
        li      t0, POWER
        out     t0, a0
1:      j       1b
