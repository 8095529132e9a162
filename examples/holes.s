# holes: the five instructions that are sensitive but not privileged, in ring 0 and in ring 3.
#
#   Run it:     ring1 run examples/holes.s
#               ring1 run --engine trap examples/holes.s
#               ring1 run --isa pg32v examples/holes.s
#   Look for:   on the bare machine, the values below `ring 0` are those a kernel expects. In ring 3 the same
#               instructions do something else, or show what only the kernel should know, and none of them
#               traps. That is why trap-and-emulate fails on this machine: a monitor that runs this kernel in
#               ring 1 is never told, so `getpsw` shows ring 1, `setpsw` changes the flags only, `getptb`
#               shows the monitor's own table. On pg32v all five trap in ring 3 (the handler says so, and the
#               value shown is 0): there a monitor is told. On pg32h all but `jru` do.
#
# The page tables are at fixed physical addresses, so that what `getptb` and `lra` print is known; the machine
# needs 4 MiB of RAM or more:
#
#       virtual                 physical            rights
#       0 .. end of RAM         the same            R W X       4 MiB pages: the kernel
#       0x40000000              user_code           X U         the program for ring 3
#       0x40001000              0x203000            R W         the kernel's
#       0x40002000              0x204000            R W U       ring 3's
#       0x40003000              -                               not valid

        .equ    ROOT_TABLE,   0x200000
        .equ    USER_TABLE,   0x201000
        .equ    KERNEL_FRAME, 0x203000
        .equ    USER_FRAME,   0x204000
        .equ    TABLES_END,   0x205000

        .equ    USER_PAGE,    0x40000000
        .equ    KERNEL_PAGE,  0x40001000
        .equ    DATA_PAGE,    0x40002000
        .equ    INVALID_PAGE, 0x40003000

# System calls of the program in ring 3
        .equ    SHOW, 1                         # a0 = text, a1 = word: print both on a line
        .equ    EXIT, 2

        .include "lib/machine.s"

# ask LABEL: the system call SHOW with the text there and the word in a1. `la` would not do: it may be
# relative to pc, and the program for ring 3 does not run where it was linked.
        .macro  ask text
        lui     a0, %hi(\text)
        addi    a0, a0, %lo(\text)
        syscall SHOW
        .endm

        .text
_start:
        mv      sp, a0
        mv      s0, a0
        la      t0, handler
        wrcr    tvec, t0

        la      a0, text_ring_0
        call    print_str

        # getpsw and setpsw: ring 0 may set every bit there is. RING is set to 0, or this would be the end of
        # ring 0; IE does no harm, because no line is enabled in `ie`.
        getpsw  a1
        la      a0, text_getpsw
        call    show
        li      t0, 0xfffffffc
        setpsw  t0
        getpsw  a1
        setpsw  zero
        la      a0, text_setpsw
        call    show

        # lra without paging: nothing is translated
        li      t0, 0x12345
        lra     a1, t0
        la      a0, text_lra_plain
        call    show

        # getptb: bits that are not there read 0
        call    make_tables
        li      t0, ROOT_TABLE | 0xe00 | 5 << 1 | PTB_EN
        setptb  t0                              # address space 5, paging on
        tlbflush
        getptb  a1
        la      a0, text_getptb
        call    show

        # lra: what a load would use, in this ring
        li      t0, KERNEL_PAGE + 0x123
        lra     a1, t0
        la      a0, text_lra_kernel
        call    show
        li      t0, DATA_PAGE + 0x456
        lra     a1, t0
        la      a0, text_lra_data
        call    show
        li      t0, USER_PAGE
        lra     a1, t0                          # executable, not readable
        la      a0, text_lra_code
        call    show
        li      t0, INVALID_PAGE
        lra     a1, t0
        la      a0, text_lra_invalid
        call    show

        # ... and it leaves no trace: A (0x40) is set by the load only
        li      s1, USER_TABLE
        lw      a1, 4(s1)
        la      a0, text_after_lra
        call    show
        li      t0, KERNEL_PAGE
        lw      t0, 0(t0)
        lw      a1, 4(s1)
        la      a0, text_after_load
        call    show

        # jru: the way down to ring 3
        la      a0, text_ring_3
        call    print_str
        la      t0, kernel_sp
        sw      sp, 0(t0)
        li      t0, 0xa500
        setpsw  t0
        li      t0, USER_PAGE
        jru     t0

back:   la      a0, text_back                   # the handler comes here after EXIT
        call    print_str
        li      a0, 0
        call    power_off

# show(a0 = text, a1 = word)
show:
        addi    sp, sp, -8
        sw      ra, 4(sp)
        sw      s0, 0(sp)
        mv      s0, a1
        call    print_str
        mv      a0, s0
        call    print_hex
        call    newline
        lw      ra, 4(sp)
        lw      s0, 0(sp)
        addi    sp, sp, 8
        ret

