	.file	"listwalk.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	build, @function
build:
	lui	a5,%hi(places)
	addi	sp,sp,-4
	mv	a2,a0
	addi	t0,a5,%lo(places)
	addi	t1,a5,%lo(places)
	sw	s0,0(sp)
	addi	a5,a5,%lo(places)
	li	a0,0
	li	a4,8192
.L2:
	sw	a0,0(a5)
	addi	a0,a0,1
	addi	a5,a5,4
	bne	a0,a4,.L2
	lw	a3,0(a2)
	lui	a4,%hi(places+32764)
	addi	a4,a4,%lo(places+32764)
.L3:
	slli	a5,a3,13
	xor	a5,a5,a3
	srli	a3,a5,17
	xor	a5,a5,a3
	slli	a3,a5,5
	xor	a3,a5,a3
	remu	a5,a3,a0
	lw	t2,0(a4)
	mv	a1,a4
	addi	a4,a4,-4
	addi	a0,a0,-1
	slli	a5,a5,2
	add	a5,t1,a5
	lw	s0,0(a5)
	sw	s0,4(a4)
	sw	t2,0(a5)
	bne	t0,a4,.L3
	sw	s0,4(t1)
	sw	t2,0(a5)
	li	a5,32768
	addi	a5,a5,-4
	lui	t0,%hi(nodes)
	add	a1,a1,a5
	li	t1,0
	addi	t0,t0,%lo(nodes)
	j	.L5
.L10:
	lw	a3,0(a2)
	mv	t1,a0
.L5:
	slli	a5,a3,13
	xor	a5,a5,a3
	lw	a0,0(a4)
	srli	a3,a5,17
	xor	a5,a5,a3
	slli	a3,a5,5
	xor	a5,a5,a3
	slli	a0,a0,4
	add	a0,t0,a0
	sw	a5,0(a2)
	sw	t1,0(a0)
	sw	a5,4(a0)
	addi	a4,a4,4
	bne	a1,a4,.L10
	lw	s0,0(sp)
	addi	sp,sp,4
	jr	ra
	.size	build, .-build
	.align	2
	.type	walk, @function
walk:
	mv	a5,a0
	li	a0,0
	beq	a5,zero,.L14
.L13:
	lw	a4,4(a5)
	lw	a5,0(a5)
	add	a0,a0,a4
	bne	a5,zero,.L13
	ret
.L14:
	ret
	.size	walk, .-walk
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"listwalk"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lw	a4,%lo(seed)(a5)
	lui	a5,%hi(parts)
	addi	sp,sp,-28
	lw	a3,%lo(parts)(a5)
	sw	s0,20(sp)
	li	s0,8192
	sw	a4,12(sp)
	sw	ra,24(sp)
	sw	s1,16(sp)
	addi	a4,s0,-193
	bleu	a3,a4,.L17
	addi	a0,sp,12
	call	build
	call	walk
	mv	s0,a0
.L18:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,s0
	call	report
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	li	a0,0
	addi	sp,sp,28
	jr	ra
.L17:
	lw	s1,%lo(parts)(a5)
	addi	a0,sp,12
	call	build
	addi	s0,s0,-192
	mv	a3,a0
	bgtu	s1,s0,.L20
	divu	a5,s0,s1
	li	s1,0
	li	s0,0
	sw	a5,4(sp)
	li	a5,-1640529920
	addi	a5,a5,-1615
	sw	a5,8(sp)
.L19:
	lw	a5,4(a3)
	mv	a0,a3
	sw	a3,0(sp)
	add	a5,a5,s1
	sw	a5,4(a3)
	call	walk
	lw	a4,8(sp)
	slli	a5,s0,5
	srli	a1,s0,27
	or	a5,a5,a1
	mul	a5,a5,a4
	addi	s1,s1,1
	lw	a3,0(sp)
	xor	s0,a5,a0
	lw	a5,4(sp)
	bltu	s1,a5,.L19
	j	.L18
.L20:
	li	s0,0
	j	.L18
	.size	main, .-main
	.bss
	.align	4
	.type	places, @object
	.size	places, 32768
places:
	.zero	32768
	.type	nodes, @object
	.size	nodes, 131072
nodes:
	.zero	131072
