# frame.s: frames, the pages of RAM: who has them, and how often.
#
# Virtual and physical address of a frame are the same in the kernel. Each frame has a count of references, a byte: with
# copy-on-write as many processes as there are may share one. Frames that were never used lie from `fresh` to the end of
# RAM; those that came back are a list, linked through their first words. So nothing is done at boot for each frame.

        .equ    RESERVED,       8               # frames that only the shell gets, so that it outlives whoever takes all

        .text
# frames_begin(a0 = bytes of RAM, 0 if 4 GiB): counts for as much as the kernel can map, all 0
frames_begin:
        li      t1, USER_BASE                   # where the kernel's part of the address space ends
        beqz    a0, 1f
        bltu    a0, t1, 2f
1:      mv      a0, t1
2:      store   a0, frames_end
        la      t1, kernel_end
        store   t1, counts
        srli    t2, a0, 12
        add     t1, t1, t2
        li      t2, PAGE - 1
        add     t1, t1, t2
        srli    t1, t1, 12
        slli    t2, t1, 12
        store   t2, fresh
        srli    a0, a0, 12
        sub     a0, a0, t1
        bgez    a0, 3f
        li      a0, 0
3:      store   a0, free_frames
        ret

# frame_alloc() -> a frame with one reference, or 0
frame_alloc:
        load    t1, free_frames
        sltiu   t1, t1, RESERVED + 1
        beqz    t1, 1f
        la      t1, processes
        bne     tp, t1, 4f
1:      load    a0, free_list
        beqz    a0, 2f
        lw      t1, 0(a0)
        store   t1, free_list
        j       3f
2:      load    a0, fresh
        load    t1, frames_end
        bgeu    a0, t1, 4f
        li      t2, PAGE
        add     t2, t2, a0
        store   t2, fresh
3:      load    t1, free_frames
        addi    t1, t1, -1
        store   t1, free_frames
        load    t1, counts
        srli    t2, a0, 12
        add     t1, t1, t2
        li      t2, 1
        sb      t2, 0(t1)
        ret
4:      li      a0, 0
        ret

# frame_share(a0 = frame): one reference more
frame_share:
        load    t1, counts
        srli    t2, a0, 12
        add     t1, t1, t2
        lbu     t2, 0(t1)
        addi    t2, t2, 1
        sb      t2, 0(t1)
        ret

# frame_free(a0 = frame): one reference less
frame_free:
        load    t1, counts
        srli    t2, a0, 12
        add     t1, t1, t2
        lbu     t2, 0(t1)
        addi    t2, t2, -1
        sb      t2, 0(t1)
        bnez    t2, 1f
        load    t1, free_list
        sw      t1, 0(a0)
        store   a0, free_list
        load    t1, free_frames
        addi    t1, t1, 1
        store   t1, free_frames
1:      ret

# frame_count(a0 = frame) -> its references
frame_count:
        load    t1, counts
        srli    a0, a0, 12
        add     a0, a0, t1
        lbu     a0, 0(a0)
        ret

# frame_zero() -> a frame of zeros, or 0
frame_zero:
        enter
        call    frame_alloc
        beqz    a0, 2f
        li      t1, PAGE
        add     t1, t1, a0
        mv      t2, a0
1:      .irp    at, 0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60
        sw      zero, \at(t2)
        .endr
        addi    t2, t2, 64
        bne     t2, t1, 1b
2:      leave

# frame_copy(a0 = frame) -> another with the same contents, or 0
frame_copy:
        enter
        mv      s0, a0
        call    frame_alloc
        beqz    a0, 2f
        li      t1, PAGE
        add     t1, t1, a0
        mv      t2, a0
1:      .irp    at, 0, 8, 16, 24, 32, 40, 48, 56
        lw      a1, \at(s0)
        lw      a2, \at + 4(s0)
        sw      a1, \at(t2)
        sw      a2, \at + 4(t2)
        .endr
        addi    s0, s0, 64
        addi    t2, t2, 64
        bne     t2, t1, 1b
2:      leave

        .bss
        .align  2
free_list:      .space  4
fresh:          .space  4                       # frames from here to the end were never used
frames_end:     .space  4
counts:         .space  4                       # address of the table: a byte for each frame
