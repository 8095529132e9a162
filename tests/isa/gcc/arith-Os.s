	.file	"arith.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.globl	__extendsfdf2
	.globl	__muldf3
	.globl	__floatsidf
	.globl	__divdf3
	.globl	__floatdidf
	.globl	__adddf3
	.globl	__subdf3
	.align	2
	.globl	mix
	.type	mix, @function
mix:
	addi	sp,sp,-24
	sw	s1,12(sp)
	mv	s1,a0
	mv	a0,a2
	sw	ra,20(sp)
	sw	a4,4(sp)
	sw	a5,8(sp)
	sw	s0,16(sp)
	sw	a3,0(sp)
	mv	s0,a1
	call	__extendsfdf2
	mv	a2,s1
	mv	a3,s0
	call	__muldf3
	mv	s1,a0
	lw	a0,0(sp)
	mv	s0,a1
	call	__floatsidf
	mv	a2,a0
	mv	a3,a1
	mv	a0,s1
	mv	a1,s0
	call	__divdf3
	mv	s0,a0
	mv	s1,a1
	lw	a0,4(sp)
	lw	a1,8(sp)
	call	__floatdidf
	mv	a2,a0
	mv	a3,a1
	mv	a0,s0
	mv	a1,s1
	call	__adddf3
	lui	a5,%hi(d)
	lw	a2,%lo(d)(a5)
	lw	a3,%lo(d+4)(a5)
	call	__subdf3
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
	.size	mix, .-mix
	.globl	__ltdf2
	.globl	__nedf2
	.globl	__ledf2
	.align	2
	.globl	compare
	.type	compare, @function
compare:
	addi	sp,sp,-20
	sw	s0,12(sp)
	sw	s1,8(sp)
	sw	ra,16(sp)
	sw	a0,0(sp)
	sw	a1,4(sp)
	mv	s1,a2
	mv	s0,a3
	call	__ltdf2
	li	a5,1
	blt	a0,zero,.L3
	lw	a0,0(sp)
	lw	a1,4(sp)
	mv	a2,s1
	mv	a3,s0
	call	__nedf2
	li	a5,2
	beq	a0,zero,.L3
	lui	a5,%hi(f)
	lw	a0,%lo(f)(a5)
	call	__extendsfdf2
	mv	a2,s1
	mv	a3,s0
	call	__muldf3
	lw	a2,0(sp)
	lw	a3,4(sp)
	call	__ledf2
	li	a5,3
	ble	a0,zero,.L3
	li	a5,-1
.L3:
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	mv	a0,a5
	addi	sp,sp,20
	jr	ra
	.size	compare, .-compare
	.align	2
	.globl	multiply
	.type	multiply, @function
multiply:
	mul	a3,a3,a0
	mul	a1,a1,a2
	mulhu	a5,a0,a2
	add	a1,a1,a3
	mul	a0,a0,a2
	add	a1,a1,a5
	ret
	.size	multiply, .-multiply
	.globl	__udivdi3
	.globl	__umoddi3
	.align	2
	.globl	divide
	.type	divide, @function
divide:
	addi	sp,sp,-12
	sw	ra,8(sp)
	sw	s0,4(sp)
	sw	s1,0(sp)
	mv	s0,a2
	mv	s1,a3
	call	__udivdi3
	addi	a2,s0,3
	sltu	s0,a2,s0
	add	a3,s0,s1
	call	__umoddi3
	lw	ra,8(sp)
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,12
	jr	ra
	.size	divide, .-divide
	.globl	__ashrdi3
	.globl	__ashldi3
	.align	2
	.globl	shift
	.type	shift, @function
shift:
	addi	sp,sp,-24
	mv	a5,a2
	addi	a2,a2,1
	sw	ra,20(sp)
	sw	s0,16(sp)
	sw	s1,12(sp)
	sw	a5,8(sp)
	sw	a0,0(sp)
	sw	a1,4(sp)
	call	__ashrdi3
	lw	a5,8(sp)
	mv	s1,a0
	mv	s0,a1
	lw	a0,0(sp)
	lw	a1,4(sp)
	mv	a2,a5
	call	__ashldi3
	lw	ra,20(sp)
	xor	a1,s0,a1
	lw	s0,16(sp)
	xor	a0,s1,a0
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
	.size	shift, .-shift
	.align	2
	.globl	less
	.type	less, @function
less:
	mv	a5,a0
	li	a0,1
	bgt	a3,a1,.L21
	bne	a3,a1,.L22
	bgtu	a2,a5,.L21
.L22:
	li	a0,0
