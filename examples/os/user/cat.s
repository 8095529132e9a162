# cat [FILE...]: the contents of files; without one, the input.
        .include "start.s"
main:   enter
        mv      s0, a0
        mv      s1, a1
        li      gp, 0                           # gp = exit status
        addi    s0, s0, -1
        bnez    s0, 1f
        li      a0, 0
        call    copy
        j       4f
1:      addi    s1, s1, 4
        lw      a0, 0(s1)
        syscall SYS_OPEN
        bltz    a0, 2f
        call    copy
        beqz    a0, 3f
2:      mv      a1, a0
        lw      a0, 0(s1)
        call    complain
        mv      gp, a0
3:      addi    s0, s0, -1
        bnez    s0, 1b
4:      mv      a0, gp
        leave

# copy(a0 = fd) -> 0 or an error: to the output; the file is then closed
copy:   enter
        mv      s0, a0
1:      mv      a0, s0
        la      a1, buffer
        li      a2, PAGE
        syscall SYS_READ
        mv      s1, a0
        blez    a0, 2f
        mv      a2, a0
        li      a0, 1
        la      a1, buffer
        syscall SYS_WRITE
        j       1b
2:      mv      a0, s0
        syscall SYS_CLOSE
        mv      a0, s1
        leave

        .bss
buffer: .space  PAGE
        .include "lib.s"
