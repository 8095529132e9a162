# fib: Fibonacci numbers by double recursion: calls, returns and a stack frame, and little else.
#
#   Run it:     ring1 run examples/fib.s
#   Look for:   "fib(20) = 6765". It takes 21891 calls to find out: about a quarter of a million instructions,
#               nearly all of them calls, returns and their stack traffic. Raise N to give an engine more to
#               do (each step costs 1.6 times as much).

        .equ    N, 20

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0                          # a0 at reset = bytes of RAM: the stack's top

        la      a0, text_fib
        call    print_str
        li      a0, N
        call    print_dec
        la      a0, text_is
        call    print_str

        li      a0, N
        call    fib
        call    print_dec
        call    newline

        li      a0, 0
        call    power_off

# fib(a0 = n) -> a0: fib(0) = 0, fib(1) = 1, fib(n) = fib(n - 1) + fib(n - 2)
fib:
        sltiu   t0, a0, 2
        bnez    t0, 1f                          # n < 2: the answer is n, and no frame is needed
        addi    sp, sp, -12
        sw      ra, 8(sp)
        sw      s0, 4(sp)
        sw      s1, 0(sp)
        mv      s0, a0                          # s0 = n
        addi    a0, s0, -1
        call    fib
        mv      s1, a0                          # s1 = fib(n - 1)
        addi    a0, s0, -2
        call    fib
        add     a0, a0, s1
        lw      ra, 8(sp)
        lw      s0, 4(sp)
        lw      s1, 0(sp)
        addi    sp, sp, 12
1:      ret

        .section .rodata
text_fib:
        .asciz  "fib("
text_is:
        .asciz  ") = "

        .include "lib/print.s"
