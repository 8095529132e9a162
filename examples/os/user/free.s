# free: how many page frames nobody has.
        .include "start.s"
main:   enter
        syscall SYS_FRAMES
        call    print_number
        say     " frames are free\n"
        li      a0, 0
        leave
        .include "lib.s"
