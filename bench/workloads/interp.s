	.file	"interp.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	run, @function
run:
	addi	sp,sp,-552
	sw	s0,548(sp)
	lui	a1,%hi(.L5)
	lui	s0,%hi(heap)
	li	t2,4096
	sw	s1,544(sp)
	sw	zero,0(sp)
	sw	zero,4(sp)
	sw	zero,8(sp)
	sw	zero,12(sp)
	sw	zero,16(sp)
	sw	zero,20(sp)
	sw	zero,24(sp)
	sw	zero,28(sp)
	sw	zero,32(sp)
	addi	t0,sp,288
	addi	a4,sp,32
	li	a3,0
	li	t1,17
	addi	a1,a1,%lo(.L5)
	addi	s0,s0,%lo(heap)
	addi	t2,t2,-1
.L2:
	lw	a5,0(a0)
	addi	a3,a3,1
	addi	a2,a0,4
	bgtu	a5,t1,.L3
	slli	a5,a5,2
	add	a5,a5,a1
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L5:
	.word	.L22
	.word	.L21
	.word	.L20
	.word	.L19
	.word	.L18
	.word	.L17
	.word	.L16
	.word	.L15
	.word	.L14
	.word	.L13
	.word	.L12
	.word	.L11
	.word	.L10
	.word	.L9
	.word	.L8
	.word	.L7
	.word	.L6
	.word	.L4
	.text
.L6:
	lw	a5,4(a0)
	addi	a0,a0,8
	sw	a0,0(t0)
	addi	a5,a5,1
	slli	a5,a5,2
	add	a0,a2,a5
	addi	t0,t0,4
	j	.L2
.L7:
	lw	s1,0(a4)
	li	a5,4
	addi	a4,a4,-4
	bne	s1,zero,.L25
	lw	a5,4(a0)
	addi	a5,a5,1
	slli	a5,a5,2
.L25:
	add	a0,a2,a5
	j	.L2
.L8:
	lw	a0,4(a0)
	addi	a0,a0,1
	slli	a0,a0,2
	add	a0,a2,a0
	j	.L2
.L9:
	lw	a5,-4(a4)
	mv	a0,a2
	lw	a2,0(a4)
	and	a5,a5,t2
	slli	a5,a5,2
	add	a5,s0,a5
	sw	a2,0(a5)
	addi	a4,a4,-8
	j	.L2
.L10:
	lw	a5,0(a4)
	mv	a0,a2
	and	a5,a5,t2
	slli	a5,a5,2
	add	a5,s0,a5
	lw	a5,0(a5)
	sw	a5,0(a4)
	j	.L2
.L11:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	sub	a5,a5,s1
	seqz	a5,a5
	sw	a5,0(a4)
	j	.L2
.L12:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	sltu	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L13:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	srl	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L14:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	xor	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L15:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	and	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L16:
	lw	a5,0(a4)
	addi	s1,a4,-4
	beq	a5,zero,.L24
	lw	a0,-4(a4)
	remu	a5,a0,a5
.L24:
	sw	a5,-4(a4)
	mv	a0,a2
	mv	a4,s1
	j	.L2
.L17:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	mul	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L18:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	sub	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L19:
	lw	a5,-4(a4)
	lw	s1,0(a4)
	addi	a4,a4,-4
	mv	a0,a2
	add	a5,a5,s1
	sw	a5,0(a4)
	j	.L2
.L20:
	lw	a5,4(a0)
	lw	a2,0(a4)
	addi	a0,a0,8
	slli	a5,a5,2
	addi	a5,a5,544
	add	a5,a5,sp
	sw	a2,-544(a5)
	addi	a4,a4,-4
	j	.L2
.L21:
	lw	a5,4(a0)
	addi	a4,a4,4
	addi	a0,a0,8
	slli	a5,a5,2
	addi	a5,a5,544
	add	a5,a5,sp
	lw	a5,-544(a5)
	sw	a5,0(a4)
	j	.L2
.L22:
	lw	a5,4(a0)
	addi	a4,a4,4
	addi	a0,a0,8
	sw	a5,0(a4)
	j	.L2
