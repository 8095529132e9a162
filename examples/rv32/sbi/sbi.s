# The firmware of ring1's boards for RISC-V: a supervisor binary interface for one hart, in M mode.
#
# RISC-V Supervisor Binary Interface Specification 1.0: the legacy calls 0 to 8, and the extensions Base, TIME, IPI, RFENCE,
# HSM and SRST, of version 0.3. It begins as OpenSBI's fw_dynamic does: a0 is the hart, a1 the device tree, and a2 points to
# what says where to go on, and in which mode.
#
# UART, CLINT and FINISHER are the addresses of the board's devices.

        .equ NEXT_ADDRESS, 8            # struct fw_dynamic_info
        .equ NEXT_MODE, 12
        .equ LINE_STATUS, 5             # of the UART
        .equ MTIMECMP, 0x4000           # of the CLINT
        .equ DELEGATED, 0xb1ff & ~0x200 # exceptions that S handles: all but its own calls
        .equ SSIP, 0x002
        .equ STIP, 0x020
        .equ MTIP, 0x080
        .equ FAILED, -1                 # errors
        .equ NOT_SUPPORTED, -2
        .equ INVALID, -3
        .equ AVAILABLE, -6

        .macro address register, place
        lui \register, %hi(\place)
        addi \register, \register, %lo(\place)
        .endm

        .globl _start
_start: csrw mie, zero
        address sp, saved
        csrw mscratch, sp
        address t0, trap
        csrw mtvec, t0
        li t0, DELEGATED
        csrw medeleg, t0
        li t0, 0x222                    # software, timer and external interrupts of S
        csrw mideleg, t0
        li t0, 7                        # counters that S and U may read
        csrw mcounteren, t0
        csrw scounteren, t0
        li t0, -1                       # all memory is permitted
        csrw pmpaddr0, t0
        li t0, 0x1f
        csrw pmpcfg0, t0
        li t0, CLINT + MTIMECMP
        li t1, -1
        sw t1, 0(t0)
        sw t1, 4(t0)
        lw t0, NEXT_ADDRESS(a2)
        csrw mepc, t0
        lw t0, NEXT_MODE(a2)
        slli t0, t0, 11                 # MPP
        csrw mstatus, t0
        csrw satp, zero
        mret

# All registers but a0 and a1 are as they were for the caller.
        .balign 4
trap:   csrrw sp, mscratch, sp
        sw t0, 0(sp)
        sw t1, 4(sp)
        csrr t0, mcause
        bltz t0, interrupt
        addi t0, t0, -9                 # ecall from S
        bnez t0, unexpected
        csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        li t0, 9
        bltu a7, t0, legacy
        li t0, 0x10
        beq a7, t0, base
        li t0, 0x54494d45
        beq a7, t0, time_
        li t0, 0x735049
        beq a7, t0, ipi
        li t0, 0x52464e43
        beq a7, t0, rfence
        li t0, 0x48534d
        beq a7, t0, hsm
        li t0, 0x53525354
        beq a7, t0, srst
unknown: li a0, NOT_SUPPORTED
        j empty
invalid: li a0, INVALID
        j empty
fine:   li a0, 0
empty:  li a1, 0
done:   lw t0, 0(sp)
        lw t1, 4(sp)
        csrrw sp, mscratch, sp
        mret

# The timer becomes S's interrupt, until S sets it again.
interrupt:
        slli t0, t0, 1
        addi t0, t0, -14                # line 7
        bnez t0, software
        li t0, MTIP
        csrc mie, t0
        li t0, STIP
        csrs mip, t0
        j done
software:
        addi t0, t0, 8                  # line 3
        bnez t0, unexpected
        li t0, CLINT
        sw zero, 0(t0)
        csrsi mip, SSIP
        j done

# What can only be an error of this firmware: the machine is off, with the exit code 1.
unexpected:
        li t0, 0x13333
off:    li t1, FINISHER
        sw t0, 0(t1)
