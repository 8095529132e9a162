# tallies: what the kernel has counted since boot.
        .include "start.s"
main:   enter
        la      s0, names
        li      s1, 1
1:      mv      a0, s1
        syscall SYS_TALLY
        call    print_number
        lw      a0, 0(s0)
        call    print
        addi    s0, s0, 4
        addi    s1, s1, 1
        li      t0, TALLIES
        bne     s1, t0, 1b
        li      a0, 0
        leave

        .section .rodata
        .align  2
names:  .word   forks, faults, switches, reads
forks:          .asciz  " forks\n"
faults:         .asciz  " page faults\n"
switches:       .asciz  " context switches\n"
reads:          .asciz  " pages read from the disk\n"
        .include "lib.s"
