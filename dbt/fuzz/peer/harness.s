// Runs one program after the other, each from the same state, and keeps the registers that it ends with.
//
// PROGRAMS has the address of each program, 0 for one that is left out, and 1 behind the last. A program ends by
// jumping to `ended` in machine mode, with x1 in pmpaddr14, mstatus in pmpaddr15, and MPRV off.

        .equ DONE, 0x80011000           // how many programs have ended
        .equ RECORD, 0x80011004         // where the registers of the present one go
        .equ PROGRAMS, 0x80011100
        .equ RECORD_SIZE, 256
        .equ FINISHED, 0x80011008       // 1 when all have
        .equ SOFTWARE, 0x2000000        // the software interrupt
        .equ COMPARE, 0x2004000         // when the timer interrupts

        .macro set register, value
        lui \register, %hi(\value)
        addi \register, \register, %lo(\value)
        .endm

        .org 0x80000000
        j start                         // many programs store to where RAM begins
        .org 0x80010000
start:  csrr x1, mhartid
        bnez x1, parked
next:   set x1, DONE
        lw x2, 0(x1)
        slli x3, x2, 2
        set x4, PROGRAMS
        add x3, x3, x4
        lw x5, 0(x3)
        beqz x5, skip
        addi x6, x5, -1
        beqz x6, finish
        li x6, -1
        csrw pmpaddr0, x6
        li x6, 0x1f                     // all of memory is everybody's
        csrw pmpcfg0, x6
        set x6, COMPARE
        li x7, -1
        sw x7, 0(x6)
        sw x7, 4(x6)
        set x6, SOFTWARE
        sw zero, 0(x6)
        csrw medeleg, zero
        csrw mideleg, zero
        csrw mie, zero
        csrw mip, zero
        csrw mtvec, zero
        csrw mcounteren, zero
        csrw mscratch, zero
        csrw mcause, zero
        csrw mtval, zero
        csrw stvec, zero
        csrw scounteren, zero
        csrw sscratch, zero
        csrw sepc, zero
        csrw scause, zero
        csrw stval, zero
        csrw satp, zero
        csrw mstatush, zero
        csrw menvcfgh, zero
        csrw menvcfg, zero
        csrw senvcfg, zero
        csrw mcountinhibit, zero
        csrw mepc, x5
        li x6, 0x1800
        csrw mstatus, x6
        sc.w x6, x6, (x1)               // no reservation is left
        sfence.vma
        fence.i
        li x1, 0
        li x2, 0
        li x3, 0
        li x4, 0
        li x5, 0
        li x6, 0
        li x7, 0
        li x8, 0
        li x9, 0
        li x10, 0
        li x11, 0
        li x12, 0
        li x13, 0
        li x14, 0
        li x15, 0
        li x16, 0
        li x17, 0
        li x18, 0
        li x19, 0
        li x20, 0
        li x21, 0
        li x22, 0
        li x23, 0
        li x24, 0
        li x25, 0
        li x26, 0
        li x27, 0
        li x28, 0
        li x29, 0
        li x30, 0
        li x31, 0
        mret

        .macro keep name, at
        csrr x2, \name
        sw x2, \at(x1)
        .endm

ended:  set x1, RECORD
        lw x1, 0(x1)
        sw x2, 8(x1)
        sw x3, 12(x1)
        sw x4, 16(x1)
        sw x5, 20(x1)
        sw x6, 24(x1)
        sw x7, 28(x1)
        sw x8, 32(x1)
        sw x9, 36(x1)
        sw x10, 40(x1)
        sw x11, 44(x1)
        sw x12, 48(x1)
        sw x13, 52(x1)
        sw x14, 56(x1)
        sw x15, 60(x1)
        sw x16, 64(x1)
        sw x17, 68(x1)
        sw x18, 72(x1)
        sw x19, 76(x1)
        sw x20, 80(x1)
        sw x21, 84(x1)
        sw x22, 88(x1)
        sw x23, 92(x1)
        sw x24, 96(x1)
        sw x25, 100(x1)
        sw x26, 104(x1)
        sw x27, 108(x1)
        sw x28, 112(x1)
        sw x29, 116(x1)
        sw x30, 120(x1)
        sw x31, 124(x1)
        keep pmpaddr15, 0
        keep pmpaddr14, 4
        keep medeleg, 128
        keep mideleg, 132
        keep mie, 136
        keep mip, 140
        keep mtvec, 144
        keep mcounteren, 148
        keep mscratch, 152
        keep mepc, 156
        keep mcause, 160
        keep mtval, 164
        keep stvec, 168
        keep scounteren, 172
        keep sscratch, 176
        keep sepc, 180
        keep scause, 184
        keep stval, 188
        keep satp, 192
        keep menvcfg, 196
        keep senvcfg, 200
        keep mcountinhibit, 204
        keep sstatus, 208
        keep sie, 212
        keep sip, 216
        keep misa, 220
        keep mstatush, 224
        keep mvendorid, 228
        keep mhartid, 232
skip:   set x1, DONE
        lw x2, 0(x1)
        addi x2, x2, 1
        sw x2, 0(x1)
        lw x2, 4(x1)
        addi x2, x2, RECORD_SIZE
        sw x2, 4(x1)
        j next
finish: set x1, FINISHED
        li x2, 1
        sw x2, 0(x1)
halt:   j halt
parked: wfi
        j parked
