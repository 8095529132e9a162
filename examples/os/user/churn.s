# churn [N] [M]: N (10) times M (16) pages more, each touched and checked, in a child that has to copy them, and given
# back again.
        .include "start.s"
main:   enter   8
        mv      s0, a0
        mv      s1, a1
        li      a2, 10
        call    argument
        sw      a0, 16(sp)                      # 16(sp) = rounds to go
        li      gp, 16
        addi    s0, s0, -3
        bltz    s0, 1f
        lw      a0, 8(s1)
        call    number
        mv      gp, a0
1:      slli    gp, gp, 12                      # gp = bytes
        sw      zero, 20(sp)                    # 20(sp) = sum of what was found
2:      lw      t0, 16(sp)
        beqz    t0, 5f
        addi    t0, t0, -1
        sw      t0, 16(sp)
        mv      a0, gp
        syscall SYS_SBRK
        bltz    a0, failed
        mv      s0, a0
        li      a1, 0
        call    touch                           # pages of zeros
        bnez    a0, wrong
        syscall SYS_FORK
        bltz    a0, failed
        mv      s1, a0
        mv      a0, s0
        li      a1, 1
        call    touch                           # all ones, as this process left them: both add 2, on pages of their own
        srli    t0, gp, 12
        bne     a0, t0, wrong
        beqz    s1, 4f
        lw      t0, 20(sp)
        add     t0, t0, a0
        sw      t0, 20(sp)
        li      a0, 0
        syscall SYS_WAIT
        neg     a0, gp
        syscall SYS_SBRK
        j       2b
4:      li      a0, 0
        syscall SYS_EXIT
5:      lw      a0, 20(sp)
        call    print_number
        say     " pages churned\n"
        li      a0, 0
        leave   8
wrong:  say     "churn: a page has the wrong contents\n"
        li      a0, 1
        leave   8
failed: mv      a1, a0
        la      a0, name
        call    complain
        leave   8

# touch(a0 = heap, gp = bytes, a1) -> sum of the first words of the pages; each then has a1 + 1 there
touch:  add     a2, a0, gp
        li      a3, 0
        addi    a1, a1, 1
1:      bgeu    a0, a2, 2f
        lw      t0, 0(a0)
        add     a3, a3, t0
        sw      a1, 0(a0)
        li      t0, PAGE
        add     a0, a0, t0
        j       1b
2:      mv      a0, a3
        ret

        .section .rodata
name:   .asciz  "churn"
        .include "lib.s"
