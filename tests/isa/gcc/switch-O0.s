	.file	"switch.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.globl	big
	.type	big, @function
big:
	addi	sp,sp,-16
	sw	ra,12(sp)
	sw	s0,8(sp)
	addi	s0,sp,16
	sw	a0,-16(s0)
	lw	a4,-16(s0)
	li	a5,10
	bgtu	a4,a5,.L2
	lw	a5,-16(s0)
	slli	a4,a5,2
	lui	a5,%hi(.L4)
	addi	a5,a5,%lo(.L4)
	add	a5,a4,a5
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L4:
	.word	.L11
	.word	.L10
	.word	.L9
	.word	.L8
	.word	.L7
	.word	.L6
	.word	.L5
	.word	.L2
	.word	.L2
	.word	.L2
	.word	.L3
	.text
.L11:
	li	a5,3
	j	.L12
.L10:
	li	a5,8
	j	.L12
.L9:
	li	a5,-4
	j	.L12
.L8:
	li	a0,77
	call	big
	mv	a5,a0
	j	.L12
.L7:
	li	a5,1000
	j	.L12
.L6:
	lw	a5,-16(s0)
	addi	a5,a5,-4
	mv	a0,a5
	call	big
	mv	a4,a0
	li	a5,122880
	addi	a5,a5,576
	add	a5,a4,a5
	j	.L12
.L5:
	li	a5,9
	j	.L12
.L3:
	li	a5,4
	j	.L12
.L2:
	li	a5,0
.L12:
	mv	a0,a5
	lw	ra,12(sp)
	lw	s0,8(sp)
	addi	sp,sp,16
	jr	ra
	.size	big, .-big
	.align	2
	.type	add, @function
add:
	addi	sp,sp,-12
	sw	s0,8(sp)
	addi	s0,sp,12
	sw	a0,-8(s0)
	sw	a1,-12(s0)
	lw	a4,-8(s0)
	lw	a5,-12(s0)
	add	a5,a4,a5
	mv	a0,a5
	lw	s0,8(sp)
	addi	sp,sp,12
	jr	ra
	.size	add, .-add
	.align	2
	.type	sub, @function
sub:
	addi	sp,sp,-12
	sw	s0,8(sp)
	addi	s0,sp,12
	sw	a0,-8(s0)
	sw	a1,-12(s0)
	lw	a4,-8(s0)
	lw	a5,-12(s0)
	sub	a5,a4,a5
	mv	a0,a5
	lw	s0,8(sp)
	addi	sp,sp,12
	jr	ra
	.size	sub, .-sub
	.globl	table
	.data
	.align	2
	.type	table, @object
	.size	table, 16
table:
	.word	add
	.word	sub
	.word	0
	.word	add
	.text
	.align	2
	.globl	dispatch
	.type	dispatch, @function
dispatch:
	addi	sp,sp,-24
	sw	ra,20(sp)
	sw	s0,16(sp)
	addi	s0,sp,24
	sw	a0,-16(s0)
	sw	a1,-20(s0)
	sw	a2,-24(s0)
	lw	a5,-16(s0)
	andi	a5,a5,3
	lui	a4,%hi(table)
	addi	a4,a4,%lo(table)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a5,0(a5)
	lw	a1,-24(s0)
	lw	a0,-20(s0)
	jalr	a5
	mv	a5,a0
	mv	a0,a5
	lw	ra,20(sp)
	lw	s0,16(sp)
	addi	sp,sp,24
	jr	ra
	.size	dispatch, .-dispatch
	.section	.rodata
	.align	2
.LC0:
	.string	"many"
	.text
	.align	2
	.globl	name
	.type	name, @function
name:
	addi	sp,sp,-8
	sw	s0,4(sp)
	addi	s0,sp,8
	sw	a0,-8(s0)
	lw	a4,-8(s0)
	li	a5,4
	bgtu	a4,a5,.L20
	lui	a5,%hi(names.1)
	addi	a4,a5,%lo(names.1)
	lw	a5,-8(s0)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a5,0(a5)
	j	.L22
.L20:
	lui	a5,%hi(.LC0)
	addi	a5,a5,%lo(.LC0)
.L22:
	mv	a0,a5
	lw	s0,4(sp)
	addi	sp,sp,8
	jr	ra
	.size	name, .-name
	.align	2
	.globl	interpret
	.type	interpret, @function
interpret:
	addi	sp,sp,-12
	sw	s0,8(sp)
	addi	s0,sp,12
	sw	a0,-12(s0)
	sw	zero,-8(s0)
	lw	a5,-12(s0)
	addi	a4,a5,1
	sw	a4,-12(s0)
	lbu	a5,0(a5)
	mv	a3,a5
	lui	a5,%hi(labels.0)
	addi	a4,a5,%lo(labels.0)
	slli	a5,a3,2
	add	a5,a4,a5
	lw	a5,0(a5)
	j	.L24
.L25:
	lw	a5,-12(s0)
	addi	a4,a5,1
	sw	a4,-12(s0)
	lbu	a5,0(a5)
	mv	a4,a5
	lw	a5,-8(s0)
	add	a5,a5,a4
	sw	a5,-8(s0)
	lw	a5,-12(s0)
	addi	a4,a5,1
	sw	a4,-12(s0)
	lbu	a5,0(a5)
	mv	a3,a5
	lui	a5,%hi(labels.0)
	addi	a4,a5,%lo(labels.0)
	slli	a5,a3,2
	add	a5,a4,a5
	lw	a5,0(a5)
	nop
.L24:
	jr	a5
.L26:
	lw	a5,-8(s0)
	slli	a5,a5,1
	sw	a5,-8(s0)
	lw	a5,-12(s0)
	addi	a4,a5,1
	sw	a4,-12(s0)
	lbu	a5,0(a5)
	mv	a3,a5
	lui	a5,%hi(labels.0)
	addi	a4,a5,%lo(labels.0)
	slli	a5,a3,2
	add	a5,a4,a5
	lw	a5,0(a5)
	j	.L24
.L27:
	lw	a5,-8(s0)
	mv	a0,a5
	lw	s0,8(sp)
	addi	sp,sp,12
	jr	ra
	.size	interpret, .-interpret
	.section	.rodata
	.align	2
.LC1:
	.string	"zero"
	.align	2
.LC2:
	.string	"one"
	.align	2
.LC3:
	.string	"two"
	.align	2
.LC4:
	.string	"three \"quoted\"\t\n"
	.align	2
.LC5:
	.string	"\377\001"
	.align	2
	.type	names.1, @object
	.size	names.1, 20
names.1:
	.word	.LC1
	.word	.LC2
	.word	.LC3
	.word	.LC4
	.word	.LC5
	.align	2
	.type	labels.0, @object
	.size	labels.0, 12
labels.0:
	.word	.L25
	.word	.L26
	.word	.L27
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
