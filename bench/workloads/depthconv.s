	.file	"depthconv.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	pool, @function
pool:
	ble	a0,zero,.L12
	lui	a4,%hi(input)
	lui	a3,%hi(output)
	addi	sp,sp,-28
	addi	a2,a3,%lo(output)
	addi	a4,a4,%lo(input)
	sw	s0,24(sp)
	slli	t0,a0,4
	sw	s1,20(sp)
	mv	a0,a2
	li	t1,0
	li	s0,16
	mv	a2,a4
.L3:
	add	a4,a2,t0
	mv	a1,a0
	mv	t2,a2
	sw	t1,4(sp)
	sw	a2,8(sp)
	sw	a0,12(sp)
	sw	t0,16(sp)
.L8:
	mv	a2,a1
	li	a3,0
	sw	a1,0(sp)
.L6:
	lbu	a0,8(a2)
	lbu	a1,0(a2)
	andi	a5,a3,1
	neg	a5,a5
	slli	s1,a1,24
	slli	t0,a0,24
	andi	a5,a5,43
	srai	s1,s1,24
	srai	t0,t0,24
	add	t1,t2,a3
	addi	a5,a5,42
	addi	a3,a3,1
	bge	s1,t0,.L4
	mv	a1,a0
.L4:
	xor	a5,a5,a1
	sb	a5,0(t1)
	addi	a2,a2,1
	bne	a3,s0,.L6
	lw	a1,0(sp)
	addi	t2,t2,16
	addi	a1,a1,24
	bne	t2,a4,.L8
	lw	t1,4(sp)
	lw	a2,8(sp)
	lw	a0,12(sp)
	lw	t0,16(sp)
	addi	t1,t1,16
	addi	a2,a2,256
	addi	a0,a0,384
	bne	t1,t0,.L3
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,28
	jr	ra
.L12:
	ret
	.size	pool, .-pool
	.align	2
	.type	fill, @function
fill:
	add	a1,a0,a1
.L17:
	lw	a5,0(a2)
	addi	a0,a0,1
	slli	a4,a5,13
	xor	a5,a5,a4
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	a4,a5,5
	xor	a5,a5,a4
	sw	a5,0(a2)
	srli	a5,a5,11
	sb	a5,-1(a0)
	bne	a0,a1,.L17
	ret
	.size	fill, .-fill
	.align	2
	.type	choose, @function
choose:
	addi	sp,sp,-4
	sw	s0,0(sp)
	li	a4,0
	li	t2,1073741824
	li	t0,3
.L20:
	rem	t1,a4,t0
	lw	a5,0(a3)
	addi	a0,a0,12
	addi	a4,a4,1
	slli	s0,a5,13
	xor	a5,a5,s0
	srli	s0,a5,17
	xor	a5,a5,s0
	slli	s0,a5,5
	xor	a5,a5,s0
	andi	s0,a5,2047
	sw	a5,0(a3)
	addi	a5,s0,-768
	sw	a5,-12(a0)
	lw	a5,0(a3)
	slli	s0,a5,13
	xor	a5,a5,s0
	srli	s0,a5,17
	xor	a5,a5,s0
	slli	s0,a5,5
	xor	a5,a5,s0
	srli	s0,a5,2
	sw	a5,0(a3)
	or	a5,s0,t2
	sw	a5,-8(a0)
	add	t1,t1,a2
	sw	t1,-4(a0)
	bne	a1,a4,.L20
	lw	s0,0(sp)
	addi	sp,sp,4
	jr	ra
	.size	choose, .-choose
	.align	2
	.type	scaled.isra.0, @function
scaled.isra.0:
	mul	a4,a0,a1
	li	a5,1073741824
	li	a3,1
	sll	a3,a3,a2
	addi	t1,a3,-1
	srai	a3,a3,1
	mulh	a0,a0,a1
	add	a5,a4,a5
	sltu	a4,a5,a4
	srli	a5,a5,31
	add	a4,a4,a0
	slli	a4,a4,1
	or	a5,a4,a5
	and	t1,t1,a5
	sra	a5,a5,a2
	blt	t1,a3,.L24
	snez	a3,a3
	add	a5,a5,a3
.L24:
	addi	a5,a5,-3
	li	a4,-3
	blt	a5,a4,.L26
	li	a0,127
	bgt	a5,a0,.L25
	slli	a0,a5,24
	srai	a0,a0,24
	ret
.L26:
	li	a0,-3
.L25:
	ret
	.size	scaled.isra.0, .-scaled.isra.0
	.align	2
	.type	pointwise, @function
