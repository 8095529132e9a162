# What has to go on working in ring 0, with spy in it, and what a program in ring 3 must not do.
_start: la      s0, trapped
        wrcr    tvec, s0
        spy     a0                      # no trap in ring 0
        la      s0, program
        wrcr    epc, s0
        li      s0, 0x18                # PRING 3
        setpsw  s0
        rfe
trapped:
        rdcr    a1, cause
        li      t0, 0xf0
        out     t0, a1                  # the exit code is the cause
program:
        spy     a0
        syscall 1
