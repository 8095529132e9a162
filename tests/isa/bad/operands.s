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
        lw      a0, 4(x5)
#                   ^ x5 is not a register; it is written 'lw rd, imm(rs1)'
        lw      5, 4(a0)
#               ^ 5 is not a register; it is written 'lw rd, imm(rs1)'
        mv      a0, b1
#                   ^ b1 is not a register; it is written 'mv rd, rs1'
        mv      a0, (a1)
#                   ^ this is not a register; it is written 'mv rd, rs1'
        swap    a0, a1, 4(a2)
#                       ^ (rs1) must stand here; it is written 'swap rd, rs2, (rs1)'
        rdcr    a0, a1
#                   ^ a1 is not a control register; it is written 'rdcr rd, cr'
        li      a0, 4(a1)
#                   ^ an expression must stand here; it is written 'li rd, value'
        jal     "x"
#               ^ an expression must stand here; it is written 'jal rd, far' or 'jal target'
        add     a0, , a1
#       ^ operand 2 is missing; it is written 'add rd, rs1, rs2' or 'add rd, rs1, imm'
        add     a0, a1, a9
#                       ^ a9 is neither a register nor a symbol
        li      a0, a1
#                   ^ register a1 cannot stand here, and there is no symbol a1
        foo     a0
#       ^ unknown instruction foo
        adddi   a0, a0, 1
#       ^ unknown instruction adddi; did you mean addi?
        ADD     a0, a0, a0
#       ^ unknown instruction ADD
        csrr    a0, mstatus
#       ^ unknown instruction csrr
