	.file	"collatz.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	longest, @function
longest:
	li	t2,0
	li	t0,0
	li	t1,1
	bgeu	a0,a1,.L15
.L2:
	mv	a5,a0
	li	a2,0
	beq	a0,t1,.L7
.L6:
	slli	a4,a5,1
	andi	a3,a5,1
	add	a4,a4,a5
	srli	a5,a5,1
	beq	a3,zero,.L5
	addi	a5,a4,1
.L5:
	addi	a2,a2,1
	bne	a5,t1,.L6
	bleu	a2,t0,.L7
	mv	t2,a0
	mv	t0,a2
.L7:
	addi	a0,a0,1
	bne	a1,a0,.L2
	slli	a0,t0,5
	li	a5,-1640529920
	srli	t0,t0,27
	or	a0,a0,t0
	addi	a5,a5,-1615
	mul	a0,a0,a5
	xor	a0,a0,t2
	ret
.L15:
	li	a0,0
	ret
	.size	longest, .-longest
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"collatz"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	li	a5,-1640529920
	addi	sp,sp,-16
	li	a4,151552
	addi	a5,a5,-1615
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	ra,12(sp)
	addi	s0,a4,-1552
	li	s1,0
	sw	a5,0(sp)
.L17:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	mv	a1,s0
	addi	s0,s0,-1
	call	longest
	srli	a5,s1,27
	slli	a1,s1,5
	or	a1,a1,a5
	lw	a5,0(sp)
	li	a3,151552
	addi	a3,a3,-1562
	mul	a1,a1,a5
	xor	s1,a1,a0
	bne	s0,a3,.L17
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
