	.file	"names.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.globl	t1
	.type	t1, @function
t1:
	lui	a5,%hi(s1)
	lw	a5,%lo(s1)(a5)
	lui	a4,%hi(t0)
	lw	a4,%lo(t0)(a4)
	lui	a3,%hi(a0)
	lw	a1,%lo(a0)(a3)
	lui	a3,%hi(ra)
	lw	a2,%lo(ra)(a3)
	add	a5,a0,a5
	lui	a3,%hi(sp)
	lw	a3,%lo(sp)(a3)
	add	a5,a5,a4
	lui	a4,%hi(gp)
	lw	a4,%lo(gp)(a4)
	add	a5,a5,a1
	lui	a1,%hi(zero)
	lw	a1,%lo(zero)(a1)
	add	a5,a5,a2
	lui	a2,%hi(fp)
	lw	a2,%lo(fp)(a2)
	add	a5,a5,a3
	lui	a3,%hi(s0)
	lw	a3,%lo(s0)(a3)
	add	a5,a5,a4
	lui	a4,%hi(a5)
	lw	a4,%lo(a5)(a4)
	add	a5,a5,a1
	lui	a1,%hi(r1)
	lw	a0,%lo(r1)(a1)
	add	a5,a5,a2
	add	a5,a5,a3
	add	a5,a5,a4
	add	a0,a5,a0
	ret
	.size	t1, .-t1
	.align	2
	.globl	scale
	.type	scale, @function
scale:
	lui	a5,%hi(hi)
	lw	a5,%lo(hi)(a5)
	mul	a0,a0,a5
	lui	a5,%hi(lo)
	lw	a5,%lo(lo)(a5)
	add	a0,a0,a5
	ret
	.size	scale, .-scale
	.align	2
	.globl	j
	.type	j, @function
j:
	lui	a5,%hi(sp)
	lw	a3,%lo(sp)(a5)
	lui	a5,%hi(s1)
	lui	a4,%hi(t0)
	lw	a5,%lo(s1)(a5)
	lw	a2,%lo(t0)(a4)
	lui	a1,%hi(a0)
	lw	a0,%lo(a0)(a1)
	lui	a4,%hi(ra)
	lw	a1,%lo(ra)(a4)
	add	a5,a3,a5
	add	a5,a5,a2
	lui	a2,%hi(gp)
	lw	a2,%lo(gp)(a2)
	add	a5,a5,a0
	lui	a0,%hi(zero)
	lw	t1,%lo(zero)(a0)
	add	a5,a5,a1
	lui	a1,%hi(fp)
	lw	a0,%lo(fp)(a1)
	add	a5,a5,a3
	lui	a3,%hi(s0)
	lw	a1,%lo(s0)(a3)
	add	a5,a5,a2
	lui	a3,%hi(a5)
	lw	a2,%lo(a5)(a3)
	add	a5,a5,t1
	lui	a3,%hi(r1)
	lw	a3,%lo(r1)(a3)
	add	a5,a5,a0
	add	a5,a5,a1
	add	a5,a5,a2
	add	a5,a5,a3
	sw	a5,%lo(ra)(a4)
	ret
	.size	j, .-j
	.align	2
	.globl	call
	.type	call, @function
call:
	addi	sp,sp,-12
	lui	a5,%hi(sp)
	sw	s0,4(sp)
	mv	s0,a0
	lw	a0,%lo(sp)(a5)
	sw	ra,8(sp)
	call	t1
	lui	a5,%hi(nop)
	lw	a3,%lo(nop)(a5)
	addi	a4,s0,1
	lui	a2,%hi(ra)
	lui	a5,%hi(.LANCHOR0)
	sw	a0,%lo(ra)(a2)
	addi	a5,a5,%lo(.LANCHOR0)
	slli	a4,a4,2
	slli	s0,s0,2
	add	s0,a5,s0
	add	a5,a5,a4
	lw	a4,0(a3)
	lui	a3,%hi(li)
	lw	a2,0(s0)
	lw	a3,%lo(li)(a3)
	lw	a0,0(a5)
	add	s0,a4,a2
	jalr	a3
	lw	ra,8(sp)
	add	a0,s0,a0
	lw	s0,4(sp)
	addi	sp,sp,12
	jr	ra
	.size	call, .-call
	.align	2
	.globl	dollar$name
	.type	dollar$name, @function
dollar$name:
	lui	a4,%hi(count.0)
	lw	a0,%lo(count.0)(a4)
	lui	a5,%hi(count.1)
	lw	a3,%lo(count.1)(a5)
	addi	a0,a0,1
	sw	a0,%lo(count.0)(a4)
	add	a0,a0,a3
	sw	a0,%lo(count.1)(a5)
	ret
	.size	dollar$name, .-dollar$name
	.globl	li
	.globl	nop
	.globl	add
	.globl	lo
	.globl	hi
	.globl	r1
	.globl	a5
	.globl	s0
	.globl	fp
	.globl	zero
	.globl	gp
	.globl	sp
	.globl	ra
	.globl	a0
	.globl	t0
	.globl	s1
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	add, @object
	.size	add, 16
add:
	.zero	16
	.section	.sbss,"aw",@nobits
	.align	2
	.type	count.0, @object
	.size	count.0, 4
count.0:
	.zero	4
	.type	count.1, @object
	.size	count.1, 4
count.1:
	.zero	4
	.type	a5, @object
	.size	a5, 4
a5:
	.zero	4
	.type	fp, @object
	.size	fp, 4
fp:
	.zero	4
	.type	zero, @object
	.size	zero, 4
zero:
	.zero	4
	.type	sp, @object
	.size	sp, 4
sp:
	.zero	4
	.type	ra, @object
	.size	ra, 4
ra:
	.zero	4
	.type	t0, @object
	.size	t0, 4
t0:
	.zero	4
	.section	.sdata,"aw"
	.align	2
	.type	li, @object
	.size	li, 4
li:
	.word	t1
	.type	nop, @object
	.size	nop, 4
nop:
	.word	a0
	.type	lo, @object
	.size	lo, 4
lo:
	.word	5
	.type	hi, @object
	.size	hi, 4
hi:
	.word	4
	.type	r1, @object
	.size	r1, 4
r1:
	.word	4
	.type	s0, @object
	.size	s0, 4
s0:
	.word	9
	.type	gp, @object
	.size	gp, 4
gp:
	.word	3
	.type	a0, @object
	.size	a0, 4
a0:
	.word	5
	.type	s1, @object
	.size	s1, 4
s1:
	.word	1
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
