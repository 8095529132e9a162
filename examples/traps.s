# traps: provokes every trap there is, has the handler say which it was, and goes on.
#
#   Run it:     ring1 run examples/traps.s
#   Look for:   the causes 0 to 9 by name, each with its tval: the instruction word, the immediate of
#               `syscall` or the address. Where an access has several bytes, tval is the lowest address that
#               faults: see the load at 40001ffe. Where two faults compete, the manual says which is seen: see
#               the last `misaligned`.
#
# Three scenes: ring 0 without paging; ring 0 with paging; ring 3 with paging. For the second and third
# the program builds page tables at fixed physical addresses, so the machine needs 4 MiB of RAM or more:
#
#       virtual                 physical            rights
#       0 .. end of RAM         the same            R W X       4 MiB pages: the kernel
#       0x40000000              user_code           R X U       the program for ring 3
#       0x40001000              0x203000            R U
#       0x40002000              -                               not valid
#       0x40003000              0x203000            W           W without R is reserved: faults
#       0x40004000              0x204000            R W         for the kernel only
#       0x80000000 (4 MiB)      -                               its table would lie outside RAM
#       0xf0000000 (4 MiB)      0xf0000000          R W X       outside RAM

        .equ    ROOT_TABLE,  0x200000
        .equ    USER_TABLE,  0x201000
        .equ    READ_FRAME,  0x203000
        .equ    WRITE_FRAME, 0x204000
        .equ    TABLES_END,  0x205000

        .equ    USER_PAGE,     0x40000000
        .equ    READ_PAGE,     0x40001000
        .equ    INVALID_PAGE,  0x40002000
        .equ    RESERVED_PAGE, 0x40003000
        .equ    KERNEL_PAGE,   0x40004000
        .equ    LOST_TABLE,    0x80000000
        .equ    NOWHERE,       0xf0000000

        .include "lib/machine.s"

# say LABEL: print the text there
        .macro  say text
        la      a0, \text
        call    print_str
        .endm

        .text
_start:
        mv      sp, a0
        mv      s0, a0                          # s0 = bytes of RAM
        la      t0, handler
        wrcr    tvec, t0

        # Scene 1: ring 0, paging off. The handler goes on behind the instruction that trapped.
        say     text_scene_1
        .word   0                               # illegal by decree, as is the next:
        .word   0xffffffff
        brk
        syscall 1234
        syscall 0xffff
        li      a0, 7
        div     a1, a0, zero
        remu    a1, a0, zero
        li      s1, READ_FRAME + 2
        swap    a1, a0, (s1)                    # misaligned: atomics need an address divisible by 4
        li      s1, READ_FRAME + 1
        cas     a1, a0, (s1)
        lw      a1, 0(s1)                       # no trap: loads and stores may have any alignment
        li      s1, NOWHERE
        lw      a1, 4(s1)                       # bus error: there is no RAM
        sb      a1, 5(s1)
        jalr    s1                              # a fetch, for once: tval = epc = the address

        # Scene 2: ring 0, paging on.
        say     text_scene_2
        call    make_tables
        li      t0, ROOT_TABLE | PTB_EN
        setptb  t0
        tlbflush
        li      s1, INVALID_PAGE
        jalr    s1                              # fetch page faults: not valid ...
        li      s1, READ_PAGE + 8
        jalr    s1                              # ... and not executable
        li      s1, INVALID_PAGE
        lw      a1, 4(s1)                       # load page faults: not valid,
        lw      a1, -2(s1)                      # its first half is on the page before, so tval is the second,
        li      s1, RESERVED_PAGE
        lbu     a1, 3(s1)                       # W without R,
        li      s1, LOST_TABLE
        lhu     a1, 0x10(s1)                    # and a table outside RAM
        li      s1, READ_PAGE
        sw      a1, 8(s1)                       # store page faults: read only,
        li      a0, 1
        li      a1, 2
        cas     a1, a0, (s1)                    # as for `cas`, though nothing would be stored
        li      s1, KERNEL_PAGE
        sw      zero, 0(s1)
        li      a0, -1
        sh      a0, -1(s1)                      # stores across two pages: the first is not writable, ...
        lbu     a1, 0(s1)
        bnez    a1, failed                      #   (and nothing on the second has changed)
        li      s1, KERNEL_PAGE + 0xffe
        sw      zero, -2(s1)
        sw      a0, 0(s1)                       # ... or the second: then tval is where the second begins
        lhu     a1, 0(s1)
        bnez    a1, failed                      #   (and nothing on the first has changed)
        li      s1, INVALID_PAGE + 1
        swap    a1, a0, (s1)                    # misaligned: checked first, before the page
        li      s1, NOWHERE + 8
        lw      a1, 0(s1)                       # bus errors: a leaf that points outside RAM
        sw      a1, 0(s1)
        jalr    s1

        # Scene 3: ring 3. `jru` is the way down, system call 0 the way back.
        say     text_scene_3
        la      t0, kernel_sp
        sw      sp, 0(t0)
        li      s1, USER_PAGE
        jru     s1

back:   say     text_back                       # the handler comes here after system call 0
        li      a0, 0
        call    power_off

