	.file	"script_compile.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	advance, @function
advance:
	lui	t2,%hi(source)
	lw	a0,%lo(source)(t2)
	li	a3,0
	li	a4,32
	li	a2,10
	j	.L2
.L3:
	addi	a0,a0,1
	li	a3,1
.L2:
	lbu	a5,0(a0)
	beq	a5,a4,.L3
	beq	a5,a2,.L3
	beq	a3,zero,.L4
	sw	a0,%lo(source)(t2)
.L4:
	andi	a4,a5,-33
	lui	a2,%hi(spelling)
	lui	a3,%hi(token)
	addi	a4,a4,-65
	sw	a0,%lo(spelling)(a2)
	sw	a5,%lo(token)(a3)
	andi	a4,a4,0xff
	li	a1,25
	bleu	a4,a1,.L21
	li	a4,95
	beq	a5,a4,.L21
	addi	a4,a5,-48
	andi	a4,a4,0xff
	li	a1,9
	bgtu	a4,a1,.L6
	li	a5,48
	j	.L5
.L21:
	li	a5,97
.L5:
	addi	sp,sp,-4
	sw	s0,0(sp)
	lw	s0,%lo(source)(t2)
	sw	a5,%lo(token)(a3)
	li	a1,0
	mv	a4,s0
	li	a2,25
	li	t1,95
	li	t0,9
	j	.L7
.L8:
	addi	a4,a4,1
	li	a1,1
.L7:
	lbu	a3,0(a4)
	andi	a5,a3,-33
	addi	a5,a5,-65
	andi	a5,a5,0xff
	bleu	a5,a2,.L8
	addi	a5,a3,-48
	andi	a5,a5,0xff
	beq	a3,t1,.L8
	bleu	a5,t0,.L8
	beq	a1,zero,.L33
	lw	s0,0(sp)
	sw	a4,%lo(source)(t2)
	lui	a5,%hi(spelled)
	sub	a4,a4,a0
	sw	a4,%lo(spelled)(a5)
	addi	sp,sp,4
	jr	ra
.L33:
	sub	a4,s0,a0
	lw	s0,0(sp)
	lui	a5,%hi(spelled)
	sw	a4,%lo(spelled)(a5)
	addi	sp,sp,4
	jr	ra
.L6:
	li	a4,34
	beq	a5,a4,.L34
	beq	a5,zero,.L35
	addi	a3,a0,1
	addi	a4,a5,-46
	sw	a3,%lo(source)(t2)
	andi	a4,a4,0xff
	li	a3,1
	bleu	a4,a3,.L16
	li	a4,61
	beq	a5,a4,.L16
	li	a4,126
	beq	a5,a4,.L19
	andi	a5,a5,253
	li	a3,60
	li	a4,1
	bne	a5,a3,.L30
.L19:
	lbu	a3,1(a0)
	li	a5,61
	li	a4,1
	bne	a3,a5,.L30
.L18:
	addi	a0,a0,2
	sw	a0,%lo(source)(t2)
	li	a4,2
	j	.L30
.L35:
	lw	a4,%lo(source)(t2)
	sub	a4,a4,a0
.L30:
	lui	a5,%hi(spelled)
	sw	a4,%lo(spelled)(a5)
	ret
.L16:
	lbu	a4,1(a0)
	beq	a4,a5,.L18
	li	a4,1
	j	.L30
.L34:
	lbu	a4,1(a0)
	addi	a3,a0,1
	sw	a3,%lo(spelling)(a2)
	beq	a4,a5,.L22
	li	a2,34
.L13:
	lbu	a5,1(a3)
	mv	a4,a3
	addi	a3,a3,1
	bne	a5,a2,.L13
	sub	a4,a4,a0
.L12:
	addi	a3,a3,1
	sw	a3,%lo(source)(t2)
	j	.L30
.L22:
	li	a4,0
	j	.L12
	.size	advance, .-advance
	.align	2
	.type	is, @function
is:
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	mv	a2,a0
	beq	a1,zero,.L37
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	li	a5,0
	j	.L38
.L40:
	addi	a5,a5,1
	beq	a5,a1,.L39
.L38:
	add	a3,a2,a5
	add	a4,a0,a5
	lbu	a3,0(a3)
	lbu	a4,0(a4)
	beq	a3,a4,.L40
	li	a0,0
	beq	a5,a1,.L39
.L36:
	ret
.L39:
	add	a2,a2,a1
.L37:
	lbu	a5,0(a2)
	li	a0,0
	bne	a5,zero,.L36
	lui	a5,%hi(token)
	lw	a0,%lo(token)(a5)
	addi	a0,a0,-34
	snez	a0,a0
	ret
	.size	is, .-is
	.align	2
	.type	find_local, @function
find_local:
	lui	a5,%hi(local_count)
	lw	a5,%lo(local_count)(a5)
	addi	a0,a5,-1
	ble	a5,zero,.L53
	lui	a4,%hi(spelled)
	slli	a5,a5,3
	lui	a2,%hi(.LANCHOR0)
	lw	a1,%lo(spelled)(a4)
	addi	a5,a5,-8
	lui	a4,%hi(spelling)
	addi	a2,a2,%lo(.LANCHOR0)
	lw	t0,%lo(spelling)(a4)
	add	a2,a2,a5
	li	t2,-1
	j	.L52
.L49:
	addi	a0,a0,-1
	addi	a2,a2,-8
	beq	a0,t2,.L58
.L52:
	lw	a5,4(a2)
	bne	a5,a1,.L49
	beq	a1,zero,.L47
	lw	t1,0(a2)
	li	a5,0
	j	.L50
.L51:
	addi	a5,a5,1
	beq	a1,a5,.L47
.L50:
	add	a3,t1,a5
	add	a4,t0,a5
	lbu	a3,0(a3)
	lbu	a4,0(a4)
	beq	a3,a4,.L51
	bne	a1,a5,.L49
.L47:
	ret
.L58:
	ret
.L53:
	li	a0,-1
	ret
	.size	find_local, .-find_local
	.align	2
	.type	constant, @function
