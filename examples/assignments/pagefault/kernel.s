# A kernel for one program in ring 3, whose heap is mapped as it is used. The page-fault handler is handed in (handler.s):
#
#   fault   a0 the cause (5 fetch, 6 load, 7 store), a1 the address. Returns in a0 OK if the program is to try again,
#           SEGV if it may not do that, NOMEM if there is no frame left. It is called in ring 0 on the kernel's stack and
#           may change all registers but sp; memory is where its physical address is.
#
# There for it: frame (returns a free frame's address in a0, or 0; what was in it is still there), heap_table (the page
# table of the heap, 1024 entries), HEAP and HEAP_END (its addresses), OK, SEGV, NOMEM.

        .equ    POWER, 0xf0
        .equ    V, 1
        .equ    R, 2
        .equ    W, 4
        .equ    X, 8
        .equ    U, 16
        .equ    HEAP, 0x40000000
        .equ    HEAP_END, 0x40010000    # 16 pages, of which the last eight begin as copies of `shared`
        .equ    OK, 0
        .equ    SEGV, 1
        .equ    NOMEM, 2
        .equ    FRAMES, 8               # how many there are
        .globl  _start, frame, heap_table, HEAP, HEAP_END, OK, SEGV, NOMEM, fault, program, shared

_start: la      sp, stack
        la      t0, trapped
        wrcr    tvec, t0

        la      t0, root                # the first 4 MiB, for the kernel and for the program
        li      t1, V | R | W | X | U
        sw      t1, 0(t0)
        la      t1, heap_table
        ori     t1, t1, V
        la      t2, root + 4 * (HEAP >> 22)
        sw      t1, 0(t2)
        la      t1, shared              # pages 8 to 15: one frame, not to be written to
        ori     t1, t1, V | R | U
        la      t2, heap_table + 4 * 8
        li      s0, 8
fill:   sw      t1, 0(t2)
        addi    t2, t2, 4
        addi    s0, s0, -1
        bnez    s0, fill
        ori     t0, t0, V
        setptb  t0

        la      t0, program
        wrcr    epc, t0
        li      t0, 3 << 3              # ring 3
        setpsw  t0
        li      sp, 0
        rfe

trapped:
        wrcr    scratch, t0
        la      t0, saved
        sw      ra, 4*1(t0)
        sw      sp, 4*2(t0)
        sw      gp, 4*3(t0)
        sw      tp, 4*4(t0)
        sw      t1, 4*6(t0)
        sw      t2, 4*7(t0)
        sw      s0, 4*8(t0)
        sw      s1, 4*9(t0)
        sw      a0, 4*10(t0)
        sw      a1, 4*11(t0)
        sw      a2, 4*12(t0)
        sw      a3, 4*13(t0)
        sw      a4, 4*14(t0)
        sw      a5, 4*15(t0)
        rdcr    t1, scratch
        sw      t1, 4*5(t0)
        la      sp, stack
        rdcr    a0, cause
        rdcr    a1, tval
        li      t1, 3
        beq     a0, t1, leave
        li      t1, 5
        bltu    a0, t1, wrong
        li      t1, 8
        bgeu    a0, t1, wrong
        la      t0, faults
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        call    fault
        bnez    a0, refused
        la      t0, saved
        lw      ra, 4*1(t0)
        lw      sp, 4*2(t0)
        lw      gp, 4*3(t0)
        lw      tp, 4*4(t0)
        lw      t1, 4*6(t0)
        lw      t2, 4*7(t0)
        lw      s0, 4*8(t0)
        lw      s1, 4*9(t0)
        lw      a0, 4*10(t0)
        lw      a1, 4*11(t0)
        lw      a2, 4*12(t0)
        lw      a3, 4*13(t0)
        lw      a4, 4*14(t0)
        lw      a5, 4*15(t0)
        lw      t0, 4*5(t0)
        rfe

refused:                                # exit codes: 101 for SEGV, 102 for NOMEM
        addi    a1, a0, 100
        j       off
wrong:  addi    a1, a0, 200             # another trap
        j       off
leave:  nop                             # syscall N: exit code N
off:    li      t0, POWER
        out     t0, a1

frame:  la      t0, taken
        lw      t1, 0(t0)
        li      t2, FRAMES
        li      a0, 0
        bgeu    t1, t2, none
        addi    t2, t1, 1
        sw      t2, 0(t0)
        slli    t1, t1, 12
        la      a0, frames
        add     a0, a0, t1
none:   ret

        .data
saved:  .space  4*16
faults: .word   0                       # how many page faults there were
taken:  .word   0                       # how many frames are in use
        .space  1024
stack:  .align  12
root:   .space  4096
heap_table:
        .space  4096
shared: .fill   1024, 4, 0x600df00d
frames: .fill   FRAMES * 1024, 4, 0xbad # not zero: somebody has used them before
