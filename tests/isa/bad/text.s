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
#                 ^ '2' does not fit here
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
#       ^ a number is wanted here
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
        .incbin "no/such/file.bin"
#               ^ cannot read no/such/file.bin: No such file or directory
        .byte   1
        nop
#       ^ an instruction stands at a multiple of 4; write .align before it
        nop
        .asciz  "fine" /* and then
#                      ^ this comment is not closed
