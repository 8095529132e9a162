# Where a C program begins on a machine that is RISC-V, in M mode: RAM is zero behind the image, so .bss needs no clearing.
# The stack lies below the program (first.s), the heap between the program and the end of RAM. For arguments see
# ../start.s; __ram_end is where the RAM ends that the board has by default, for who starts a program without them.

        .text
        .globl  _start
_start: lui     t0, %hi(begin)
        jalr    zero, %lo(begin)(t0)
        .word   0x76677261, __arguments

begin:  lui     sp, %hi(__stack_end)
        addi    sp, sp, %lo(__stack_end)
        lui     tp, %hi(__tls_base)
        addi    tp, tp, %lo(__tls_base)
        lui     t0, %hi(__trapped)              # trap.s
        addi    t0, t0, %lo(__trapped)
        csrw    mtvec, t0
        lui     t1, %hi(__arguments)
        lw      t2, %lo(__arguments)(t1)
        mv      t3, t2                          # what the loader has put there ends the heap
        bnez    t2, 1f
        lui     t2, %hi(none)
        addi    t2, t2, %lo(none)
        lui     t3, %hi(__ram_end)
        addi    t3, t3, %lo(__ram_end)
1:      lui     t0, %hi(__heap_end)
        sw      t3, %lo(__heap_end)(t0)
        lw      a0, 0(t2)                       # argc
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
