	.file	"data.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.globl	one
	.data
	.align	2
	.type	one, @object
	.size	one, 20
one:
	.byte	120
	.zero	1
	.half	-2
	.word	2147483647
	.byte	17
	.byte	0
	.half	3
	.string	"abcdef"
	.zero	1
	.globl	many
	.bss
	.align	2
	.type	many, @object
	.size	many, 60
many:
	.zero	60
	.data
	.align	2
	.type	own, @object
	.size	own, 40
own:
	.byte	1
	.zero	19
	.byte	2
	.zero	19
	.globl	pi
	.section	.sdata,"aw"
	.align	2
	.type	pi, @object
	.size	pi, 4
pi:
	.word	one+4
	.globl	ps
	.align	2
	.type	ps, @object
	.size	ps, 4
ps:
	.word	many+42
	.globl	end
	.align	2
	.type	end, @object
	.size	end, 4
end:
	.word	many+60
	.globl	big
	.align	3
	.type	big, @object
	.size	big, 8
big:
	.word	-5
	.word	-1
	.globl	top
	.align	3
	.type	top, @object
	.size	top, 8
top:
	.word	1
	.word	-2147483648
	.globl	text
	.section	.rodata
	.align	2
	.type	text, @object
	.size	text, 63
text:
	.string	"tab\t nl\n q\" bs\\ bell\007 nul"
	.string	"x oct\177 \033[0m ; # // /* */ ' {x} %d \\n"
	.globl	wide
	.align	2
	.type	wide, @object
	.size	wide, 10
wide:
	.string	"w"
	.string	"i"
	.string	"d"
	.string	"e"
	.string	""
	.string	""
	.globl	aligned
	.section	.sdata
	.align	6
	.type	aligned, @object
	.size	aligned, 3
aligned:
	.string	"\001"
	.zero	1
	.globl	buffer
	.bss
	.align	2
	.type	buffer, @object
	.size	buffer, 5000
buffer:
	.zero	5000
	.globl	placed
	.section	.mydata,"aw"
	.align	2
	.type	placed, @object
	.size	placed, 4
placed:
	.word	4
	.section	.text.hot,"ax",@progbits
	.align	2
	.globl	hot
	.type	hot, @function
hot:
	addi	sp,sp,-8
	sw	s0,4(sp)
	addi	s0,sp,8
	sw	a0,-8(s0)
	lui	a5,%hi(placed)
	lw	a4,%lo(placed)(a5)
	lw	a5,-8(s0)
	add	a5,a4,a5
	mv	a0,a5
	lw	s0,4(sp)
	addi	sp,sp,8
	jr	ra
	.size	hot, .-hot
	.text
	.align	2
	.weak	weak_one
	.type	weak_one, @function
weak_one:
	addi	sp,sp,-4
	sw	s0,0(sp)
	addi	s0,sp,4
	li	a5,1
	mv	a0,a5
	lw	s0,0(sp)
	addi	sp,sp,4
	jr	ra
	.size	weak_one, .-weak_one
	.globl	also
	.set	also,weak_one
	.globl	maybe
	.section	.sdata
	.align	2
	.type	maybe, @object
	.size	maybe, 4
maybe:
	.word	nobody
	.text
	.align	2
	.globl	give
	.type	give, @function