pointwise:
	ble	a0,zero,.L38
	lui	a4,%hi(.LANCHOR0)
	addi	sp,sp,-56
	addi	a4,a4,%lo(.LANCHOR0)
	sw	a4,24(sp)
	lui	a4,%hi(.LANCHOR0+288)
	addi	a4,a4,%lo(.LANCHOR0+288)
	sw	a4,8(sp)
	lui	a4,%hi(output)
	lui	a5,%hi(middle+16)
	addi	a4,a4,%lo(output)
	sw	ra,52(sp)
	sw	s0,48(sp)
	sw	s1,44(sp)
	addi	a5,a5,%lo(middle+16)
	slli	a2,a0,4
	li	a3,0
	sw	a4,28(sp)
.L30:
	lw	a1,28(sp)
	slli	a4,a3,1
	add	a4,a4,a3
	slli	a4,a4,3
	add	a4,a1,a4
	add	a1,a2,a5
	mv	s1,a5
	sw	a5,40(sp)
	sw	a1,20(sp)
	sw	a2,32(sp)
	sw	a3,36(sp)
	mv	a5,a4
.L34:
	lw	t2,8(sp)
	lw	t1,24(sp)
	addi	a4,s1,-16
	sw	a4,12(sp)
	sw	a5,16(sp)
	mv	a3,a5
	mv	s0,t2
.L32:
	lw	a0,0(t1)
	lw	a2,12(sp)
	mv	a1,s0
.L31:
	lb	a5,0(a2)
	lb	a4,0(a1)
	addi	a2,a2,1
	addi	a5,a5,3
	mul	a5,a5,a4
	addi	a1,a1,1
	add	a0,a0,a5
	bne	s1,a2,.L31
	lw	a2,8(t1)
	lw	a1,4(t1)
	addi	t1,t1,12
	sw	a3,4(sp)
	sw	t1,0(sp)
	call	scaled.isra.0
	lw	a3,4(sp)
	lw	a5,8(sp)
	lw	t1,0(sp)
	sb	a0,0(a3)
	addi	s0,s0,16
	addi	a3,a3,1
	bne	a5,t1,.L32
	lw	a5,16(sp)
	lw	a4,20(sp)
	addi	s1,s1,16
	addi	a5,a5,24
	bne	a4,s1,.L34
	lw	a3,36(sp)
	lw	a5,40(sp)
	lw	a2,32(sp)
	addi	a3,a3,16
	addi	a5,a5,256
	bne	a2,a3,.L30
	lw	ra,52(sp)
	lw	s0,48(sp)
	lw	s1,44(sp)
	addi	sp,sp,56
	jr	ra
.L38:
	ret
	.size	pointwise, .-pointwise
	.align	2
	.type	depthwise, @function
depthwise:
	addi	sp,sp,-68
	li	a5,2
	sw	a5,0(sp)
	lui	a5,%hi(.LANCHOR0+672)
	addi	a5,a5,%lo(.LANCHOR0+672)
	sw	a5,32(sp)
	lui	a5,%hi(middle)
	addi	a5,a5,%lo(middle)
	sw	a5,28(sp)
	lui	a5,%hi(.LANCHOR0+816)
	addi	a5,a5,%lo(.LANCHOR0+816)
	lui	a3,%hi(input)
	sw	a5,52(sp)
	addi	a5,a3,%lo(input)
	sw	a5,40(sp)
	sw	ra,64(sp)
	sw	s0,60(sp)
	sw	s1,56(sp)
	li	a2,0
	mv	a5,a0
.L42:
	div	a2,a2,a5
	lw	a4,0(sp)
	li	t2,2
	li	a3,0
	addi	a4,a4,-3
	sw	a4,36(sp)
	li	s1,15
	slli	a4,a2,4
	sw	a4,48(sp)
	mv	a2,a5
.L50:
	div	a4,a3,a2
	lw	a3,48(sp)
	lw	t0,52(sp)
	addi	a5,t2,-3
	li	t1,0
	sw	t2,20(sp)
	sw	a2,44(sp)
	sw	a5,24(sp)
	add	a4,a4,a3
	slli	a4,a4,4
	sw	a4,16(sp)
.L47:
	lw	a5,32(sp)
	lw	a0,0(t0)
	lw	a4,36(sp)
	add	a1,a5,t1
	lw	a5,40(sp)
	lw	t2,20(sp)
	sw	t1,4(sp)
	add	ra,a5,t1
	lw	a5,24(sp)
.L43:
	mv	s0,a5
	mv	a2,a1
.L45:
	bgtu	a4,s1,.L44
	slli	a3,a4,8
	slli	t1,s0,4
	add	a3,ra,a3
	add	a3,a3,t1
	blt	s0,zero,.L44
	li	t1,16
	beq	s0,t1,.L44
	lb	a3,0(a3)
	lb	t1,0(a2)
	addi	a3,a3,3
	mul	a3,a3,t1
	add	a0,a0,a3
