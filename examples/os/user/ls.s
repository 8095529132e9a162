# ls: the files on the disk, with their sizes in bytes.
        .include "start.s"
main:   enter   D_SIZE
        li      s0, 0
1:      mv      a0, s0
        addi    a1, sp, 16
        syscall SYS_READDIR
        beqz    a0, 2f
        addi    a0, sp, 16 + D_NAME
        call    print
        say     " "
        lw      a0, 16 + D_BYTES(sp)
        call    print_number
        say     "\n"
        addi    s0, s0, 1
        j       1b
2:      li      a0, 0
        leave   D_SIZE
        .include "lib.s"