# make_tables(): s0 = bytes of RAM
make_tables:
        li      a0, ROOT_TABLE
        li      a1, TABLES_END
1:      sw      zero, 0(a0)                     # all entries not valid, all frames zero
        addi    a0, a0, 4
        bne     a0, a1, 1b

        li      a0, ROOT_TABLE
        li      a1, PTE_V | PTE_R | PTE_W | PTE_X
        li      a2, 1 << 22
        mv      a3, s0
1:      sw      a1, 0(a0)                       # 4 MiB pages, address = address, while there is RAM
        addi    a0, a0, 4
        add     a1, a1, a2
        bleu    a3, a2, 2f
        sub     a3, a3, a2
        j       1b

2:      li      a0, ROOT_TABLE
        li      a1, USER_TABLE | PTE_V          # for 0x40000000: entry 0x100
        sw      a1, 0x100 * 4(a0)
        li      a0, USER_TABLE
        la      a1, user_code
        ori     a1, a1, PTE_V | PTE_X | PTE_U
        sw      a1, 0(a0)
        li      a1, KERNEL_FRAME | PTE_V | PTE_R | PTE_W
        sw      a1, 4(a0)
        li      a1, USER_FRAME | PTE_V | PTE_R | PTE_W | PTE_U
        sw      a1, 8(a0)
        ret

# The handler serves the two system calls and skips a privileged instruction; any other trap ends the program
# with its cause + 1. Ring 3 here expects no register to be kept but s0.
handler:
        la      sp, handler_stack_top
        rdcr    t0, cause
        li      t1, PRIVILEGED
        beq     t0, t1, closed
        li      t1, SYSCALL
        addi    t2, t0, 1
        bne     t0, t1, unexpected
        rdcr    t0, tval
        li      t1, EXIT
        beq     t0, t1, leave
        call    show
skip:   rdcr    t0, epc
        addi    t0, t0, 4                       # epc is the instruction that trapped, the syscall itself too
        wrcr    epc, t0
        rfe

closed: la      a0, text_trapped                # not on PG32, but on its variants: this hole is closed
        call    print_str
        li      a1, 0
        j       skip

leave:  la      t0, kernel_sp
        lw      sp, 0(t0)
        j       back

unexpected:
        mv      a0, t2
        call    power_off

# The program for ring 3. It cannot print, but ask the kernel to; the texts' addresses are just words to it.
        .align  12
user_code:
        getpsw  a1                              # ring 3 (bits 1:0), and the FLAGS that ring 0 has set
        ask     text_getpsw
        li      t0, -1
        setpsw  t0                              # only FLAGS change. PRING (4:3) is 3: a system call was made
        getpsw  a1
        ask     text_setpsw
        setpsw  zero                            # the ring stays 3 as well
        getpsw  a1
        ask     text_setpsw_0
        getptb  a1                              # the kernel's secret, for all to read
        ask     text_getptb
        li      t0, KERNEL_PAGE + 0x123
        lra     a1, t0                          # would fault in this ring
        ask     text_lra_kernel
        li      t0, DATA_PAGE + 0x456
        lra     a1, t0
        ask     text_lra_data
        li      t0, USER_PAGE
        lra     a1, t0
        ask     text_lra_code
        li      t0, INVALID_PAGE
        lra     a1, t0
        ask     text_lra_invalid
        jal     t0, 1f                          # t0 = the address of the next instruction, here
        getpsw  a1
        ask     text_jru
        syscall EXIT
1:      ori     t0, t0, 3
        jru     t0                              # from ring 3, an ordinary jump; the low two bits do not count
        syscall EXIT                            # reached only where jru traps
        .align  12

        .section .rodata
text_ring_0:
        .asciz  "ring 0\n"
text_ring_3:
        .asciz  "ring 3, by jru\n"
text_back:
        .asciz  "back in ring 0\n"
text_trapped:
        .asciz  "  trapped: privileged\n"
text_getpsw:
        .asciz  "  getpsw                         "
text_setpsw:
        .asciz  "  getpsw after setpsw ffffff..   "
text_setpsw_0:
        .asciz  "  getpsw after setpsw 00000000   "
text_getptb:
        .asciz  "  getptb                         "
text_lra_plain:
        .asciz  "  lra 00012345, paging off       "
text_lra_kernel:
        .asciz  "  lra 40001123, the kernel's     "
text_lra_data:
        .asciz  "  lra 40002456, ring 3's         "
text_lra_code:
        .asciz  "  lra 40000000, not readable     "
text_lra_invalid:
        .asciz  "  lra 40003000, not valid        "
text_after_lra:
        .asciz  "  page table entry after lra     "
text_after_load:
        .asciz  "  page table entry after a load  "
text_jru:
        .asciz  "  getpsw after jru               "

        .bss
        .align  2
kernel_sp:
        .space  4
handler_stack:
        .space  256
handler_stack_top:

        .include "lib/print.s"
