	.file	"qr.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	make_field, @function
make_field:
	lui	a4,%hi(.LANCHOR0)
	addi	t1,a4,%lo(.LANCHOR0)
	li	a3,0
	addi	a4,a4,%lo(.LANCHOR0)
	li	a5,1
	li	a0,255
.L3:
	andi	a2,a5,0xff
	add	a1,t1,a5
	sb	a2,255(a4)
	sb	a2,0(a4)
	sb	a3,512(a1)
	andi	a2,a5,128
	addi	a3,a3,1
	slli	a5,a5,1
	beq	a2,zero,.L2
	xori	a5,a5,285
.L2:
	addi	a4,a4,1
	bne	a3,a0,.L3
	ret
	.size	make_field, .-make_field
	.align	2
	.type	put_codewords, @function
put_codewords:
	lui	a5,%hi(version)
	lw	a3,%lo(version)(a5)
	lui	a4,%hi(data_words)
	lui	a5,%hi(check_words)
	addi	a4,a4,%lo(data_words)
	addi	a5,a5,%lo(check_words)
	add	a4,a4,a3
	add	a5,a5,a3
	lbu	a4,0(a4)
	lbu	a5,0(a5)
	lui	a3,%hi(side)
	lw	a1,%lo(side)(a3)
	add	a5,a4,a5
	addi	sp,sp,-28
	slli	a5,a5,3
	sw	s0,24(sp)
	sw	s1,20(sp)
	addi	a0,a1,-1
	sw	a5,12(sp)
	ble	a0,zero,.L8
	addi	t2,a1,-7
	lui	a5,%hi(.LANCHOR1)
	seqz	t2,t2
	addi	a5,a5,%lo(.LANCHOR1)
	lui	t1,%hi(.LANCHOR0+768)
	sw	a5,16(sp)
	sub	t2,a0,t2
	li	s1,1
	li	a2,0
	addi	t1,t1,%lo(.LANCHOR0+768)
	li	t0,1
.L10:
	li	a4,0
	sw	t2,8(sp)
.L11:
	mv	a3,a4
	beq	s1,zero,.L16
	sub	a3,a0,a4
.L16:
	slli	a5,a3,3
	add	a5,a5,a3
	slli	a5,a5,2
	add	a5,a5,a3
	lw	a3,8(sp)
	mv	s0,a1
	add	a5,a5,a3
	add	a1,t1,a5
	lbu	a1,0(a1)
	li	a3,2
	bne	a1,zero,.L12
.L24:
	lw	a1,16(sp)
	srai	t2,a2,3
	add	t2,a1,t2
	not	a1,a2
	andi	a1,a1,7
	sw	a1,4(sp)
	lui	a1,%hi(.LANCHOR1-1956)
	addi	a1,a1,%lo(.LANCHOR1-1956)
	add	a1,a1,a5
	sw	a1,0(sp)
	lw	a1,12(sp)
	ble	a1,a2,.L12
	lw	a1,4(sp)
	lbu	t2,-584(t2)
	addi	a2,a2,1
	sra	t2,t2,a1
	lw	a1,0(sp)
	andi	t2,t2,1
	sb	t2,0(a1)
.L12:
	addi	a5,a5,-1
	beq	a3,t0,.L23
.L19:
	add	a1,t1,a5
	lbu	a1,0(a1)
	li	a3,1
	beq	a1,zero,.L24
	addi	a5,a5,-1
	bne	a3,t0,.L19
.L23:
	addi	a4,a4,1
	mv	a1,s0
	bne	s0,a4,.L11
	lw	t2,8(sp)
	xori	s1,s1,1
	addi	a5,t2,-2
	ble	a5,zero,.L8
	addi	t2,t2,-8
	seqz	t2,t2
	sub	t2,a5,t2
	j	.L10
.L8:
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,28
	jr	ra
	.size	put_codewords, .-put_codewords
	.align	2
	.type	append_check, @function
append_check:
	addi	sp,sp,-60
	li	a4,1
	sw	s1,52(sp)
	sw	s0,56(sp)
	sw	a2,0(sp)
	sw	a4,20(sp)
	sw	zero,24(sp)
	sw	zero,28(sp)
	sw	zero,32(sp)
	sw	zero,36(sp)
	sw	zero,40(sp)
	sw	zero,44(sp)
	sw	zero,48(sp)
	mv	a3,a0
	mv	a5,a1
	add	s1,a0,a1
	ble	a2,zero,.L26
	addi	a0,sp,20
	lui	a1,%hi(.LANCHOR0)
	mv	t2,a0
	li	a2,0
	li	a4,1
	li	t0,0
	addi	a1,a1,%lo(.LANCHOR0)
	sw	a3,4(sp)
	sw	a5,8(sp)
.L30:
	addi	t0,t0,1
	add	a5,a1,t0
	lbu	t1,-1(a5)
	mv	a5,t2
	add	s0,a1,t1
.L29:
	beq	a4,zero,.L27
	add	a4,a1,a4
	beq	t1,zero,.L27
	lbu	a4,512(a4)
	lbu	a3,512(s0)
	add	a4,a1,a4
	add	a4,a4,a3
	lbu	a4,0(a4)
	xor	a2,a2,a4
.L27:
	sb	a2,1(a5)
	addi	a3,a5,-1
	beq	a5,a0,.L28
	lbu	a4,-1(a5)
	lbu	a2,0(a5)
	mv	a5,a3
	j	.L29
.L28:
	add	a5,s1,t0
	sb	zero,-1(a5)
	lw	a5,0(sp)
	addi	t2,t2,1
	beq	a5,t0,.L54
	lbu	a4,0(t2)
	lbu	a2,1(t2)
	j	.L30
.L54:
	lw	a3,4(sp)
	lw	a5,8(sp)
.L26:
	ble	a5,zero,.L25
	lw	a4,0(sp)
	addi	a2,sp,20
	lui	t0,%hi(.LANCHOR0)
	addi	a5,a4,32
	add	a5,a5,a2
	lbu	a5,-32(a5)
	addi	t0,t0,%lo(.LANCHOR0)
	addi	t1,a4,-1
	sw	a5,12(sp)
	add	a5,t0,a5
	add	t1,s1,t1
	mv	t2,a3
	sw	a5,16(sp)
	mv	s0,s1
.L38:
	lbu	a1,0(t2)
	lbu	a0,0(s0)
	lw	a3,0(sp)
	sw	s0,4(sp)
	xor	a2,a1,a0
	li	a5,1
	addi	a4,sp,21
	add	s1,t0,a2
	ble	a3,a5,.L37
	sw	t2,4(sp)
	sw	a2,8(sp)
	mv	a5,s0
.L36:
	lbu	a3,1(a5)
	lbu	a2,0(a4)
	beq	a1,a0,.L35
	add	t2,t0,a2
	beq	a2,zero,.L35
	lbu	a2,512(s1)
	lbu	t2,512(t2)
	add	a2,t0,a2
	add	a2,a2,t2
	lbu	a2,0(a2)
	xor	a3,a3,a2
.L35:
	sb	a3,0(a5)
	addi	a5,a5,1
	addi	a4,a4,1
	bne	t1,a5,.L36
	lw	t2,4(sp)
	lw	a2,8(sp)
.L37:
	li	a5,0
	beq	a1,a0,.L34
	lw	a4,12(sp)
	beq	a4,zero,.L34
	lw	a4,16(sp)
	add	a2,t0,a2
	lbu	a5,512(a2)
	lbu	a4,512(a4)
	add	a5,t0,a5
	add	a5,a5,a4
	lbu	a5,0(a5)
.L34:
	sb	a5,0(t1)
	addi	t2,t2,1
	bne	s0,t2,.L38
.L25:
	lw	s0,56(sp)
	lw	s1,52(sp)
	addi	sp,sp,60
	jr	ra
	.size	append_check, .-append_check
	.align	2
	.type	square, @function
square:
	sub	t0,a1,a2
	slli	a4,t0,3
	add	a4,a4,t0
	slli	a4,a4,2
	lui	a1,%hi(.LANCHOR1-1956)
	lui	a3,%hi(.LANCHOR0+768)
	addi	sp,sp,-28
	add	a4,a4,t0
	lui	t1,%hi(side)
	addi	a1,a1,%lo(.LANCHOR1-1956)
	addi	a3,a3,%lo(.LANCHOR0+768)
	add	a1,a1,a4
	sw	s1,20(sp)
	add	a4,a3,a4
	lw	s1,%lo(side)(t1)
	neg	a5,a2
	sw	a4,4(sp)
	sub	a4,a0,a2
	sw	s0,24(sp)
	sw	a1,0(sp)
	addi	s0,a2,1
	mv	a1,a5
	sw	a4,12(sp)
	li	t2,4
	sw	a5,16(sp)
.L58:
	srai	a4,a1,31
	xor	t1,a4,a1
	sub	t1,t1,a4
	lw	a3,12(sp)
	lw	a4,16(sp)
	sw	a1,8(sp)
.L63:
	srai	a1,a4,31
	xor	a5,a1,a4
	sub	a5,a5,a1
	or	a0,a3,t0
	addi	a4,a4,1
	bge	a5,t1,.L59
	mv	a5,t1
.L59:
	addi	a1,a5,-1
	snez	a1,a1
	beq	a2,t2,.L67
.L61:
	blt	a0,zero,.L62
	ble	s1,a3,.L62
	lw	a5,0(sp)
	add	a0,a5,a3
	lw	a5,4(sp)
	add	a5,a5,a3
	ble	s1,t0,.L62
	sb	a1,0(a0)
	li	a1,1
	sb	a1,0(a5)
.L62:
	addi	a3,a3,1
	bne	a4,s0,.L63
	lw	a5,0(sp)
	lw	a1,8(sp)
	addi	t0,t0,1
	addi	a5,a5,37
	sw	a5,0(sp)
	lw	a5,4(sp)
	addi	a1,a1,1
	addi	a5,a5,37
	sw	a5,4(sp)
	bne	a1,a4,.L58
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,28
	jr	ra
.L67:
	addi	a5,a5,-2
	andi	a5,a5,-3
	snez	a1,a5
	j	.L61
	.size	square, .-square
	.align	2
	.type	penalty_of, @function
penalty_of:
	lui	a5,%hi(side)
	lw	a3,%lo(side)(a5)
	addi	sp,sp,-32
	sw	s0,28(sp)
	sw	s1,24(sp)
	ble	a3,zero,.L87
	lui	a5,%hi(.LANCHOR1-448)
	addi	a5,a5,%lo(.LANCHOR1-448)
	li	t0,0
	add	a4,a3,a5
	sw	t0,0(sp)
	sw	a4,16(sp)
	mv	s1,a5
	mv	t0,a5
	sw	a5,20(sp)
.L82:
	li	a4,0
	li	a5,0
	li	a0,0
	li	t1,0
	li	a2,2
	li	s0,9
	sw	t0,4(sp)
	j	.L75
.L88:
	li	t1,1
.L72:
	slli	a5,a5,1
	or	a5,a5,a1
	andi	a5,a5,2047
	ble	a4,s0,.L73
	li	a1,93
	beq	a5,a1,.L74
	li	a1,1488
	beq	a5,a1,.L74
.L73:
	addi	a4,a4,1
	beq	a4,a3,.L102
.L75:
	add	a1,s1,a4
	lbu	a1,0(a1)
	mv	t2,a2
	mv	a2,a1
	bne	a1,t2,.L88
	addi	t1,t1,1
	slti	t2,t1,6
	li	t0,5
	xori	t2,t2,1
	beq	t1,t0,.L103
	add	a0,a0,t2
	j	.L72
.L74:
	addi	a4,a4,1
	addi	a0,a0,40
	bne	a4,a3,.L75
.L102:
	lw	t0,4(sp)
	li	a4,0
	li	a5,0
	mv	a1,t0
	li	t2,0
	li	t1,0
	li	a2,2
	li	s0,9
	sw	a0,4(sp)
	sw	s1,8(sp)
	sw	t0,12(sp)
	j	.L81
.L89:
	li	t1,1
.L78:
	slli	a5,a5,1
	or	a5,a5,a0
	andi	a5,a5,2047
	ble	a4,s0,.L79
	li	a0,93
	beq	a5,a0,.L80
	li	a0,1488
	beq	a5,a0,.L80
.L79:
	addi	a4,a4,1
	addi	a1,a1,37
	beq	a4,a3,.L104
.L81:
	lbu	a0,0(a1)
	mv	s1,a2
	mv	a2,a0
	bne	a0,s1,.L89
	addi	t1,t1,1
	slti	s1,t1,6
	li	t0,5
	xori	s1,s1,1
	beq	t1,t0,.L105
	add	t2,t2,s1
	j	.L78
.L103:
	addi	a0,a0,3
	j	.L72
.L80:
	addi	a4,a4,1
	addi	t2,t2,40
	addi	a1,a1,37
	bne	a4,a3,.L81
.L104:
	lw	a0,4(sp)
	lw	a5,0(sp)
	lw	t0,12(sp)
	add	t2,t2,a0
	add	a5,a5,t2
	lw	s1,8(sp)
	sw	a5,0(sp)
	lw	a5,16(sp)
	addi	t0,t0,1
	addi	s1,s1,37
	bne	a5,t0,.L82
	lw	t0,0(sp)
	lw	a5,20(sp)
	li	t1,0
	li	a0,0
.L83:
	mv	a4,a5
	li	a2,0
