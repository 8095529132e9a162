# boot.s: from reset to main(bytes of RAM). It must be linked first: a raw image begins at address 0.

        .text
        .globl  _start
_start: la      sp, stack_top
        call    main                            # a0 = bytes of RAM, since reset
        j       panic                           # it does not return

        .bss
        .align  4
        .space  4096
        .globl  stack_top
stack_top:
