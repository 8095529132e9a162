	.file	"fib.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	fib, @function
fib:
	addi	sp,sp,-16
	sw	ra,12(sp)
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	a0,0(sp)
	li	a5,1
	bleu	a0,a5,.L4
	mv	s0,a0
	li	s1,0
.L3:
	addi	a0,s0,-1
	call	fib
	addi	s0,s0,-2
	li	a5,1
	add	s1,s1,a0
	bgtu	s0,a5,.L3
	lw	a5,0(sp)
	lw	ra,12(sp)
	andi	s0,a5,1
	add	a0,s0,s1
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L4:
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	a0,0(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
	.size	fib, .-fib
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"fib"
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
	li	a4,999
	bgtu	a3,a4,.L14
	lw	a2,%lo(parts)(a5)
	li	a5,1000
	divu	a2,a5,a2
	beq	a2,a5,.L20
.L9:
	li	a1,999424
	li	a3,38
	li	t1,1618
	li	a0,1000
	addi	a1,a1,575
.L11:
	mul	a5,a2,t1
	mv	a4,a3
	addi	a3,a3,-1
	divu	a2,a5,a0
	bleu	a5,a1,.L11
	addi	s0,a4,-4
	bgtu	s0,a3,.L21
.L10:
	li	a5,-1640529920
	addi	a5,a5,-1615
	li	s1,0
	sw	a5,4(sp)
.L13:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	sw	a3,0(sp)
	mul	a0,a0,s0
	addi	s0,s0,1
	call	fib
	lw	a4,4(sp)
	slli	a5,s1,5
	srli	a1,s1,27
	or	a5,a5,a1
	mul	a5,a5,a4
	lw	a3,0(sp)
	xor	s1,a5,a0
	bgeu	a3,s0,.L13
.L12:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,s1
	call	report
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	li	a0,0
	addi	sp,sp,20
	jr	ra
.L14:
	li	a2,1
	j	.L9
.L20:
	li	a3,38
	li	s0,35
	j	.L10
.L21:
	li	s1,0
	j	.L12
	.size	main, .-main
