# quicksort: Hoare's quicksort of pseudo-random words: data-dependent branches and shallow recursion.
#
#   Run it:     ring1 run examples/quicksort.s
#   Look for:   every 250th of the 2000 sorted numbers, in ascending order, then "in order". A wrong
#               comparison, a signed one for instance, shows at once.

        .equ    COUNT,  2000
        .equ    STEP,   250                     # print every STEP-th
        .equ    SEED,   12345                   # of x = x * 1664525 + 1013904223 (Numerical Recipes)

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0

        la      a0, numbers
        li      a1, COUNT
        li      a2, SEED
        li      a3, 1664525
        li      a4, 1013904223
1:      mul     a2, a2, a3
        add     a2, a2, a4
        sw      a2, 0(a0)
        addi    a0, a0, 4
        addi    a1, a1, -1
        bnez    a1, 1b

        addi    a1, a0, -4                      # the last number
        la      a0, numbers                     # the first
        call    quicksort

        la      s0, numbers
        la      s1, numbers + 4 * COUNT
2:      lw      a0, 0(s0)
        call    print_dec
        call    newline
        addi    s0, s0, 4 * STEP
        bltu    s0, s1, 2b

        la      s0, numbers
        addi    s1, s1, -4
3:      lw      a1, 0(s0)
        lw      a2, 4(s0)
        la      a0, text_wrong
        bgtu    a1, a2, 4f
        addi    s0, s0, 4
        bltu    s0, s1, 3b
        la      a0, text_right
4:      call    print_str

        li      a0, 0
        call    power_off

# quicksort(a0 = address of the first word, a1 = address of the last): sorts them, unsigned, ascending. It
# calls itself for the smaller part and loops for the larger one, so the stack holds at most log2(n) frames.
quicksort:
        addi    sp, sp, -12
        sw      ra, 8(sp)
        sw      s0, 4(sp)
        sw      s1, 0(sp)
        mv      s0, a0                          # s0 = first
        mv      s1, a1                          # s1 = last

again:  bgeu    s0, s1, 9f                      # one word or none: sorted
        sub     t0, s1, s0
        srli    t0, t0, 3
        slli    t0, t0, 2
        add     t0, s0, t0
        lw      t0, 0(t0)                       # t0 = pivot = the word in the middle
        mv      a0, s0                          # a0 = i, moves up
        mv      a1, s1                          # a1 = j, moves down
1:      lw      a2, 0(a0)
        bgeu    a2, t0, 2f
        addi    a0, a0, 4
        j       1b
2:      lw      a3, 0(a1)
        bleu    a3, t0, 3f
        addi    a1, a1, -4
        j       2b
3:      bgtu    a0, a1, 4f                      # i and j have met
        sw      a3, 0(a0)
        sw      a2, 0(a1)
        addi    a0, a0, 4
        addi    a1, a1, -4
        bleu    a0, a1, 1b

4:      sub     t0, a1, s0                      # first..j is not above the pivot, i..last not below it
        sub     t1, s1, a0
        blt     t0, t1, 5f
        mv      t0, s1                          # the right part is the smaller one
        mv      s1, a1
        mv      a1, t0
        call    quicksort
        j       again
5:      mv      t0, s0                          # the left part is
        mv      s0, a0
        mv      a0, t0
        call    quicksort
        j       again

9:      lw      ra, 8(sp)
        lw      s0, 4(sp)
        lw      s1, 0(sp)
        addi    sp, sp, 12
        ret

        .section .rodata
text_right:
        .asciz  "in order\n"
text_wrong:
        .asciz  "out of order!\n"

        .bss
        .align  2
numbers:
        .space  COUNT * 4

        .include "lib/print.s"
