# sieve: the sieve of Eratosthenes: tight loops of byte stores and loads.
#
#   Run it:     ring1 run examples/sieve.s
#   Look for:   "2262 primes below 20000, the largest is 19997". The inner loop is three instructions long, so
#               this program shows what an engine pays for each store and for each trip round a short loop.

        .equ    LIMIT, 20000                    # numbers 0 .. LIMIT-1 are sieved

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0

        # Strike out the multiples of each prime, beginning with its square.
        la      a0, composite                   # composite[i] = 1: i is composite. .bss begins as 0
        li      a1, LIMIT
        add     a1, a0, a1                      # a1 = end of the array
        li      a2, 2                           # a2 = the candidate
        li      a5, 1
strike: mul     a3, a2, a2
        add     a3, a3, a0                      # a3 = &composite[candidate * candidate]
        bgeu    a3, a1, count                   # the square is beyond the end: done
        add     a4, a0, a2
        lbu     a4, 0(a4)
        bnez    a4, 2f                          # a composite's multiples are struck out already
1:      sb      a5, 0(a3)
        add     a3, a3, a2
        bltu    a3, a1, 1b
2:      addi    a2, a2, 1
        j       strike

        # Count what is left.
count:  li      s0, 0                           # s0 = how many primes
        li      s1, 0                           # s1 = the largest so far
        li      a2, 2
        li      a3, LIMIT
1:      bgeu    a2, a3, report
        add     a4, a0, a2
        lbu     a4, 0(a4)
        bnez    a4, 2f
        addi    s0, s0, 1
        mv      s1, a2
2:      addi    a2, a2, 1
        j       1b

report: mv      a0, s0
        call    print_dec
        la      a0, text_below
        call    print_str
        li      a0, LIMIT
        call    print_dec
        la      a0, text_largest
        call    print_str
        mv      a0, s1
        call    print_dec
        call    newline

        li      a0, 0
        call    power_off

        .section .rodata
text_below:
        .asciz  " primes below "
text_largest:
        .asciz  ", the largest is "

        .bss
composite:
        .space  LIMIT

        .include "lib/print.s"
