# The kernels as programs: main() runs in ring 3, under an operating system that writes bytes and ends. In place of
# kernel.s and start.s; with PARAVIRT it is built for a kernel that asks its monitor, with FOREVER it begins again when
# it is done. `report` is kernel.c's.

        .include "../../examples/os/machine.s"

        .equ    WRITE,  1                       # a0 = a byte
        .equ    EXIT,   0                       # a0 = exit code

        .ifndef PARTS
        .equ    PARTS,  1
        .endif

        .text
        .globl  _start
_start: mv      sp, a0                          # the stack at the top of RAM
        la      t0, handler
        set_trap_handler t0
        la      t0, program
        li      t1, PSW_USER
        set_trap_return t0, t1
        return_from_trap

program:
        li      a0, 0
        li      a1, 0
        call    main
        .ifdef  FOREVER
        j       program
        .endif
        syscall EXIT

handler:                                        # programs do not rely on t0-t2, a4 and a5 across a system call
        get_trap_cause t0
        addi    t0, t0, -SYSCALL
        bnez    t0, 1f
        get_trap_value t0
        beqz    t0, off
        port_out CONSOLE_DATA, a0, t0
        get_trap_pc t0
        addi    t0, t0, 4
        .ifdef  PARAVIRT
        sw      t0, shared_pc(zero)
        .else
        wrcr    epc, t0
        .endif
        return_from_trap
1:      li      a0, 1                           # a trap that it is not meant to take
off:    port_out POWER, a0, t0

# report(a0 = name, a1 = checksum)
        .globl  report
report: mv      a2, a0
1:      lbu     a0, 0(a2)
        beqz    a0, 2f
        syscall WRITE
        addi    a2, a2, 1
        j       1b
2:      li      a0, ':'
        syscall WRITE
        li      a0, ' '
        syscall WRITE
        li      a2, 28
3:      srl     a0, a1, a2
        andi    a0, a0, 15
        la      a3, digits
        add     a0, a0, a3
        lbu     a0, 0(a0)
        syscall WRITE
        addi    a2, a2, -4
        bgez    a2, 3b
        li      a0, '\n'
        syscall WRITE
        ret

        .section .rodata
digits: .ascii  "0123456789abcdef"

        .data
        .align  2
        .globl  seed
seed:   .word   1
        .globl  parts
parts:  .word   PARTS
