# process.s: the process table; fork, wait and exit.

        .equ    FIRST_PID,      1
        .equ    CHILD_FRAMES,   3               # a child's root table, and the tables of its program and its stack

        .text
# processes_begin(): an empty table, and process 1, which runs from now on (tp). Its state is that of `current`.
processes_begin:
        la      tp, processes
        la      t1, processes_end
        la      t2, kernel_stacks
        li      a0, 1 << PTB_ASID               # ASID 0 is the kernel's own
        mv      a1, tp
1:      li      t0, PAGE
        add     t2, t2, t0
        sw      t2, P_STACK(a1)
        sw      a0, P_ASID(a1)
        addi    a0, a0, 1 << PTB_ASID
        addi    a1, a1, P_SIZE
        bne     a1, t1, 1b
        li      t1, READY
        sw      t1, P_STATE(tp)
        li      t1, FIRST_PID
        sw      t1, P_PID(tp)
        store   t1, last_pid
        store   tp, current
        lw      t1, P_STACK(tp)
        store   t1, kernel_sp
        ret

# sys_fork() -> pid of the child, in which it returns 0
sys_fork:
        enter
        la      s0, processes                   # s0 = the child
        la      t1, processes_end
1:      lw      t0, P_STATE(s0)
        beqz    t0, 2f
        addi    s0, s0, P_SIZE
        bne     s0, t1, 1b
        li      a0, -EAGAIN
        leave

2:      load    t0, free_frames
        li      t1, RESERVED + CHILD_FRAMES
        bltu    t0, t1, 4f
        call    space_new
        beqz    a0, 4f
        mv      s1, a0                          # s1 = its root page table
        call    space_share
        # One flush for two reasons: pages of this process have become read-only, and the child's ASID may have
        # been that of another process.
        flush_tlb
        bltz    a0, 3f

        addi    a0, s0, P_PROGRAM               # program, extent of the memory and open files are the parent's
        addi    a1, tp, P_PROGRAM
        li      a2, P_SIZE - P_PROGRAM
        call    copy_bytes
        sw      s1, P_ROOT(s0)
        sw      tp, P_PARENT(s0)
        lw      a0, P_STACK(s0)                 # its registers, too, but for the result
        lw      a1, P_STACK(tp)
        addi    a0, a0, -F_SIZE
        addi    a1, a1, -F_SIZE
        mv      gp, a0
        li      a2, F_SIZE
        call    copy_bytes
        sw      zero, F_A0(gp)
        la      t0, trap_return                 # `switch` will return to there
        sw      t0, -4(gp)
        addi    t0, gp, -16
        sw      t0, P_SP(s0)
        tally   forks
        load    a0, last_pid
        addi    a0, a0, 1
        store   a0, last_pid
        sw      a0, P_PID(s0)
        li      t0, READY
        sw      t0, P_STATE(s0)
        leave

3:      mv      a0, s1
        call    space_free
4:      li      a0, -ENOMEM
        leave

# sys_wait(a0 = address for the status, or 0) -> pid of a child that has ended
sys_wait:
        enter   4
        mv      s1, a0
1:      li      gp, -ECHILD                     # gp = the result if no child has ended
        la      s0, processes
2:      lw      t0, P_STATE(s0)
        beqz    t0, 3f
        lw      t1, P_PARENT(s0)
        bne     t1, tp, 3f
        li      gp, 0                           # there is a child
        li      t1, ZOMBIE
        beq     t0, t1, 5f
3:      addi    s0, s0, P_SIZE
        la      t0, processes_end
        bne     s0, t0, 2b
        bnez    gp, 4f
        mv      a0, tp
        call    sleep
        j       1b
4:      mv      a0, gp
        leave   4

5:      beqz    s1, 6f
        lw      t0, P_STATUS(s0)
        sw      t0, 16(sp)
        mv      a0, s1
        addi    a1, sp, 16
        li      a2, 4
        call    copy_out
        bltz    a0, 7f
6:      sw      zero, P_STATE(s0)
        lw      a0, P_PID(s0)
7:      leave   4

# process_end(a0 = status): the end of tp's process. Does not return.
process_end:
        sw      a0, P_STATUS(tp)
        la      t0, processes
        beq     tp, t0, the_last
        lw      s0, P_ROOT(tp)
        sw      zero, P_ROOT(tp)
        call    space_enter                     # the kernel's own: this one's tables are about to go
        mv      a0, s0
        call    space_free

        la      s0, processes                   # orphans have nobody to tell
        la      s1, processes_end
1:      lw      t0, P_PARENT(s0)
        bne     t0, tp, 2f
        sw      zero, P_PARENT(s0)
        lw      t0, P_STATE(s0)
        li      t1, ZOMBIE
        bne     t0, t1, 2f
        sw      zero, P_STATE(s0)
2:      addi    s0, s0, P_SIZE
        bne     s0, s1, 1b

        li      t0, FREE
        lw      a0, P_PARENT(tp)
        beqz    a0, 3f
        li      t0, ZOMBIE
3:      sw      t0, P_STATE(tp)                 # its kernel stack stays in use until `switch`; nobody forks before that
        beqz    a0, 4f
        call    wakeup
4:      call    reschedule

the_last:                                       # process 1 is the shell
        li      t0, 119                         # the greatest code that ring1 passes on as the guest's
        bleu    a0, t0, power_off
        la      a1, text_died
        li      a2, OFF_SHELL_DIED
        j       power_off_saying

        .section .rodata
text_died:      .asciz  "the shell died"

        .bss
        .align  12
kernel_stacks:  .space  PROCESSES * PAGE
processes:      .space  PROCESSES * P_SIZE
processes_end:
last_pid:       .space  4
