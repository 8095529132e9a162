# space.s: address spaces. Each has the kernel's pages, 4 MiB each, in the first GiB: all of RAM at its physical
# address, without U. The user's lie from USER_BASE to STACK_TOP.

        .equ    USER_TEXT,      PTE_V | PTE_R | PTE_X | PTE_U
        .equ    USER_DATA,      PTE_V | PTE_R | PTE_W | PTE_U
        .equ    USER_TABLES,    USER_BASE >> 20         # offset of the first user entry in a root table ...
        .equ    USER_TABLES_END, STACK_TOP >> 20        # ... and behind the last

        .text
# space_begin(): the kernel's own address space, with paging on
space_begin:
        la      a0, kernel_root
        li      t1, PTE_V | PTE_R | PTE_W | PTE_X
        li      t2, 4 << 20
        load    a1, frames_end
1:      queue_entry t1, a0
        addi    a0, a0, 4
        add     t1, t1, t2
        bltu    t1, a1, 1b
        submit_entries
        la      t1, kernel_root
        ori     t1, t1, PTB_EN
        set_address_space t1
        ret

# space_new() -> root table of an address space with nothing of a user's, or 0
space_new:
        la      a0, kernel_root
        j       frame_copy

# space_enter(): use the address space of tp's process; the kernel's own if it has none.
space_enter:
        lw      t0, P_ROOT(tp)
        beqz    t0, 1f
        lw      t1, P_ASID(tp)
        or      t0, t0, t1
        ori     t0, t0, PTB_EN
        set_address_space t0
        ret
1:      la      t0, kernel_root
        ori     t0, t0, PTB_EN
        set_address_space t0
        ret

# entry_find(a0 = root table, a1 = user address) -> address of the page's entry, or 0 if it has no table
entry_find:
        srli    t0, a1, 22
        slli    t0, t0, 2
        add     a0, a0, t0
        lw      a0, 0(a0)
        srli    a0, a0, 12
        beqz    a0, 1f
        slli    a0, a0, 12
        srli    t0, a1, 10
        andi    t0, t0, 1023 << 2
        add     a0, a0, t0
1:      ret

# entry_make(a0 = root table, a1 = user address) -> address of the page's entry; 0 if there is no memory for its table
entry_make:
        enter
        mv      s0, a0
        mv      s1, a1
        call    entry_find
        bnez    a0, 1f
        call    frame_zero
        beqz    a0, 1f
        ori     t1, a0, PTE_V
        srli    t0, s1, 22
        slli    t0, t0, 2
        add     t0, t0, s0
        set_entry t1, t0
        mv      a0, s0
        mv      a1, s1
        call    entry_find
1:      leave

# each_page(a0 = first page, a1 = end, a2 = routine, a3 = root table): call the routine for each page in between that
# is there: a0 = address of its entry, a1 = the page. A negative result ends it and is the result; 0 is the end.
# Entries that the routine queues are written at the end.
each_page:
        enter   8
        mv      s0, a0
        mv      s1, a3
        sw      a1, 16(sp)
        sw      a2, 20(sp)
        j       4f
1:      mv      a0, s1
        mv      a1, s0
        call    entry_find
        beqz    a0, 3f
        lw      t0, 0(a0)
        beqz    t0, 2f
        lw      t0, 20(sp)
        jalr    t0
        bltz    a0, 5f
2:      li      t0, PAGE
        add     s0, s0, t0
        j       4f
3:      srli    s0, s0, 22                      # no table: on to the next
        addi    s0, s0, 1
        slli    s0, s0, 22
4:      lw      t0, 16(sp)
        bltu    s0, t0, 1b
        li      a0, 0
5:      submit_entries
        leave   8

# each_user_page(a2 = routine, a3 = root table): the same for all of the pages of tp's process
each_user_page:
        enter   8
        sw      a2, 16(sp)
        mv      s1, a3
        li      a0, USER_BASE
        lw      a1, P_BREAK(tp)
        call    each_page
        bltz    a0, 1f
        li      a0, STACK_LIMIT
        li      a1, STACK_TOP
        lw      a2, 16(sp)
        mv      a3, s1
        call    each_page
1:      leave   8

# page_remove(a0 = entry): for each_page. Whoever calls that flushes the TLB before the addresses are used again.
page_remove:
        enter
        lw      t0, 0(a0)
        queue_entry zero, a0
        srli    a0, t0, 12
        slli    a0, a0, 12
        call    frame_free
        li      a0, 0
        leave

# space_share(a0 = root table of a child): give it each page of tp's process. What can be written becomes read-only
# for both, to be copied at the first store. Gives 0 or -ENOMEM. The caller flushes the TLB in any case.
space_share:
        enter
        store   a0, child_root
        la      a2, page_share
        lw      a3, P_ROOT(tp)
        call    each_user_page
        leave

# page_share(a0 = entry, a1 = page): for each_page
page_share:
        enter
        mv      s0, a0
        load    a0, child_root
        call    entry_make
        li      t0, -ENOMEM
        beqz    a0, 1f
        lw      t1, 0(s0)
        andi    t1, t1, ~PTE_W
        queue_entry t1, s0
        queue_entry t1, a0
        srli    a0, t1, 12
        slli    a0, a0, 12
        call    frame_share
        li      t0, 0
1:      mv      a0, t0
        leave

# space_clear(a0 = root table): free the pages that tp's process has there, and their tables.
space_clear:
        enter
        mv      s0, a0
        mv      a3, a0
        la      a2, page_remove
        call    each_user_page
        li      s1, USER_TABLES
        add     s1, s1, s0
1:      lw      a0, 0(s1)
        srli    a0, a0, 12
        beqz    a0, 2f
        set_entry zero, s1
        slli    a0, a0, 12
        call    frame_free
2:      addi    s1, s1, 4
        li      t0, USER_TABLES_END
        add     t0, t0, s0
        bne     s1, t0, 1b
        leave

# space_free(a0 = root table): that, and the root table itself. It is not the one in use.
space_free:
        enter
        mv      s0, a0
        call    space_clear
        mv      a0, s0
        call    frame_free
        leave

        .bss
        .align  12
kernel_root:    .space  PAGE
child_root:     .space  4
