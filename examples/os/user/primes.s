# primes [N]: how many primes there are below N (100), and the greatest: by trial division, to have something to compute.
        .include "start.s"
main:   enter
        li      a2, 100
        call    argument
        mv      s0, a0                          # s0 = N
        li      s1, 0                           # s1 = primes
        li      gp, 0                           # gp = the greatest
        li      a0, 2
1:      bgeu    a0, s0, 4f
        li      a1, 2
2:      mul     t0, a1, a1
        bgtu    t0, a0, 3f
        remu    t0, a0, a1
        addi    a1, a1, 1
        bnez    t0, 2b
        j       5f
3:      addi    s1, s1, 1
        mv      gp, a0
5:      addi    a0, a0, 1
        j       1b
4:      mv      a0, s1
        call    print_number
        say     " primes below "
        mv      a0, s0
        call    print_number
        say     ", the greatest is "
        mv      a0, gp
        call    print_number
        say     "\n"
        li      a0, 0
        leave
        .include "lib.s"