constant:
	lui	a5,%hi(made)
	lw	t0,%lo(made)(a5)
	addi	sp,sp,-8
	sw	a0,0(sp)
	lw	t1,1544(t0)
	sw	a1,4(sp)
	ble	t1,zero,.L60
	addi	a5,t0,1024
	li	a4,0
	li	t2,2
.L66:
	lw	a3,0(a5)
	lw	a2,4(a5)
	bne	a3,a0,.L61
	bgtu	a0,t2,.L62
	bne	a0,zero,.L62
.L65:
	addi	a0,a4,128
	addi	sp,sp,8
	jr	ra
.L62:
	beq	a1,a2,.L65
.L61:
	addi	a4,a4,1
	addi	a5,a5,8
	bne	a4,t1,.L66
	li	a5,64
	beq	a4,a5,.L70
.L60:
	lw	a4,0(sp)
	addi	a0,t1,128
	slli	a5,a0,3
	add	a5,t0,a5
	sw	a4,0(a5)
	lw	a4,4(sp)
	addi	t1,t1,1
	sw	a4,4(a5)
	sw	t1,1544(t0)
	addi	sp,sp,8
	jr	ra
.L70:
	ebreak
	.size	constant, .-constant
	.align	2
	.type	finish, @function
finish:
	addi	sp,sp,-20
	li	a0,0
	li	a1,0
	sw	ra,16(sp)
	sw	zero,0(sp)
	sw	zero,4(sp)
	call	constant
	lui	a5,%hi(made)
	lw	a5,%lo(made)(a5)
	li	a3,256
	lw	a4,1540(a5)
	beq	a4,a3,.L74
	lw	a3,1548(a5)
	slli	a2,a4,2
	slli	a0,a0,16
	add	a2,a5,a2
	ori	a0,a0,24
	sw	a0,0(a2)
	lw	ra,16(sp)
	addi	a4,a4,1
	addi	a3,a3,16
	sw	a4,1540(a5)
	sw	a3,1548(a5)
	lui	a5,%hi(local_count)
	sw	zero,%lo(local_count)(a5)
	addi	sp,sp,20
	jr	ra
.L74:
	ebreak
	.size	finish, .-finish
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"or"
	.align	2
.LC1:
	.string	"true"
	.align	2
.LC2:
	.string	"false"
	.align	2
.LC3:
	.string	"nil"
	.align	2
.LC4:
	.string	"{"
	.align	2
.LC5:
	.string	"}"
	.align	2
.LC6:
	.string	"not"
	.align	2
.LC7:
	.string	"#"
	.align	2
.LC8:
	.string	"-"
	.align	2
.LC9:
	.string	"("
	.align	2
.LC10:
	.string	")"
	.text
	.align	2
	.type	expression, @function
expression:
	addi	sp,sp,-76
	lui	a5,%hi(made)
	sw	s0,68(sp)
	lw	s0,%lo(made)(a5)
	sw	ra,72(sp)
	sw	s1,64(sp)
	lw	a4,1548(s0)
	sw	a1,12(sp)
	sw	a0,0(sp)
	blt	a1,a4,.L76
	addi	a4,a1,8
	sw	a4,1548(s0)
.L76:
	lui	a4,%hi(token)
	lw	s1,%lo(token)(a4)
	li	a4,48
	beq	s1,a4,.L125
	li	a4,34
	beq	s1,a4,.L126
	lui	a0,%hi(.LC1)
	addi	a0,a0,%lo(.LC1)
	call	is
	mv	a1,a0
	bne	a0,zero,.L83
	sw	a0,4(sp)
	lui	a0,%hi(.LC2)
	addi	a0,a0,%lo(.LC2)
	call	is
	lw	a1,4(sp)
	beq	a0,zero,.L84
.L83:
	li	a5,1
	li	a0,1
	sw	a5,32(sp)
	sw	a1,36(sp)
	call	constant
	lw	a5,12(sp)
	sw	a0,8(sp)
	slli	a5,a5,8
	sw	a5,28(sp)
	call	advance
.L82:
	lui	a5,%hi(.LANCHOR1)
	addi	a5,a5,%lo(.LANCHOR1)
	sw	a5,16(sp)
	lui	a5,%hi(.LANCHOR1+4)
	addi	a5,a5,%lo(.LANCHOR1+4)
	sw	a5,24(sp)
	lui	a5,%hi(.LC0)
	addi	a5,a5,%lo(.LC0)
	sw	a5,20(sp)
.L80:
	lw	s0,24(sp)
	li	s1,0
	li	a2,-1
	mv	a5,s0
	lw	a0,20(sp)
	mv	s0,s1
	sw	a2,4(sp)
	mv	s1,a5
	j	.L101
.L127:
	lw	a0,-4(s1)
.L101:
	call	is
	beq	a0,zero,.L99
	lw	a3,0(s1)
	lw	a5,0(sp)
	ble	a3,a5,.L99
	sw	s0,4(sp)
.L99:
	addi	s0,s0,1
	li	a5,14
	addi	s1,s1,16
	bne	s0,a5,.L127
	lw	a2,4(sp)
	li	a5,-1
	beq	a2,a5,.L120
	lw	a5,16(sp)
	slli	s0,a2,4
	add	a5,a5,s0
	lw	a5,8(a5)
	sw	a5,4(sp)
	call	advance
	lw	a5,4(sp)
	li	a4,1
	addi	a3,a5,-20
	bleu	a3,a4,.L128
	lw	a4,12(sp)
	lw	a3,8(sp)
	mv	a1,a4
	bne	a3,a4,.L108
	addi	a1,a3,1
.L108:
	sw	a5,4(sp)
	lw	a5,16(sp)
	add	s0,a5,s0
	lw	a0,4(s0)
	call	expression
	lw	a4,12(s0)
	lw	a5,4(sp)
	bne	a4,zero,.L109
	lw	a4,8(sp)
	sw	a0,8(sp)
	mv	a0,a4
.L109:
	lui	a4,%hi(made)
	lw	a2,%lo(made)(a4)
	li	a3,256
	lw	a4,1540(a2)
	beq	a4,a3,.L89
	lw	a3,28(sp)
	slli	a1,a4,2
	or	a5,a5,a3
	slli	a3,a0,16
	or	a5,a5,a3
	lw	a3,8(sp)
	slli	a0,a3,24
	or	a5,a5,a0
	add	a3,a2,a1
	sw	a5,0(a3)
	addi	a5,a4,1
	sw	a5,1540(a2)
.L107:
	lw	a5,12(sp)
	sw	a5,8(sp)
	j	.L80
.L84:
	lui	a0,%hi(.LC3)
	addi	a0,a0,%lo(.LC3)
	call	is
	bne	a0,zero,.L85
	lui	a0,%hi(.LC4)
	addi	a0,a0,%lo(.LC4)
	call	is
	bne	a0,zero,.L129
	lui	a0,%hi(.LC6)
	addi	a0,a0,%lo(.LC6)
	call	is
	bne	a0,zero,.L130
	lui	a0,%hi(.LC7)
	addi	a0,a0,%lo(.LC7)
	call	is
	bne	a0,zero,.L112
	lui	a0,%hi(.LC8)
	addi	a0,a0,%lo(.LC8)
	call	is
	li	s0,18
	beq	a0,zero,.L131
.L90:
	call	advance
	lw	s1,12(sp)
	li	a0,6
	mv	a1,s1
	call	expression
	lui	a5,%hi(made)
	lw	a2,%lo(made)(a5)
	li	a5,256
	mv	a3,a0
	lw	a4,1540(a2)
	beq	a4,a5,.L89
	slli	a5,s1,8
	slli	a1,a4,2
	sw	a5,28(sp)
	slli	a3,a3,16
	or	a5,s0,a5
	add	a1,a2,a1
	or	a5,a5,a3
	sw	a5,0(a1)
	addi	a4,a4,1
	sw	a4,1540(a2)
	sw	s1,8(sp)
	j	.L82
.L128:
	lui	a4,%hi(made)
	lw	a3,%lo(made)(a4)
	lw	a1,8(sp)
	lw	a2,12(sp)
	lw	a4,1540(a3)
	beq	a1,a2,.L104
	li	a2,256
	beq	a4,a2,.L89
	lw	a0,28(sp)
	slli	a2,a4,2
	slli	a1,a1,16
	add	a2,a3,a2
	or	a1,a1,a0
	sw	a1,0(a2)
	addi	a4,a4,1
	sw	a4,1540(a3)
.L104:
	li	t0,256
	beq	a4,t0,.L89
	lw	a2,16(sp)
	slli	t1,a4,2
	add	a1,a3,t1
	add	a2,a2,s0
	lw	a0,4(a2)
	lw	a2,28(sp)
	lw	s0,12(sp)
	sw	t1,8(sp)
	or	a5,a5,a2
	sw	a5,0(a1)
	addi	a5,a4,1
	sw	a5,1540(a3)
	mv	a1,s0
	sw	a4,4(sp)
	call	expression
	lw	a4,4(sp)
	lw	t1,8(sp)
	li	t0,256
	bne	s0,a0,.L105
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	lw	a5,1540(a3)
.L106:
	add	a3,a3,t1
	lhu	a2,0(a3)
	sub	a5,a5,a4
	addi	a5,a5,-1
	slli	a5,a5,16
	or	a5,a5,a2
	sw	a5,0(a3)
	j	.L107
.L120:
	lw	ra,72(sp)
	lw	s0,68(sp)
	lw	a0,8(sp)
	lw	s1,64(sp)
	addi	sp,sp,76
	jr	ra
.L105:
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	lw	a5,1540(a3)
	beq	a5,t0,.L89
	slli	a2,a0,16
	lw	a0,28(sp)
	slli	a1,a5,2
	add	a1,a3,a1
	or	a2,a2,a0
	sw	a2,0(a1)
	addi	a5,a5,1
	sw	a5,1540(a3)
	j	.L106
.L125:
	lui	a5,%hi(spelled)
	lw	a2,%lo(spelled)(a5)
	beq	a2,zero,.L110
	lui	a5,%hi(spelling)
	lw	a4,%lo(spelling)(a5)
	li	s0,0
	add	a2,a4,a2
.L79:
	lbu	a3,0(a4)
	slli	a5,s0,2
	add	a5,a5,s0
	slli	a5,a5,1
	add	a5,a5,a3
	addi	a4,a4,1
	addi	s0,a5,-48
	bne	a2,a4,.L79
.L78:
	call	advance
	li	a5,2
	li	a0,2
	mv	a1,s0
	sw	a5,40(sp)
	sw	s0,44(sp)
.L122:
	call	constant
	lw	a5,12(sp)
	sw	a0,8(sp)
	slli	a5,a5,8
	sw	a5,28(sp)
	j	.L82
.L85:
	call	advance
	li	a0,0
	li	a1,0
	sw	zero,56(sp)
	sw	zero,60(sp)
	j	.L122
.L126:
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	lw	a5,12(sp)
	slli	a5,a5,8
	sw	a5,28(sp)
	call	make_string
	sw	a0,48(sp)
	sw	a1,52(sp)
	call	constant
	sw	a0,8(sp)
	call	advance
	j	.L82
.L129:
	call	advance
	lui	a0,%hi(.LC5)
	addi	a0,a0,%lo(.LC5)
	call	is
	bne	a0,zero,.L132
.L89:
	ebreak
.L131:
	lui	a0,%hi(.LC9)
	addi	a0,a0,%lo(.LC9)
	call	is
	bne	a0,zero,.L133
	li	a5,97
	bne	s1,a5,.L89
	call	find_local
	mv	s0,a0
	blt	a0,zero,.L98
.L123:
	call	advance
	lw	a5,12(sp)
	slli	a5,a5,8
	sw	a5,28(sp)
.L97:
	lw	a1,12(sp)
	mv	a0,s0
	call	postfix
	sw	a0,8(sp)
	j	.L82
