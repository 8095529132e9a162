# The sum of the numbers up to 100, for `--environment rars`: as RARS and Venus run it.
        .data
said:   .asciz  "sum: "

        .text
main:   li      t0, 100
        li      t1, 0
next:   add     t1, t1, t0
        addi    t0, t0, -1
        bnez    t0, next
        la      a0, said
        li      a7, 4                   # print_string
        ecall
        mv      a0, t1
        li      a7, 1                   # print_int
        ecall
        li      a0, '\n'
        li      a7, 11                  # print_char
        ecall
        li      a7, 10                  # exit
        ecall