.L86:
	lbu	s1,0(a4)
	add	a0,a0,s1
	beq	a2,zero,.L84
	beq	t1,zero,.L84
	lbu	a1,-37(a4)
	lbu	s0,-1(a4)
	lbu	t2,-38(a4)
	add	a1,a1,s1
	add	a1,a1,s0
	add	a1,a1,t2
	andi	a1,a1,-5
	bne	a1,zero,.L84
	addi	t0,t0,3
.L84:
	addi	a2,a2,1
	addi	a4,a4,1
	bne	a2,a3,.L86
	addi	t1,t1,1
	addi	a5,a5,37
	bne	t1,a3,.L83
	slli	a5,a0,2
	add	a5,a5,a0
	slli	a5,a5,2
.L69:
	mul	a3,a3,a3
	lw	s0,28(sp)
	lw	s1,24(sp)
	addi	sp,sp,32
	slli	a4,a3,2
	add	a4,a4,a3
	slli	a4,a4,1
	sub	a5,a5,a4
	srai	a4,a5,31
	xor	a5,a4,a5
	sub	a5,a5,a4
	div	a5,a5,a3
	slli	a0,a5,2
	add	a0,a0,a5
	slli	a0,a0,1
	add	a0,a0,t0
	jr	ra
.L105:
	addi	t2,t2,3
	j	.L78
.L87:
	li	a5,0
	li	t0,0
	j	.L69
	.size	penalty_of, .-penalty_of
	.align	2
	.type	put_format, @function
put_format:
	addi	sp,sp,-28
	ori	a0,a0,8
	sw	s0,24(sp)
	sw	s1,20(sp)
	mv	a4,a0
	li	a5,10
	li	a2,1335
.L107:
	srli	a3,a4,9
	mul	a3,a3,a2
	slli	a4,a4,1
	addi	a5,a5,-1
	xor	a4,a4,a3
	bne	a5,zero,.L107
	slli	t2,a0,10
	or	t2,t2,a4
	lui	a4,%hi(.LANCHOR1)
	addi	a1,a4,%lo(.LANCHOR1)
	lui	a3,%hi(side)
	lui	a4,%hi(.LANCHOR0)
	addi	t0,a4,%lo(.LANCHOR0)
	lw	t1,%lo(side)(a3)
	li	a4,20480
	addi	a4,a4,1042
	xor	t2,t2,a4
	sw	a1,8(sp)
	addi	a0,a1,-1911
	sw	t0,4(sp)
	addi	a2,t1,-15
	addi	a3,t1,-1
	addi	a1,t0,813
	li	s0,8
	sw	t2,0(sp)
.L124:
	lw	a4,0(sp)
	srl	a4,a4,a5
	andi	t0,a4,1
	li	a4,5
	bleu	a5,a4,.L130
.L108:
	li	a4,7
	bgtu	a5,a4,.L113
	ble	t1,s0,.L111
	li	a4,1
	sb	t0,0(a0)
	sb	a4,0(a1)
	bge	a3,zero,.L131
.L111:
	lw	a4,0(sp)
	addi	a5,a5,1
	addi	a3,a3,-1
	srl	a4,a4,a5
	andi	t0,a4,1
	li	a4,5
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	bgtu	a5,a4,.L108
.L130:
	ble	t1,s0,.L132
	li	a4,37
	mul	s1,a5,a4
	lw	t2,8(sp)
	mv	a4,a3
	sw	s1,16(sp)
	add	s1,t2,s1
	sw	s1,12(sp)
	lw	t2,4(sp)
	lw	s1,16(sp)
	add	t2,t2,s1
	lw	s1,12(sp)
	sb	t0,-1948(s1)
	li	s1,1
	sb	s1,776(t2)
	blt	a3,zero,.L111
	bgt	t1,a3,.L112
.L121:
	addi	a5,a5,1
	li	a4,15
	addi	a3,a3,-1
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	bne	a5,a4,.L124
.L134:
	li	a5,8
	ble	t1,a5,.L106
	addi	t1,t1,-8
	slli	a5,t1,3
	lw	a4,8(sp)
	lw	a2,4(sp)
	add	a5,a5,t1
	slli	a5,a5,2
	add	a5,a5,t1
	li	a3,1
	add	a4,a4,a5
	add	a5,a2,a5
	sb	a3,-1948(a4)
	sb	a3,776(a5)
.L106:
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,28
	jr	ra
.L113:
	bge	a2,zero,.L133
	li	a4,7
	beq	a5,s0,.L122
	li	a4,14
	sub	a4,a4,a5
.L122:
	ble	t1,a4,.L121
.L120:
	ble	t1,s0,.L121
