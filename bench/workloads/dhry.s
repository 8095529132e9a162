	.file	"dhry.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	compare, @function
compare:
	lbu	a5,0(a0)
	bne	a5,zero,.L2
	j	.L8
.L4:
	lbu	a5,0(a0)
	beq	a5,zero,.L9
	mv	a1,a3
.L2:
	lbu	a4,0(a1)
	addi	a0,a0,1
	addi	a3,a1,1
	beq	a4,a5,.L4
.L3:
	sub	a0,a5,a4
	ret
.L9:
	lbu	a4,1(a1)
	sub	a0,a5,a4
	ret
.L8:
	lbu	a4,0(a1)
	j	.L3
	.size	compare, .-compare
	.align	2
	.type	copy, @function
copy:
.L11:
	lbu	a5,0(a1)
	addi	a0,a0,1
	addi	a1,a1,1
	sb	a5,-1(a0)
	bne	a5,zero,.L11
	ret
	.size	copy, .-copy
	.align	2
	.type	same_at, @function
same_at:
	bne	a0,a1,.L15
	lui	a5,%hi(mark)
	sb	a0,%lo(mark)(a5)
	li	a0,1
	ret
.L15:
	li	a0,0
	ret
	.size	same_at, .-same_at
	.align	2
	.type	behind, @function
behind:
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	ra,12(sp)
	mv	a5,a1
	mv	s1,a0
	lbu	a1,3(a1)
	lbu	a0,2(a0)
	sw	a5,0(sp)
	call	same_at
	lw	a5,0(sp)
	snez	s0,a0
	mv	a0,s1
	mv	a1,a5
	call	compare
	bgt	a0,zero,.L22
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L22:
	neg	s0,s0
	andi	s0,s0,-2
	addi	s0,s0,5
	addi	s0,s0,7
	lui	a5,%hi(total)
	lw	ra,12(sp)
	sw	s0,%lo(total)(a5)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,1
	addi	sp,sp,16
	jr	ra
	.size	behind, .-behind
	.align	2
	.type	is_blue, @function
is_blue:
	addi	a0,a0,-2
	seqz	a0,a0
	ret
	.size	is_blue, .-is_blue
	.align	2
	.type	other_colour, @function
other_colour:
	addi	sp,sp,-12
	sw	s0,4(sp)
	sw	ra,8(sp)
	mv	s0,a0
	call	is_blue
	beq	a0,zero,.L28
	li	a5,2
	beq	s0,a5,.L29
	bgtu	s0,a5,.L26
	beq	s0,zero,.L25
	lui	a5,%hi(total)
	lw	s0,%lo(total)(a5)
	slti	s0,s0,101
	slli	s0,s0,2
.L25:
	lw	ra,8(sp)
	mv	a0,s0
	lw	s0,4(sp)
	addi	sp,sp,12
	jr	ra
.L26:
	li	a5,3
	beq	s0,a5,.L25
	li	s0,2
	lw	ra,8(sp)
	mv	a0,s0
	lw	s0,4(sp)
	addi	sp,sp,12
	jr	ra
.L28:
	li	s0,4
	lw	ra,8(sp)
	mv	a0,s0
	lw	s0,4(sp)
	addi	sp,sp,12
	jr	ra
.L29:
	li	s0,1
	lw	ra,8(sp)
	mv	a0,s0
	lw	s0,4(sp)
	addi	sp,sp,12
	jr	ra
	.size	other_colour, .-other_colour
	.align	2
	.type	sum_of, @function
sum_of:
	addi	a0,a0,2
	add	a0,a0,a1
	sw	a0,0(a2)
	ret
	.size	sum_of, .-sum_of
	.align	2
	.type	fill_tables, @function
fill_tables:
	addi	a4,a2,5
	li	t1,200
	mul	t1,a4,t1
	slli	a5,a4,2
	slli	a2,a2,2
	add	a0,a0,a5
	sw	a3,0(a0)
	sw	a4,120(a0)
	sw	a3,4(a0)
	add	a5,t1,a2
	add	a5,a1,a5
	lw	a3,16(a5)
	sw	a4,20(a5)
	sw	a4,24(a5)
	addi	a4,a3,1
	sw	a4,16(a5)
	lw	a4,0(a0)
	add	a1,a1,t1
	add	a1,a1,a2
	li	a5,4096
	add	a5,a5,a1
	sw	a4,-76(a5)
	lui	a5,%hi(total)
	li	a4,5
	sw	a4,%lo(total)(a5)
	ret
	.size	fill_tables, .-fill_tables
	.align	2
	.type	follow, @function
