	.file	"inline.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
 #APP
	.globl outside
outside:
	call x
	.word outside, .-outside

 #NO_APP
	.align	2
	.globl	put
	.type	put, @function
put:
	lbu	a5,0(a0)
	beq	a5,zero,.L1
	li	a4,0
.L3:
	addi	a0,a0,1
 #APP
# 2 "inline.c" 1
	out a4,a5
# 0 "" 2
 #NO_APP
	lbu	a5,0(a0)
	bne	a5,zero,.L3
.L1:
	ret
	.size	put, .-put
	.align	2
	.globl	x
	.type	x, @function
x:
	li	a5,0
	li	a4,120
 #APP
# 4 "inline.c" 1
	out a5,a4
# 0 "" 2
 #NO_APP
	ret
	.size	x, .-x
	.align	2
	.globl	now
	.type	now, @function
now:
 #APP
# 8 "inline.c" 1
	rdtime a0
	getpsw a5
# 0 "" 2
 #NO_APP
	xor	a0,a0,a5
	ret
	.size	now, .-now
	.align	2
	.globl	control
	.type	control, @function
control:
 #APP
# 13 "inline.c" 1
	wrcr tvec,a0; rdcr a0, cause # comment
1: beqz a0, 1f
 j 1b
1:
# 0 "" 2
# 14 "inline.c" 1
	cli
	sti
	tlbflush
# 0 "" 2
 #NO_APP
	ret
	.size	control, .-control
	.align	2
	.globl	ask
	.type	ask, @function
ask:
 #APP
# 19 "inline.c" 1
	syscall 7
# 0 "" 2
 #NO_APP
	ret
	.size	ask, .-ask
	.align	2
	.globl	exchange
	.type	exchange, @function
exchange:
 #APP
# 25 "inline.c" 1
	swap a5,a1,(a0)
# 0 "" 2
 #NO_APP
	mv	a0,a5
	ret
	.size	exchange, .-exchange
	.align	2
	.globl	third
	.type	third, @function
third:
 #APP
# 31 "inline.c" 1
	lw a0,12(a0)
# 0 "" 2
 #NO_APP
	ret
	.size	third, .-third
	.align	2
	.globl	bare
	.type	bare, @function
bare:
 #APP
# 35 "inline.c" 1
	push ra
	pop ra
	ret
# 0 "" 2
 #NO_APP
	.size	bare, .-bare
	.align	2
	.globl	barrier
	.type	barrier, @function
barrier:
	fence	iorw,iorw
	ret
	.size	barrier, .-barrier
	.align	2
	.globl	bye
	.type	bye, @function
bye:
	li	a5,240
	li	a4,0
 #APP
# 2 "inline.c" 1
	out a5,a4
# 0 "" 2
 #NO_APP
	ebreak
	.size	bye, .-bye
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