.L112:
	lw	s1,8(sp)
	addi	a5,a5,1
	addi	a3,a3,-1
	add	s1,s1,a4
	mv	t2,s1
	lw	s1,4(sp)
	sb	t0,-1660(t2)
	li	t0,1
	add	a4,s1,a4
	sb	t0,1064(a4)
	li	a4,15
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	bne	a5,a4,.L124
	j	.L134
.L132:
	blt	a3,zero,.L111
	addi	a5,a5,1
	li	a4,15
	addi	a3,a3,-1
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	bne	a5,a4,.L124
	j	.L134
.L133:
	li	a4,8
	ble	t1,a4,.L116
	bgt	t1,a2,.L117
	beq	a5,a4,.L118
.L119:
	li	a4,14
	sub	a4,a4,a5
	j	.L112
.L131:
	ble	t1,a3,.L111
	lw	a4,8(sp)
	add	s1,a4,a3
	lw	a4,4(sp)
	sb	t0,-1660(s1)
	li	t0,1
	add	a4,a4,a3
	sb	t0,1064(a4)
	j	.L111
.L116:
	beq	a5,a4,.L111
	addi	a5,a5,1
	li	a4,15
	addi	a3,a3,-1
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	bne	a5,a4,.L124
	j	.L134
.L118:
	lw	a5,8(sp)
	lw	a4,4(sp)
	addi	a3,a3,-1
	sb	t0,-1653(a5)
	li	a5,1
	sb	a5,1071(a4)
	addi	a2,a2,1
	addi	a0,a0,37
	addi	a1,a1,37
	li	a5,9
	j	.L124
.L117:
	li	t2,37
	mul	s1,a2,t2
	lw	t2,8(sp)
	add	t2,t2,s1
	sw	t2,12(sp)
	lw	t2,4(sp)
	add	s1,t2,s1
	lw	t2,12(sp)
	sb	t0,-1948(t2)
	li	t2,1
	sb	t2,776(s1)
	bne	a5,a4,.L119
	li	a4,7
	j	.L120
	.size	put_format, .-put_format
	.align	2
	.type	apply, @function
apply:
	addi	sp,sp,-28
	sw	s0,20(sp)
	sw	ra,24(sp)
	sw	s1,16(sp)
	mv	s0,a0
	sw	a0,8(sp)
	call	put_format
	lui	a5,%hi(side)
	lw	a3,%lo(side)(a5)
	ble	a3,zero,.L135
	lui	a0,%hi(.LANCHOR1)
	lui	a5,%hi(.L141)
	addi	a0,a0,%lo(.LANCHOR1)
	slli	s0,s0,2
	lui	t1,%hi(.LANCHOR0+768)
	addi	a5,a5,%lo(.L141)
	addi	t2,a0,-448
	mv	t0,a3
	addi	a0,a0,-1956
	addi	t1,t1,%lo(.LANCHOR0+768)
	sw	zero,0(sp)
	li	a1,0
	add	s0,s0,a5
	sw	a3,12(sp)
.L137:
	mv	a5,a1
	li	a2,0
.L149:
	add	a4,t1,a5
	lbu	a4,0(a4)
	add	a3,a0,a5
	lbu	a3,0(a3)
	bne	a4,zero,.L138
	lw	a4,0(sp)
	li	s1,6
	add	a4,a5,a4
	sw	a4,4(sp)
	lw	a4,8(sp)
	bgtu	a4,s1,.L139
	lw	a4,0(s0)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L141:
	.word	.L147
	.word	.L146
	.word	.L145
	.word	.L144
	.word	.L143
	.word	.L142
	.word	.L140
	.text
.L142:
	li	s1,3
	rem	s1,a2,s1
	andi	a4,a2,1
	add	a4,a4,s1
	seqz	a4,a4
.L148:
	xor	a3,a3,a4
.L138:
	add	a4,t2,a5
	sb	a3,0(a4)
	addi	a5,a5,1
	add	a2,a2,a1
	bne	a5,t0,.L149
	lw	a5,0(sp)
	addi	a1,a1,1
	addi	t2,t2,36
	addi	a5,a5,-1
	sw	a5,0(sp)
	lw	a5,12(sp)
	addi	t0,t0,1
	addi	a0,a0,36
	addi	t1,t1,36
	bne	a1,a5,.L137
.L135:
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
.L143:
	lw	s1,4(sp)
	li	a4,3
	div	s1,s1,a4
	srai	a4,a1,1
	add	a4,a4,s1
	not	a4,a4
	andi	a4,a4,1
	j	.L148
.L144:
	li	a4,3
	rem	a4,a5,a4
	seqz	a4,a4
	j	.L148
.L145:
	lw	s1,4(sp)
	li	a4,3
	rem	a4,s1,a4
	seqz	a4,a4
	j	.L148
