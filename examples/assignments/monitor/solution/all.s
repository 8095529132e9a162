# A guest for a test of monitors: all that a kernel may do, in ring 0 and by a program in ring 3, with a sum over what it
# sees. `show` adds a0 to the sum; each part outputs it.
        .globl  guest
guest:  la      sp, stack
        call    show                    # a0: the size of memory
        la      s1, 1f                  # no handler is to be met here
        wrcr    tvec, s1
        getpsw  a0
        call    show
        li      a0, 0x5a10
        setpsw  a0
        getpsw  a0
        call    show
        sti
        getpsw  a0
        call    show
        cli
        getpsw  a0
        call    show
        call    digits

        li      a0, -1
        wrcr    scratch, a0
        wrcr    epc, a0
        wrcr    cause, a0
        wrcr    tval, a0
        wrcr    ie, a0
        rdcr    a0, scratch
        call    show
        rdcr    a0, epc                 # -4: two bits are dropped
        call    show
        rdcr    a0, cause
        call    show
        rdcr    a0, tval
        call    show
        rdcr    a0, tvec
        la      a1, 1f
        sub     a0, a0, a1
        call    show
        call    digits

        li      a0, 0
        wrcr    ie, a0
        wrcr    scratch, a0
        tlbflush
        setptb  zero
        li      a0, -1
        getptb  a0
        call    show
        la      a1, show
        lra     a0, a1
        sub     a0, a0, a1
        call    show
        in      a0, zero                # "Z", which the case types
        call    show
        rdcr    zero, tval
        rdcr    a5, tval                # registers of odd and of even numbers
        add     a0, a5, zero
        call    show
        call    digits

        la      a0, kernel
        wrcr    tvec, a0
        la      a0, program
        wrcr    epc, a0
        li      a0, 0x3c38              # PIE, PRING 3
        setpsw  a0
        li      ra, 1
        li      gp, 3
        li      tp, 4
        li      t0, 5
        li      t1, 6
        li      t2, 7
        li      s0, 8
        li      s1, 9
        li      a0, 10
        li      a1, 11
        li      a2, 12
        li      a3, 13
        li      a4, 14
        li      a5, 15
        rfe
1:      li      a0, 1                   # nothing has trapped in the guest
        call    off

kernel: addi    sp, sp, -64             # the program's registers
        sw      ra, 0(sp)
        sw      t1, 4(sp)
        sw      t2, 8(sp)
        sw      s0, 12(sp)
        sw      a0, 16(sp)
        getpsw  a0
        call    show
        rdcr    a0, cause
        call    show
        rdcr    a0, tval
        call    show
        rdcr    a0, epc
        la      t2, program
        sub     a0, a0, t2
        call    show
        call    digits
        rdcr    a0, cause
        li      t1, 4
        beq     a0, t1, finish
        rdcr    a0, epc
        addi    a0, a0, 4
        wrcr    epc, a0
        lw      ra, 0(sp)
        lw      t1, 4(sp)
        lw      t2, 8(sp)
        lw      s0, 12(sp)
        lw      a0, 16(sp)
        addi    sp, sp, 64
        rfe
finish: la      a0, again+2             # straight to ring 3; two bits are dropped
        la      a1, last
        wrcr    tvec, a1
        jru     a0
last:   getpsw  a0
        call    show
        la      a1, seen
        lw      a0, 0(a1)
        call    show
        call    digits
        li      a0, 77
        call    off

program:
        syscall 5
        setpsw  zero
        sti
        out     a0, a1
        in      a2, a3
        rfe
        hlt
        lra     a4, a4
        jru     ra
        getptb  a5
        hcall   2
        .word   0xdeadbeef
        brk
        slli    a0, a0, 1
        add     a0, a0, ra
        slli    a0, a0, 1
        xor     a0, a0, gp
        slli    a0, a0, 1
        xor     a0, a0, tp
        slli    a0, a0, 1
        xor     a0, a0, t0
        slli    a0, a0, 1
        xor     a0, a0, t1
        slli    a0, a0, 1
        xor     a0, a0, t2
        slli    a0, a0, 1
        xor     a0, a0, s0
        slli    a0, a0, 1
        xor     a0, a0, s1
        slli    a0, a0, 1
        xor     a0, a0, a1
        slli    a0, a0, 1
        xor     a0, a0, a2
        slli    a0, a0, 1
        xor     a0, a0, a3
        slli    a0, a0, 1
        xor     a0, a0, a4
        slli    a0, a0, 1
        xor     a0, a0, a5
        la      a1, seen
        sw      a0, 0(a1)
        remu    a0, a0, zero            # ends this part
        nop
again:  cli

show:   la      t1, sum                 # sum = 5 * sum + a0
        lw      t2, 0(t1)
        slli    s0, t2, 2
        add     t2, t2, s0
        add     a0, a0, t2
        sw      a0, 0(t1)
        ret

        .data
sum:    .word   0
seen:   .word   0                       # what the program's registers made
        .space  2048
stack:
