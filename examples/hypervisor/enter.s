# enter.s: into a guest and out of it. To C, vm_enter(vm) is a function that returns when the guest has trapped or was
# interrupted.

# Offsets in struct vm (hypervisor.h)
        .equ    V_PC,     64
        .equ    V_TABLE,  68
        .equ    V_WINDOW, 72
        .equ    V_ALARM,  76
        .equ    V_BEGAN,  80
        .equ    V_ENDED,  84
        .equ    V_RAN,    88
        .equ    V_CAUSE,  92
        .equ    V_TVAL,   96

# Virtual time is exact, as these are counts of instructions: from the reading of V_BEGAN to the guest's first one, and
# from its last one to the reading of V_ENDED.
        .equ    IN,       22
        .equ    OUT,      12

# Sensitive instructions stand side by side where they can: see `cluster` in emulate.c.

        .text
        .globl  vm_enter
vm_enter:
        addi    sp, sp, -20
        sw      ra, 0(sp)
        sw      gp, 4(sp)
        sw      tp, 8(sp)
        sw      s0, 12(sp)
        sw      s1, 16(sp)
        la      t0, own_sp
        sw      sp, 0(t0)
        la      t0, inside
        sw      a0, 0(t0)
        lw      a1, V_PC(a0)
        lw      a2, V_TABLE(a0)
        lw      a3, 4*2(a0)

        # The real timer: `alarm` instructions of the guest's from now. It rings at the exact one if it has been set
        # on this entry, earlier else, as the hypervisor's instructions count as well.
        lw      t2, V_ALARM(a0)
        beqz    t2, 2f
        addi    t2, t2, IN + 11
1:      rdcr    t1, timeh
        rdcr    t0, time                        # 11 instructions before that of V_BEGAN
        rdcr    a4, timeh
        bne     t1, a4, 1b
        add     t2, t2, t0
        sltu    t0, t2, t0
        add     t1, t1, t0
        wrcr    timecmp, t2
        wrcr    timecmph, t1

2:      wrcr    epc, a1
        wrcr    tval, a2                        # kept there for the window
        wrcr    scratch, a3                     # the guest's sp likewise
        rdcr    t0, time
        sw      t0, V_BEGAN(a0)
        lw      ra, 4*1(a0)
        lw      gp, 4*3(a0)
        lw      tp, 4*4(a0)
        lw      t0, 4*5(a0)
        lw      t1, 4*6(a0)
        lw      t2, 4*7(a0)
        lw      s0, 4*8(a0)
        lw      s1, 4*9(a0)
        lw      a1, 4*11(a0)
        lw      a2, 4*12(a0)
        lw      a3, 4*13(a0)
        lw      a4, 4*14(a0)
        lw      a5, 4*15(a0)
        lw      sp, V_WINDOW(a0)
        lw      a0, 4*10(a0)
        jr      window_leave - window(sp)

# What each window is a copy of: a page that is mapped at its physical address while a guest runs, so that paging can
# be switched on and off there. `tvec` leads to it.
        .globl  window, window_end
window: wrcr    scratch, sp
        setptb  zero                            # from here on addresses are physical
        lui     sp, %hi(vm_left)
        jr      %lo(vm_left)(sp)
window_leave:
        rdcr    sp, tval
        setptb  sp
        rdcr    sp, scratch
        rfe
window_end:

vm_left:
        lui     sp, %hi(inside)
        lw      sp, %lo(inside)(sp)
        beqz    sp, trapped_itself
        sw      t0, 4*5(sp)
        sw      t1, 4*6(sp)
        sw      t2, 4*7(sp)
        sw      a0, 4*10(sp)
        sw      a1, 4*11(sp)
        rdcr    t0, time
        rdcr    t1, scratch
        rdcr    t2, epc
        rdcr    a0, cause
        rdcr    a1, tval
        sw      t0, V_ENDED(sp)
        sw      t1, 4*2(sp)
        sw      t2, V_PC(sp)
        sw      a0, V_CAUSE(sp)
        sw      a1, V_TVAL(sp)
        lw      t1, V_BEGAN(sp)
        sub     t0, t0, t1
        addi    t0, t0, -(IN + OUT)
        sw      t0, V_RAN(sp)
        sw      ra, 4*1(sp)
        sw      gp, 4*3(sp)
        sw      tp, 4*4(sp)
        sw      s0, 4*8(sp)
        sw      s1, 4*9(sp)
        sw      a2, 4*12(sp)
        sw      a3, 4*13(sp)
        sw      a4, 4*14(sp)
        sw      a5, 4*15(sp)
        la      t0, inside
        sw      zero, 0(t0)
        lw      sp, own_sp - inside(t0)
        lw      ra, 0(sp)
        lw      gp, 4(sp)
        lw      tp, 8(sp)
        lw      s0, 12(sp)
        lw      s1, 16(sp)
        addi    sp, sp, 20
        ret

trapped_itself:                                 # a mistake of the hypervisor's
        la      sp, own_sp
        lw      sp, 0(sp)
        j       hypervisor_trapped

        .bss
        .align  2
inside: .space  4                               # the vm whose guest runs, or 0
own_sp: .space  4
