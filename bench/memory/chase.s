# Pointer chase: 64 MiB of nodes of 64 bytes, each of which holds the address of another, all on one cycle.
# Operation: from a node to the next one. LARGE: they lie in pages of 4 MiB.

        .include "paging.inc"

        .ifndef BITS
        .equ    BITS,   20
        .endif
        .equ    NODE,   64
        .equ    NODES,  1 << BITS
        .equ    SIZE,   NODE * NODES

# A linear congruential generator visits every number below its modulus (Hull and Dobell, 1962).
        .equ    FACTOR, 1664525
        .equ    PLUS,   1013904223

_start: begin
        li      a0, FRAMES                      # paging is off: the nodes are written where they are
        li      a1, 0                           # number of this node
        li      a2, NODES
        li      a3, FACTOR
        li      t1, PLUS
        li      t2, HERE
1:      mul     t0, a1, a3
        add     t0, t0, t1
        slli    t0, t0, 32 - BITS
        srli    t0, t0, 32 - BITS - 6           # modulo NODES, times NODE
        add     t0, t0, t2
        sw      t0, 0(a0)
        addi    a0, a0, NODE
        addi    a1, a1, 1
        bne     a1, a2, 1b

        li      a0, ROOT
        li      a1, TABLES
        call    space
        .if     LARGE
        li      a0, ROOT + HERE_ENTRY
        li      a1, FRAMES | FRESH
        li      a2, SIZE / SUPERPAGE
        li      a3, SUPERPAGE
        call    fill
        .else
        li      a0, ROOT + HERE_ENTRY
        li      a1, TABLES | PTE_V
        li      a2, SIZE / SUPERPAGE
        li      a3, PAGE
        call    fill
        li      a0, TABLES
        li      a1, FRAMES | FRESH
        li      a2, SIZE / PAGE
        call    fill
        .endif
        li      a0, ROOT
        paging_on a0
        li      a0, HERE
        li      a1, HERE + SIZE
        li      a3, PAGE
2:      lw      t0, 0(a0)                       # each page once, before the chase
        add     a0, a0, a3
        bne     a0, a1, 2b
        li      a0, HERE
3:      lw      a0, 0(a0)
        addi    gp, gp, 1
        j       3b
