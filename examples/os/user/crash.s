# crash HOW: misbehave, in one of the ways that `crash` alone lists. The kernel ends this process, and no other.
        .include "start.s"
main:   enter
        addi    a0, a0, -2
        bltz    a0, usage
        lw      s1, 4(a1)
        la      s0, ways                        # pairs: name, routine
1:      lw      a1, 0(s0)
        beqz    a1, usage
        mv      a0, s1
        call    equal
        bnez    a0, 2f
        addi    s0, s0, 8
        j       1b
2:      lw      t0, 4(s0)
        jr      t0

usage:  say     "crash: null kernel text jump stack zero illegal misaligned break "
        say     "in hlt setptb syscall string\n"
        li      a0, 1
        leave

null:   lw      a0, 0(zero)
kernel: li      a0, PAGE                        # the kernel's memory, there but not for us
        sw      a0, 0(a0)
text:   la      a0, text
        sw      a0, 0(a0)
jump:   mv      a0, sp                          # the stack cannot be executed
        jr      a0
stack:  addi    sp, sp, -1024
        sw      sp, 0(sp)
        j       stack
zero_:  div     a0, a0, zero
illegal:
        .word   0
misaligned:
        addi    a0, sp, 1
        swap    a1, a1, (a0)
break:  brk
in:     in      a0, zero
hlt:    hlt
setptb: setptb  zero

# These two are errors and no reason to end: the process says so itself.
syscall:
        syscall 1000
        mv      a1, a0
        la      a0, word_syscall
        j       1f
string: li      a0, PAGE                        # a pointer into the kernel's memory
        syscall SYS_OPEN
        mv      a1, a0
        la      a0, word_string
1:      call    complain
        leave

        .section .rodata
        .align  2
ways:   .word   word_null, null, word_kernel, kernel, word_text, text, word_jump, jump, word_stack, stack
        .word   word_zero, zero_, word_illegal, illegal, word_misaligned, misaligned, word_break, break
        .word   word_in, in, word_hlt, hlt, word_setptb, setptb, word_syscall, syscall, word_string, string, 0
word_null:      .asciz  "null"
word_kernel:    .asciz  "kernel"
word_text:      .asciz  "text"
word_jump:      .asciz  "jump"
word_stack:     .asciz  "stack"
word_zero:      .asciz  "zero"
word_illegal:   .asciz  "illegal"
word_misaligned: .asciz "misaligned"
word_break:     .asciz  "break"
word_in:        .asciz  "in"
word_hlt:       .asciz  "hlt"
word_setptb:    .asciz  "setptb"
word_syscall:   .asciz  "syscall"
word_string:    .asciz  "string"
        .include "lib.s"
