	.file	"quicksort.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	insertion_sort, @function
insertion_sort:
	li	t0,1
	addi	t2,a0,4
	ble	a1,t0,.L1
.L6:
	lw	t1,0(t2)
	mv	a5,t2
	mv	a4,t0
	j	.L3
.L5:
	sw	a3,0(a5)
	addi	a5,a2,-4
	beq	a4,zero,.L8
.L3:
	lw	a3,-4(a5)
	addi	a4,a4,-1
	mv	a2,a5
	bgtu	a3,t1,.L5
	sw	t1,0(a2)
	addi	t0,t0,1
	addi	t2,t2,4
	bne	a1,t0,.L6
.L1:
	ret
.L8:
	mv	a2,a0
	sw	t1,0(a2)
	addi	t0,t0,1
	addi	t2,t2,4
	bne	a1,t0,.L6
	j	.L1
	.size	insertion_sort, .-insertion_sort
	.align	2
	.type	sort, @function
sort:
	addi	sp,sp,-20
	sw	s1,8(sp)
	sw	ra,16(sp)
	sw	s0,12(sp)
	li	a5,12
	mv	s1,a1
	ble	a1,a5,.L13
	li	a5,1073741824
	addi	a5,a5,-1
	sw	a5,4(sp)
.L21:
	srai	a5,s1,1
	lw	a4,4(sp)
	slli	a5,a5,2
	add	a5,a0,a5
	lw	t1,0(a5)
	lw	t0,0(a0)
	add	a4,s1,a4
	slli	a4,a4,2
	add	a4,a0,a4
	bgeu	t1,t0,.L14
	sw	t1,0(a0)
	sw	t0,0(a5)
	lw	a3,0(a4)
	bgeu	a3,t0,.L15
.L22:
	sw	a3,0(a5)
	sw	t0,0(a4)
	lw	t0,0(a5)
.L15:
	lw	t1,0(a0)
	bleu	t1,t0,.L23
	sw	t0,0(a0)
	sw	t1,0(a5)
	lw	t0,0(a0)
.L16:
	mv	a1,a0
	mv	a3,s1
	li	t2,-1
.L17:
	addi	t2,t2,1
	bgtu	t1,t0,.L18
	addi	a4,a3,-1
	slli	a5,a4,2
	add	a5,a0,a5
	j	.L19
.L29:
	addi	a4,a4,-1
.L19:
	lw	a2,0(a5)
	mv	ra,a5
	mv	s0,a3
	addi	a5,a5,-4
	mv	a3,a4
	bgtu	a2,t1,.L29
	bge	t2,a4,.L20
	sw	a2,0(a1)
	sw	t0,0(ra)
.L18:
	lw	t0,4(a1)
	addi	a1,a1,4
	j	.L17
.L20:
	mv	a1,s0
	sw	a0,0(sp)
	call	sort
	lw	a0,0(sp)
	sub	s1,s1,s0
	li	a5,12
	slli	s0,s0,2
	add	a0,a0,s0
	bgt	s1,a5,.L21
.L13:
	lw	s0,12(sp)
	lw	ra,16(sp)
	mv	a1,s1
	lw	s1,8(sp)
	addi	sp,sp,20
	tail	insertion_sort
.L14:
	lw	a3,0(a4)
	bgeu	a3,t1,.L16
	mv	t0,t1
	j	.L22
.L23:
	mv	a5,t1
	mv	t1,t0
	mv	t0,a5
	j	.L16
	.size	sort, .-sort
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"quicksort"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-28
	lui	a4,%hi(seed)
	lui	a5,%hi(parts)
	sw	s0,20(sp)
	lw	s0,%lo(seed)(a4)
	lw	a3,%lo(parts)(a5)
	sw	ra,24(sp)
	sw	s1,16(sp)
	li	a4,5
	bgtu	a3,a4,.L38
	lw	a4,%lo(parts)(a5)
	li	a5,6
	divu	a3,a5,a4
	sw	a3,12(sp)
	bgtu	a4,a5,.L46
.L31:
	li	s1,2097152
	addi	a3,s1,-4
	lui	t0,%hi(numbers)
	li	a5,0
	lui	a4,%hi(numbers+2097152)
	sw	zero,8(sp)
	addi	t1,t0,%lo(numbers)
	addi	a4,a4,%lo(numbers+2097152)
	sw	a3,4(sp)
	mv	s1,a5
.L33:
	mv	a5,t1
	mv	a2,t1
.L34:
	slli	a3,s0,13
	xor	a3,a3,s0
	srli	a1,a3,17
	xor	a3,a3,a1
	slli	s0,a3,5
	xor	s0,a3,s0
	sw	s0,0(a2)
	addi	a2,a2,4
	bne	a2,a4,.L34
	addi	a0,t0,%lo(numbers)
	li	a1,524288
	sw	a5,0(sp)
	call	sort
	lw	a5,4(sp)
	lui	a4,%hi(numbers)
	addi	t1,a4,%lo(numbers)
	lui	a4,%hi(numbers+2097152)
	add	a0,t1,a5
	mv	a3,t1
	lw	a5,0(sp)
	addi	a4,a4,%lo(numbers+2097152)
	lui	t0,%hi(numbers)
	j	.L36
.L48:
	beq	a0,a3,.L47
.L36:
	lw	a1,0(a3)
	lw	a2,4(a3)
	addi	a3,a3,4
	bleu	a1,a2,.L48
	li	a0,1
.L30:
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
.L38:
	li	a5,1
	sw	a5,12(sp)
	j	.L31
.L46:
	li	a5,0
.L32:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,a5
	call	report
	li	a0,0
	j	.L30
.L47:
	li	a2,2097152
	addi	a2,a2,536
	li	a0,-1640529920
	li	a1,4096
	add	a2,t1,a2
	addi	a0,a0,-1615
	addi	a1,a1,-108
.L37:
	slli	a3,s1,5
	srli	s1,s1,27
	or	a3,a3,s1
	mul	a3,a3,a0
	lw	s1,0(a5)
	add	a5,a5,a1
	xor	s1,a3,s1
	bne	a2,a5,.L37
	lw	a5,8(sp)
	lw	a3,12(sp)
	addi	a5,a5,1
	sw	a5,8(sp)
	bltu	a5,a3,.L33
	mv	a5,s1
	j	.L32
	.size	main, .-main
	.bss
	.align	2
	.type	numbers, @object
	.size	numbers, 2097152
numbers:
	.zero	2097152