follow:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	addi	sp,sp,-16
	lw	a4,32(a5)
	sw	s0,8(sp)
	sw	s1,4(sp)
	lw	s0,0(a0)
	lw	s1,0(a5)
	lw	t2,4(a5)
	lw	a3,28(a5)
	sw	ra,12(sp)
	lw	t0,12(a5)
	lw	t1,16(a5)
	lw	a1,20(a5)
	lw	a2,24(a5)
	sw	a4,0(sp)
	lw	a4,36(a5)
	lw	a5,40(a5)
	sw	s1,0(s0)
	sw	t2,4(s0)
	lw	t2,0(a0)
	sw	a3,28(s0)
	lw	a3,0(sp)
	li	s1,5
	sw	a5,40(s0)
	sw	t0,12(s0)
	lw	a5,4(s0)
	sw	t1,16(s0)
	sw	a1,20(s0)
	sw	a2,24(s0)
	sw	a3,32(s0)
	sw	a4,36(s0)
	sw	s1,8(a0)
	sw	s1,8(s0)
	sw	t2,0(s0)
	beq	a5,zero,.L40
	lw	a5,32(t2)
	lw	a4,28(t2)
	lw	s0,4(t2)
	sw	a5,0(sp)
	lw	s1,0(t2)
	lw	t0,8(t2)
	lw	t1,12(t2)
	lw	a1,16(t2)
	lw	a2,20(t2)
	lw	a3,24(t2)
	lw	a5,36(t2)
	lw	t2,40(t2)
	sw	a4,28(a0)
	lw	a4,0(sp)
	lw	ra,12(sp)
	sw	s0,4(a0)
	lw	s0,8(sp)
	sw	s1,0(a0)
	sw	t0,8(a0)
	sw	t1,12(a0)
	sw	a1,16(a0)
	sw	a2,20(a0)
	sw	a3,24(a0)
	sw	a4,32(a0)
	sw	a5,36(a0)
	sw	t2,40(a0)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L40:
	lw	a0,4(a0)
	li	a5,6
	sw	a5,8(s0)
	call	other_colour
	mv	a5,a0
	sw	a5,4(s0)
	lw	a0,8(s0)
	addi	a2,s0,8
	lw	s0,8(sp)
	lw	ra,12(sp)
	lw	s1,4(sp)
	li	a1,10
	addi	sp,sp,16
	tail	sum_of
	.size	follow, .-follow
	.align	2
	.type	adjust, @function
adjust:
	lui	a5,%hi(mark)
	lbu	a2,%lo(mark)(a5)
	li	a4,65
	lw	a3,0(a0)
	beq	a2,a4,.L43
	sb	a4,%lo(mark)(a5)
.L43:
	lui	a5,%hi(total)
	lw	a5,%lo(total)(a5)
	addi	a3,a3,9
	sub	a3,a3,a5
	sw	a3,0(a0)
	ret
	.size	adjust, .-adjust
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"THE FIRST OF SEVERAL STRINGS; "
	.align	2
.LC1:
	.string	"THE SECOND OF SEVERAL STRINGS "
	.align	2
.LC2:
	.string	"THE FIRST OF SEVERAL STRINGS, "
	.text
	.align	2
	.type	run, @function
run:
	addi	sp,sp,-104
	lui	a1,%hi(.LC2)
	addi	a4,sp,28
	sw	s0,96(sp)
	sw	a0,12(sp)
	mv	s0,a0
	addi	a1,a1,%lo(.LC2)
	mv	a0,a4
	sw	ra,100(sp)
	sw	s1,92(sp)
	call	copy
	beq	s0,zero,.L54
	lui	a5,%hi(.LANCHOR0+44)
	addi	a5,a5,%lo(.LANCHOR0+44)
	li	s1,1
	sw	zero,8(sp)
	sw	a5,16(sp)
.L53:
	li	a5,2
	lui	a4,%hi(mark)
	sw	a5,20(sp)
	li	a5,65
	sb	a5,%lo(mark)(a4)
	lui	a5,%hi(found)
	li	a4,1
	sw	a4,%lo(found)(a5)
	sw	zero,24(sp)
	andi	a5,s1,1
	bne	a5,zero,.L55
	lui	a1,%hi(.LC1)
	addi	a1,a1,%lo(.LC1)
.L47:
	addi	a0,sp,60
	call	copy
	addi	a1,sp,60
	addi	a0,sp,28
	call	behind
	li	a5,1
	beq	a0,zero,.L48
	lui	a5,%hi(found)
	lw	a5,%lo(found)(a5)
	snez	a5,a5
.L48:
	lw	a0,20(sp)
	lui	a4,%hi(found)
	sw	a5,%lo(found)(a4)
	li	a5,2
	bgt	a0,a5,.L49
	li	s0,2
.L50:
	slli	a5,a0,2
	add	a5,a5,a0
	addi	a5,a5,-3
	addi	a2,sp,24
	li	a1,3
	sw	a5,24(sp)
	call	sum_of
	lw	a0,20(sp)
	addi	a0,a0,1
	sw	a0,20(sp)
	ble	a0,s0,.L50
.L49:
	mv	a2,a0
	lw	a3,24(sp)
	lw	a0,16(sp)
	lui	a5,%hi(square)
	addi	a1,a5,%lo(square)
	call	fill_tables
	lui	a5,%hi(.LANCHOR0)
	addi	a0,a5,%lo(.LANCHOR0)
	call	follow
	li	a5,1
	li	a4,3
	li	s0,65
	sw	a5,0(sp)
	sw	a4,4(sp)
.L52:
	mv	a0,s0
	li	a1,67
	call	same_at
	addi	a5,s0,1
	andi	s0,a5,0xff
	li	a4,68
	beq	a0,zero,.L51
	sw	s1,4(sp)
	sw	zero,0(sp)