.L132:
	call	advance
	lw	a4,1540(s0)
	li	a3,256
	beq	a4,a3,.L89
	lw	a1,12(sp)
	slli	a3,a4,2
	add	a3,s0,a3
	slli	a5,a1,8
	ori	a2,a5,3
	sw	a2,0(a3)
	addi	a4,a4,1
	sw	a5,28(sp)
	sw	a4,1540(s0)
	sw	a1,8(sp)
	j	.L82
.L110:
	li	s0,0
	j	.L78
.L130:
	li	s0,17
	j	.L90
.L112:
	li	s0,16
	j	.L90
.L98:
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	call	make_string
	sw	a1,60(sp)
	sw	a0,56(sp)
	call	constant
	mv	s0,a0
	call	advance
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a5,256
	lw	a4,1540(a3)
	beq	a4,a5,.L89
	lw	a0,12(sp)
	slli	a5,s0,16
	slli	a2,a4,2
	slli	a1,a0,8
	or	a5,a5,a1
	add	a2,a3,a2
	ori	a5,a5,1
	sw	a5,0(a2)
	addi	a4,a4,1
	sw	a1,28(sp)
	sw	a4,1540(a3)
	mv	s0,a0
	j	.L97
.L133:
	call	advance
	lw	a1,12(sp)
	li	a0,0
	call	expression
	mv	s0,a0
	lui	a0,%hi(.LC10)
	addi	a0,a0,%lo(.LC10)
	call	is
	bne	a0,zero,.L123
	ebreak
	.size	expression, .-expression
	.align	2
	.type	condition, @function
condition:
	addi	sp,sp,-12
	sw	s0,4(sp)
	lui	s0,%hi(local_count)
	lw	a1,%lo(local_count)(s0)
	li	a0,0
	sw	ra,8(sp)
	call	expression
	li	a4,127
	mv	a5,a0
	bgt	a0,a4,.L135
	lui	a4,%hi(made)
	lw	a3,%lo(made)(a4)
	lw	a0,1540(a3)
.L136:
	li	a4,256
	beq	a0,a4,.L138
	slli	a4,a0,2
	slli	a5,a5,8
	lw	ra,8(sp)
	lw	s0,4(sp)
	ori	a5,a5,20
	add	a4,a3,a4
	sw	a5,0(a4)
	addi	a5,a0,1
	sw	a5,1540(a3)
	addi	sp,sp,12
	jr	ra
.L135:
	lui	a4,%hi(made)
	lw	a3,%lo(made)(a4)
	li	a4,256
	lw	a2,%lo(local_count)(s0)
	lw	a0,1540(a3)
	beq	a0,a4,.L138
	slli	a1,a5,16
	slli	a4,a0,2
	slli	a5,a2,8
	or	a5,a5,a1
	add	a4,a3,a4
	sw	a5,0(a4)
	addi	a0,a0,1
	sw	a0,1540(a3)
	mv	a5,a2
	j	.L136
.L138:
	ebreak
	.size	condition, .-condition
	.section	.rodata.str1.4
	.align	2
.LC11:
	.string	","
	.align	2
.LC12:
	.string	"["
	.align	2
.LC13:
	.string	"."
	.align	2
.LC14:
	.string	"]"
	.text
	.align	2
	.type	postfix, @function
postfix:
	addi	sp,sp,-28
	lui	a5,%hi(.LC9)
	sw	s1,16(sp)
	slli	a4,a1,8
	mv	s1,a0
	addi	a0,a5,%lo(.LC9)
	sw	ra,24(sp)
	sw	s0,20(sp)
	sw	a4,4(sp)
	sw	a1,0(sp)
	call	is
	bne	a0,zero,.L161
.L142:
	lui	a5,%hi(.LC12)
	addi	a0,a5,%lo(.LC12)
	call	is
	mv	s0,a0
	lui	a0,%hi(.LC13)
	addi	a0,a0,%lo(.LC13)
	call	is
	bne	s0,zero,.L152
	beq	a0,zero,.L158
.L156:
	call	advance
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	call	make_string
	sw	a0,8(sp)
	sw	a1,12(sp)
	call	constant
	mv	s0,a0
	call	advance
.L154:
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	li	a3,256
	lw	a5,1540(a4)
	beq	a5,a3,.L147
	lw	a3,4(sp)
	slli	s0,s0,24
	slli	s1,s1,16
	or	s0,s0,a3
	or	s0,s0,s1
	slli	a3,a5,2
	add	a3,a4,a3
	ori	s0,s0,4
	lw	s1,0(sp)
	sw	s0,0(a3)
	addi	a5,a5,1
	sw	a5,1540(a4)
.L162:
	lui	a5,%hi(.LC9)
	addi	a0,a5,%lo(.LC9)
	call	is
	beq	a0,zero,.L142
.L161:
	lw	a5,0(sp)
	beq	s1,a5,.L143
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	li	a3,256
	lw	a5,1540(a4)
	beq	a5,a3,.L147
	lw	a2,4(sp)
	slli	a3,a5,2
	slli	s1,s1,16
	add	a3,a4,a3
	or	s1,s1,a2
	sw	s1,0(a3)
	addi	a5,a5,1
	sw	a5,1540(a4)
.L143:
	call	advance
	lw	a5,0(sp)
	li	s1,0
	addi	s0,a5,1
	lui	a5,%hi(.LC10)
	addi	a0,a5,%lo(.LC10)
	call	is
	bne	a0,zero,.L149
.L150:
	mv	a1,s0
	call	expression
	addi	s1,s1,1
	beq	s0,a0,.L146
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a4,256
	lw	a5,1540(a3)
	beq	a5,a4,.L147
	slli	a2,a5,2
	slli	a4,s0,8
	slli	a0,a0,16
	add	a2,a3,a2
	or	a4,a4,a0
	sw	a4,0(a2)
	addi	a5,a5,1
	sw	a5,1540(a3)
.L146:
	lui	a0,%hi(.LC11)
	addi	a0,a0,%lo(.LC11)
	call	is
	bne	a0,zero,.L148
	lui	a5,%hi(.LC10)
	addi	a0,a5,%lo(.LC10)
	call	is
	bne	a0,zero,.L149