1:      wfi
        j 1b

# --- Legacy calls: the answer is in a0 alone ------------------------------------
legacy: beqz a7, legacy_timer
        addi t0, a7, -1
        beqz t0, putchar
        addi t0, a7, -2
        beqz t0, getchar
        addi t0, a7, -3
        beqz t0, clear_ipi
        addi t0, a7, -4
        beqz t0, send_ipi
        li t0, 0x5555
        addi t1, a7, -8
        beqz t1, off
        fence.i                         # 5 to 7
        sfence.vma
        j good
legacy_timer:
        li t0, CLINT + MTIMECMP
        li t1, -1
        sw t1, 4(t0)                    # no moment between the two halves is before the new time
        sw a0, 0(t0)
        sw a1, 4(t0)
        li t0, STIP
        csrc mip, t0
        li t0, MTIP
        csrs mie, t0
good:   li a0, 0
        j done
putchar: li t0, UART
1:      lbu t1, LINE_STATUS(t0)
        andi t1, t1, 0x20
        beqz t1, 1b
        sb a0, 0(t0)
        j good
getchar: li t0, UART
        li a0, -1
        lbu t1, LINE_STATUS(t0)
        andi t1, t1, 1
        beqz t1, done
        lbu a0, 0(t0)
        j done
clear_ipi:
        csrci mip, SSIP
        j good
send_ipi:
        csrsi mip, SSIP
        j good

# --- Extensions ------------------------------------------------------------------
base:   li a1, 3                        # version 0.3
        beqz a6, value
        li a1, 0x72316e67               # this implementation, and its version
        addi t0, a6, -1
        beqz t0, value
        li a1, 1
        addi t0, a6, -2
        beqz t0, value
        addi t0, a6, -3
        beqz t0, probe
        csrr a1, mvendorid
        addi t0, a6, -4
        beqz t0, value
        csrr a1, marchid
        addi t0, a6, -5
        beqz t0, value
        csrr a1, mimpid
        addi t0, a6, -6
        bnez t0, unknown
value:  li a0, 0
        j done
probe:  li a1, 1
        li t0, 9
        bltu a0, t0, value
        li t0, 0x10
        beq a0, t0, value
        li t0, 0x54494d45
        beq a0, t0, value
        li t0, 0x735049
        beq a0, t0, value
        li t0, 0x52464e43
        beq a0, t0, value
        li t0, 0x48534d
        beq a0, t0, value
        li t0, 0x53525354
        beq a0, t0, value
        j fine

time_:  bnez a6, unknown
        li t0, CLINT + MTIMECMP
        li t1, -1
        sw t1, 4(t0)
        sw a0, 0(t0)
        sw a1, 4(t0)
        li t0, STIP
        csrc mip, t0
        li t0, MTIP
        csrs mie, t0
        j fine

# Harts are given as a mask and the number of its first one, or all by -1; there is hart 0.
ipi:    bnez a6, unknown
        li t0, -1
        beq a1, t0, 1f
        bnez a1, invalid
        addi t0, a0, -1
        bnez t0, invalid
1:      csrsi mip, SSIP
        j fine
rfence: sltiu t0, a6, 3
        beqz t0, unknown
        fence.i
        sfence.vma
        j fine
hsm:    beqz a6, 1f                     # hart_start
        addi t0, a6, -2                 # hart_get_status
        bnez t0, unknown
        bnez a0, invalid
        j fine                          # started
1:      bnez a0, invalid
        li a0, AVAILABLE
        j empty
srst:   bnez a6, unknown
        sltiu t0, a0, 3
        beqz t0, invalid
        li t0, 0x7777
        bnez a0, off                    # a reboot, cold or warm
        li t0, 0x5555
        beqz a1, off
        li t0, 0x13333                  # off, after a failure
        j off

# In a page without code, as whoever translates code watches pages that have some.
        .bss
        .balign 4096
saved:  .space 8
