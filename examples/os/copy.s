# copy.s: bytes between a process and the kernel. The kernel never uses a user's address: it looks the page up, as the
# machine would, has it made if need be, and uses the frame. So a bad pointer is an error and no trap in the kernel.

        .text
# user_page(a0 = user address, a1 = PTE_R or PTE_W) -> where the kernel sees that byte, or an error (negative)
user_page:
        enter   4
        mv      s0, a0
        sw      a1, 16(sp)
        srli    t0, a0, 30                      # a user's addresses are those from USER_BASE to STACK_TOP
        addi    t0, t0, -(USER_BASE >> 30)
        bnez    t0, 3f
1:      lw      a0, P_ROOT(tp)
        mv      a1, s0
        call    entry_find
        lw      a1, 16(sp)
        beqz    a0, 2f
        lw      t0, 0(a0)
        and     t1, t0, a1
        beqz    t1, 2f
        srli    a0, t0, 12
        slli    a0, a0, 12
        andi    t1, s0, PAGE - 1
        or      a0, a0, t1
        leave   4
2:      mv      a0, s0
        call    fault
        beqz    a0, 1b
        li      t0, OUT_OF_MEMORY
        beq     a0, t0, 4f
        li      t0, DISK_FAILED
        beq     a0, t0, 5f
3:      li      a0, -EFAULT
        leave   4
4:      li      a0, -ENOMEM
        leave   4
5:      li      a0, -EIO
        leave   4

# copy_in(a0 = to, a1 = user address, a2 = bytes), copy_out(a0 = user address, a1 = from, a2 = bytes) -> 0 or an error
copy_in:
        enter   12
        mv      s0, a1                          # s0 = the user's side
        mv      s1, a0                          # s1 = the kernel's
        li      t0, PTE_R
        j       1f
copy_out:
        enter   12
        mv      s0, a0
        mv      s1, a1
        li      t0, PTE_W
1:      sw      t0, 16(sp)
        mv      gp, a2                          # gp = bytes to go
2:      blez    gp, 5f
        mv      a0, s0
        lw      a1, 16(sp)
        call    user_page
        bltz    a0, 6f
        call    page_rest                       # a2 = how many of them
        mv      a1, s1
        add     s0, s0, a2
        add     s1, s1, a2
        sub     gp, gp, a2
        lw      t0, 16(sp)
        addi    t0, t0, -PTE_W
        beqz    t0, 4f
        mv      t0, a0
        mv      a0, a1
        mv      a1, t0
4:      call    copy_bytes
        j       2b
5:      li      a0, 0
6:      leave   12

# page_rest(a0 = address, gp = bytes) -> a2 = those of them that lie in the same page; keeps a0
page_rest:
        not     a2, a0
        andi    a2, a2, PAGE - 1
        addi    a2, a2, 1
        bleu    a2, gp, 1f
        mv      a2, gp
1:      ret

# copy_string(a0 = to, a1 = user address, a2 = room) -> its bytes with the zero at its end, or an error
copy_string:
        enter   8
        mv      s0, a0
        mv      s1, a1
        mv      gp, a2
        sw      a0, 16(sp)
1:      beqz    gp, 4f
        mv      a0, s1
        li      a1, PTE_R
        call    user_page
        bltz    a0, 5f
        call    page_rest
        add     s1, s1, a2
        sub     gp, gp, a2
2:      lbu     t0, 0(a0)
        sb      t0, 0(s0)
        addi    s0, s0, 1
        beqz    t0, 3f
        addi    a0, a0, 1
        addi    a2, a2, -1
        bnez    a2, 2b
        j       1b
3:      lw      a0, 16(sp)
        sub     a0, s0, a0
        leave   8
4:      li      a0, -E2BIG
5:      leave   8

# copy_bytes(a0 = to, a1 = from, a2 = bytes): both the kernel's. Words first: they need no alignment.
copy_bytes:
        addi    a2, a2, -4
        bltz    a2, 2f
1:      lw      t0, 0(a1)
        sw      t0, 0(a0)
        addi    a0, a0, 4
        addi    a1, a1, 4
        addi    a2, a2, -4
        bgez    a2, 1b
2:      addi    a2, a2, 4
        beqz    a2, 4f
3:      lbu     t0, 0(a1)
        sb      t0, 0(a0)
        addi    a0, a0, 1
        addi    a1, a1, 1
        addi    a2, a2, -1
        bnez    a2, 3b
4:      ret

# clear_bytes(a0 = at, a1 = bytes)
clear_bytes:
1:      sb      zero, 0(a0)
        addi    a0, a0, 1
        addi    a1, a1, -1
        bnez    a1, 1b
        ret
