# Where a kernel begins on PG32 that is to run in ring 3: paging on, 4 MiB pages for everybody, and a supervisor that does
# for its program what is privileged. Its result is the exit code.

        .equ    POWER, 0xf0
        .equ    ALL, 0xdf               # V R W X U, A and D set
        .equ    LARGE, 0x400000

        .text
_start: mv      sp, a0
        la      t0, handler
        wrcr    tvec, t0
        la      t0, root
        li      t1, 0
        li      t2, LARGE
1:      ori     a1, t1, ALL
        sw      a1, 0(t0)
        addi    t0, t0, 4
        add     t1, t1, t2
        bltu    t1, a0, 1b
        la      t0, root
        ori     t0, t0, 1
        setptb  t0
        la      t0, user
        jru     t0

user:   li      a0, 0
        li      a1, 0
        call    main
        li      a1, POWER
        out     a1, a0

handler:                                # executes the instruction that trapped, with the program's registers
        wrcr    scratch, t0
        rdcr    t0, tval
        sw      t0, %lo(slot)(zero)
        rdcr    t0, epc
        addi    t0, t0, 4
        wrcr    epc, t0
        rdcr    t0, scratch
slot:   .word   0
        rfe

        .data
        .align  12
root:   .zero   4096
