# forkbomb: as many children as the kernel lets it have, each of which sleeps; then says why there are no more.
        .include "start.s"
main:   enter
        li      s0, 0                           # s0 = children
1:      syscall SYS_FORK
        beqz    a0, child
        bltz    a0, 2f
        addi    s0, s0, 1
        j       1b
2:      mv      s1, a0
        mv      a0, s0
        call    print_number
        say     " children, and then"
        la      a0, empty
        mv      a1, s1
        call    complain
        li      s1, 0                           # s1 = how many have ended
3:      li      a0, 0
        syscall SYS_WAIT
        bltz    a0, 4f
        addi    s1, s1, 1
        j       3b
4:      mv      a0, s1
        call    print_number
        say     " have ended\n"
        li      a0, 0
        leave

child:  li      a0, 2
        syscall SYS_SLEEP
        li      a0, 0
        leave

        .section .rodata
empty:  .asciz  ""
        .include "lib.s"
