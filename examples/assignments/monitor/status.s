# A guest that looks at its processor status and changes it: what it sees is ring 0, and ring 3 only when it went there.
        .globl  guest
guest:  getpsw  a0                      # ring 0, interrupts off
        call    digits
        li      a0, 0xa538
        setpsw  a0                      # flags, and where rfe would lead
        getpsw  a0
        call    digits
        sti
        getpsw  a0
        call    digits
        cli
        getpsw  a0
        call    digits
        la      a0, trapped
        wrcr    tvec, a0
        li      a0, -1
        setpsw  a0                      # all bits that there are: ring 3 among them
here:   getpsw  a0                      # which is privileged there
        j       here
trapped:
        getpsw  a0
        call    digits
        rdcr    a0, cause
        call    digits
        rdcr    a0, tval                # the word of getpsw a0
        call    digits
        rdcr    a0, epc
        la      a1, here
        sub     a0, a0, a1
        call    digits
        li      a0, 0
        call    off
