// The plan of the hypercall `iret` took the field that interrupts are enabled by on PG32 for what `enable` says: where
// that is something else, the guest found its interrupts masked in the shared frame.
// isa: described below
// way: para
// stops: 321
// console: 2b88e3
// disk: yes
// entropy: 57102
// build: PARAVIRT
//| isa generated extends pg32v "a machine by chance";
//| interrupts {
//|     enable psw.RING != 0 ? ~0 : psw.IE ? zx(psw.FLAGS) : 0;
//|     pending ie & ip;
//|     order 0;
//|     cause 0x80000000 | line;
//|     value 0;
//| }
//| insn ga0 : R(0xa0) { rd = ((~rs2) * (~rs1)); }
//| insn ga1 : R(0xa1) { require (~rs2[21:21]) else breakpoint; rd = (((rs2 <=s rs2) ? (sx(rs2, 64))[57:26] : (rs2 + rs1)) /s zx((rs2[31:25] ^ rs1[29:23]), 32)); }
//| insn ga2 : R(0xa2) { let old = mem[rs1, 4, write]; mem[rs1, 4] = (sx({old[20:13], old[31:8]}, 64) + zx((rs2 /s old), 64))[38:7]; rd = old; }
//| insn ga3 : R(0xa3) { rd = zx(zx(mem[(~(rs2 * rs2)), 2], 40), 64)[35:4]; }
//| insn ga4 : R(0xa4) { let old = mem[((rs1[24:24] ? rs2 : rs2) << (rs1[28:24] << rs1[3:1])), 4, write]; mem[((rs1[24:24] ? rs2 : rs2) << (rs1[28:24] << rs1[3:1])), 4] = {(old /s old), (old[12:12] ? old : old)}[59:28]; rd = old; }
//| guard xor { require psw.RING == 0 | psw.FLAGS[0] else privileged(word); }
//| on reset() { a0 = memory_size(); a1 = vmid; psw.FLAGS = 0x81; s0 = a0 >>u 3; }

        addi s1, zero, 12288
        addi a4, s1, 0
        addi a5, zero, 18176
        hcall 1
        addi s1, zero, 27
        addi a4, s1, 0
        addi a5, zero, 0
        hcall 10
        addi s1, zero, 0
        addi a4, s1, 0
        addi a5, zero, 0
        hcall 0
        addi s1, zero, -1
        addi a4, s1, 0
        addi a5, zero, 0
        hcall 7
        addi a1, zero, 17920
        lui tp, 0x3710
        addi tp, tp, 160
        mul t2, s1, s1
        jalr zero, 0(ra)
        add t0, ra, ra
other1:
        and t1, zero, a0
        mul sp, a0, t1
        sra a5, t1, zero
        srli a4, a4, 1
        jalr zero, 0(ra)
        .org 0x3000
        addi a4, zero, 18188
        lw gp, 0(a4)
        blt gp, zero, 0x3038
        addi tp, zero, 17920
        addi a4, zero, 18184
        sw gp, 0(a4)
        addi a5, zero, 0
        hcall 2
l8:
        addi gp, gp, 12288
        addi gp, gp, 4
        addi a4, zero, 18184
        sw gp, 0(a4)
        addi a5, zero, 0
        hcall 2
