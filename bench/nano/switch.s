# switch: a program in ring 3 yields, and its kernel goes on with another: all registers, and another address space.
        .include "nano.inc"

        .equ    OTHER,  ROOT + 4 * PAGE
        .equ    ASID,   1 << PTB_ASID

# A context: where the next one is, ptb, pc, sp, then the other registers but gp, which counts.
        .equ    C_NEXT, 0
        .equ    C_PTB,  4
        .equ    C_PC,   8
        .equ    C_SP,   12
        .equ    C_REST, 16

main:   li      a0, ROOT
        li      a1, TABLE
        call    space
        li      a0, OTHER
        li      a1, OTHER + PAGE
        call    space
        paging_on
        to_user program
program:
        syscall 0
        addi    gp, gp, 1
        j       program

        .macro  registers operation
        .set    at, C_REST
        .irp    r, ra, tp, t0, t1, t2, s0, s1, a0, a1, a2, a3, a4, a5
        \operation \r, at(sp)
        .set    at, at + 4
        .endr
        .endm

handler:
        save_user_sp
        la      sp, current
        lw      sp, 0(sp)
        registers sw
        get_user_sp t0
        sw      t0, C_SP(sp)
        get_trap_pc t0
        addi    t0, t0, 4
        sw      t0, C_PC(sp)
        lw      sp, C_NEXT(sp)
        la      t0, current
        sw      sp, 0(t0)
        lw      t0, C_PTB(sp)
        set_address_space t0
        lw      t0, C_PC(sp)
        .ifdef  PARAVIRT
        sw      t0, shared_pc(zero)
        .else
        wrcr    epc, t0
        .endif
        registers lw
        lw      sp, C_SP(sp)
        return_from_trap

        .data
        .align  2
current:
        .word   first
first:  .word   second, ROOT | PTB_EN, program, 0
        .space  13 * 4
second: .word   first, OTHER | PTB_EN | ASID, program, 0
        .space  13 * 4
