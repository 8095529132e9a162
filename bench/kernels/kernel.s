	.file	"kernel.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"0123456789abcdef"
	.text
	.align	2
	.globl	report
	.type	report, @function
report:
	lbu	a5,0(a0)
	beq	a5,zero,.L2
	li	a4,0
.L3:
	addi	a0,a0,1
 #APP
# 8 "kernel.c" 1
	out a4, a5
# 0 "" 2
 #NO_APP
	lbu	a5,0(a0)
	bne	a5,zero,.L3
.L2:
	li	a5,0
	li	a4,58
 #APP
# 8 "kernel.c" 1
	out a5, a4
# 0 "" 2
 #NO_APP
	li	a4,32
 #APP
# 8 "kernel.c" 1
	out a5, a4
# 0 "" 2
 #NO_APP
	lui	a3,%hi(.LC0)
	li	a4,28
	addi	a3,a3,%lo(.LC0)
	li	a2,0
	li	a0,-4
.L4:
	srl	a5,a1,a4
	andi	a5,a5,15
	add	a5,a3,a5
	lbu	a5,0(a5)
 #APP
# 8 "kernel.c" 1
	out a2, a5
# 0 "" 2
 #NO_APP
	addi	a4,a4,-4
	bne	a4,a0,.L4
	li	a5,10
 #APP
# 8 "kernel.c" 1
	out a2, a5
# 0 "" 2
 #NO_APP
	ret
	.size	report, .-report
	.globl	parts
	.globl	seed
	.section	.sdata,"aw"
	.align	2
	.type	parts, @object
	.size	parts, 4
parts:
	.word	1
	.type	seed, @object
	.size	seed, 4
seed:
	.word	1
