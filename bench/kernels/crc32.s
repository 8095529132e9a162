	.file	"crc32.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	make_table, @function
make_table:
	mv	a2,a0
	lui	a0,%hi(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	li	a1,0
	li	t1,256
.L2:
	mv	a5,a1
	li	a4,8
.L4:
	andi	a3,a5,1
	addi	a4,a4,-1
	srli	a5,a5,1
	beq	a3,zero,.L3
	xor	a5,a5,a2
.L3:
	bne	a4,zero,.L4
	sw	a5,0(a0)
	addi	a1,a1,1
	addi	a0,a0,4
	bne	a1,t1,.L2
	ret
	.size	make_table, .-make_table
	.align	2
	.type	crc32, @function
crc32:
	not	a4,a0
	beq	a2,zero,.L11
	lui	a0,%hi(.LANCHOR0)
	add	a2,a1,a2
	addi	a0,a0,%lo(.LANCHOR0)
.L13:
	lbu	a5,0(a1)
	srli	a3,a4,8
	addi	a1,a1,1
	xor	a5,a5,a4
	andi	a5,a5,255
	slli	a5,a5,2
	add	a5,a0,a5
	lw	a4,0(a5)
	xor	a4,a4,a3
	bne	a2,a1,.L13
	not	a0,a4
.L11:
	ret
	.size	crc32, .-crc32
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"crc32"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(parts)
	lui	a4,%hi(seed)
	lw	a4,%lo(seed)(a4)
	lw	a2,%lo(parts)(a5)
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	ra,12(sp)
	sw	s1,4(sp)
	li	a3,1499
	li	s0,1
	bgtu	a2,a3,.L17
	lw	a5,%lo(parts)(a5)
	li	s0,1500
	divu	s0,s0,a5
.L17:
	li	a0,-306675712
	addi	a0,a0,800
	sw	a4,0(sp)
	call	make_table
	lui	a5,%hi(data)
	lw	a4,0(sp)
	addi	a3,a5,%lo(data)
	li	a2,65536
	add	a2,a3,a2
.L18:
	slli	a5,a4,13
	xor	a5,a5,a4
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	a4,a5,5
	xor	a4,a5,a4
	sb	a4,0(a3)
	addi	a3,a3,1
	bne	a2,a3,.L18
	beq	s0,zero,.L22
	li	s1,0
	li	a1,0
.L20:
	lui	a5,%hi(data)
	mv	a0,a1
	li	a2,65536
	addi	a1,a5,%lo(data)
	call	crc32
	addi	s1,s1,1
	mv	a1,a0
	bne	s1,s0,.L20
.L19:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	report
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L22:
	li	a1,0
	j	.L19
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	table, @object
	.size	table, 1024
table:
	.zero	1024
	.type	data, @object
	.size	data, 65536
data:
	.zero	65536
