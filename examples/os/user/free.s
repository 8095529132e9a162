# free: how many page frames nobody has.
        .include "start.s"
main:   enter
        li      a0, TALLY_FRAMES
        syscall SYS_TALLY
        call    print_number
        say     " frames are free\n"
        li      a0, 0
        leave
        .include "lib.s"
