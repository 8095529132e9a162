	.file	"sieve.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	sieve, @function
sieve:
	li	a5,2
	bleu	a0,a5,.L8
	lui	a1,%hi(composite)
	addi	sp,sp,-8
	addi	a1,a1,%lo(composite)
	lui	a5,%hi(composite+2)
	sw	s0,4(sp)
	sw	s1,0(sp)
	mv	a2,a0
	addi	a5,a5,%lo(composite+2)
	add	a4,a0,a1
.L3:
	sb	zero,0(a5)
	addi	a5,a5,1
	bne	a5,a4,.L3
	lui	t2,%hi(composite+4)
	li	s1,2
	addi	t2,t2,%lo(composite+4)
	slli	s0,a2,1
	li	t1,4
	li	a0,0
	sub	s1,s1,a1
	li	t0,1
	j	.L7
.L4:
	addi	t1,t1,2
	addi	a1,a1,1
	addi	t2,t2,2
	beq	t1,s0,.L17
.L7:
	lbu	a5,2(a1)
	bne	a5,zero,.L4
	addi	a0,a0,1
	bgeu	t1,a2,.L4
	add	a3,s1,a1
	mv	a4,t2
	mv	a5,t1
.L6:
	sb	t0,0(a4)
	add	a5,a5,a3
	add	a4,a4,a3
	bgtu	a2,a5,.L6
	addi	t1,t1,2
	addi	a1,a1,1
	addi	t2,t2,2
	bne	t1,s0,.L7
.L17:
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,8
	jr	ra
.L8:
	li	a0,0
	ret
	.size	sieve, .-sieve
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"sieve"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	addi	sp,sp,-20
	sw	ra,16(sp)
	sw	s0,12(sp)
	sw	s1,8(sp)
	li	a4,59
	bgtu	a3,a4,.L19
	lw	a5,%lo(parts)(a5)
	li	s0,60
	bgtu	a5,s0,.L22
	divu	a5,s0,a5
	li	s1,0
	li	s0,0
	sw	a5,0(sp)
	li	a5,-1640529920
	addi	a5,a5,-1615
	sw	a5,4(sp)
.L21:
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a3,1000
	li	a0,1048576
	mul	a5,a5,s0
	addi	s0,s0,1
	mul	a5,a5,a3
	sub	a0,a0,a5
	call	sieve
	lw	a4,4(sp)
	slli	a5,s1,5
	srli	a1,s1,27
	or	a5,a5,a1
	mul	a5,a5,a4
	xor	s1,a5,a0
	lw	a5,0(sp)
	bltu	s0,a5,.L21
	j	.L20
.L19:
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a0,1048576
	call	sieve
	mv	s1,a0
.L20:
	lui	a0,%hi(.LC0)
	mv	a1,s1
	addi	a0,a0,%lo(.LC0)
	call	report
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	li	a0,0
	addi	sp,sp,20
	jr	ra
.L22:
	li	s1,0
	j	.L20
	.size	main, .-main
	.bss
	.align	2
	.type	composite, @object
	.size	composite, 1048576
composite:
	.zero	1048576