.L146:
	not	a4,a1
	andi	a4,a4,1
	j	.L148
.L147:
	not	a4,a5
	andi	a4,a4,1
	j	.L148
.L140:
	li	s1,3
	rem	s1,a2,s1
	andi	a4,a2,1
	add	a4,a4,s1
	not	a4,a4
	andi	a4,a4,1
	j	.L148
.L139:
	li	s1,3
	rem	s1,a2,s1
	andi	a4,a5,1
	add	a4,a4,s1
	not	a4,a4
	andi	a4,a4,1
	j	.L148
	.size	apply, .-apply
	.align	2
	.type	put_patterns, @function
put_patterns:
	addi	sp,sp,-12
	lui	a5,%hi(side)
	sw	s0,4(sp)
	lw	s0,%lo(side)(a5)
	sw	ra,8(sp)
	sw	s1,0(sp)
	ble	s0,zero,.L153
	li	ra,38
	mul	ra,s0,ra
	lui	a3,%hi(.LANCHOR0)
	lui	a2,%hi(.LANCHOR1)
	addi	a3,a3,%lo(.LANCHOR0)
	addi	a2,a2,%lo(.LANCHOR1)
	addi	a0,a3,768
	addi	t2,a2,-1956
	mv	t0,a0
	mv	t1,t2
	add	a1,a0,s0
	add	ra,a0,ra
.L154:
	mv	a4,t1
	mv	a5,t0
.L157:
	sb	zero,0(a5)
	sb	zero,0(a4)
	addi	a5,a5,1
	addi	a4,a4,1
	bne	a5,a1,.L157
	addi	a1,a5,37
	addi	t0,t0,37
	addi	t1,t1,37
	bne	a1,ra,.L154
	addi	a2,a2,-1734
	addi	a3,a3,990
	not	s1,s0
	li	a4,0
	li	a5,-1
	li	ra,6
.L160:
	andi	a1,a5,1
	add	t0,t2,a4
	add	t1,a0,a4
	addi	a5,a5,-1
	ble	s0,ra,.L159
	sb	a1,6(t0)
	li	t0,1
	sb	t0,6(t1)
	sb	a1,0(a2)
	sb	t0,0(a3)
.L159:
	addi	a2,a2,1
	addi	a3,a3,1
	addi	a4,a4,37
	bne	s1,a5,.L160
.L153:
	li	a2,4
	li	a1,3
	li	a0,3
	call	square
	addi	s1,s0,-4
	li	a2,4
	li	a1,3
	mv	a0,s1
	call	square
	li	a2,4
	mv	a1,s1
	li	a0,3
	call	square
	lui	a5,%hi(version)
	lw	a4,%lo(version)(a5)
	li	a5,1
	ble	a4,a5,.L156
	addi	a1,s0,-7
	li	a2,2
	mv	a0,a1
	call	square
.L156:
	lw	s0,4(sp)
	lw	ra,8(sp)
	lw	s1,0(sp)
	li	a0,0
	addi	sp,sp,12
	tail	put_format
	.size	put_patterns, .-put_patterns
	.align	2
	.type	encode, @function
encode:
	lui	a5,%hi(version)
	lw	a4,%lo(version)(a5)
	lui	a5,%hi(data_words)
	addi	a5,a5,%lo(data_words)
	lui	t1,%hi(.LANCHOR1)
	addi	sp,sp,-24
	add	a5,a5,a4
	addi	t1,t1,%lo(.LANCHOR1)
	lui	a3,%hi(.LANCHOR1-584)
	sw	s1,16(sp)
	sw	a4,8(sp)
	sw	s0,20(sp)
	lbu	a4,0(a5)
	mv	s1,a0
	mv	a5,a1
	addi	a2,t1,-450
	addi	a3,a3,%lo(.LANCHOR1-584)
.L165:
	sb	zero,0(a3)
	addi	a3,a3,1
	bne	a3,a2,.L165
	lbu	a3,-584(t1)
	li	a2,7
	li	s0,11
	ori	a3,a3,64
	sb	a3,-584(t1)
	li	t2,128
	li	t0,-1
.L167:
	sub	a3,s0,a2
	srl	a0,a5,a2
	srai	a1,a3,3
	andi	a0,a0,1
	andi	a3,a3,7
	add	a1,t1,a1
	sra	a3,t2,a3
	addi	a2,a2,-1
	beq	a0,zero,.L166
	lbu	a0,-584(a1)
	or	a3,a3,a0
	sb	a3,-584(a1)
