# fault.s: page faults: a page that a process may have and has not yet.
#
#   text, data      read from the program's file
#   bss, heap       zeros, up to the end of the heap
#   stack           zeros, STACK_PAGES at most
#   written first after fork: a copy, or the page itself if nobody shares it any more
#
# New rights and new pages need no flush: at worst the TLB still denies what the entry allows, and the access faults once
# more, for nothing. Only then the TLB is flushed. A page that moves to another frame needs one.

# Why there is no page. The first means that the address or the access is wrong.
        .equ    BAD_ACCESS,     -1
        .equ    STACK_OVERFLOW, 10
        .equ    OUT_OF_MEMORY,  11
        .equ    DISK_FAILED,    12

        .text
# fault(a0 = address, a1 = PTE_R, PTE_W or PTE_X: what is wanted) -> 0 once tp's process has it, or why not
fault:
        enter   4
        mv      s0, a0
        li      t0, USER_BASE
        bltu    a0, t0, bad_access
        li      t0, STACK_TOP
        bgeu    a0, t0, bad_access
        lw      t0, P_TEXT_END(tp)              # gp = what this part of memory allows
        li      gp, USER_TEXT
        bltu    a0, t0, 1f
        li      gp, USER_DATA
1:      and     t0, gp, a1
        beqz    t0, bad_access

        sw      a1, 16(sp)
        lw      a0, P_ROOT(tp)
        mv      a1, s0
        call    entry_find
        beqz    a0, 2f
        mv      s1, a0
        lw      t0, 0(s1)
        beqz    t0, 2f
        lw      a1, 16(sp)
        and     t0, t0, a1
        beqz    t0, copy_on_write
        flush_tlb                               # the entry allows it: the TLB is behind
        li      a0, 0
        leave   4

2:      lw      t0, P_BREAK(tp)                 # in the heap or below, or in the stack?
        bltu    s0, t0, 3f
        li      t0, HEAP_LIMIT
        bltu    s0, t0, bad_access
        li      t0, STACK_LIMIT
        bgeu    s0, t0, 3f
        li      a0, STACK_OVERFLOW
        leave   4
3:      lw      a0, P_ROOT(tp)
        mv      a1, s0
        call    entry_make
        beqz    a0, no_page
        mv      s1, a0                          # s1 = the entry
        srli    s0, s0, 12
        slli    s0, s0, 12                      # s0 = the page
        lw      t0, P_DATA_END(tp)
        bltu    s0, t0, from_file
        call    frame_zero
        beqz    a0, no_page
        or      a0, a0, gp
        set_entry a0, s1
done:   tally   faults
        li      a0, 0
        leave   4

from_file:
        call    frame_alloc
        beqz    a0, no_page
        or      gp, gp, a0
        mv      a1, a0
        li      t0, USER_BASE
        sub     a0, s0, t0
        srli    a0, a0, 12
        lw      t0, P_PROGRAM(tp)
        lw      t0, D_PAGE(t0)
        add     a0, a0, t0
        call    disk_read
        bnez    a0, 4f
        set_entry gp, s1
        j       done
4:      srli    a0, gp, 12
        slli    a0, a0, 12
        call    frame_free
        li      a0, DISK_FAILED
        leave   4

copy_on_write:
        lw      s0, 0(s1)
        srli    s0, s0, 12
        slli    s0, s0, 12                      # s0 = the frame
        mv      a0, s0
        call    frame_count
        addi    a0, a0, -1
        beqz    a0, 5f
        mv      a0, s0
        call    frame_copy
        beqz    a0, no_page
        or      a0, a0, gp
        set_entry a0, s1
        flush_tlb
        mv      a0, s0
        call    frame_free
        j       done
5:      or      s0, s0, gp
        set_entry s0, s1
        j       done

bad_access:
        li      a0, BAD_ACCESS
        leave   4
no_page:
        li      a0, OUT_OF_MEMORY
        leave   4