failed: say     text_failed
        li      a0, 1
        call    power_off

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
        li      a1, NOWHERE | PTE_V             # for 0x80000000: entry 0x200
        addi    a0, a0, 0x100 * 4
        sw      a1, 0x100 * 4(a0)
        li      a1, NOWHERE | PTE_V | PTE_R | PTE_W | PTE_X
        addi    a0, a0, 0x100 * 4
        sw      a1, 0x1c0 * 4(a0)               # for 0xf0000000: entry 0x3c0

        li      a0, USER_TABLE
        la      a1, user_code
        ori     a1, a1, PTE_V | PTE_R | PTE_X | PTE_U
        sw      a1, 0(a0)
        li      a1, READ_FRAME | PTE_V | PTE_R | PTE_U
        sw      a1, 4(a0)
        li      a1, READ_FRAME | PTE_V | PTE_W
        sw      a1, 12(a0)
        li      a1, WRITE_FRAME | PTE_V | PTE_R | PTE_W
        sw      a1, 16(a0)
        ret

# The trap handler: prints the cause and tval, then returns behind the instruction that trapped. If the
# instruction could not even be fetched there is no "behind": it returns to ra then, since all bad jumps here
# are calls. It has a stack of its own and keeps all registers.
handler:
        wrcr    scratch, t0
        la      t0, frame
        sw      sp, 0(t0)
        sw      ra, 4(t0)
        sw      t1, 8(t0)
        sw      t2, 12(t0)
        sw      a0, 16(t0)
        sw      a1, 20(t0)
        sw      a2, 24(t0)
        sw      a3, 28(t0)
        sw      a4, 32(t0)
        sw      a5, 36(t0)
        sw      s0, 40(t0)
        sw      s1, 44(t0)
        rdcr    s0, scratch
        sw      s0, 48(t0)                      # t0 itself
        la      sp, handler_stack_top

        rdcr    s0, cause                       # s0 = cause
        rdcr    s1, tval                        # s1 = tval
        li      t0, SYSCALL
        bne     s0, t0, 1f
        beqz    s1, leave                       # system call 0: ring 3 has finished

1:      say     text_indent
        la      a0, cause_names
        slli    t0, s0, 2
        add     a0, a0, t0
        lw      a0, 0(a0)
        call    print_str
        rdcr    a2, epc
        li      t0, PRIVILEGED
        beq     s0, t0, 2f
        say     text_tval
        mv      a0, s1
        call    print_hex
        call    newline
        j       3f
2:      lw      a3, 0(a2)                       # the encoding is not ours: say only that it is right
        la      a0, text_right_word
        beq     a3, s1, 4f
        la      a0, text_wrong_word
4:      call    print_str

3:      rdcr    a2, epc
        addi    a3, a2, 4                       # where to go on: behind the instruction
        bne     a2, s1, 6f
        li      t0, FETCH_FAULT
        beq     s0, t0, 5f
        li      t0, BUS_ERROR
        bne     s0, t0, 6f
5:      la      a3, frame
        lw      a3, 4(a3)                       # or where ra points
6:      wrcr    epc, a3

        la      t0, frame
        lw      sp, 0(t0)
        lw      ra, 4(t0)
        lw      t1, 8(t0)
        lw      t2, 12(t0)
        lw      a0, 16(t0)
        lw      a1, 20(t0)
        lw      a2, 24(t0)
        lw      a3, 28(t0)
        lw      a4, 32(t0)
        lw      a5, 36(t0)
        lw      s0, 40(t0)
        lw      s1, 44(t0)
        lw      t0, 48(t0)
        rfe                                     # to the ring it came from

leave:  la      t0, kernel_sp                   # a trap leads to ring 0: the kernel just stays there
        lw      sp, 0(t0)
        j       back

# The program for ring 3 has a page of its own, and runs at USER_PAGE, not where it lies in RAM.
        .align  12
user_code:
        cli                                     # privileged instructions
        li      a0, CONSOLE_DATA
        in      a1, a0
        out     a0, a1
        rdcr    a1, tval
        rfe
        syscall 77
        brk
        divu    a1, a0, zero
        li      a0, KERNEL_PAGE
        lw      a1, 0(a0)                       # the kernel's page: ring 3 may not load,
        sb      a1, 1(a0)                       # nor store,
        li      a0, 0x100
        jalr    a0                              # nor fetch what is the kernel's
        li      a0, READ_PAGE
        lw      a1, 0(a0)                       # no trap: a page for ring 3 to read,
        sw      a1, 0xc(a0)                     # but not to write
        syscall 0
        .align  12

        .section .rodata
        .align  2
cause_names:
        .word   name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8, name_9
name_0: .asciz  "illegal"
name_1: .asciz  "privileged"
name_2: .asciz  "breakpoint"
name_3: .asciz  "syscall"
name_4: .asciz  "divzero"
name_5: .asciz  "fetch page fault"
name_6: .asciz  "load page fault"
name_7: .asciz  "store page fault"
name_8: .asciz  "misaligned"
name_9: .asciz  "bus error"
text_indent:
        .asciz  "  "
text_tval:
        .asciz  ", tval "
text_right_word:
        .asciz  ", tval is the instruction word\n"
text_wrong_word:
        .asciz  ", tval is not the instruction word!\n"
text_scene_1:
        .asciz  "ring 0, paging off\n"
text_scene_2:
        .asciz  "ring 0, paging on\n"
text_scene_3:
        .asciz  "ring 3\n"
text_back:
        .asciz  "back in ring 0\n"
text_failed:
        .asciz  "a faulting store has changed memory!\n"

        .bss
        .align  2
kernel_sp:
        .space  4
frame:  .space  13 * 4
handler_stack:
        .space  256
handler_stack_top:

        .include "lib/print.s"
