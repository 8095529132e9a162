// The walk in generated code put the page's tag for loads into the look-aside buffer, and only then saw that a store to
// a page with translated code is not its own: the load behind it found the tag with another page's distance.
// way: bt/softtlb
// stops: 40

        .equ    ROOT, 0x8000
        .equ    OPEN, 0xDF              // D A U X W R, V

        la      t0, ROOT
        li      t1, 0x9001              // a table, which maps pages 0, 1 and 2 to themselves
        sw      t1, 0(t0)
        li      t0, 0x9000
        li      t1, OPEN
        sw      t1, 0(t0)
        lui     t2, 1
        add     t1, t1, t2
        sw      t1, 4(t0)
        add     t1, t1, t2
        sw      t1, 8(t0)
        li      t0, ROOT | 1
        setptb  t0
        j       on
on:     lw      a3, 0(t2)               // from now on generated code walks
        sw      t1, 0x700(zero)         // the first access to a page with code is a store
        lw      a0, 0x700(zero)
        lw      a1, 0(zero)
        addi    a2, a0, 1