.L4:
	lw	a0,-4(t0)
	addi	t0,t0,-4
	j	.L2
.L3:
	lui	a2,%hi(executed)
	lw	a5,%lo(executed)(a2)
	lw	s0,548(sp)
	lw	a0,0(a4)
	add	a5,a5,a3
	sw	a5,%lo(executed)(a2)
	lw	s1,544(sp)
	addi	sp,sp,552
	jr	ra
	.size	run, .-run
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"interp"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a4,500
	lui	a3,%hi(parts)
	mul	a5,a5,a4
	lw	a2,%lo(parts)(a3)
	addi	sp,sp,-12
	sw	ra,8(sp)
	li	a4,1
	bleu	a5,a2,.L33
	lw	a4,%lo(parts)(a3)
	divu	a4,a5,a4
.L33:
	lui	a0,%hi(.LANCHOR0)
	addi	a5,a0,%lo(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	sw	a4,4(a5)
	call	run
	slli	a5,a0,5
	li	a3,-1640529920
	srli	a0,a0,27
	addi	a3,a3,-1615
	or	a5,a5,a0
	lui	a4,%hi(executed)
	lw	a4,%lo(executed)(a4)
	lui	a2,%hi(heap+68)
	lw	a1,%lo(heap+68)(a2)
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mul	a5,a5,a3
	xor	a5,a5,a4
	slli	a4,a5,5
	srli	a5,a5,27
	or	a5,a4,a5
	mul	a5,a5,a3
	xor	a1,a5,a1
	call	report
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
	.size	main, .-main
	.data
	.align	2
	.set	.LANCHOR0,. + 0
	.type	program, @object
	.size	program, 560
program:
	.word	0
	.word	0
	.word	2
	.word	0
	.word	0
	.word	12345
	.word	2
	.word	2
	.word	0
	.word	0
	.word	2
	.word	3
	.word	0
	.word	0
	.word	2
	.word	1
	.word	1
	.word	1
	.word	16
	.word	98
	.word	13
	.word	1
	.word	1
	.word	0
	.word	1
	.word	3
	.word	2
	.word	1
	.word	1
	.word	1
	.word	0
	.word	4096
	.word	10
	.word	15
	.word	2
	.word	14
	.word	-21
	.word	0
	.word	0
	.word	2
	.word	4
	.word	1
	.word	4
	.word	1
	.word	4
	.word	12
	.word	1
	.word	4
	.word	0
	.word	1
	.word	3
	.word	12
	.word	3
	.word	13
	.word	1
	.word	4
	.word	12
	.word	0
	.word	1
	.word	7
	.word	15
	.word	10
	.word	1
	.word	3
	.word	1
	.word	4
	.word	12
	.word	8
	.word	2
	.word	3
	.word	14
	.word	10
	.word	1
	.word	3
	.word	0
	.word	3
	.word	5
	.word	1
	.word	4
	.word	3
	.word	2
	.word	3
	.word	1
	.word	4
	.word	0
	.word	1
	.word	3
	.word	2
	.word	4
	.word	1
	.word	4
	.word	0
	.word	4096
	.word	10
	.word	15
	.word	2
	.word	14
	.word	-57
	.word	1
	.word	0
	.word	0
	.word	1
	.word	4
	.word	2
	.word	0
	.word	1
	.word	0
	.word	0
	.word	0
	.word	11
	.word	15
	.word	-100
	.word	1
	.word	3
	.word	18
	.word	18
	.word	18
	.word	18
	.word	1
	.word	2
	.word	0
	.word	1103515245
	.word	5
	.word	0
	.word	12345
	.word	3
	.word	2
	.word	2
	.word	1
	.word	2
	.word	0
	.word	8
	.word	9
	.word	1
	.word	2
	.word	0
	.word	97
	.word	6
	.word	8
	.word	17
	.bss
	.align	2
	.type	heap, @object
	.size	heap, 16384
heap:
	.zero	16384
	.section	.sbss,"aw",@nobits
	.align	2
	.type	executed, @object
	.size	executed, 4
executed:
	.zero	4
