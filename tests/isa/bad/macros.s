# Macros, repetitions, conditions.
        .macro  two a, b
        .byte   \a, \b
        .endm
        two     1, 2, 3
#                     ^ macro two takes 2 arguments
        two     b=1, c=2
#                    ^ macro two has no parameter c
        two     a=1, a=2
#                    ^ a is given twice
        two     a=1, 2
#                    ^ an argument without a name cannot follow one with a name
        .macro  one a:req
        .byte   \a
#               ^ 300 does not fit in a byte (in macro one at macros.s:19:9)
        .endm
        one
#       ^ macro one needs its argument a
        one     300
        .macro  none
        .endm
        none    1
#               ^ macro none takes no arguments
        .macro  one
#               ^ macro one is already defined at macros.s:13
        .endm
        .macro
#             ^ a macro needs a name
        .endm
        .macro  bad a, a
#                      ^ two parameters are called a
        .endm
        bad     1, 2, 3
#               ^ macro bad takes no arguments
        .macro  worse a:foo
#                       ^ a parameter is :req or :vararg, not :foo
        .endm
        .macro  worst a:vararg, b
#                             ^ a :vararg parameter is the last one
        .endm
        .macro  ONE
#               ^ macro one is already defined at macros.s:13
        .endm
        .purgem nonesuch
#               ^ there is no macro nonesuch
        .exitm
#       ^ .exitm outside a macro
        .endm
#       ^ .endm without .macro
        .endr
#       ^ .endr without .rept
        .irp
#           ^ .irp needs the name of a parameter
        .endr
        .endif
#       ^ .endif without .if
        .else
#       ^ .else without .if
        .elseif 1
#       ^ .elseif without .if
        .if     1
        .else
        .elseif 1
#       ^ .elseif after .else
        .endif
        .if
#          ^ .if needs an expression
        .endif
        .if     unknown
#               ^ unknown is not known yet, but is needed at once
        nonsense in here
        .else
        nonsense in here
        .endif
        .if     1, 2
#                  ^ one expression is enough
        .endif
        .macro  half
        .if     1
#       ^ this .if has no .endif (in macro half at macros.s:82:9)
        .endm
        half
        .if     0
#       ^ this .if has no .endif
        .macro  open
        two     1, 2
