# The handler of traps. It has one thing to tell: that the stack has outgrown its room, which is when the stack pointer is
# where there is no memory. Then, and for all other traps at once, it lets go of the handler and has the instruction trap
# again, so that the machine stops there, all registers as they were, and ring1 says where.

        .text
        .globl  __trapped
__trapped:
        wrcr    scratch, t0
        rdcr    t0, cause
        addi    t0, t0, -9                      # bus_error: no memory there
        bnez    t0, 3f
        lui     t0, %hi(__heap_end)
        lw      t0, %lo(__heap_end)(t0)
        bgeu    t0, sp, 3f                      # the stack pointer is in memory
        lui     t0, %hi(saved)
        sw      t1, %lo(saved)(t0)
        sw      t2, %lo(saved + 4)(t0)
        lui     t1, %hi(message)
        addi    t1, t1, %lo(message)
1:      lbu     t2, 0(t1)
        beqz    t2, 2f
        out     zero, t2                        # port 0 is the console
        addi    t1, t1, 1
        j       1b
2:      lw      t1, %lo(saved)(t0)
        lw      t2, %lo(saved + 4)(t0)
3:      wrcr    tvec, zero
        rdcr    t0, scratch
        rfe

        .section .rodata
message:
        .string "stack overflow\n"

        .bss
        .balign 4
saved:  .zero   8
