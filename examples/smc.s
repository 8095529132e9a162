# smc: self-modifying code: instructions that change instructions, and take effect at once.
#
#   Run it:     ring1 run examples/smc.s
#   Look for:   the numbers 1 and 2 as the text says. PG32's instruction fetch sees every earlier store, even
#               that of the instruction just before. A translator that keeps its translation of the old words
#               prints the old numbers: this is the hardest promise of the manual to keep.
#
# How an instruction is encoded is not the program's business: it copies the words of template instructions.

        .include "lib/machine.s"

        .equ    ROUNDS, 100

        .text
_start:
        mv      sp, a0

        # 1. The very next instruction, in straight-line code
        la      t0, next_1
        la      t1, template_2
        lw      t1, 0(t1)                       # t1 = the word of `li a1, 2`
        sw      t1, 0(t0)
next_1: li      a1, 1                           # becomes li a1, 2
        la      a0, text_next
        call    show

        # 2. The same in a loop: each trip patches the instruction behind the store with the other template.
        #    a1 is 1 and 2 in turn, so the sum is 3 * ROUNDS / 2.
        li      s0, ROUNDS
        li      s1, 0
        la      t0, next_2
        la      t1, template_1
        lw      t1, 0(t1)
        la      t2, template_2
        lw      t2, 0(t2)
1:      sw      t1, 0(t0)
next_2: li      a1, 0
        add     s1, s1, a1
        mv      a2, t1                          # exchange the two words
        mv      t1, t2
        mv      t2, a2
        addi    s0, s0, -1
        bnez    s0, 1b
        mv      a1, s1
        la      a0, text_loop
        call    show

        # 3. Another routine, called before and after
        call    routine
        la      a0, text_before
        call    show
        la      t0, routine
        la      t1, template_2
        lw      t1, 0(t1)
        sw      t1, 0(t0)
        call    routine
        la      a0, text_after
        call    show

        # 4. A routine whose words lie on both sides of a page boundary, patched by a store that crosses it.
        #    The store replaces the upper half of the last word of one page and the lower half of the first
        #    word of the next. Where the other halves of old and new word differ they are stored before.
        call    straddle
        la      a0, text_straddle_before
        call    show
        la      a0, straddle_low
        la      a1, template_low
        call    patch_across
        call    straddle
        la      a0, text_straddle_after
        call    show
        la      a0, straddle_low
        la      a1, template_old_low
        call    patch_across                    # and back again: now the new words are translated, too
        call    straddle
        la      a0, text_straddle_back
        call    show

        # 5. The same words by single bytes, from one instruction to the next
        la      t0, next_5
        la      t1, template_2
        lbu     a2, 0(t1)
        lbu     a3, 1(t1)
        lbu     a4, 2(t1)
        lbu     a5, 3(t1)
        sb      a2, 0(t0)
        sb      a3, 1(t0)
        sb      a4, 2(t0)
        sb      a5, 3(t0)
next_5: li      a1, 1                           # becomes li a1, 2
        la      a0, text_bytes
        call    show

        # 6. New code in memory that was never code: a routine copied to .bss
        la      t0, template_2
        lw      t1, 0(t0)
        lw      t2, 4(t0)                       # the `ret` behind the template
        la      t0, buffer
        sw      t1, 0(t0)
        sw      t2, 4(t0)
        jalr    t0
        la      a0, text_buffer
        call    show

        li      a0, 0
        call    power_off

# show(a0 = text, a1 = number)
show:
        addi    sp, sp, -8
        sw      ra, 4(sp)
        sw      s0, 0(sp)
        mv      s0, a1
        call    print_str
        mv      a0, s0
        call    print_dec
        call    newline
        lw      ra, 4(sp)
        lw      s0, 0(sp)
        addi    sp, sp, 8
        ret

# patch_across(a0 = address of two words, the second of which begins a page; a1 = address of their new values)
patch_across:
        lhu     t0, 0(a0)                       # lower half of the first word
        lhu     t1, 0(a1)
        beq     t0, t1, 1f
        sh      t1, 0(a0)
1:      lhu     t0, 6(a0)                       # upper half of the second
        lhu     t1, 6(a1)
        beq     t0, t1, 2f
        sh      t1, 6(a0)
2:      lw      t1, 2(a1)
        sw      t1, 2(a0)                       # the store that crosses the boundary
        ret

# routine() -> a1
routine:
        li      a1, 1                           # becomes li a1, 2
        ret

# The templates. Nobody runs them where they stand.
template_1:
        li      a1, 1
        ret
template_2:
        li      a1, 2
        ret
template_low:
        add     a1, a1, a1                      # the new words for straddle_low ...
        addi    a1, a1, 300
template_old_low:
        sub     a1, a1, a1                      # ... and the old ones
        addi    a1, a1, 7

# straddle() -> a1: 7 at first; with the new words 2 * 50 + 300
        .align  12
        .space  4096 - 8
straddle:
        li      a1, 50
straddle_low:
        sub     a1, a1, a1                      # the last word of a page; becomes add a1, a1, a1
        addi    a1, a1, 7                       # the first word of the next; becomes addi a1, a1, 300
        ret

        .section .rodata
text_next:
        .asciz  "the next instruction, patched from 1 to 2: "
text_loop:
        .asciz  "1 and 2 in turn, 100 times: the sum is 150: "
text_before:
        .asciz  "a routine that says 1: "
text_after:
        .asciz  "the same, patched to say 2: "
text_straddle_before:
        .asciz  "a routine across a page boundary that says 7: "
text_straddle_after:
        .asciz  "the same, patched to say 400: "
text_straddle_back:
        .asciz  "the same, patched back to 7: "
text_bytes:
        .asciz  "the next instruction, patched by single bytes from 1 to 2: "
text_buffer:
        .asciz  "a routine copied to where data was, that says 2: "

        .bss
        .align  2
buffer: .space  8

        .include "lib/print.s"