.L147:
	ebreak
.L148:
	call	advance
	lui	a5,%hi(.LC10)
	addi	a0,a5,%lo(.LC10)
	addi	s0,s0,1
	call	is
	beq	a0,zero,.L150
.L149:
	call	advance
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	li	a3,256
	lw	a5,1540(a4)
	beq	a5,a3,.L147
	lw	a2,4(sp)
	slli	s1,s1,16
	slli	a3,a5,2
	or	s1,s1,a2
	ori	s1,s1,23
	add	a3,a4,a3
	sw	s1,0(a3)
	addi	a5,a5,1
	lw	s1,0(sp)
	sw	a5,1540(a4)
	j	.L162
.L152:
	lw	a5,0(sp)
	addi	s0,a5,1
	bne	a0,zero,.L156
	call	advance
	mv	a1,s0
	li	a0,0
	call	expression
	mv	s0,a0
	lui	a0,%hi(.LC14)
	addi	a0,a0,%lo(.LC14)
	call	is
	beq	a0,zero,.L147
	call	advance
	j	.L154
.L158:
	lw	ra,24(sp)
	lw	s0,20(sp)
	mv	a0,s1
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
	.size	postfix, .-postfix
	.section	.rodata.str1.4
	.align	2
.LC15:
	.string	"function"
	.align	2
.LC16:
	.string	"local"
	.align	2
.LC17:
	.string	"end"
	.align	2
.LC18:
	.string	"="
	.align	2
.LC19:
	.string	"return"
	.align	2
.LC20:
	.string	"if"
	.align	2
.LC21:
	.string	"while"
	.align	2
.LC22:
	.string	"do"
	.align	2
.LC23:
	.string	"for"
	.align	2
.LC24:
	.string	""
	.align	2
.LC25:
	.string	"else"
	.align	2
.LC26:
	.string	"elseif"
	.text
	.align	2
	.type	block, @function
block:
	addi	sp,sp,-76
	sw	s1,64(sp)
	lui	s1,%hi(local_count)
	sw	s0,68(sp)
	lw	s0,%lo(local_count)(s1)
	sw	ra,72(sp)
	sw	s0,16(sp)
.L164:
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	bne	a0,zero,.L202
.L247:
	lui	a5,%hi(.LC25)
	addi	a0,a5,%lo(.LC25)
	call	is
	bne	a0,zero,.L202
	lui	a0,%hi(.LC26)
	addi	a0,a0,%lo(.LC26)
	call	is
	bne	a0,zero,.L202
	lui	a5,%hi(token)
	lw	a5,%lo(token)(a5)
	beq	a5,zero,.L202
	lui	a0,%hi(.LC15)
	addi	a0,a0,%lo(.LC15)
	call	is
	bne	a0,zero,.L165
	lui	a0,%hi(.LC16)
	addi	a0,a0,%lo(.LC16)
	call	is
	bne	a0,zero,.L235
	lui	a0,%hi(.LC19)
	addi	a0,a0,%lo(.LC19)
	call	is
	bne	a0,zero,.L236
	lui	a0,%hi(.LC20)
	addi	a0,a0,%lo(.LC20)
	call	is
	bne	a0,zero,.L237
	lui	a0,%hi(.LC21)
	addi	a0,a0,%lo(.LC21)
	call	is
	bne	a0,zero,.L238
	lui	a0,%hi(.LC23)
	addi	a0,a0,%lo(.LC23)
	call	is
	lw	a5,%lo(local_count)(s1)
	sw	a5,0(sp)
	bne	a0,zero,.L239
	call	find_local
	mv	s0,a0
	blt	a0,zero,.L240
	call	advance
	lui	a5,%hi(.LC18)
	addi	a0,a5,%lo(.LC18)
	sw	a5,8(sp)
	call	is
	bne	a0,zero,.L241
.L196:
	lui	a0,%hi(.LC9)
	addi	a0,a0,%lo(.LC9)
	call	is
	bne	a0,zero,.L242
	lw	a4,0(sp)
	sw	s0,0(sp)
	sub	a5,a4,s0
	seqz	a5,a5
	add	a5,a5,a4
	sw	a5,4(sp)
	j	.L198
.L245:
	call	advance
	lw	a1,4(sp)
	li	a0,0
	call	expression
	mv	s0,a0
	lui	a0,%hi(.LC14)
	addi	a0,a0,%lo(.LC14)
	call	is
	beq	a0,zero,.L169
	call	advance
.L200:
	lw	a5,8(sp)
	addi	a0,a5,%lo(.LC18)
	call	is
	bne	a0,zero,.L243
	lui	a5,%hi(made)
	lw	a2,%lo(made)(a5)
	li	a5,256
	lw	a3,%lo(local_count)(s1)
	lw	a4,1540(a2)
	beq	a4,a5,.L169
	lw	a1,0(sp)
	slli	a5,a3,8
	slli	s0,s0,24
	slli	a0,a1,16
	or	a5,a5,s0
	slli	a1,a4,2
	or	a5,a5,a0
	ori	a5,a5,4
	add	a1,a2,a1
	sw	a5,0(a1)
	addi	a4,a4,1
	addi	a5,a3,1
	sw	a4,1540(a2)
	sw	a5,4(sp)
	sw	a3,0(sp)
.L198:
	lui	a5,%hi(.LC13)
	addi	a0,a5,%lo(.LC13)
	call	is
	bne	a0,zero,.L244
	lui	a5,%hi(.LC12)
	addi	a0,a5,%lo(.LC12)
	call	is
	bne	a0,zero,.L245
.L169:
	ebreak
