# boot.s: from reset to the first instruction of the shell.

# Exit codes of the machine when it is not the shell that ends it
        .equ    OFF_NO_DISK,    1
        .equ    OFF_DISK_ERROR, 2
        .equ    OFF_BAD_DISK,   3
        .equ    OFF_NO_SHELL,   4
        .equ    OFF_NO_MEMORY,  5
        .equ    OFF_SHELL_DIED, 6
        .equ    OFF_PANIC,      99

        .text
_start: la      sp, boot_stack
        store   sp, kernel_sp
        la      t1, trap_entry
        set_trap_handler t1
        call    frames_begin                    # a0 = bytes of RAM, since reset
        call    space_begin
        call    processes_begin                 # from here on this is process 1
        lw      sp, P_STACK(tp)
        addi    sp, sp, -F_SIZE
        li      t1, LINE_TIMER | LINE_CONSOLE | LINE_DISK
        enable_lines t1
        call    files_begin

        call    space_new
        la      a1, no_memory
        li      a2, OFF_NO_MEMORY
        beqz    a0, power_off_saying
        sw      a0, P_ROOT(tp)
        call    space_enter
        la      a0, shell
        call    file_find
        beqz    a0, 1f
        mv      s0, a0
        call    frame_zero
        la      a1, no_memory
        li      a2, OFF_NO_MEMORY
        beqz    a0, power_off_saying
        mv      a1, a0                          # its arguments: its name, which fits in a word
        li      t0, ARGUMENTS + ARG_STRINGS
        sw      t0, ARG_OFFSET(a1)
        load    t0, shell
        sw      t0, ARG_OFFSET + ARG_STRINGS(a1)
        mv      a0, s0
        call    exec
        bltz    a0, 1f
        sw      a0, F_A0(sp)
        call    timer_start
        j       trap_return

1:      la      a1, no_shell
        li      a2, OFF_NO_SHELL

# power_off_saying(a1 = text, a2 = exit code)
power_off_saying:
        mv      s0, a2
        la      a0, kernel_says
        call    print
        mv      a0, a1
        call    print
        call    print_newline
        mv      a0, s0

# power_off(a0 = exit code)
power_off:
        port_out POWER, a0, t0
        j       power_off

        .section .rodata
        .align  2
shell:          .asciz  "sh"
                .byte   0
kernel_says:    .asciz  "kernel: "
no_shell:       .asciz  "the disk has no shell that can be run"
no_memory:      .asciz  "not enough memory to begin with"

        .bss
        .align  2
        .space  512
boot_stack:
