# sh: the shell. A line is a command and its arguments; with `&` at its end the shell does not wait for it. `#` begins a
# comment. exit [N], halt: the end; set -v: show each line before it is executed.
        .include "start.s"

        .equ    LINE_SIZE,      256
        .equ    WORDS,          16

main:
next:   say     "$ "
        la      s0, line                        # s0 = how far the line has been read
1:      la      a2, line + LINE_SIZE - 1
        sub     a2, a2, s0
        beqz    a2, no_room
        li      a0, 0
        mv      a1, s0
        syscall SYS_READ
        bltz    a0, unread
        beqz    a0, 2f
        add     s0, s0, a0
        lbu     t0, -1(s0)
        addi    t0, t0, -'\n'
        bnez    t0, 1b
        addi    s0, s0, -1
        j       3f
2:      la      t0, line
        beq     s0, t0, halt                    # the end of the input
3:      sb      zero, 0(s0)
        la      t0, verbose
        lw      t0, 0(t0)
        beqz    t0, 4f
        la      a0, line
        call    print
        say     "\n"

        # Cut the line into words: s1 = argv, gp = their number
4:      la      s0, line
        la      s1, words
        li      gp, 0
5:      lbu     t0, 0(s0)
        li      t1, ' '
        beqz    t0, 8f
        addi    s0, s0, 1
        beq     t0, t1, 5b
        li      t1, '#'
        beq     t0, t1, 8f
        li      t1, WORDS
        beq     gp, t1, too_long
        slli    t1, gp, 2
        add     t1, t1, s1
        addi    t0, s0, -1
        sw      t0, 0(t1)
        addi    gp, gp, 1
6:      lbu     t0, 0(s0)
        li      t1, ' '
        beqz    t0, 8f
        addi    s0, s0, 1
        bne     t0, t1, 6b
        sb      zero, -1(s0)
        j       5b
8:      beqz    gp, next
        slli    t1, gp, 2
        add     t1, t1, s1
        sw      zero, 0(t1)
        li      s0, 0                           # s0 = 1: in the background
        lw      a0, -4(t1)
        lbu     t0, 0(a0)
        lbu     t2, 1(a0)
        addi    t0, t0, -'&'
        or      t0, t0, t2
        bnez    t0, 1f
        sw      zero, -4(t1)
        addi    gp, gp, -1
        beqz    gp, next
        li      s0, 1

1:      lw      a0, 0(s1)
        la      a1, word_halt
        call    equal
        bnez    a0, halt
        lw      a0, 0(s1)
        la      a1, word_exit
        call    equal
        bnez    a0, exit
        lw      a0, 0(s1)
        la      a1, word_set
        call    equal
        bnez    a0, set

        syscall SYS_FORK
        beqz    a0, child
        bltz    a0, no_fork
        bnez    s0, next
        mv      s0, a0
2:      li      a0, 0
        syscall SYS_WAIT
        bltz    a0, next
        bne     a0, s0, 2b                      # one that ran in the background
        j       next

child:  lw      a0, 0(s1)
        mv      a1, s1
        syscall SYS_EXEC
        mv      a1, a0
        lw      a0, 0(s1)
        call    complain
        syscall SYS_EXIT

no_fork:
        mv      a1, a0
        lw      a0, 0(s1)
        call    complain
        j       next

unread: mv      a1, a0                          # no memory, perhaps: others may give some back
        la      a0, word_sh
        call    complain
        li      a0, 1
        syscall SYS_SLEEP
        j       next

no_room:                                        # what has been read says nothing: on to the end of the line
        li      a0, 0
        la      a1, line
        li      a2, LINE_SIZE
        syscall SYS_READ
        blez    a0, too_long
        la      t0, line - 1
        add     t0, t0, a0
        lbu     t0, 0(t0)
        addi    t0, t0, -'\n'
        bnez    t0, no_room
too_long:
        say     "sh: the line is too long\n"
        j       next

set:    la      t0, verbose
        li      t1, 1
        sw      t1, 0(t0)
        j       next

exit:   lw      a0, 4(s1)
        beqz    a0, halt
        call    number
        syscall SYS_EXIT
halt:   li      a0, 0
        syscall SYS_EXIT

        .section .rodata
word_sh:        .asciz  "sh"
word_halt:      .asciz  "halt"
word_exit:      .asciz  "exit"
word_set:       .asciz  "set"

        .bss
        .align  2
verbose:        .space  4
words:          .space  4 * (WORDS + 1)
line:           .space  LINE_SIZE
        .include "lib.s"
