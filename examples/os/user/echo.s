# echo [WORD...]: its arguments, on a line.
        .include "start.s"
main:   enter
        mv      s0, a0
        mv      s1, a1
1:      addi    s0, s0, -1
        blez    s0, 2f
        addi    s1, s1, 4
        lw      a0, 0(s1)
        call    print
        addi    t0, s0, -1
        beqz    t0, 2f
        say     " "
        j       1b
2:      say     "\n"
        li      a0, 0
        leave
        .include "lib.s"