.L51:
	bne	s0,a4,.L52
	lw	a3,20(sp)
	lw	a4,4(sp)
	lw	a5,24(sp)
	addi	a0,sp,20
	mul	a4,a4,a3
	addi	s1,s1,1
	div	a3,a4,a5
	sub	a4,a4,a5
	slli	a5,a4,3
	sub	a5,a5,a4
	sub	a5,a5,a3
	sw	a5,4(sp)
	sw	a3,20(sp)
	call	adjust
	lw	a5,8(sp)
	lw	a1,20(sp)
	srli	a3,a5,27
	slli	a4,a5,5
	or	a4,a4,a3
	li	a3,-1640529920
	addi	a3,a3,-1615
	lui	a5,%hi(total)
	mul	a4,a4,a3
	lw	a3,%lo(total)(a5)
	lui	a5,%hi(found)
	lw	a2,%lo(found)(a5)
	lw	a5,4(sp)
	add	a3,a3,a2
	lw	a2,24(sp)
	add	a5,a5,a1
	add	a5,a5,a2
	lw	a2,0(sp)
	add	a3,a3,a2
	add	a5,a5,a3
	xor	a5,a5,a4
	sw	a5,8(sp)
	lw	a5,12(sp)
	bgeu	a5,s1,.L53
	lw	ra,100(sp)
	lw	s0,96(sp)
	lw	a0,8(sp)
	lw	s1,92(sp)
	addi	sp,sp,104
	jr	ra
.L55:
	lui	a1,%hi(.LC0)
	addi	a1,a1,%lo(.LC0)
	j	.L47
.L54:
	lw	ra,100(sp)
	lw	s0,96(sp)
	sw	zero,8(sp)
	lw	a0,8(sp)
	lw	s1,92(sp)
	addi	sp,sp,104
	jr	ra
	.size	run, .-run
	.section	.rodata.str1.4
	.align	2
.LC3:
	.string	"A RECORD WITH A LONG TITLE IN "
	.align	2
.LC4:
	.string	"dhry"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-12
	sw	s0,4(sp)
	lui	s0,%hi(.LANCHOR0)
	addi	s0,s0,%lo(.LANCHOR0)
	sw	ra,8(sp)
	addi	a5,s0,244
	sw	a5,0(s0)
	lui	a1,%hi(.LC3)
	li	a5,2
	addi	a0,s0,12
	sw	a5,4(s0)
	addi	a1,a1,%lo(.LC3)
	li	a5,40
	sw	a5,8(s0)
	call	copy
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a4,2998272
	addi	a4,a4,1728
	mul	a5,a5,a4
	lui	a4,%hi(parts)
	lw	a3,%lo(parts)(a4)
	li	a0,1
	bleu	a5,a3,.L66
	lw	a0,%lo(parts)(a4)
	divu	a0,a5,a0
.L66:
	call	run
	lui	a4,%hi(square)
	li	a1,8192
	addi	a4,a4,%lo(square)
	lui	a3,%hi(square+196)
	addi	a1,a1,2008
	li	t1,-1640529920
	addi	a2,s0,44
	addi	a3,a3,%lo(square+196)
	add	a1,a4,a1
	addi	t1,t1,-1615
.L67:
	slli	a5,a0,5
	srli	a0,a0,27
	or	a5,a5,a0
	lw	t2,0(a4)
	lw	a0,0(a2)
	lw	t0,0(a3)
	addi	a4,a4,204
	add	a0,a0,t2
	add	a0,a0,t0
	addi	a2,a2,4
	addi	a3,a3,196
	mul	a5,a5,t1
	xor	a0,a0,a5
	bne	a1,a4,.L67
	lbu	a4,256(s0)
	beq	a4,zero,.L68
	li	a2,-1640529920
	addi	a3,s0,257
	addi	a2,a2,-1615
.L69:
	slli	a5,a0,5
	srli	a0,a0,27
	or	a5,a5,a0
	mul	a5,a5,a2
	addi	a3,a3,1
	xor	a0,a5,a4
	lbu	a4,-1(a3)
	bne	a4,zero,.L69
.L68:
	slli	a5,a0,5
	li	a4,-1640529920
	srli	a0,a0,27
	or	a5,a5,a0
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lw	a1,252(s0)
	lui	a0,%hi(.LC4)
	addi	a0,a0,%lo(.LC4)
	xor	a1,a5,a1
	call	report
	lw	ra,8(sp)
	lw	s0,4(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	first, @object
	.size	first, 44
first:
	.zero	44
	.type	table, @object
	.size	table, 200
table:
	.zero	200
	.type	second, @object
	.size	second, 44
second:
	.zero	44
	.type	square, @object
	.size	square, 10000
square:
	.zero	10000
	.section	.sbss,"aw",@nobits
	.align	2
	.type	found, @object
	.size	found, 4
found:
	.zero	4
	.type	mark, @object
	.size	mark, 1
mark:
	.zero	1
	.zero	3
	.type	total, @object
	.size	total, 4
total:
	.zero	4
