// The store has no page and nobody handles its trap: the check compared all of memory before its interpreter had come there.
// isa: pg32h
// way: trap/checked
// stops: 215

        lui t0, 9
        addi t0, t0, 1
        setptb t0
        sw a1, 0(t0)
        .org 0x9000
        .word 0x0000b001
        .org 0xb000
        .word 0x0000001f