give:
	addi	sp,sp,-32
	sw	s0,28(sp)
	addi	s0,sp,32
	sw	a0,-28(s0)
	sw	a1,-32(s0)
	lui	a5,%hi(one)
	addi	a5,a5,%lo(one)
	lw	a1,0(a5)
	lw	a2,4(a5)
	lw	a3,8(a5)
	lw	a4,12(a5)
	lw	a5,16(a5)
	sw	a1,-24(s0)
	sw	a2,-20(s0)
	sw	a3,-16(s0)
	sw	a4,-12(s0)
	sw	a5,-8(s0)
	lw	a5,-32(s0)
	sw	a5,-20(s0)
	lw	a5,-32(s0)
	mv	a4,a5
	li	a5,8192
	addi	a5,a5,-1
	and	a5,a4,a5
	slli	a4,a5,16
	srli	a4,a4,16
	li	a5,8192
	addi	a5,a5,-1
	and	a5,a4,a5
	slli	a5,a5,3
	lw	a3,-16(s0)
	li	a4,-65536
	addi	a4,a4,7
	and	a4,a3,a4
	or	a5,a4,a5
	sw	a5,-16(s0)
	lui	a5,%hi(own)
	addi	a5,a5,%lo(own)
	lw	a0,-24(s0)
	lw	a1,-20(s0)
	lw	a2,-16(s0)
	lw	a3,-12(s0)
	lw	a4,-8(s0)
	sw	a0,20(a5)
	sw	a1,24(a5)
	sw	a2,28(a5)
	sw	a3,32(a5)
	sw	a4,36(a5)
	lw	a5,-28(s0)
	lw	a0,-24(s0)
	lw	a1,-20(s0)
	lw	a2,-16(s0)
	lw	a3,-12(s0)
	lw	a4,-8(s0)
	sw	a0,0(a5)
	sw	a1,4(a5)
	sw	a2,8(a5)
	sw	a3,12(a5)
	sw	a4,16(a5)
	lw	a0,-28(s0)
	lw	s0,28(sp)
	addi	sp,sp,32
	jr	ra
	.size	give, .-give
	.align	2
	.globl	sum
	.type	sum, @function
sum:
	addi	sp,sp,-20
	sw	s0,16(sp)
	addi	s0,sp,20
	sw	a0,-16(s0)
	sw	a1,-20(s0)
	sw	zero,-8(s0)
	sw	zero,-12(s0)
	j	.L8
.L9:
	lw	a4,-12(s0)
	mv	a5,a4
	slli	a5,a5,2
	add	a5,a5,a4
	slli	a5,a5,2
	mv	a4,a5
	lw	a5,-16(s0)
	add	a5,a5,a4
	lw	a3,4(a5)
	lw	a4,-12(s0)
	mv	a5,a4
	slli	a5,a5,2
	add	a5,a5,a4
	slli	a5,a5,2
	mv	a4,a5
	lw	a5,-16(s0)
	add	a5,a5,a4
	lw	a5,8(a5)
	srli	a5,a5,3
	mv	a4,a5
	li	a5,8192
	addi	a5,a5,-1
	and	a5,a4,a5
	slli	a5,a5,16
	srli	a5,a5,16
	add	a3,a3,a5
	lw	a4,-12(s0)
	mv	a5,a4
	slli	a5,a5,2
	add	a5,a5,a4
	slli	a5,a5,2
	mv	a4,a5
	lw	a5,-16(s0)
	add	a4,a5,a4
	lw	a2,-12(s0)
	li	a5,7
	remu	a5,a2,a5
	add	a5,a4,a5
	lbu	a5,12(a5)
	add	a3,a3,a5
	lui	a5,%hi(many)
	addi	a2,a5,%lo(many)
	lw	a4,-12(s0)
	mv	a5,a4
	slli	a5,a5,2
	add	a5,a5,a4
	slli	a5,a5,2
	add	a5,a2,a5
	lbu	a5,0(a5)
	add	a5,a3,a5
	lw	a4,-8(s0)
	add	a5,a4,a5
	sw	a5,-8(s0)
	lw	a5,-12(s0)
	addi	a5,a5,1
	sw	a5,-12(s0)
.L8:
	lw	a4,-12(s0)
	lw	a5,-20(s0)
	bltu	a4,a5,.L9
	lui	a5,%hi(buffer)
	addi	a4,a5,%lo(buffer)
	li	a5,4096
	add	a5,a4,a5
	lbu	a5,903(a5)
	mv	a4,a5
	lw	a5,-8(s0)
	add	a5,a4,a5
	lui	a4,%hi(own)
	addi	a4,a4,%lo(own)
	lbu	a4,0(a4)
	add	a5,a5,a4
	mv	a0,a5
	lw	s0,16(sp)
	addi	sp,sp,20
	jr	ra
	.size	sum, .-sum
	.weak	nobody
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
