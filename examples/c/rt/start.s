# Where a C program begins on PG32. At reset a0 = bytes of RAM, and memory behind the image is zero, so .bss needs no
# clearing. The stack lies below the program (first.s, or pg32.ld), the heap between the program and the end of RAM.
#
# To a program with the word 0x76677261 ("argv") in the third place the loader hands over arguments: it puts argc,
# argv[0] ... argv[argc - 1], two null words and the strings at the end of RAM, and their address where the fourth word
# says. Without a loader that does, there is one argument, and it is empty.

        .text
        .globl  _start
_start: lui     t0, %hi(begin)
        jalr    zero, %lo(begin)(t0)
        .word   0x76677261, __arguments

begin:  lui     sp, %hi(__stack_size)           # it begins at address 0, so that its size is its end
        addi    sp, sp, %lo(__stack_size)
        lui     tp, %hi(__tls_base)
        addi    tp, tp, %lo(__tls_base)
        lui     t0, %hi(__trapped)              # trap.s
        addi    t0, t0, %lo(__trapped)
        wrcr    tvec, t0
        lui     t1, %hi(__arguments)
        lw      t2, %lo(__arguments)(t1)
        bnez    t2, 1f
        lui     t2, %hi(none)
        addi    t2, t2, %lo(none)
        lui     t0, %hi(__heap_end)             # all of RAM is the heap's
        sw      a0, %lo(__heap_end)(t0)
        j       2f
1:      lui     t0, %hi(__heap_end)             # what the loader has put there ends it
        sw      t2, %lo(__heap_end)(t0)
2:      lw      a0, 0(t2)                       # argc
        addi    a1, t2, 4                       # argv
        slli    a2, a0, 2
        add     a2, a1, a2
        addi    a2, a2, 4                       # envp
        call    __begin                         # process.c: constructors, main, exit

        .section .rodata
        .balign 4
none:   .word   1, empty, 0, 0
empty:  .byte   0

        .section .data
        .balign 4
        .globl  __arguments
__arguments:
        .word   0
        .globl  __heap_end
__heap_end:
        .word   0
