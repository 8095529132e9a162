# life: Conway's game of life on a torus: a world of bytes, two copies of it, eight loads for each cell.
#
#   Run it:     ring1 run examples/life.s
#   Look for:   a glider at the upper left, which moves one cell right and down every four generations; a
#               block, which stays as it is; two blinkers of period 2, one of them across the upper edge,
#               which is no edge: the world is a torus; and an r-pentomino at the lower right, which grows
#               until it hits that blinker.
#
# The first generation is the picture at `picture`: draw another one.

        .equ    WIDTH,       32                 # powers of 2: `andi` keeps coordinates in the world
        .equ    HEIGHT,      16
        .equ    GENERATIONS, 16
        .equ    EVERY,       4                  # print one generation in so many: a power of 2 as well

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0

        la      a0, picture
        la      a1, world
        la      a2, world + WIDTH * HEIGHT
        li      a3, '#'
1:      lbu     a4, 0(a0)
        xor     a4, a4, a3
        seqz    a4, a4                          # a cell is 1 where the picture has a #, else 0
        sb      a4, 0(a1)
        addi    a0, a0, 1
        addi    a1, a1, 1
        bne     a1, a2, 1b

        li      gp, 0                           # gp = generation
        la      s0, world                       # s0 = the world as it is
        la      s1, other                       # s1 = room for the next generation
2:      andi    a0, gp, EVERY - 1
        bnez    a0, 3f
        call    print_world
3:      li      a0, GENERATIONS
        beq     gp, a0, 4f
        mv      a0, s0
        mv      a1, s1
        call    step
        mv      a0, s0                          # the next generation is the present one now
        mv      s0, s1
        mv      s1, a0
        addi    gp, gp, 1
        j       2b

4:      li      a0, 0
        call    power_off

# step(a0 = world, a1 = room for the next generation)
step:
        addi    sp, sp, -4
        sw      s0, 0(sp)
        li      s0, 0                           # s0 = y
1:      addi    a2, s0, -1
        andi    a2, a2, HEIGHT - 1
        li      t0, WIDTH
        mul     a2, a2, t0
        add     a2, a2, a0                      # a2 = the row above
        mul     a3, s0, t0
        add     a3, a3, a0                      # a3 = this row
        addi    a4, s0, 1
        andi    a4, a4, HEIGHT - 1
        mul     a4, a4, t0
        add     a4, a4, a0                      # a4 = the row below
        li      a5, 0                           # a5 = x

2:      add     t0, a2, a5
        lbu     t1, 0(t0)                       # t1 = neighbours that live: above ...
        add     t0, a4, a5
        lbu     t2, 0(t0)
        add     t1, t1, t2                      # ... and below
        addi    t0, a5, -1
        andi    t0, t0, WIDTH - 1               # to the left
        .rept   2                               # the same three loads for the left and the right column
        add     t2, a2, t0
        lbu     t2, 0(t2)
        add     t1, t1, t2
        add     t2, a3, t0
        lbu     t2, 0(t2)
        add     t1, t1, t2
        add     t2, a4, t0
        lbu     t2, 0(t2)
        add     t1, t1, t2
        addi    t0, a5, 1
        andi    t0, t0, WIDTH - 1               # to the right
        .endr
        add     t0, a3, a5
        lbu     t0, 0(t0)
        or      t1, t1, t0                      # 3 neighbours, or 2 and alive already: just then this makes 3
        xori    t1, t1, 3
        seqz    t1, t1
        sb      t1, 0(a1)
        addi    a1, a1, 1
        addi    a5, a5, 1
        li      t0, WIDTH
        bne     a5, t0, 2b

        addi    s0, s0, 1
        li      t0, HEIGHT
        bne     s0, t0, 1b
        lw      s0, 0(sp)
        addi    sp, sp, 4
        ret

# print_world(): s0 = the world, gp = its generation
print_world:
        addi    sp, sp, -4
        sw      ra, 0(sp)
        la      a0, text_generation
        call    print_str
        mv      a0, gp
        call    print_dec
        call    newline
        mv      a1, s0
        li      a2, HEIGHT
1:      li      a3, WIDTH
2:      lbu     a0, 0(a1)
        neg     a0, a0
        andi    a0, a0, '#' ^ '.'
        xori    a0, a0, '.'                     # 1 gives #, 0 gives .
        call    print_char
        addi    a1, a1, 1
        addi    a3, a3, -1
        bnez    a3, 2b
        call    newline
        addi    a2, a2, -1
        bnez    a2, 1b
        lw      ra, 0(sp)
        addi    sp, sp, 4
        ret

        .section .rodata
text_generation:
        .asciz  "generation "
picture:
        .ascii  ".#......................#......."
        .ascii  "..#.....................#......."
        .ascii  "###............................."
        .ascii  "................................"
        .ascii  "................................"
        .ascii  "...................##..........."
        .ascii  "...................##..........."
        .ascii  "................................"
        .ascii  "................................"
        .ascii  "..........###..................."
        .ascii  "................................"
        .ascii  "................................"
        .ascii  "............................##.."
        .ascii  "...........................##..."
        .ascii  "............................#..."
        .ascii  "........................#......."

        .bss
world:  .space  WIDTH * HEIGHT
other:  .space  WIDTH * HEIGHT

        .include "lib/print.s"
