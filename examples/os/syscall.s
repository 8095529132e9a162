# syscall.s: the table of system calls, and those that are a few lines. abi.s says what each takes and gives.

        .section .rodata
        .align  2
system_calls:
        .word   sys_exit, sys_fork, sys_exec, sys_wait, sys_read, sys_write, sys_sbrk, sys_getpid, sys_yield
        .word   sys_sleep, sys_open, sys_close, sys_readdir, sys_tally

        .text
sys_exit:
        andi    a0, a0, 255
        j       process_end

sys_getpid:
        lw      a0, P_PID(tp)
        ret

sys_yield:
        enter
        call    reschedule
        li      a0, 0
        leave

sys_sleep:
        enter
        call    timer_sleep
        li      a0, 0
        leave

sys_tally:
        li      t0, TALLIES
        bgeu    a0, t0, 1f
        slli    a0, a0, 2
        la      t0, tallies
        add     a0, a0, t0
        lw      a0, 0(a0)
        ret
1:      li      a0, -ENOSYS
        ret

# The heap grows by moving its end: pages come when they are touched. What lies behind a lower end is given back.
sys_sbrk:
        enter
        lw      s0, P_BREAK(tp)
        add     s1, s0, a0                      # the new end; it must not wrap round
        bltz    a0, 2f
        bltu    s1, s0, 1f
        li      t0, HEAP_LIMIT
        bgtu    s1, t0, 1f
        sw      s1, P_BREAK(tp)
        mv      a0, s0
        leave
1:      li      a0, -ENOMEM
        leave
2:      bgtu    s1, s0, 1b
        lw      t0, P_HEAP(tp)
        bltu    s1, t0, 1b
        sw      s1, P_BREAK(tp)
        li      t0, PAGE - 1
        add     a0, s1, t0
        add     a1, s0, t0
        not     t0, t0
        and     a0, a0, t0                      # the pages from here ...
        and     a1, a1, t0                      # ... to here
        beq     a0, a1, 3f
        la      a2, page_remove
        lw      a3, P_ROOT(tp)
        call    each_page
        flush_tlb
3:      mv      a0, s0
        leave

        .bss
        .align  2
tallies:                                        # in the order of abi.s
free_frames:    .space  4
forks:          .space  4
faults:         .space  4
switches:       .space  4
disk_reads:     .space  4
