# The page-fault handler: zero on demand, copy on write.
        .equ    V, 1
        .equ    R, 2
        .equ    W, 4
        .equ    U, 16
        .equ    FETCH, 5
        .equ    STORE, 7
        .globl  fault, frame, heap_table, HEAP, HEAP_END, OK, SEGV, NOMEM

fault:  li      t0, FETCH               # nothing in the heap is code
        beq     a0, t0, segv
        li      t0, HEAP
        bltu    a1, t0, segv
        li      t1, HEAP_END
        bgeu    a1, t1, segv
        sub     t0, a1, t0
        srli    t0, t0, 12
        slli    t0, t0, 2
        la      s0, heap_table
        add     s0, s0, t0              # the entry
        lw      s1, 0(s0)
        mv      a2, a0
        mv      gp, ra
        andi    t0, s1, V
        beqz    t0, fresh
        li      t0, STORE               # a page that is there: it may be one that is shared
        bne     a2, t0, segv
        andi    t0, s1, W
        bnez    t0, segv
        call    frame
        beqz    a0, nomem
        srli    t0, s1, 12
        slli    t0, t0, 12              # the page as it is
        mv      t1, a0
        li      a3, 1024
copy:   lw      t2, 0(t0)
        sw      t2, 0(t1)
        addi    t0, t0, 4
        addi    t1, t1, 4
        addi    a3, a3, -1
        bnez    a3, copy
        j       map

fresh:  call    frame
        beqz    a0, nomem
        mv      t1, a0
        li      a3, 1024
clear:  sw      zero, 0(t1)
        addi    t1, t1, 4
        addi    a3, a3, -1
        bnez    a3, clear

map:    ori     a0, a0, V | R | W | U
        sw      a0, 0(s0)
        tlbflush
        li      a0, OK
        jr      gp
nomem:  li      a0, NOMEM
        jr      gp
segv:   li      a0, SEGV
        ret
