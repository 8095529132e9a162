// The walk in generated code marks the entry of a page before it is known that the store is misaligned, and so the
// interpreter's. The check compared in between.
// way: bare/softtlb/checked
// stops: 60

        .equ    ROOT, 0x8000
        .equ    OPEN, 0x1F              // U X W R, V: neither A nor D

        li      t0, ROOT
        li      t1, 0x9001              // a table, which maps pages 0, 1, 5 and 6
        sw      t1, 0(t0)
        li      t0, 0x9000
        li      t1, OPEN
        sw      t1, 0(t0)
        lui     t2, 1
        add     t1, t1, t2
        sw      t1, 4(t0)
        li      t1, 0x5000 | OPEN
        sw      t1, 0x14(t0)
        li      t1, 0x6000 | OPEN
        sw      t1, 0x18(t0)
        li      t0, ROOT | 1
        setptb  t0
        li      a0, 0x5000
        li      a1, 0x6000
        j       on
on:     sw      a0, 0(a0)               // from now on generated code walks
        sw      a0, 1(a1)
        lw      a2, 0(a1)
