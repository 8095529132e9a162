# pgfault: a program in ring 3 loads from a page that is not there; its kernel maps it, and the load succeeds.
# The kernel takes all PAGES away again when each has been touched.
        .include "nano.inc"

        .equ    PAGES,  32

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        li      a2, HERE + PAGES * PAGE
        li      a3, PAGE
        paging_on
        to_user 1f
1:      li      a0, HERE
2:      lw      a1, 0(a0)
        addi    gp, gp, 1
        add     a0, a0, a3
        bne     a0, a2, 2b
        syscall 0
        j       1b

handler:
        get_trap_cause t0
        addi    t0, t0, -SYSCALL
        beqz    t0, clear
        get_trap_value t0
        srli    t0, t0, 12                      # the entry of the page
        slli    t0, t0, 22
        srli    t0, t0, 20
        li      t1, TABLE
        add     t1, t1, t0
        slli    t0, t0, 10                      # a frame of its own
        li      t2, FRAMES | OPEN
        add     t2, t2, t0
        set_entry t2, t1
        return_from_trap

clear:  li      t1, TABLE
        li      t2, TABLE + 4 * PAGES
3:      queue_entry zero, t1
        addi    t1, t1, 4
        bne     t1, t2, 3b
        flush_tlb
        return_behind
