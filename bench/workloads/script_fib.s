	.file	"script_fib.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"answer"
	.align	2
.LC1:
	.string	"script_fib"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-20
	lui	a5,%hi(parts)
	lui	a4,%hi(seed)
	sw	s1,8(sp)
	lw	s1,%lo(seed)(a4)
	lw	a2,%lo(parts)(a5)
	sw	ra,16(sp)
	sw	s0,12(sp)
	li	a3,1199
	bgtu	a2,a3,.L2
	lw	a5,%lo(parts)(a5)
	li	a3,1200
	bgtu	a5,a3,.L11
	divu	s0,a3,a5
	lui	a5,%hi(.LC0)
	sw	a5,0(sp)
	li	a5,-1640529920
	addi	a5,a5,-1615
	sw	a5,4(sp)
.L4:
	lui	a5,%hi(.LANCHOR0)
	addi	a0,a5,%lo(.LANCHOR0)
	call	run_script
	lw	a5,0(sp)
	li	a1,6
	addi	s0,s0,-1
	addi	a0,a5,%lo(.LC0)
	call	result
	srli	a4,s1,27
	slli	a5,s1,5
	or	a5,a5,a4
	lw	a4,4(sp)
	mul	a5,a5,a4
	xor	s1,a5,a0
	bne	s0,zero,.L4
	j	.L3
.L2:
	lui	a0,%hi(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	call	run_script
	lui	a5,%hi(.LC0)
	addi	a0,a5,%lo(.LC0)
	li	a1,6
	sw	a5,0(sp)
	call	result
	srli	a4,s1,27
	slli	a5,s1,5
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	xor	s1,a5,a0
.L3:
	srli	a4,s1,27
	slli	a5,s1,5
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(executed)
	lw	a1,%lo(executed)(a4)
	lui	a0,%hi(.LC1)
	addi	a0,a0,%lo(.LC1)
	xor	a1,a5,a1
	call	report
	lw	a5,0(sp)
	li	a1,6
	addi	a0,a5,%lo(.LC0)
	call	result
	lw	ra,16(sp)
	lw	s0,12(sp)
	li	a5,-4096
	addi	a5,a5,-85
	add	a0,a0,a5
	lw	s1,8(sp)
	snez	a0,a0
	addi	sp,sp,20
	jr	ra
.L11:
	lui	a5,%hi(.LC0)
	sw	a5,0(sp)
	j	.L3
	.size	main, .-main
	.section	.rodata
	.align	2
	.set	.LANCHOR0,. + 0
	.type	text, @object
	.size	text, 100
text:
	.string	"function fib(n)\n  if n < 2 then return n end\n  return fib(n - 1) + fib(n - 2)\nend\nanswer = fib(19)\n"