.L166:
	bne	a2,t0,.L167
	ble	a5,zero,.L176
	slli	a3,a5,3
	addi	a3,a3,12
	li	s0,12
	li	t2,128
	li	t0,-1
	sw	a4,12(sp)
	sw	a3,4(sp)
.L171:
	lbu	a0,0(s1)
	li	a4,7
	addi	a1,s0,7
	sw	s1,0(sp)
.L170:
	sub	a3,a1,a4
	srl	s1,a0,a4
	srai	a2,a3,3
	andi	s1,s1,1
	andi	a3,a3,7
	add	a2,t1,a2
	sra	a3,t2,a3
	addi	a4,a4,-1
	beq	s1,zero,.L169
	lbu	s1,-584(a2)
	or	a3,a3,s1
	sb	a3,-584(a2)
.L169:
	bne	a4,t0,.L170
	lw	s1,0(sp)
	lw	a4,4(sp)
	addi	s0,s0,8
	addi	s1,s1,1
	bne	a4,s0,.L171
	lw	a4,12(sp)
	slli	a5,a5,3
	addi	a5,a5,12
.L168:
	slli	a3,a4,3
	sub	a3,a3,a5
	li	a2,4
	ble	a3,a2,.L172
	li	a3,4
.L172:
	add	a5,a3,a5
	addi	a5,a5,7
	srai	a2,a5,31
	andi	a2,a2,7
	add	a2,a2,a5
	lui	a3,%hi(.LANCHOR1-584)
	addi	a5,a3,%lo(.LANCHOR1-584)
	srai	a2,a2,3
	addi	a3,a3,%lo(.LANCHOR1-584)
	add	a1,a3,a4
	add	a5,a5,a2
	li	a3,236
	ble	a4,a2,.L175
.L174:
	sb	a3,0(a5)
	addi	a5,a5,1
	xori	a3,a3,253
	bne	a1,a5,.L174
.L175:
	lw	a3,8(sp)
	lui	a5,%hi(check_words)
	addi	a5,a5,%lo(check_words)
	lw	s0,20(sp)
	add	a5,a5,a3
	lbu	a2,0(a5)
	lw	s1,16(sp)
	lui	a5,%hi(.LANCHOR1-584)
	mv	a1,a4
	addi	a0,a5,%lo(.LANCHOR1-584)
	addi	sp,sp,24
	tail	append_check
.L176:
	li	a5,12
	j	.L168
	.size	encode, .-encode
	.align	2
	.type	draw, @function
draw:
	addi	sp,sp,-20
	sw	ra,16(sp)
	sw	s0,12(sp)
	sw	s1,8(sp)
	addi	a5,a1,1
	li	a4,18
	ble	a5,a4,.L206
	li	a4,33
	ble	a5,a4,.L200
	li	a4,54
	ble	a5,a4,.L201
	li	a4,79
	sgt	a5,a5,a4
	addi	a5,a5,4
.L194:
	lui	a4,%hi(version)
	mv	a3,a4
	sw	a4,4(sp)
	slli	a4,a5,2
	sw	a5,%lo(version)(a3)
	addi	a5,a4,17
.L193:
	lui	a4,%hi(side)
	sw	a5,%lo(side)(a4)
	li	s1,0
	call	encode
	li	s0,1073741824
	call	put_patterns
	sw	zero,0(sp)
	call	put_codewords
.L196:
	mv	a0,s1
	call	apply
	call	penalty_of
	bge	a0,s0,.L195
	sw	s1,0(sp)
	mv	s0,a0
.L195:
	addi	s1,s1,1
	li	a5,8
	bne	s1,a5,.L196
	lw	s1,0(sp)
	mv	a0,s1
	call	apply
	lw	a5,4(sp)
	li	t1,-1640529920
	addi	t1,t1,-1615
	lw	a5,%lo(version)(a5)
	slli	a5,a5,3
	or	a5,a5,s1
	slli	a0,a5,5
	srli	a5,a5,27
	or	a0,a0,a5
	mul	a0,a0,t1
	lui	a5,%hi(side)
	lw	a1,%lo(side)(a5)
	xor	a0,a0,s0
	ble	a1,zero,.L191
	li	t2,38
	mul	t2,a1,t2
	lui	t0,%hi(.LANCHOR1-448)
	addi	t0,t0,%lo(.LANCHOR1-448)
	add	a1,t0,a1
	add	t2,t2,t0
.L198:
	mv	a5,t0
	li	a4,0
.L199:
	lbu	a3,0(a5)
	slli	a2,a4,1
	srli	a4,a4,31
	or	a4,a4,a2
	addi	a5,a5,1
	xor	a4,a3,a4
	bne	a5,a1,.L199
	slli	a5,a0,5
	srli	a0,a0,27
	or	a5,a5,a0
	mul	a5,a5,t1
	addi	a1,a1,37
	addi	t0,t0,37
	xor	a0,a5,a4
	bne	a1,t2,.L198