.L165:
	call	advance
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	lui	s0,%hi(spelled)
	lui	a5,%hi(made)
	sw	a5,4(sp)
	lw	a1,%lo(spelled)(s0)
	lw	a5,%lo(made)(a5)
	sw	a5,8(sp)
	call	make_string
	sw	a1,36(sp)
	sw	a0,32(sp)
	call	constant
	sw	a0,12(sp)
	call	advance
	lw	a5,%lo(local_count)(s1)
	bne	a5,zero,.L169
	li	a0,1552
	call	allocate
	lw	a4,4(sp)
	mv	a5,a0
	sw	a0,0(sp)
	sw	zero,1548(a0)
	sw	zero,1544(a0)
	sw	zero,1540(a0)
	sw	zero,1536(a0)
	lui	a0,%hi(.LC9)
	addi	a0,a0,%lo(.LC9)
	sw	a5,%lo(made)(a4)
	call	is
	beq	a0,zero,.L169
.L173:
	call	advance
	lui	a5,%hi(.LC10)
	addi	a0,a5,%lo(.LC10)
	call	is
	bne	a0,zero,.L246
.L171:
	lw	a5,%lo(local_count)(s1)
	lui	a4,%hi(spelling)
	lw	a1,%lo(spelling)(a4)
	addi	a3,a5,1
	slli	a4,a5,3
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	add	a5,a5,a4
	lw	a4,0(sp)
	lw	a2,%lo(spelled)(s0)
	sw	a1,0(a5)
	sw	a3,1536(a4)
	sw	a2,4(a5)
	sw	a3,%lo(local_count)(s1)
	call	advance
	lui	a0,%hi(.LC11)
	addi	a0,a0,%lo(.LC11)
	call	is
	bne	a0,zero,.L173
	lui	a5,%hi(.LC10)
	addi	a0,a5,%lo(.LC10)
	call	is
	beq	a0,zero,.L171
.L246:
	call	advance
	call	block
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	beq	a0,zero,.L169
	call	advance
	call	finish
	lw	a5,12(sp)
	lw	a4,8(sp)
	lw	a3,0(sp)
	slli	a5,a5,3
	add	a5,a4,a5
	lw	a0,0(a5)
	lw	a1,4(a5)
	lw	t1,4(sp)
	li	a5,5
	li	a2,5
	sw	a5,24(sp)
	sw	a4,%lo(made)(t1)
	sw	a3,28(sp)
	call	set_global
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	beq	a0,zero,.L247
.L202:
	lw	s0,16(sp)
	lw	ra,72(sp)
	sw	s0,%lo(local_count)(s1)
	lw	s0,68(sp)
	lw	s1,64(sp)
	addi	sp,sp,76
	jr	ra
.L235:
	call	advance
	lui	a5,%hi(spelling)
	lw	s0,%lo(spelling)(a5)
	lui	a5,%hi(spelled)
	lw	a5,%lo(spelled)(a5)
	sw	a5,0(sp)
	call	advance
	lui	a0,%hi(.LC18)
	addi	a0,a0,%lo(.LC18)
	call	is
	beq	a0,zero,.L169
	call	advance
	lw	a1,%lo(local_count)(s1)
	li	a0,0
	sw	a1,4(sp)
	call	expression
	lw	a1,4(sp)
	beq	a1,a0,.L179
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	li	a3,256
	lw	a5,1540(a4)
	beq	a5,a3,.L169
	slli	a3,a5,2
	slli	a1,a1,8
	slli	a0,a0,16
	add	a3,a4,a3
	or	a1,a1,a0
	sw	a1,0(a3)
	addi	a5,a5,1
	sw	a5,1540(a4)
.L179:
	lw	a4,%lo(local_count)(s1)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	slli	a3,a4,3
	add	a5,a5,a3
	lw	a3,0(sp)
	addi	a4,a4,1
	sw	s0,0(a5)
	sw	a3,4(a5)
	sw	a4,%lo(local_count)(s1)
	j	.L164
.L236:
	call	advance
	lw	a1,%lo(local_count)(s1)
	li	a0,0
	call	expression
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a5,256
	lw	a4,1540(a3)
	beq	a4,a5,.L169
	slli	a2,a4,2
	slli	a5,a0,16
	add	a2,a3,a2
	ori	a5,a5,24
	sw	a5,0(a2)
	addi	a4,a4,1
	sw	a4,1540(a3)
	j	.L164
.L237:
	call	advance
	call	branches
	j	.L164
.L238:
	lui	a5,%hi(made)
	mv	s0,a5
	sw	a5,4(sp)
	call	advance
	lw	a5,%lo(made)(s0)
	lw	a5,1540(a5)
	sw	a5,0(sp)
	call	condition
	mv	s0,a0
	lui	a0,%hi(.LC22)
	addi	a0,a0,%lo(.LC22)
	call	is
	beq	a0,zero,.L169
	call	advance
	call	block
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	beq	a0,zero,.L169
	call	advance
	lw	a5,4(sp)
	lw	a2,%lo(made)(a5)
	li	a5,256
	lw	a3,1540(a2)
	beq	a3,a5,.L169
	lw	a5,0(sp)
	slli	a1,s0,2
	sub	a4,a5,a3
	addi	a4,a4,-1
	addi	a5,a3,1
	slli	a4,a4,16
	slli	a3,a3,2
	sw	a5,1540(a2)
	add	a3,a2,a3
	ori	a4,a4,19
	sw	a4,0(a3)
	add	a2,a2,a1
	lhu	a4,0(a2)
	sub	a5,a5,s0
	addi	a5,a5,-1
	slli	a5,a5,16
	or	a5,a5,a4
	sw	a5,0(a2)
	j	.L164
.L240:
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	lui	a5,%hi(.LC18)
	sw	a5,8(sp)
	call	make_string
	sw	a1,52(sp)
	sw	a0,48(sp)
	call	constant
	sw	a0,4(sp)
	call	advance
	lui	a5,%hi(.LC18)
	addi	a0,a5,%lo(.LC18)
	call	is
	lw	t1,4(sp)
	bne	a0,zero,.L194
	blt	t1,zero,.L196
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a5,256
	lw	a4,1540(a3)
	beq	a4,a5,.L169
	lw	a1,0(sp)
	slli	s0,t1,16
	slli	a2,a4,2
	slli	a5,a1,8
	or	a5,a5,s0
	add	a2,a3,a2
	ori	a5,a5,1
	sw	a5,0(a2)
	addi	a4,a4,1
	sw	a4,1540(a3)
	mv	s0,a1
	j	.L196
