# A guest that writes and reads its control registers.
        .globl  guest
guest:  li      a0, 0x12345678
        wrcr    scratch, a0
        li      a0, 0x103
        wrcr    epc, a0                 # drops two bits
        wrcr    tvec, a0
        li      a0, -2
        wrcr    cause, a0
        wrcr    tval, a0
        rdcr    a0, scratch
        call    digits
        rdcr    a0, epc
        call    digits
        rdcr    a0, tvec
        call    digits
        rdcr    a0, cause
        call    digits
        rdcr    a0, tval
        call    digits
        la      a0, trapped             # a trap overwrites four of them
        wrcr    tvec, a0
        li      a1, 0
here:   remu    a0, a0, a1
trapped:
        rdcr    a0, scratch
        call    digits
        rdcr    a0, cause
        call    digits
        rdcr    a0, tval
        call    digits
        getptb  a0
        call    digits
        la      a1, trapped
        lra     a0, a1                  # paging is off
        sub     a0, a0, a1
        call    digits
        tlbflush
        li      a0, 0
        call    off
