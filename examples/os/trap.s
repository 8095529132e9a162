# trap.s: the way into the kernel and out of it: system calls, page faults, interrupts, and the end of a process that
# did what it must not.

# trap_entry: tvec. Only ring 3 comes here; a trap in the kernel is a mistake of the kernel's.
        .text
trap_entry:
        save_user_sp
        load    sp, kernel_sp
        addi    sp, sp, -F_SIZE
        sw      ra, F_RA(sp)
        sw      gp, F_GP(sp)
        sw      tp, F_TP(sp)
        sw      t0, F_T0(sp)
        sw      t1, F_T1(sp)
        sw      t2, F_T2(sp)
        sw      s0, F_S0(sp)
        sw      s1, F_S1(sp)
        sw      a0, F_A0(sp)
        sw      a1, F_A1(sp)
        sw      a2, F_A2(sp)
        sw      a3, F_A3(sp)
        sw      a4, F_A4(sp)
        sw      a5, F_A5(sp)
        get_user_sp t0
        sw      t0, F_SP(sp)
        get_trap_pc t0
        sw      t0, F_PC(sp)
        get_status t1
        sw      t1, F_STATUS(sp)
        not     t1, t1
        andi    t1, t1, PSW_PRING
        bnez    t1, kernel_trap
        load    tp, current

        get_trap_cause s0
        bltz    s0, interrupt
        li      t1, SYSCALL
        beq     s0, t1, system_call
        li      t1, FETCH_FAULT
        bltu    s0, t1, killed
        li      t1, STORE_FAULT
        bgtu    s0, t1, killed

        # A page fault. It may sleep, and others trap meanwhile: the address is read first.
        get_trap_value s1
        mv      a0, s1
        la      t1, fault_rights - FETCH_FAULT
        add     t1, t1, s0
        lbu     a1, 0(t1)
        call    fault
        beqz    a0, trap_return
        mv      a1, s1
        bgtz    a0, kill
        mv      a0, s0
        j       kill

system_call:
        addi    t0, t0, 4                       # go on behind the instruction
        sw      t0, F_PC(sp)
        get_trap_value t0
        li      t1, SYSCALLS
        bgeu    t0, t1, 1f
        slli    t0, t0, 2
        la      t1, system_calls
        add     t0, t0, t1
        lw      t0, 0(t0)
        jalr    t0                              # a0-a2 are still the caller's
        sw      a0, F_A0(sp)
        j       trap_return
1:      li      a0, -ENOSYS
        sw      a0, F_A0(sp)
        j       trap_return

interrupt:
        call    serve_lines
        load    t1, quantum_over
        beqz    t1, trap_return
        call    reschedule

# trap_return: to ring 3, as the frame at sp says. tp's process.
trap_return:
        lw      t0, F_PC(sp)
        lw      t1, F_STATUS(sp)
        set_trap_return t0, t1
        lw      ra, F_RA(sp)
        lw      gp, F_GP(sp)
        lw      tp, F_TP(sp)
        lw      t0, F_T0(sp)
        lw      t1, F_T1(sp)
        lw      t2, F_T2(sp)
        lw      s0, F_S0(sp)
        lw      s1, F_S1(sp)
        lw      a0, F_A0(sp)
        lw      a1, F_A1(sp)
        lw      a2, F_A2(sp)
        lw      a3, F_A3(sp)
        lw      a4, F_A4(sp)
        lw      a5, F_A5(sp)
        lw      sp, F_SP(sp)
        return_from_trap

# serve_lines(): call the driver of each interrupt line that is up.
serve_lines:
        enter
        get_pending_lines s0
        andi    t0, s0, LINE_CONSOLE
        beqz    t0, 1f
        call    console_interrupt
1:      andi    t0, s0, LINE_DISK
        beqz    t0, 2f
        call    disk_interrupt
2:      andi    t0, s0, LINE_TIMER
        beqz    t0, 3f
        call    timer_interrupt
3:      leave

# --- The end of a process --------------------------------------------------
killed: mv      a0, s0
        get_trap_value a1

# kill(a0 = reason, a1 = address or instruction word): say why tp's process ends, and end it.
kill:   mv      s0, a0
        mv      s1, a1
        la      a0, kernel_says
        call    print
        lw      a0, P_PROGRAM(tp)               # a file's name begins its entry
        call    print
        la      a0, text_pid
        call    print
        lw      a0, P_PID(tp)
        call    print_decimal
        la      a0, text_killed
        call    print
        slli    t0, s0, 2
        la      t1, reasons
        add     t0, t0, t1
        lw      a0, 0(t0)
        lbu     gp, 0(a0)                       # its first character: is the value worth telling?
        addi    a0, a0, 1
        call    print
        li      t0, '+'
        bne     gp, t0, 1f
        mv      a0, s1
        call    print_hex
1:      la      a0, text_at
        call    print
        lw      a0, P_STACK(tp)
        lw      a0, F_PC - F_SIZE(a0)
        call    print_hex
        call    print_newline
        addi    a0, s0, KILLED
        j       process_end

kernel_trap:
        get_trap_cause s0
        la      a0, text_panic
        call    print
        mv      a0, s0
        call    print_hex
        la      a0, text_at
        call    print
        lw      a0, F_PC(sp)
        call    print_hex
        call    print_newline
        li      a0, OFF_PANIC
        j       power_off

        .section .rodata
fault_rights:                                   # what an access that faults needs, by cause
        .byte   PTE_X, PTE_R, PTE_W

        .align  2
reasons:
        .word   reason_0, reason_1, reason_2, 0, reason_4, reason_5, reason_6, reason_7, reason_8, reason_9
        .word   reason_10, reason_11, reason_12
reason_0:       .asciz  "+illegal instruction "
reason_1:       .asciz  "+privileged instruction "
reason_2:       .asciz  "-breakpoint"
reason_4:       .asciz  "-division by zero"
reason_5:       .asciz  "+jump to "
reason_6:       .asciz  "+load from "
reason_7:       .asciz  "+store to "
reason_8:       .asciz  "+misaligned "
reason_9:       .asciz  "+bus error "
reason_10:      .asciz  "+stack overflow "
reason_11:      .asciz  "-out of memory"
reason_12:      .asciz  "-disk error"
text_pid:       .asciz  " (pid "
text_killed:    .asciz  ") killed: "
text_at:        .asciz  " at "
text_panic:     .asciz  "kernel: panic: trap "

        .data
        .align  2
kernel_sp:      .word   0                       # top of the kernel stack of the process that runs
current:        .word   0                       # that process
