# sleep [N]: N (1) ticks of virtual time.
        .include "start.s"
main:   enter
        li      a2, 1
        call    argument
        syscall SYS_SLEEP
        leave
        .include "lib.s"
