// Runs one program after the other, each ROUNDS times, and keeps the registers that it ends with. All of a program's
// rounds begin in the same state, but for general registers, some control registers, words of data, and what the round
// before has left in memory.
//
// PROGRAMS has the address of each program, 0 for one that is left out, and 1 behind the last. A round ends by
// jumping to `ended` in machine mode, with x1 in pmpaddr14, mstatus in pmpaddr15, and MPRV off.

        .equ DONE, 0x80011000           // how many programs have ended
        .equ RECORD, 0x80011004         // where the registers of the present one go
        .equ PROGRAMS, 0x80011100
        .equ RECORD_SIZE, 256
        .equ FINISHED, 0x80011008       // 1 when all have
        .equ ROUND, 0x8001100c          // how many rounds of the present one have ended
        .equ ROUNDS, 32
        .equ BEGINNINGS, 0x80012000     // of each round: a word, x1 and so on, words of data, control registers
        .equ DATA, 0x4000               // where a program has these
        .equ TRAPS, 200                 // the most traps of a round, to each mode
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
        csrw stvec, zero
        csrw scounteren, zero
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
        li x6, TRAPS
        csrw pmpaddr13, x6
        csrw sscratch, x6
        lw x1, 12(x1)
        slli x1, x1, 8
        set x2, BEGINNINGS
        add x1, x1, x2
        lui x2, %hi(DATA)
        add x5, x5, x2

        .macro copy from, to
        lw x6, \from(x1)
        sw x6, \to(x5)
        .endm

        copy 128, 0
        copy 132, 4
        copy 136, 8
        copy 140, 12
        copy 144, 16
        copy 148, 20
        copy 152, 24
        copy 156, 28
        copy 160, 32
        copy 164, 36
        copy 168, 40
        copy 172, 44

        .macro begin name, from
        lw x6, \from(x1)
        csrw \name, x6
        .endm

        begin mscratch, 176
        begin mcause, 180
        begin mtval, 184
        begin sepc, 188
        begin scause, 192
        begin stval, 196
        lw x31, 124(x1)
        lw x30, 120(x1)
        lw x29, 116(x1)
        lw x28, 112(x1)
        lw x27, 108(x1)
        lw x26, 104(x1)
        lw x25, 100(x1)
        lw x24, 96(x1)
        lw x23, 92(x1)
        lw x22, 88(x1)
        lw x21, 84(x1)
        lw x20, 80(x1)
        lw x19, 76(x1)
        lw x18, 72(x1)
        lw x17, 68(x1)
        lw x16, 64(x1)
        lw x15, 60(x1)
        lw x14, 56(x1)
        lw x13, 52(x1)
        lw x12, 48(x1)
        lw x11, 44(x1)
        lw x10, 40(x1)
        lw x9, 36(x1)
        lw x8, 32(x1)
        lw x7, 28(x1)
        lw x6, 24(x1)
        lw x5, 20(x1)
        lw x4, 16(x1)
        lw x3, 12(x1)
        lw x2, 8(x1)
        lw x1, 4(x1)
begin:  mret

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
        set x1, DONE
        lw x2, 4(x1)
        addi x2, x2, RECORD_SIZE
        sw x2, 4(x1)
        lw x2, 12(x1)
        addi x2, x2, 1
        sw x2, 12(x1)
        addi x2, x2, -ROUNDS
        bltz x2, next
        sw zero, 12(x1)
        lw x2, 0(x1)
        addi x2, x2, 1
        sw x2, 0(x1)
        j next
skip:   addi x2, x2, 1
        sw x2, 0(x1)
        lw x2, 4(x1)
        set x3, ROUNDS * RECORD_SIZE
        add x2, x2, x3
        sw x2, 4(x1)
        j next
finish: csrw mie, zero               // nothing wakes it
        set x1, FINISHED
        li x2, 1
        sw x2, 0(x1)
parked: wfi
        j parked
