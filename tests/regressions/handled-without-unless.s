// The interpreter stopped at the first trap of a machine whose `on trap` has no `unless`, as if nobody handled it.
// isa: tests/theory/riscish.isa
// stops: 40

        csrrw t0, mstatus, t0       // in user mode: illegal, and handled at 0 in machine mode
        addi a0, a0, 1
        ecall
