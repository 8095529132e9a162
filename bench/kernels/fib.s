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
	li	a5,-1640529920
	addi	sp,sp,-16
	addi	a5,a5,-1615
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	ra,12(sp)
	li	s0,35
	li	s1,0
	sw	a5,0(sp)
.L9:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	mul	a0,a0,s0
	addi	s0,s0,1
	call	fib
	lw	a4,0(sp)
	slli	a5,s1,5
	srli	a1,s1,27
	or	a5,a5,a1
	mul	a5,a5,a4
	li	a3,39
	xor	s1,a5,a0
	bne	s0,a3,.L9
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,s1
	call	report
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
	.size	main, .-main