.L244:
	call	advance
	lui	a5,%hi(spelled)
	lw	a1,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a0,%lo(spelling)(a5)
	call	make_string
	sw	a0,56(sp)
	sw	a1,60(sp)
	call	constant
	mv	s0,a0
	call	advance
	j	.L200
.L239:
	call	advance
	lw	a4,0(sp)
	lui	a5,%hi(spelled)
	lw	a3,%lo(spelled)(a5)
	lui	a5,%hi(spelling)
	lw	a2,%lo(spelling)(a5)
	lui	s0,%hi(.LANCHOR0)
	slli	a5,a4,3
	addi	s0,s0,%lo(.LANCHOR0)
	add	a5,s0,a5
	addi	a4,a4,1
	sw	a2,0(a5)
	sw	a3,4(a5)
	sw	a4,%lo(local_count)(s1)
	call	advance
	lui	a0,%hi(.LC18)
	addi	a0,a0,%lo(.LC18)
	call	is
	beq	a0,zero,.L169
	call	advance
	lw	a1,0(sp)
	li	a0,0
	call	expression
	lw	a1,0(sp)
	beq	a0,a1,.L190
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a4,256
	lw	a5,1540(a3)
	beq	a5,a4,.L169
	slli	a2,a5,2
	slli	a4,a1,8
	slli	a0,a0,16
	add	a2,a3,a2
	or	a4,a4,a0
	sw	a4,0(a2)
	addi	a5,a5,1
	sw	a5,1540(a3)
.L190:
	lui	a0,%hi(.LC11)
	addi	a0,a0,%lo(.LC11)
	call	is
	beq	a0,zero,.L169
	call	advance
	lw	a1,%lo(local_count)(s1)
	li	a0,0
	slli	a5,a1,3
	add	s0,s0,a5
	lui	a5,%hi(.LC24)
	addi	a4,a1,1
	addi	a5,a5,%lo(.LC24)
	sw	a1,4(sp)
	sw	a5,0(s0)
	sw	zero,4(s0)
	sw	a4,%lo(local_count)(s1)
	call	expression
	lw	a1,4(sp)
	beq	a1,a0,.L191
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	a5,256
	lw	a4,1540(a3)
	beq	a4,a5,.L169
	slli	a2,a4,2
	slli	a5,a1,8
	slli	a0,a0,16
	add	a2,a3,a2
	or	a5,a5,a0
	sw	a5,0(a2)
	addi	a4,a4,1
	sw	a4,1540(a3)
.L191:
	lui	a0,%hi(.LC22)
	addi	a0,a0,%lo(.LC22)
	call	is
	beq	a0,zero,.L169
	call	advance
	li	a5,2
	sw	a5,40(sp)
	li	a0,2
	li	a5,1
	li	a1,1
	sw	a5,44(sp)
	call	constant
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	li	s0,256
	lw	a2,1540(a3)
	beq	a2,s0,.L169
	lw	a5,0(sp)
	slli	a4,a0,24
	slli	a1,a5,8
	slli	a5,a5,16
	or	a5,a5,a1
	or	a5,a5,a4
	sw	a1,8(sp)
	slli	a1,a2,2
	ori	a5,a5,7
	add	a4,a3,a1
	sw	a5,0(a4)
	addi	a5,a2,1
	sw	a1,12(sp)
	sw	a5,1540(a3)
	sw	a5,20(sp)
	beq	a5,s0,.L169
	li	a0,19
	addi	a5,a2,2
	sw	a0,4(a4)
	sw	a5,1540(a3)
	sw	a5,4(sp)
	call	block
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	beq	a0,zero,.L169
	call	advance
	lui	a5,%hi(made)
	lw	a3,%lo(made)(a5)
	lw	a5,12(sp)
	li	a2,65536
	lw	a4,1540(a3)
	add	a0,a3,a5
	lw	a5,20(sp)
	lw	t1,4(a0)
	addi	a2,a2,-1
	sub	a5,a4,a5
	addi	a5,a5,-1
	slli	a5,a5,16
	and	t1,t1,a2
	or	a5,a5,t1
	sw	a5,4(a0)
	beq	a4,s0,.L169
	lw	a5,4(sp)
	lw	a1,8(sp)
	sub	a5,a5,a4
	addi	a5,a5,-1
	and	a2,a1,a2
	slli	a5,a5,16
	addi	a1,a4,1
	or	a5,a5,a2
	slli	a4,a4,2
	ori	a5,a5,22
	sw	a1,1540(a3)
	add	a3,a3,a4
	sw	a5,0(a3)
	lw	a5,0(sp)
	sw	a5,%lo(local_count)(s1)
	j	.L164
.L243:
	sw	s0,8(sp)
	lw	s0,0(sp)
	call	advance
	lw	a5,4(sp)
	lw	a4,8(sp)
	li	a0,0
	sub	a1,a5,a4
	seqz	a1,a1
	add	a1,a1,a5
	call	expression
	lui	a5,%hi(made)
	lw	a2,%lo(made)(a5)
	li	a5,256
	lw	a3,1540(a2)
	beq	a3,a5,.L169
	slli	a5,s0,8
	slli	a4,a0,24
	or	a4,a5,a4
	lw	a5,8(sp)
	slli	a1,a3,2
	addi	a3,a3,1
	slli	a5,a5,16
	or	a5,a4,a5
	ori	a5,a5,5
	add	a4,a2,a1
	sw	a5,0(a4)
	sw	a3,1540(a2)
	j	.L164
.L194:
	sw	t1,4(sp)
	call	advance
	lw	a1,0(sp)
	li	a0,0
	call	expression
	lw	t1,4(sp)
	mv	a5,a0
	li	a1,2
.L204:
	lui	a4,%hi(made)
	lw	a3,%lo(made)(a4)
	li	a2,256
	lw	a4,1540(a3)
	beq	a4,a2,.L169
	slli	s0,t1,8
	slli	a5,a5,16
	slli	a2,a4,2
	or	a5,s0,a5
	add	a2,a3,a2
	or	a5,a5,a1
	sw	a5,0(a2)
	addi	a4,a4,1
	sw	a4,1540(a3)
	j	.L164
