# mandelbrot: the Mandelbrot set in ASCII, in fixed-point arithmetic: multiplications, uneven loops.
#
#   Run it:     ring1 run examples/mandelbrot.s
#   Look for:   the picture: `@` is the set itself, the other characters are the bands around it. It is
#               symmetric from top to bottom; rounding towards minus infinity (`srai`) spoils that by a
#               character here and there.
#
# Numbers have 12 bits after the point: 1.0 is 4096. A product of two has 24 and is shifted right by 12.
# While |z| <= 2, and for one step beyond, products stay below 2^31, so `mul` alone is enough.

        .equ    ONE,    4096
        .equ    WIDTH,  70
        .equ    HEIGHT, 24
        .equ    LEFT,   -9216                   # real part of the left edge: -2.25
        .equ    DX,     176                     # 0.043 to the right for each column
        .equ    TOP,    -4922                   # imaginary part of the top row: -1.2
        .equ    DY,     428                     # 0.104 down for each row
        .equ    LIMIT,  60                      # steps until a point counts as inside

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0
        li      s1, TOP                         # s1 = imaginary part of c
        li      gp, HEIGHT                      # gp = rows to go
row:    li      s0, LEFT                        # s0 = real part of c
        li      tp, WIDTH                       # tp = columns to go

point:  li      a0, 0                           # z = a0 + i a1
        li      a1, 0
        li      a5, 0                           # a5 = steps taken
        li      t2, 4 * ONE
1:      mul     a2, a0, a0
        srai    a2, a2, 12                      # a2 = re(z)^2
        mul     a3, a1, a1
        srai    a3, a3, 12                      # a3 = im(z)^2
        add     a4, a2, a3
        bgt     a4, t2, 2f                      # |z| > 2: the point escapes
        mul     a1, a0, a1
        srai    a1, a1, 11
        add     a1, a1, s1                      # im(z) = 2 re(z) im(z) + im(c)
        sub     a0, a2, a3
        add     a0, a0, s0                      # re(z) = re(z)^2 - im(z)^2 + re(c)
        addi    a5, a5, 1
        li      t0, LIMIT
        bne     a5, t0, 1b
        li      a0, '@'
        j       3f
2:      li      t0, 10
        remu    a5, a5, t0                      # the bands repeat every ten steps
        la      a0, bands
        add     a0, a0, a5
        lbu     a0, 0(a0)
3:      call    print_char

        addi    s0, s0, DX
        addi    tp, tp, -1
        bnez    tp, point
        call    newline
        addi    s1, s1, DY
        addi    gp, gp, -1
        bnez    gp, row

        li      a0, 0
        call    power_off

        .section .rodata
bands:  .ascii  " .:-=+*%#o"

        .include "lib/print.s"
