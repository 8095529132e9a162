// A loop writes an entry that it never flushes, clears its D, and exchanges a word of the page. Translated code reads by the
// tables and writes by what it has held since before; the search for such a machine knew only machines that do the same for
// both accesses, came to one that cannot be, and tried none that begins like it. It was told as a difference.
// isa: described below
// way: hybrid
// stops: 111
//| isa generated extends pg32v "a machine by chance";
//| control own12 @12 { A 0; B 1; C 31:4; }
//| paging when ptb.EN {
//|     page 13;
//|     levels 9 10;
//|     root ptb.ROOT[19:1];
//|     entry 4 { V 0; R 1; W 2; X 3; U 4; G 5; A 6; D 7; PPN 31:13; }
//|     frame    PPN;
//|     invalid  !V | W & !R;
//|     leaf     R | W | X;
//|     denied   psw.RING == 3 & !U;
//|     fetch    X else fetch_page_fault;
//|     load     R & !(U & psw.FLAGS[0]) else load_page_fault;
//|     store    W & !(G & psw.FLAGS[7]) else store_page_fault;
//|     accessed A;
//|     dirty    D;
//| }

        addi gp, zero, 12288
        wrcr tvec, gp
        wrcr ip, gp
        lui gp, 8
        addi gp, gp, 1
        setptb gp
        jru ra
        addi t1, zero, 16384
        sw a1, 0(t1)
        lui gp, 10
        addi gp, gp, 8
        lui a0, 14
        addi a0, a0, 127
        sw a0, 0(gp)
        tlbflush
        addi a5, zero, 1
l2:
        addi t0, zero, 0
        lui t1, 10
        addi t1, t1, 8
        lw a1, 0(t1)
        lui a0, 10
        addi a0, a0, 8
        addi sp, zero, 16511
        sw sp, 0(a0)
        addi t2, zero, 16384
        swap sp, s0, (t2)
        bne a5, zero, 0x40
        .org 0x3000
        blt gp, zero, 0x3014
        rdcr gp, epc
        addi gp, gp, 4
        wrcr epc, gp
        rfe
        .org 0x8000
        .word 0x0000a001
        .org 0xa000
        .word 0x0000009b
        .word 0x0000201f
        .word 0x0000401f
        .word 0x0000601f
        .word 0x0000801f
        .word 0x0000a01f
