// Under hw, whose walk takes all ones for the guest's leaf where it has no paging, a machine on which that is no valid entry
// got no page of its memory: generated code looked for it in the software's look-aside buffer for ever.
// isa: tests/theory/riscish.isa
// way: hw/softtlb/traced
// stops: 40

        lw a0, 0x700(zero)
        sw a0, 0x704(zero)
        lw a1, 0x704(zero)
