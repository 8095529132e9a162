# lib.s: the user programs' library. Include it last: the labels at its end are the program's extent.
# Arguments and result are in a0...; a0-a5 and t0-t2 may be changed. System calls are made in place: `syscall NUMBER`.

        .text
# print(a0 = string)
print:  mv      a1, a0
1:      lbu     t0, 0(a0)
        beqz    t0, 2f
        addi    a0, a0, 1
        j       1b
2:      sub     a2, a0, a1
        li      a0, 1
        syscall SYS_WRITE
        ret

# print_number(a0 = word): unsigned decimal
print_number:
        addi    sp, sp, -12
        addi    a1, sp, 12
        li      t2, 10
1:      remu    t0, a0, t2
        divu    a0, a0, t2
        addi    t0, t0, '0'
        addi    a1, a1, -1
        sb      t0, 0(a1)
        bnez    a0, 1b
        addi    a2, sp, 12
        sub     a2, a2, a1
        li      a0, 1
        syscall SYS_WRITE
        addi    sp, sp, 12
        ret

# number(a0 = string) -> the decimal number that it begins with
number: li      a1, 0
        li      a2, 10
1:      lbu     t0, 0(a0)
        addi    t0, t0, -'0'
        bgeu    t0, a2, 2f
        mul     a1, a1, a2
        add     a1, a1, t0
        addi    a0, a0, 1
        j       1b
2:      mv      a0, a1
        ret

# argument(a0 = number of arguments, a1 = argv, a2 = default) -> the first argument as a number
argument:
        li      t0, 2
        bltu    a0, t0, 1f
        lw      a0, 4(a1)
        j       number
1:      mv      a0, a2
        ret

# equal(a0, a1 = strings) -> 1 or 0
equal:  lbu     t0, 0(a0)
        lbu     t1, 0(a1)
        bne     t0, t1, 1f
        addi    a0, a0, 1
        addi    a1, a1, 1
        bnez    t0, equal
        li      a0, 1
        ret
1:      li      a0, 0
        ret

# complain(a0 = what about, a1 = result of a system call that failed) -> 1, an exit status
complain:
        enter
        mv      s0, a1
        call    print
        say     ": "
        neg     s0, s0
        slli    s0, s0, 2
        la      t0, errors
        add     s0, s0, t0
        lw      a0, 0(s0)
        call    print
        say     "\n"
        li      a0, 1
        leave

        .section .rodata
        .align  2
errors: .word   0, error_1, error_2, error_3, error_4, error_5, error_6, error_7, error_8, error_9, error_10, error_11
error_1:        .asciz  "no such file"
error_2:        .asciz  "not a program"
error_3:        .asciz  "out of memory"
error_4:        .asciz  "too many processes"
error_5:        .asciz  "no children"
error_6:        .asciz  "bad address"
error_7:        .asciz  "bad file descriptor"
error_8:        .asciz  "disk error"
error_9:        .asciz  "arguments too long"
error_10:       .asciz  "too many open files"
error_11:       .asciz  "no such system call"
text_end:

        .data
data_end:

        .bss
        .align  2
program_end:
