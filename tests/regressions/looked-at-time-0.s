// Generated code that had never looked at interrupts seemed, to `--check`, to have looked at time 0, when 2^64 is over.
// isa: pg32v
// way: para/checked
// stops: 129
// time: 18446744073709551487
// build: PARAVIRT

        addi a1, zero, 12288
        addi a4, a1, 0
        addi a5, zero, 16384
        hcall 1
        addi a1, zero, 1
        addi a4, a1, 0
        hcall 7
        .org 0x3000
        addi a4, zero, 0
