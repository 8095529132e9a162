# A small operating system: its program runs in ring 3, calls it, and does what only a kernel may.
        .globl  guest
guest:  la      a0, kernel
        wrcr    tvec, a0
        la      a0, program
        wrcr    epc, a0
        li      a0, 0x5538              # flags, PIE, PRING 3
        setpsw  a0
        rfe

kernel: mv      s1, ra                  # of the program
        getpsw  a0
        call    digits                  # from ring 3, with flags
        rdcr    a0, cause
        call    digits
        rdcr    a0, tval
        call    digits
        rdcr    a0, cause
        li      a1, 3
        bne     a0, a1, skip
        rdcr    a0, tval
        li      a1, 99
        beq     a0, a1, leave
skip:   rdcr    a0, epc
        addi    a0, a0, 4
        wrcr    epc, a0
        mv      ra, s1
        rfe
leave:  la      a0, again               # the other way to ring 3
        la      a1, last
        wrcr    tvec, a1
        jru     a0
last:   rdcr    a0, tval
        call    digits
        getpsw  a0
        call    digits
        li      a0, 42
        call    off

program:
        syscall 7
        li      a2, 0xf0
        out     a2, zero                # does not switch the machine off
        hcall   1                       # illegal
        brk
        cli
        wrcr    tvec, zero
        syscall 99
again:  syscall 100