.L21:
	ret
	.size	less, .-less
	.globl	__fixdfdi
	.align	2
	.globl	constant
	.type	constant, @function
constant:
	lui	a5,%hi(d)
	lw	a0,%lo(d)(a5)
	lw	a1,%lo(d+4)(a5)
	addi	sp,sp,-12
	sw	ra,8(sp)
	call	__fixdfdi
	lui	a4,%hi(.LC0)
	mv	a5,a0
	lw	a0,%lo(.LC0)(a4)
	lw	a4,%lo(.LC0+4)(a4)
	lw	ra,8(sp)
	add	a0,a5,a0
	sltu	a5,a0,a5
	add	a1,a1,a4
	add	a1,a5,a1
	addi	sp,sp,12
	jr	ra
	.size	constant, .-constant
	.align	2
	.globl	high
	.type	high, @function
high:
	mulhu	a0,a0,a1
	ret
	.size	high, .-high
	.align	2
	.globl	high_signed
	.type	high_signed, @function
high_signed:
	mulh	a0,a0,a1
	ret
	.size	high_signed, .-high_signed
	.align	2
	.globl	by_seven
	.type	by_seven, @function
by_seven:
	li	a5,7
	li	a4,10
	rem	a4,a0,a4
	div	a5,a0,a5
	add	a5,a5,a4
	li	a4,8
	div	a0,a0,a4
	add	a0,a5,a0
	ret
	.size	by_seven, .-by_seven
	.align	2
	.globl	bytes
	.type	bytes, @function
bytes:
	li	a5,3
	mul	a0,a0,a5
	andi	a0,a0,0xff
	ret
	.size	bytes, .-bytes
	.align	2
	.globl	halves
	.type	halves, @function
halves:
	neg	a0,a0
	slli	a0,a0,16
	srai	a0,a0,16
	ret
	.size	halves, .-halves
	.globl	__fixdfsi
	.align	2
	.globl	total
	.type	total, @function
total:
	addi	sp,sp,-36
	sw	a5,32(sp)
	addi	a5,sp,16
	sw	s1,4(sp)
	sw	a3,24(sp)
	sw	a4,28(sp)
	sw	ra,12(sp)
	sw	s0,8(sp)
	sw	a1,16(sp)
	sw	a2,20(sp)
	sw	a5,0(sp)
	li	a3,0
	li	a4,0
	li	s1,0
.L31:
	blt	a4,a0,.L32
	beq	a3,zero,.L33
	bge	a0,zero,.L34
	li	a0,0
.L34:
	slli	a0,a0,2
	add	a5,a5,a0
	sw	a5,0(sp)
.L33:
	lw	s0,0(sp)
	lw	a5,4(s0)
	lw	a4,0(s0)
	mv	a1,a5
	mv	a0,a4
	call	__fixdfsi
	lw	a5,8(s0)
	lw	ra,12(sp)
	lw	s0,8(sp)
	add	a0,a0,s1
	add	a0,a0,a5
	lw	s1,4(sp)
	addi	sp,sp,36
	jr	ra
.L32:
	slli	a3,a4,2
	add	a3,a5,a3
	lw	a3,0(a3)
	addi	a4,a4,1
	add	s1,s1,a3
	li	a3,1
	j	.L31
	.size	total, .-total
	.align	2
	.globl	use
	.type	use, @function
use:
	addi	sp,sp,-28
	li	a5,6
	sw	a5,8(sp)
	sw	a5,0(sp)
	lui	a5,%hi(.LC1)
	lw	a4,%lo(.LC1)(a5)
	lw	a5,%lo(.LC1+4)(a5)
	sw	zero,4(sp)
	li	a3,3
	li	a2,2
	li	a1,1
	li	a0,3
	sw	ra,24(sp)
	sw	zero,12(sp)
	call	total
	lw	ra,24(sp)
	addi	sp,sp,28
	jr	ra
	.size	use, .-use
	.globl	f
	.globl	e
	.globl	d
	.section	.srodata.cst8,"aM",@progbits,8
	.align	3
.LC0:
	.word	-1985229329
	.word	19088743
	.align	3
.LC1:
	.word	0
	.word	1074921472
	.data
	.align	3
	.type	e, @object
	.size	e, 24
e:
	.word	-1717986918
	.word	1069128089
	.word	-2013235812
	.word	2117592124
	.word	0
	.word	-2147483648
	.section	.sdata,"aw"
	.align	3
	.type	f, @object
	.size	f, 4
f:
	.word	1075838976
	.zero	4
	.type	d, @object
	.size	d, 8
d:
	.word	0
	.word	1073217536
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
