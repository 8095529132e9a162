# A macro that is not closed: what it swallowed is not called undefined.
        j       after
        j       nowhere
#               ^ undefined symbol nowhere
        .macro  open
#       ^ this .macro has no .endm
after:  nop
        .if     1
