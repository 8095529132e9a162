# What is no statement.
        .asciz  "not closed
#               ^ this string is not closed
        .ascii  "a", "b # ; 
#                    ^ this string is not closed
        .ascii  "a\qb"
#                 ^ there is no escape \q
        .ascii  "\400"
#                ^ there is no escape \400
        .ascii  unquoted
#               ^ a string is wanted here
        .byte   'ab'
#               ^ a character stands between two quotes: 'x'
        .byte   '€'
#               ^ '€' is more than one byte
        .byte   ''
#               ^ a character stands between two quotes: 'x'
        .word   (1 + 2
#                     ^ the end does not fit here; ')' would
        .word   1 2
#                 ^ a comma is missing before 2
        .word   1 +
#                  ^ the end does not fit here, something must follow
        .word   1 ? 2
#                    ^ the end does not fit here; ':' would
        .word   09, 1x
#               ^ 09 is not a number
        .word   5, `
#                  ^ '`' does not fit here
        .word   {rd}
#               ^ '{' does not fit here
        .word   5,
#                 ^ a number is wanted here
        .byte   1,,2
#                 ^ a number is wanted here
        .byte   1, , 2
#                  ^ a number is wanted here
        .half   ,1
#               ^ a number is wanted here
        .ascii  "a",, "b"
#                   ^ a string is wanted here
        .space  ,1
#               ^ a number of bytes is wanted here
        .align
#       ^ .align needs a number: .align 2 goes on at a multiple of 4 bytes
        .p2align
#       ^ .p2align needs a number: .p2align 2 goes on at a multiple of 4 bytes
        .balign
#       ^ .balign needs a number: .balign 4 goes on at a multiple of 4 bytes
        .align  ,1
#               ^ a number of bytes is wanted here
        .float  1.5
#       ^ unknown directive .float
        .ASCIZZ "a"
#       ^ unknown directive .ASCIZZ; did you mean .asciz?
        .if     0
        .else if 1
#             ^ nothing can follow .else
        .endif  0
#               ^ nothing can follow .endif
        .ifdef  a b
#               ^ .ifdef needs a symbol
        .endif
        .previous 1
#                 ^ nothing can follow .previous
        .word   "abc"
#               ^ a number is wanted here
        @nop
#       ^ a label, an instruction or a directive begins with a letter
        5 + 5
#       ^ a label, an instruction or a directive begins with a letter
        .wrod   5
#       ^ unknown directive .wrod; did you mean .word?
        .frobnicate
#       ^ unknown directive .frobnicate
        .section
#               ^ .section is written .section name, "flags", @type
        .section .foo,"aq"
#                       ^ there is no section flag q
        .popsection
#       ^ .popsection without .pushsection
        .text   1
#               ^ subsections are not supported
        .include unquoted
#                ^ .include needs the name of a file: "name"
        .include "no/such/file.s"
#                ^ cannot read no/such/file.s: No such file or directory
        .incbin ""
#               ^ the name of a file is wanted here
        .error
#       ^ an .error directive
        .incbin "no/such/file.bin"
#               ^ cannot read no/such/file.bin: No such file or directory
        .section .odd
        nop
#       ^ an instruction cannot stand in .odd, which is not loaded; .section .odd, "ax" would be
odd:    .word   1
        .text
        .word   odd
#               ^ odd is in .odd, which is not loaded: it has no flag "a"
        .macro  .word
#               ^ .word is a directive, and no macro can take its place
        .endm
        .byte   1
        nop
#       ^ an instruction stands at a multiple of 4; write .align before it
        nop
        .asciz  "fine" /* and then
#                      ^ this comment is not closed
