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
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	addi	sp,sp,-20
	sw	ra,16(sp)
	sw	s0,12(sp)
	sw	s1,8(sp)
	li	a4,9
	bgtu	a3,a4,.L17
	lw	a5,%lo(parts)(a5)
	li	s0,10
	bgtu	a5,s0,.L20
	divu	a5,s0,a5
	li	a3,151552
	li	s0,0
	li	s1,0
	sw	a5,0(sp)
	addi	a5,a3,-1552
	sw	a5,4(sp)
.L19:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	lw	a5,4(sp)
	sub	a1,a5,s0
	call	longest
	srli	a5,s1,27
	slli	a1,s1,5
	or	a1,a1,a5
	li	a5,-1640529920
	addi	a5,a5,-1615
	mul	a1,a1,a5
	lw	a5,0(sp)
	addi	s0,s0,1
	xor	s1,a1,a0
	bltu	s0,a5,.L19
	j	.L18
.L17:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	li	a1,151552
	addi	a1,a1,-1552
	call	longest
	mv	s1,a0
.L18:
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
.L20:
	li	s1,0
	j	.L18
	.size	main, .-main