.L191:
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	addi	sp,sp,20
	jr	ra
.L206:
	lui	a5,%hi(version)
	mv	a4,a5
	sw	a5,4(sp)
	li	a5,1
	sw	a5,%lo(version)(a4)
	li	a5,21
	j	.L193
.L200:
	li	a5,2
	j	.L194
.L201:
	li	a5,3
	j	.L194
	.size	draw, .-draw
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"qr"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-132
	lui	a5,%hi(seed)
	sw	s1,120(sp)
	lw	s1,%lo(seed)(a5)
	li	a5,625340416
	addi	a5,a5,1169
	mul	s1,s1,a5
	sw	ra,128(sp)
	sw	s0,124(sp)
	call	make_field
	lui	a4,%hi(parts)
	lw	a2,%lo(parts)(a4)
	li	a5,4096
	addi	a3,a5,903
	bgtu	a2,a3,.L214
	lw	a4,%lo(parts)(a4)
	addi	a5,a5,904
	bgtu	a4,a5,.L215
	divu	t0,a5,a4
	j	.L208
.L214:
	li	t0,1
.L208:
	lui	a5,%hi(.LANCHOR2)
	addi	a5,a5,%lo(.LANCHOR2)
	sw	a5,8(sp)
	li	a5,-1640529920
	addi	a5,a5,-1615
	li	s0,0
	sw	a5,4(sp)
.L213:
	slli	a5,s1,13
	xor	a5,a5,s1
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	s1,a5,5
	xor	s1,a5,s1
	li	a1,96
	remu	a1,s1,a1
	lw	a2,8(sp)
	addi	a3,sp,12
	li	a4,0
	li	a0,25
	li	t1,26
	addi	a1,a1,10
	j	.L212
.L210:
	xor	s1,a5,t2
	remu	a5,s1,t1
	addi	a4,a4,1
	addi	a3,a3,1
	addi	a2,a2,1
	addi	a5,a5,97
	sb	a5,-1(a3)
	ble	a1,a4,.L219
.L212:
	slli	a5,s1,13
	xor	a5,a5,s1
	srli	t2,a5,17
	xor	a5,a5,t2
	slli	t2,a5,5
	bgt	a4,a0,.L210
	lbu	a5,0(a2)
	addi	a4,a4,1
	addi	a3,a3,1
	sb	a5,-1(a3)
	addi	a2,a2,1
	bgt	a1,a4,.L212
.L219:
	addi	a0,sp,12
	sw	t0,0(sp)
	call	draw
	lw	a4,4(sp)
	slli	a5,s0,5
	srli	s0,s0,27
	or	a5,a5,s0
	mul	a5,a5,a4
	lw	t0,0(sp)
	addi	t0,t0,-1
	xor	s0,a5,a0
	bne	t0,zero,.L213
.L209:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,s0
	call	report
	lw	ra,128(sp)
	lw	s0,124(sp)
	lw	s1,120(sp)
	li	a0,0
	addi	sp,sp,132
	jr	ra
.L215:
	li	s0,0
	j	.L209
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.set	.LANCHOR1,. + 4096
	.type	exponent, @object
	.size	exponent, 512
exponent:
	.zero	512
	.type	logarithm, @object
	.size	logarithm, 256
logarithm:
	.zero	256
	.type	fixed, @object
	.size	fixed, 1369
fixed:
	.zero	1369
	.zero	3
	.type	matrix, @object
	.size	matrix, 1369
matrix:
	.zero	1369
	.zero	3
	.type	codewords, @object
	.size	codewords, 134
codewords:
	.zero	134
	.zero	2
	.type	masked, @object
	.size	masked, 1369
masked:
	.zero	1369
	.section	.rodata
	.align	2
	.set	.LANCHOR2,. + 0
	.type	start.0, @object
	.size	start.0, 27
start.0:
	.string	"https://example.org/items/"
	.section	.sbss,"aw",@nobits
	.align	2
	.type	side, @object
	.size	side, 4
side:
	.zero	4
	.type	version, @object
	.size	version, 4
version:
	.zero	4
	.section	.srodata,"a"
	.align	2
	.type	check_words, @object
	.size	check_words, 6
check_words:
	.string	""
	.ascii	"\007\n\017\024\032"
	.zero	2
	.type	data_words, @object
	.size	data_words, 6
data_words:
	.string	""
	.ascii	"\023\"7Pl"
