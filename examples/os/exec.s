# exec.s: a program from the disk takes the place of the one that runs. Its pages come when they are touched.

        .equ    ARGUMENTS,      STACK_TOP - 1024        # argv, then the strings: at the top of the stack
        .equ    ARG_OFFSET,     ARGUMENTS & (PAGE - 1)
        .equ    MOST_ARGUMENTS, 16
        .equ    ARG_STRINGS,    4 * (MOST_ARGUMENTS + 1)

        .text
# sys_exec(a0 = name, a1 = argv). Local: 16(sp) the file, 20(sp) the word of argv, 24(sp) the name.
        .equ    LOCALS,         8 + D_NAME_SIZE
sys_exec:
        enter   LOCALS
        mv      gp, a1
        mv      a1, a0
        addi    a0, sp, 24
        li      a2, D_NAME_SIZE
        call    copy_string
        bltz    a0, 9f
        addi    a0, sp, 24
        call    file_find
        sw      a0, 16(sp)
        li      t0, -ENOENT
        beqz    a0, 8f
        call    frame_zero                      # the first page of the new stack
        li      t0, -ENOMEM
        beqz    a0, 8f
        mv      s0, a0                          # s0 = the next word of argv in it
        li      t0, ARG_OFFSET
        add     s0, s0, t0
        addi    s1, s0, ARG_STRINGS             # s1 = where the next string goes

1:      addi    a0, sp, 20
        mv      a1, gp
        li      a2, 4
        call    copy_in
        bltz    a0, 7f
        lw      a1, 20(sp)
        beqz    a1, 2f
        li      t0, PAGE - 1
        andi    t1, s0, PAGE - 1
        li      t2, ARG_OFFSET + 4 * MOST_ARGUMENTS
        li      a0, -E2BIG
        beq     t1, t2, 7f
        not     a2, s1
        and     a2, a2, t0                      # room to the end of the page
        mv      a0, s1
        call    copy_string
        bltz    a0, 7f
        li      t0, PAGE - 1
        and     t1, s1, t0
        li      t0, STACK_TOP - PAGE
        or      t1, t1, t0
        sw      t1, 0(s0)
        addi    s0, s0, 4
        add     s1, s1, a0
        addi    gp, gp, 4
        j       1b

2:      lw      a0, 16(sp)
        li      t0, -PAGE
        and     a1, s1, t0
        call    exec
        leave   LOCALS

7:      mv      s0, a0
        li      t0, -PAGE
        and     a0, s1, t0
        call    frame_free
        mv      a0, s0
        leave   LOCALS
8:      mv      a0, t0
9:      leave   LOCALS

# exec(a0 = directory entry, a1 = frame with the arguments): makes tp's process begin with this program.
# Gives the number of arguments, or an error; the frame is then free and the process as it was.
exec:
        enter   X_SIZE
        mv      s0, a0
        mv      s1, a1
        call    frame_alloc
        li      t0, -ENOMEM
        beqz    a0, 9f
        mv      gp, a0
        mv      a1, a0
        lw      a0, D_PAGE(s0)
        call    disk_read
        bnez    a0, 7f
        addi    a0, sp, 16                      # the header
        mv      a1, gp
        li      a2, X_SIZE
        call    copy_bytes
        mv      a0, gp
        call    frame_free
        li      t0, -ENOEXEC
        lw      t1, 16 + X_MAGIC(sp)
        li      t2, EXEC_MAGIC
        bne     t1, t2, 9f
        li      t1, USER_BASE + X_SIZE          # BASE + header <= text end <= data end <= end < limit,
        lw      t2, 16 + X_TEXT_END(sp)
        bltu    t2, t1, 9f
        lw      t1, 16 + X_DATA_END(sp)
        bltu    t1, t2, 9f
        lw      t2, 16 + X_END(sp)
        bltu    t2, t1, 9f
        li      a0, HEAP_LIMIT
        bgeu    t2, a0, 9f
        lw      a0, D_BYTES(s0)                 # and the pages of the file have it all
        li      t2, USER_BASE + PAGE - 1
        add     a0, a0, t2
        srli    a0, a0, 12
        slli    a0, a0, 12
        bltu    a0, t1, 9f

        # There is no way back from here. Nothing below waits, so memory freed is still there when it is needed.
        lw      a0, P_ROOT(tp)
        call    space_clear
        flush_tlb                               # other pages at the same addresses under the same ASID
        lw      a0, P_ROOT(tp)
        li      a1, STACK_TOP - PAGE
        call    entry_make
        beqz    a0, 8f
        ori     t0, s1, USER_DATA
        set_entry t0, a0
        sw      s0, P_PROGRAM(tp)
        lw      t0, 16 + X_TEXT_END(sp)
        li      t1, PAGE - 1
        add     t0, t0, t1
        not     t1, t1
        and     t0, t0, t1
        sw      t0, P_TEXT_END(tp)
        lw      t0, 16 + X_DATA_END(sp)
        sw      t0, P_DATA_END(tp)
        lw      t0, 16 + X_END(sp)
        sw      t0, P_HEAP(tp)
        sw      t0, P_BREAK(tp)

        lw      gp, P_STACK(tp)
        addi    gp, gp, -F_SIZE
        mv      a0, gp
        li      a1, F_SIZE
        call    clear_bytes
        lw      t0, 16 + X_START(sp)
        sw      t0, F_PC(gp)
        li      t0, PSW_USER
        sw      t0, F_STATUS(gp)
        li      t0, ARGUMENTS
        sw      t0, F_SP(gp)
        sw      t0, F_A1(gp)
        li      a0, 0                           # count the arguments
        li      t0, ARG_OFFSET
        add     t1, s1, t0
1:      lw      t0, 0(t1)
        beqz    t0, 2f
        addi    a0, a0, 1
        addi    t1, t1, 4
        j       1b
2:      leave   X_SIZE

7:      mv      a0, gp
        call    frame_free
        li      t0, -EIO
9:      mv      s0, t0
        mv      a0, s1
        call    frame_free
        mv      a0, s0
        leave   X_SIZE

8:      mv      a0, s1                          # no table for the stack
        call    frame_free
        li      a0, OUT_OF_MEMORY
        j       kill
