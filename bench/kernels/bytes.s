	.file	"bytes.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	copy, @function
copy:
	beq	a2,zero,.L1
	add	a2,a0,a2
.L3:
	lbu	a5,0(a1)
	addi	a0,a0,1
	addi	a1,a1,1
	sb	a5,-1(a0)
	bne	a0,a2,.L3
.L1:
	ret
	.size	copy, .-copy
	.align	2
	.type	length, @function
length:
	lbu	a5,0(a0)
	beq	a5,zero,.L12
	mv	a5,a0
.L11:
	lbu	a4,1(a5)
	addi	a5,a5,1
	bne	a4,zero,.L11
	sub	a0,a5,a0
	ret
.L12:
	li	a0,0
	ret
	.size	length, .-length
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"bytes"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a3,%hi(parts)
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	lw	a1,%lo(parts)(a3)
	addi	sp,sp,-28
	li	a4,8192
	sw	ra,24(sp)
	sw	s0,20(sp)
	sw	s1,16(sp)
	addi	a2,a4,-193
	li	t1,1
	bgtu	a1,a2,.L15
	lw	t1,%lo(parts)(a3)
	addi	a4,a4,-192
	divu	t1,a4,t1
.L15:
	lui	a4,%hi(from)
	li	a2,32768
	addi	a3,a4,%lo(from)
	addi	a2,a2,-1
	addi	a4,a4,%lo(from)
	add	a2,a4,a2
	li	a1,255
	mv	a4,a5
.L16:
	slli	a5,a4,13
	xor	a5,a5,a4
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	a4,a5,5
	xor	a4,a5,a4
	addi	a3,a3,1
	remu	a5,a4,a1
	addi	a5,a5,1
	sb	a5,-1(a3)
	bne	a2,a3,.L16
	beq	t1,zero,.L20
	li	a4,32768
	lui	s0,%hi(to+32767)
	addi	a4,a4,-1
	lui	s1,%hi(to)
	addi	s0,s0,%lo(to+32767)
	li	a3,0
	li	a5,0
	sw	a4,8(sp)
	sw	t1,12(sp)
.L18:
	sw	a5,4(sp)
	lw	a5,8(sp)
	slli	a4,a3,3
	sub	a4,a4,a3
	and	a4,a4,a5
	lui	a5,%hi(from)
	addi	a2,a5,%lo(from)
	add	a4,a2,a4
	ori	t1,a3,1
	addi	a1,a5,%lo(from)
	li	a2,32768
	addi	a0,s1,%lo(to)
	sw	a3,0(sp)
	sb	t1,0(a4)
	call	copy
	addi	a0,s1,%lo(to)
	sb	zero,0(s0)
	call	length
	lw	a5,4(sp)
	lw	a3,0(sp)
	addi	s0,s0,-1
	slli	a4,a5,5
	srli	a5,a5,27
	or	a4,a4,a5
	li	a5,-1640529920
	addi	a5,a5,-1615
	mul	a4,a4,a5
	lui	a5,%hi(to)
	addi	a5,a5,%lo(to)
	add	a5,a5,a3
	lbu	a5,0(a5)
	addi	a3,a3,1
	add	a5,a5,a0
	xor	a5,a5,a4
	lw	a4,12(sp)
	bne	a3,a4,.L18
.L17:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,a5
	call	report
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	li	a0,0
	addi	sp,sp,28
	jr	ra
.L20:
	li	a5,0
	j	.L17
	.size	main, .-main
	.bss
	.align	2
	.type	to, @object
	.size	to, 32768
to:
	.zero	32768
	.type	from, @object
	.size	from, 32768
from:
	.zero	32768
