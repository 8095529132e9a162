	.file	"switch.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	add, @function
add:
	add	a0,a0,a1
	ret
	.size	add, .-add
	.align	2
	.type	sub, @function
sub:
	sub	a0,a0,a1
	ret
	.size	sub, .-sub
	.align	2
	.globl	big
	.type	big, @function
big:
	li	a5,10
	bgtu	a0,a5,.L14
	lui	a5,%hi(.L7)
	addi	a5,a5,%lo(.L7)
	slli	a0,a0,2
	add	a0,a0,a5
	lw	a5,0(a0)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L7:
	.word	.L13
	.word	.L15
	.word	.L11
	.word	.L14
	.word	.L10
	.word	.L9
	.word	.L8
	.word	.L14
	.word	.L14
	.word	.L14
	.word	.L6
	.text
.L14:
	li	a0,0
	ret
.L11:
	li	a0,-4
	ret
.L6:
	li	a0,4
	ret
.L10:
	li	a0,1000
	ret
.L8:
	li	a0,9
	ret
.L13:
	li	a0,3
	ret
.L9:
	li	a0,122880
	addi	a0,a0,576
.L12:
	addi	a0,a0,8
	ret
.L15:
	li	a0,0
	j	.L12
	.size	big, .-big
	.align	2
	.globl	dispatch
	.type	dispatch, @function
dispatch:
	andi	a0,a0,3
	lui	a5,%hi(.LANCHOR0)
	slli	a0,a0,2
	addi	a5,a5,%lo(.LANCHOR0)
	add	a5,a5,a0
	lw	a5,0(a5)
	mv	a0,a1
	mv	a1,a2
	jr	a5
	.size	dispatch, .-dispatch
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"many"
	.text
	.align	2
	.globl	name
	.type	name, @function
name:
	li	a5,4
	bgtu	a0,a5,.L19
	lui	a5,%hi(.LANCHOR1)
	slli	a0,a0,2
	addi	a5,a5,%lo(.LANCHOR1)
	add	a5,a5,a0
	lw	a0,0(a5)
	ret
.L19:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	ret
	.size	name, .-name
	.align	2
	.globl	interpret
	.type	interpret, @function
interpret:
	lbu	a5,0(a0)
	lui	a3,%hi(.LANCHOR1)
	addi	a3,a3,%lo(.LANCHOR1)
	slli	a5,a5,2
	add	a5,a3,a5
	lw	a4,20(a5)
	addi	a5,a0,1
	li	a0,0
	jr	a4
.L25:
	ret
.L23:
	lbu	a4,0(a5)
	slli	a0,a0,1
	addi	a5,a5,1
	slli	a4,a4,2
	add	a4,a3,a4
	lw	a4,20(a4)
	jr	a4
.L22:
	lbu	a4,1(a5)
	lbu	a2,0(a5)
	addi	a5,a5,2
	slli	a4,a4,2
	add	a4,a3,a4
	lw	a4,20(a4)
	add	a0,a0,a2
	jr	a4
	.size	interpret, .-interpret
	.section	.rodata.str1.4
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
	.globl	table
	.data
	.align	2
	.set	.LANCHOR0,. + 0
	.type	table, @object
	.size	table, 16
table:
	.word	add
	.word	sub
	.word	0
	.word	add
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	names.1, @object
	.size	names.1, 20
names.1:
	.word	.LC1
	.word	.LC2
	.word	.LC3
	.word	.LC4
	.word	.LC5
	.type	labels.0, @object
	.size	labels.0, 12
labels.0:
	.word	.L22
	.word	.L23
	.word	.L25
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
