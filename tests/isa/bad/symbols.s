# Names that mean nothing, or too much.
        j       nowhere
#               ^ undefined symbol nowhere
        addi    a0, a0, %lo(nothing + 4)(a5)
#                       ^ an expression must stand here; it is written 'addi rd, rs1, imm'
        lw      a0, %lo(nothing + 4)(a5)
#                       ^ undefined symbol nothing
        .word   one, two + three - one
#               ^ undefined symbol one, used 3 times
#                    ^ undefined symbol two
#                          ^ undefined symbol three; did you mean there?
        la      a0, one
        la      a0, mesage
#                   ^ undefined symbol mesage, used 2 times; did you mean message?
        call    prnit
#               ^ undefined symbol prnit; did you mean print?
        j       Message
#               ^ undefined symbol Message; did you mean message?
        j       message2
#               ^ undefined symbol message2
        .if     mesage2
#               ^ mesage2 is not known yet, but is needed at once
        .endif
        .word   mesage
print:
message:
  here: nop
  here: nop
# ^ here is already defined at symbols.s:27
        .equ    there, 1
  there:
# ^ there is already defined at symbols.s:30
        .set    here, 2
#               ^ here is already defined at symbols.s:27
        here = 3
#       ^ here is already defined at symbols.s:27
        .equ    a, b
#       ^ a is defined by itself
        .equ    b, a
        .equ    c, missing + absent
#                  ^ undefined symbol missing
#                            ^ undefined symbol absent
        .word   c
        .set    c2, c + missing
        .equ    d, 1 +
#                     ^ the end does not fit here, something must follow
        .word   d
        j       1b
#               ^ there is no label 1: before this
  1:    j       1f
#               ^ there is no label 1: after this
        .globl  5
#               ^ the name of a symbol is wanted here
        .globl
#             ^ the name of a symbol is wanted here
        .globl  here there, c
#                    ^ a comma is missing before there
        .equ    e
#               ^ .equ is written .equ name, value
        .comm   f
#               ^ .comm is written .comm name, size, alignment
        .comm   g, 4,
#                    ^ a number of bytes is wanted here
        .comm   g, 4, 3
#       ^ 3 is not a power of two
        e = 1, 2
#              ^ one value is enough
        . = 5
#       ^ write .org to move on
        lui     a0, %Hi(here)
#                   ^ there is no modifier %Hi; did you mean %hi?
        lui     a0, %high(here)
#                   ^ there is no modifier %high
