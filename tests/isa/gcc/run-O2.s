	.file	"run.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	number, @function
number:
	addi	sp,sp,-12
	sb	zero,11(sp)
	mv	a5,sp
	li	a2,10
	li	t1,9
.L2:
	remu	a3,a0,a2
	mv	a4,a5
	addi	a5,a5,-1
	mv	a1,a0
	addi	a3,a3,48
	sb	a3,11(a5)
	divu	a0,a0,a2
	bgtu	a1,t1,.L2
	add	a5,a4,a2
	lbu	a4,0(a5)
	beq	a4,zero,.L3
	li	a3,0
.L4:
	addi	a5,a5,1
 #APP
# 2 "run.c" 1
	out a3,a4
# 0 "" 2
 #NO_APP
	lbu	a4,0(a5)
	bne	a4,zero,.L4
.L3:
	li	a5,0
	li	a4,10
 #APP
# 2 "run.c" 1
	out a5,a4
# 0 "" 2
 #NO_APP
	addi	sp,sp,12
	jr	ra
	.size	number, .-number
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-12
	sw	s0,4(sp)
	sw	s1,0(sp)
	sw	ra,8(sp)
	li	s0,-1
	li	s1,12
.L13:
	mv	a0,s0
	call	big
	addi	s0,s0,1
	call	number
	bne	s0,s1,.L13
	li	a0,2
	call	name
	lbu	a5,0(a0)
	beq	a5,zero,.L14
	li	a4,0
.L15:
	addi	a0,a0,1
 #APP
# 2 "run.c" 1
	out a4,a5
# 0 "" 2
 #NO_APP
	lbu	a5,0(a0)
	bne	a5,zero,.L15
.L14:
	li	a0,3
	call	name
	lbu	a5,0(a0)
	beq	a5,zero,.L16
	li	a4,0
.L17:
	addi	a0,a0,1
 #APP
# 2 "run.c" 1
	out a4,a5
# 0 "" 2
 #NO_APP
	lbu	a5,0(a0)
	bne	a5,zero,.L17
.L16:
	li	a0,9
	call	name
	lbu	a5,0(a0)
	beq	a5,zero,.L18
	li	a4,0
.L19:
	addi	a0,a0,1
 #APP
# 2 "run.c" 1
	out a4,a5
# 0 "" 2
 #NO_APP
	lbu	a5,0(a0)
	bne	a5,zero,.L19
.L18:
	li	a2,4
	li	a1,3
	li	a0,0
	call	dispatch
	mv	s0,a0
	li	a2,-6
	li	a1,5
	li	a0,1
	call	dispatch
	mul	s0,s0,a0
	li	a1,1
	li	a2,1
	li	a0,3
	call	dispatch
	add	a0,s0,a0
	call	number
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	interpret
	call	number
	li	a0,100
	call	t1
	call	number
	li	a0,6
	call	scale
	call	number
	li	a0,1
	call	call
	call	number
	call	dollar$name
	call	dollar$name
	call	number
	lui	a3,%hi(squares)
	addi	a4,a3,%lo(squares)
	li	a5,0
	addi	a3,a3,%lo(squares)
	li	a1,1000
.L20:
	mul	a2,a5,a5
	addi	a5,a5,1
	addi	a3,a3,4
	sw	a2,-4(a3)
	bne	a5,a1,.L20
	li	a3,4096
	addi	a3,a3,-96
	add	a3,a4,a3
	li	s0,0
.L21:
	lw	a5,0(a4)
	addi	a4,a4,4
	add	s0,s0,a5
	bne	a3,a4,.L21
	mv	a0,s0
	call	number
	li	a0,100
	remu	a0,s0,a0
	lw	ra,8(sp)
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,12
	jr	ra
	.size	main, .-main
	.section	.rodata
	.align	2
.LC0:
	.string	""
	.string	"\005\001"
	.string	"\007\001\002"
	.bss
	.align	2
	.type	squares, @object
	.size	squares, 4000
squares:
	.zero	4000
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
