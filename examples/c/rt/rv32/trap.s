# The handler of traps. It has one thing to tell: that the stack has outgrown its room, which is when the stack pointer is
# below RAM. Then, and for all other traps at once, it lets go of the handler and has the instruction trap again, so that
# the machine stops there, all registers as they were, and ring1 says where.

        .equ    LOAD, 5                         # access faults: there is no memory
        .equ    STORE, 7

        .text
        .balign 4
        .globl  __trapped
__trapped:
        csrw    mscratch, t0
        csrr    t0, mcause
        addi    t0, t0, -LOAD
        beqz    t0, 1f
        addi    t0, t0, LOAD - STORE
        bnez    t0, 4f
1:      lui     t0, %hi(__stack_end - __stack_size)
        addi    t0, t0, %lo(__stack_end - __stack_size)
        bgeu    sp, t0, 4f                      # the stack pointer is in memory
        lui     t0, %hi(saved)
        sw      t1, %lo(saved)(t0)
        sw      t2, %lo(saved + 4)(t0)
        sw      t3, %lo(saved + 8)(t0)
        lui     t1, %hi(message)
        addi    t1, t1, %lo(message)
        lui     t3, %hi(__uart)
2:      lbu     t2, 0(t1)
        beqz    t2, 3f
        sb      t2, %lo(__uart)(t3)
        addi    t1, t1, 1
        j       2b
3:      lw      t1, %lo(saved)(t0)
        lw      t2, %lo(saved + 4)(t0)
        lw      t3, %lo(saved + 8)(t0)
4:      csrw    mtvec, zero
        csrr    t0, mscratch
        mret

        .section .rodata
message:
        .string "stack overflow\n"

        .bss
        .balign 4
saved:  .zero   12
