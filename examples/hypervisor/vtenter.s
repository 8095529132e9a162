# vtenter.s: into a guest and out of it, by VT. To C, vt_enter(vm, launched) is a function that returns 0 when the guest has
# exited, and 1 if it could not be entered. General registers are not the VMCS's: they are in struct vm, which begins
# with them.

        .text
        .globl  vt_enter
vt_enter:
        addi    sp, sp, -20
        sw      ra, 0(sp)
        sw      gp, 4(sp)
        sw      tp, 8(sp)
        sw      s0, 12(sp)
        sw      s1, 16(sp)
        la      t0, inside
        sw      a0, 0(t0)
        sw      sp, own_sp - inside(t0)
        lw      ra, 4*1(a0)
        lw      sp, 4*2(a0)
        lw      gp, 4*3(a0)
        lw      tp, 4*4(a0)
        lw      t0, 4*5(a0)
        lw      t1, 4*6(a0)
        lw      t2, 4*7(a0)
        lw      s0, 4*8(a0)
        lw      s1, 4*9(a0)
        lw      a2, 4*12(a0)
        lw      a3, 4*13(a0)
        lw      a4, 4*14(a0)
        lw      a5, 4*15(a0)
        beqz    a1, 1f
        lw      a1, 4*11(a0)
        lw      a0, 4*10(a0)
        vmresume
        j       failed
1:      lw      a1, 4*11(a0)
        lw      a0, 4*10(a0)
        vmlaunch
failed: li      a0, 1
        j       back

# Where the host's pc in each VMCS leads. Paging is off in root operation.
        .globl  vm_left
vm_left:
        wrcr    scratch, sp
        lui     sp, %hi(inside)
        lw      sp, %lo(inside)(sp)
        sw      ra, 4*1(sp)
        sw      gp, 4*3(sp)
        sw      tp, 4*4(sp)
        sw      t0, 4*5(sp)
        sw      t1, 4*6(sp)
        sw      t2, 4*7(sp)
        sw      s0, 4*8(sp)
        sw      s1, 4*9(sp)
        sw      a0, 4*10(sp)
        sw      a1, 4*11(sp)
        sw      a2, 4*12(sp)
        sw      a3, 4*13(sp)
        sw      a4, 4*14(sp)
        sw      a5, 4*15(sp)
        rdcr    t0, scratch
        sw      t0, 4*2(sp)
        li      a0, 0
back:   la      sp, own_sp
        lw      sp, 0(sp)
        lw      ra, 0(sp)
        lw      gp, 4(sp)
        lw      tp, 8(sp)
        lw      s0, 12(sp)
        lw      s1, 16(sp)
        addi    sp, sp, 20
        ret

        .globl  vm_trapped
vm_trapped:                                     # a trap in root operation: a mistake of the hypervisor's
        la      sp, stack_top
        j       hypervisor_trapped

        .bss
        .align  2
inside: .space  4                               # the vm whose guest runs
own_sp: .space  4
