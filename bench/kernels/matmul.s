	.file	"matmul.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	multiply, @function
multiply:
	lui	a5,%hi(left)
	li	a4,65536
	addi	sp,sp,-16
	addi	a5,a5,%lo(left)
	addi	a4,a4,512
	sw	s1,8(sp)
	addi	a0,a5,512
	add	s1,a5,a4
	lui	a5,%hi(right)
	lui	a3,%hi(product)
	addi	a5,a5,%lo(right)
	lui	t2,%hi(right+512)
	sw	s0,12(sp)
	addi	a3,a3,%lo(product)
	sw	a5,4(sp)
	addi	t2,t2,%lo(right+512)
.L2:
	lw	t1,4(sp)
	mv	t0,a3
	addi	s0,a0,-512
	mv	a1,a3
.L6:
	mv	a5,s0
	mv	a3,t1
	li	a2,0
	sw	t0,0(sp)
.L3:
	lw	a4,0(a5)
	lw	t0,0(a3)
	addi	a5,a5,4
	addi	a3,a3,512
	mul	a4,a4,t0
	add	a2,a2,a4
	bne	a5,a0,.L3
	lw	t0,0(sp)
	addi	t1,t1,4
	sw	a2,0(t0)
	addi	t0,t0,4
	bne	t1,t2,.L6
	addi	a0,a5,512
	addi	a3,a1,512
	bne	a0,s1,.L2
	lw	s0,12(sp)
	lw	s1,8(sp)
	addi	sp,sp,16
	jr	ra
	.size	multiply, .-multiply
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"matmul"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	t1,%hi(seed)
	lui	a4,%hi(parts)
	lw	a5,%lo(seed)(t1)
	lw	a2,%lo(parts)(a4)
	addi	sp,sp,-28
	sw	s0,20(sp)
	sw	ra,24(sp)
	sw	s1,16(sp)
	li	a3,99
	li	s0,1
	bgtu	a2,a3,.L11
	lw	a4,%lo(parts)(a4)
	li	s0,100
	divu	s0,s0,a4
.L11:
	lui	s1,%hi(left)
	li	t0,65536
	addi	s1,s1,%lo(left)
	lui	a0,%hi(right)
	addi	t0,t0,512
	addi	a0,a0,%lo(right)
	addi	a1,s1,512
	add	t0,s1,t0
.L12:
	addi	a3,a1,-512
	mv	a2,a0
.L13:
	slli	a4,a5,13
	xor	a4,a4,a5
	srli	a5,a4,17
	xor	a4,a4,a5
	slli	a5,a4,5
	xor	a4,a4,a5
	slli	a5,a4,13
	xor	a5,a5,a4
	srli	t2,a5,17
	xor	a5,a5,t2
	slli	t2,a5,5
	xor	a5,a5,t2
	sw	a4,0(a3)
	sw	a5,0(a2)
	addi	a3,a3,4
	addi	a2,a2,4
	bne	a1,a3,.L13
	addi	a1,a1,512
	addi	a0,a0,512
	bne	a1,t0,.L12
	beq	s0,zero,.L21
	lui	a0,%hi(product)
	li	a3,0
	li	a1,0
	addi	a0,a0,%lo(product)
.L16:
	li	a5,7
	remu	a5,a3,a5
	slli	a4,a3,7
	lw	t0,%lo(seed)(t1)
	sw	a0,12(sp)
	sw	a1,8(sp)
	sw	a3,4(sp)
	sw	a4,0(sp)
	add	a5,a4,a5
	slli	a5,a5,2
	add	a5,s1,a5
	lw	t2,0(a5)
	add	t0,t2,t0
	sw	t0,0(a5)
	call	multiply
	lw	a1,8(sp)
	lw	a3,4(sp)
	li	a4,-1640529920
	slli	a5,a1,5
	srli	a1,a1,27
	or	a5,a5,a1
	addi	a2,a4,-1615
	mul	t0,a5,a2
	lw	a4,0(sp)
	slli	a5,a3,5
	sub	a5,a5,a3
	lw	a0,12(sp)
	andi	a5,a5,127
	add	a5,a4,a5
	slli	a5,a5,2
	add	a5,a0,a5
	lw	a1,0(a5)
	addi	a3,a3,1
	lui	t1,%hi(seed)
	xor	a1,t0,a1
	bne	a3,s0,.L16
.L15:
	li	a5,65536
	addi	a5,a5,512
	li	a2,-1640529920
	addi	a3,a0,512
	addi	a2,a2,-1615
	add	a0,a0,a5
.L17:
	addi	a4,a3,-512
.L18:
	slli	a5,a1,5
	srli	a1,a1,27
	or	a5,a5,a1
	mul	a5,a5,a2
	lw	a1,0(a4)
	addi	a4,a4,4
	xor	a1,a5,a1
	bne	a3,a4,.L18
	addi	a3,a3,512
	bne	a0,a3,.L17
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	report
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	li	a0,0
	addi	sp,sp,28
	jr	ra
.L21:
	lui	a0,%hi(product)
	li	a1,0
	addi	a0,a0,%lo(product)
	j	.L15
	.size	main, .-main
	.bss
	.align	2
	.type	product, @object
	.size	product, 65536
product:
	.zero	65536
	.type	right, @object
	.size	right, 65536
right:
	.zero	65536
	.type	left, @object
	.size	left, 65536
left:
	.zero	65536
