# Wrong operands. A caret line says where the fault of the line above it begins, and its message.
        addi    a0, a0
#       ^ addi with 2 operands; it is written 'addi rd, rs1, imm'
        nop     a0
#               ^ nop with one operand; it is written 'nop'
        mv      a0, a1, a2
#                       ^ mv with 3 operands; it is written 'mv rd, rs1'
        add
#       ^ add with no operands; it is written 'add rd, rs1, rs2' or 'add rd, rs1, imm'
        lw      a0, 5
#                   ^ imm(rs1) must stand here; it is written 'lw rd, imm(rs1)'
        lw      a0, 4(x16)
#                   ^ x16 is not a register (zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 r0..r15 x0..x15); it is written 'lw rd, imm(rs1)'
        lw      5, 4(a0)
#               ^ 5 is not a register (zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 r0..r15 x0..x15); it is written 'lw rd, imm(rs1)'
        mv      a0, b1
#                   ^ b1 is not a register (zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 r0..r15 x0..x15); it is written 'mv rd, rs1'
        mv      a0, (a1)
#                   ^ this is not a register (zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 r0..r15 x0..x15); it is written 'mv rd, rs1'
        swap    a0, a1, 4(a2)
#                       ^ (rs1) must stand here; it is written 'swap rd, rs2, (rs1)'
        rdcr    a0, a1
#                   ^ a1 is not a control register (tvec epc cause tval scratch ie ip time timeh timecmp timecmph vmid); it is written 'rdcr rd, cr'
        li      a0, 4(a1)
#                   ^ an expression must stand here; it is written 'li rd, value'
        jal     "x"
#               ^ an expression must stand here; it is written 'jal rd, far' or 'jal target'
        add     a0, , a1
#                   ^ operand 2 is missing; it is written 'add rd, rs1, rs2' or 'add rd, rs1, imm'
        add     a0, a1, a9
#                       ^ a9 is neither a register nor a symbol
        li      a0, a1
#                   ^ register a1 cannot stand here, and there is no symbol a1
        foo     a0
#       ^ unknown instruction foo
        bar
#       ^ unknown instruction bar; a label is written bar:
loop    li a0, 1
#   ^ a colon is missing after loop
again   .word 1
#    ^ a colon is missing after again
        j       loop
        add     a0 a1, a2
#                  ^ a comma is missing before a1
        lw      a0 4(a1)
#                  ^ a comma is missing before 4
        add     a0, a1, a2,
#                          ^ operand 4 is missing; it is written 'add rd, rs1, rs2' or 'add rd, rs1, imm'
        add     A0, a1, a2
#               ^ A0 is not a register; it is written 'add rd, rs1, rs2' or 'add rd, rs1, imm'; did you mean a0?
        add     a0, a1, A2
#                       ^ A2 is neither a register nor a symbol; did you mean a2?
        rdcr    a0, mepc
#                   ^ mepc is not a control register; it is written 'rdcr rd, cr'; did you mean epc?
        adddi   a0, a0, 1
#       ^ unknown instruction adddi; did you mean addi?
        ADD     a0, a0, a0
#       ^ unknown instruction ADD; did you mean add?
        subb    a0, a0, a0
#       ^ unknown instruction subb; did you mean sub?
        inc     a0
#       ^ unknown instruction inc
        word    1
#       ^ unknown instruction word; did you mean .word?
        section .text
#       ^ unknown instruction section; did you mean .section?
        .macro  Zero_All
        .endm
        zero_al
#       ^ unknown instruction zero_al; did you mean zero_all?
        ecall
#       ^ unknown instruction ecall; pg32 has 'syscall uimm'
        mret
#       ^ unknown instruction mret; pg32 has 'rfe'
        WFI
#       ^ unknown instruction WFI; pg32 has 'hlt'
        csrr    a0, mstatus
#       ^ unknown instruction csrr; pg32 has 'rdcr rd, cr'
        csrw    mtvec, a0
#       ^ unknown instruction csrw; pg32 has 'wrcr cr, rs1'
        sfence.vma
#       ^ unknown instruction sfence.vma; pg32 has 'tlbflush'
