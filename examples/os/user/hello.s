# hello: the smallest program there is.
        .include "start.s"
main:   enter
        say     "Hello from process "
        syscall SYS_GETPID
        call    print_number
        say     "\n"
        li      a0, 0
        leave
        .include "lib.s"