.L44:
	addi	s0,s0,1
	addi	a2,a2,16
	bne	s0,t2,.L45
	lw	a3,0(sp)
	addi	a4,a4,1
	addi	a1,a1,48
	bne	a4,a3,.L43
	lw	t1,4(sp)
	lw	a2,8(t0)
	lw	a1,4(t0)
	addi	t0,t0,12
	sw	t1,12(sp)
	sw	a4,8(sp)
	sw	t0,4(sp)
	call	scaled.isra.0
	lw	a5,16(sp)
	lw	t1,12(sp)
	lw	t0,4(sp)
	lw	a4,8(sp)
	add	a3,a5,t1
	lw	a5,28(sp)
	addi	t1,t1,1
	add	a3,a5,a3
	sb	a0,0(a3)
	li	a5,16
	bne	t1,a5,.L47
	lw	a2,44(sp)
	add	t2,s0,a2
	addi	a3,t2,-2
	ble	a3,s1,.L50
	add	a4,a4,a2
	mv	a5,a2
	sw	a4,0(sp)
	addi	a2,a4,-2
	ble	a2,s1,.L42
	lw	ra,64(sp)
	lw	s0,60(sp)
	lw	s1,56(sp)
	addi	sp,sp,68
	jr	ra
	.size	depthwise, .-depthwise
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"depthconv"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a4,625340416
	addi	a4,a4,1169
	mul	a5,a5,a4
	addi	sp,sp,-24
	lui	a0,%hi(input)
	sw	s1,12(sp)
	addi	a2,sp,8
	li	a1,4096
	addi	a0,a0,%lo(input)
	lui	s1,%hi(.LANCHOR0)
	sw	ra,20(sp)
	sw	s0,16(sp)
	sw	a5,8(sp)
	addi	s0,s1,%lo(.LANCHOR0)
	call	fill
	li	a1,144
	addi	a0,s0,672
	addi	a2,sp,8
	call	fill
	addi	a2,sp,8
	li	a1,384
	addi	a0,s0,288
	call	fill
	addi	a3,sp,8
	li	a2,6
	li	a1,16
	addi	a0,s0,816
	call	choose
	addi	a3,sp,8
	li	a2,7
	li	a1,24
	addi	a0,s1,%lo(.LANCHOR0)
	call	choose
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	li	t0,4096
	addi	a4,t0,-1097
	bgtu	a3,a4,.L61
	lw	a5,%lo(parts)(a5)
	addi	t0,t0,-1096
	bgtu	a5,t0,.L62
	divu	t0,t0,a5
	j	.L55
.L61:
	li	t0,1
.L55:
	li	s1,-1640529920
	li	a5,0
	addi	s1,s1,-1615
.L60:
	andi	a4,t0,1
	li	a0,2
	sub	a0,a0,a4
	li	s0,16
	div	s0,s0,a0
	sw	a5,4(sp)
	sw	t0,0(sp)
	call	depthwise
	mv	a0,s0
	call	pointwise
	lw	t0,0(sp)
	lw	a5,4(sp)
	lui	a4,%hi(output)
	li	a2,0
	li	t2,24
	addi	t1,a4,%lo(output)
.L57:
	slli	a0,a2,1
	add	a0,a0,a2
	li	a4,0
	slli	a0,a0,7
.L58:
	add	a1,a2,a4
	remu	a1,a1,t2
	slli	a3,a5,5
	srli	a5,a5,27
	or	a3,a3,a5
	slli	a5,a4,1
	add	a5,a5,a4
	slli	a5,a5,3
	add	a5,a5,a0
	add	a5,t1,a5
	addi	a4,a4,1
	mul	a3,a3,s1
	add	a5,a5,a1
	lb	a5,0(a5)
	xor	a5,a5,a3
	bne	s0,a4,.L58
	addi	a2,a2,1
	bne	s0,a2,.L57
	addi	t0,t0,-1
	mv	a0,s0
	sw	a5,4(sp)
	sw	t0,0(sp)
	call	pool
	lw	t0,0(sp)
	lw	a5,4(sp)
	bne	t0,zero,.L60
.L56:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,a5
	call	report
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	li	a0,0
	addi	sp,sp,24
	jr	ra
.L62:
	li	a5,0
	j	.L56
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	point_scale, @object
	.size	point_scale, 288
point_scale:
	.zero	288
	.type	point, @object
	.size	point, 384
point:
	.zero	384
	.type	depth, @object
	.size	depth, 144
depth:
	.zero	144
	.type	depth_scale, @object
	.size	depth_scale, 192
depth_scale:
	.zero	192
	.type	output, @object
	.size	output, 6144
output:
	.zero	6144
	.type	middle, @object
	.size	middle, 4096
middle:
	.zero	4096
	.type	input, @object
	.size	input, 4096
input:
	.zero	4096