.L242:
	lw	a1,0(sp)
	mv	a0,s0
	call	postfix
	j	.L164
.L241:
	call	advance
	lw	a1,0(sp)
	li	a0,0
	call	expression
	mv	a5,a0
	mv	t1,s0
	li	a1,0
	j	.L204
	.size	block, .-block
	.section	.rodata.str1.4
	.align	2
.LC27:
	.string	"then"
	.text
	.align	2
	.type	branches, @function
branches:
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	ra,12(sp)
	sw	s1,4(sp)
	call	condition
	mv	s0,a0
	lui	a0,%hi(.LC27)
	addi	a0,a0,%lo(.LC27)
	call	is
	bne	a0,zero,.L249
.L252:
	ebreak
.L249:
	call	advance
	call	block
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	bne	a0,zero,.L262
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	li	a5,256
	lw	s1,1540(a4)
	beq	s1,a5,.L252
	slli	a5,s1,2
	li	a3,19
	sw	a5,0(sp)
	add	a5,a4,a5
	sw	a3,0(a5)
	addi	a5,s1,1
	slli	a3,s0,2
	sw	a5,1540(a4)
	add	a4,a4,a3
	lhu	a3,0(a4)
	sub	a5,a5,s0
	addi	a5,a5,-1
	slli	a5,a5,16
	or	a5,a5,a3
	lui	a0,%hi(.LC26)
	sw	a5,0(a4)
	addi	a0,a0,%lo(.LC26)
	call	is
	bne	a0,zero,.L263
	lui	a0,%hi(.LC25)
	addi	a0,a0,%lo(.LC25)
	call	is
	beq	a0,zero,.L252
	call	advance
	call	block
	lui	a5,%hi(.LC17)
	addi	a0,a5,%lo(.LC17)
	call	is
	beq	a0,zero,.L252
	call	advance
	j	.L254
.L263:
	call	advance
	call	branches
.L254:
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	lw	a3,0(sp)
	lw	ra,12(sp)
	lw	a5,1540(a4)
	add	a4,a4,a3
	lhu	a3,0(a4)
	sub	a5,a5,s1
	addi	a5,a5,-1
	lw	s0,8(sp)
	slli	a5,a5,16
	or	a5,a5,a3
	sw	a5,0(a4)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L262:
	call	advance
	lui	a5,%hi(made)
	lw	a4,%lo(made)(a5)
	slli	a3,s0,2
	lw	ra,12(sp)
	lw	a5,1540(a4)
	add	a4,a4,a3
	lhu	a3,0(a4)
	sub	a5,a5,s0
	addi	a5,a5,-1
	lw	s0,8(sp)
	slli	a5,a5,16
	or	a5,a5,a3
	sw	a5,0(a4)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
	.size	branches, .-branches
	.align	2
	.globl	compile
	.type	compile, @function
compile:
	addi	sp,sp,-12
	sw	s1,0(sp)
	mv	s1,a0
	li	a0,1552
	sw	ra,8(sp)
	sw	s0,4(sp)
	call	allocate
	lui	a5,%hi(made)
	sw	a0,%lo(made)(a5)
	sw	zero,1548(a0)
	lui	a5,%hi(source)
	sw	zero,1544(a0)
	sw	zero,1540(a0)
	sw	zero,1536(a0)
	sw	s1,%lo(source)(a5)
	mv	s0,a0
	call	advance
	call	block
	lui	a5,%hi(token)
	lw	a5,%lo(token)(a5)
	bne	a5,zero,.L267
	call	finish
	lw	ra,8(sp)
	mv	a0,s0
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,12
	jr	ra
.L267:
	ebreak
	.size	compile, .-compile
	.section	.rodata.str1.4
	.align	2
.LC28:
	.string	"and"
	.align	2
.LC29:
	.string	"=="
	.align	2
.LC30:
	.string	"~="
	.align	2
.LC31:
	.string	"<"
	.align	2
.LC32:
	.string	">"
	.align	2
.LC33:
	.string	"<="
	.align	2
.LC34:
	.string	">="
	.align	2
.LC35:
	.string	".."
	.align	2
.LC36:
	.string	"+"
	.align	2
.LC37:
	.string	"*"
	.align	2
.LC38:
	.string	"//"
	.align	2
.LC39:
	.string	"%"
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	operators, @object
	.size	operators, 224
operators:
	.word	.LC0
	.word	1
	.word	21
	.word	0
	.word	.LC28
	.word	2
	.word	20
	.word	0
	.word	.LC29
	.word	3
	.word	12
	.word	0
	.word	.LC30
	.word	3
	.word	13
	.word	0
	.word	.LC31
	.word	3
	.word	14
	.word	0
	.word	.LC32
	.word	3
	.word	14
	.word	1
	.word	.LC33
	.word	3
	.word	15
	.word	0
	.word	.LC34
	.word	3
	.word	15
	.word	1
	.word	.LC35
	.word	4
	.word	11
	.word	0
	.word	.LC36
	.word	5
	.word	6
	.word	0
	.word	.LC8
	.word	5
	.word	7
	.word	0
	.word	.LC37
	.word	6
	.word	8
	.word	0
	.word	.LC38
	.word	6
	.word	9
	.word	0
	.word	.LC39
	.word	6
	.word	10
	.word	0
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	locals, @object
	.size	locals, 256
locals:
	.zero	256
	.section	.sbss,"aw",@nobits
	.align	2
	.type	local_count, @object
	.size	local_count, 4
local_count:
	.zero	4
	.type	made, @object
	.size	made, 4
made:
	.zero	4
	.type	spelled, @object
	.size	spelled, 4
spelled:
	.zero	4
	.type	spelling, @object
	.size	spelling, 4
spelling:
	.zero	4
	.type	token, @object
	.size	token, 4
token:
	.zero	4
	.type	source, @object
	.size	source, 4
source:
	.zero	4
