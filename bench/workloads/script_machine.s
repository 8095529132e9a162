	.file	"script_machine.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	native_byte, @function
native_byte:
	li	a5,2
	addi	sp,sp,-8
	bne	a1,a5,.L2
	lw	a4,0(a0)
	li	a5,3
	bne	a4,a5,.L2
	lw	a5,4(a0)
	lw	a4,12(a0)
	lw	a3,8(a5)
	addi	a2,a4,-1
	bgeu	a2,a3,.L2
	add	a5,a5,a4
	lbu	a1,11(a5)
	li	a0,2
	addi	sp,sp,8
	jr	ra
.L2:
	ebreak
	.size	native_byte, .-native_byte
	.align	2
	.type	less, @function
less:
	addi	sp,sp,-16
	sw	a0,8(sp)
	sw	a1,12(sp)
	sw	a2,0(sp)
	sw	a3,4(sp)
	li	a5,2
	beq	a0,a5,.L18
	li	a5,3
	bne	a0,a5,.L8
	bne	a2,a0,.L8
	lw	a0,8(a3)
	lw	t0,8(a1)
	mv	t1,a0
	bgtu	a0,t0,.L19
.L11:
	li	a5,0
	bne	t1,zero,.L12
	j	.L13
.L14:
	addi	a5,a5,1
	beq	t1,a5,.L13
.L12:
	add	a2,a1,a5
	add	a4,a3,a5
	lbu	a2,12(a2)
	lbu	a4,12(a4)
	beq	a2,a4,.L14
	bleu	t1,a5,.L13
	sltu	a0,a2,a4
.L6:
	addi	sp,sp,16
	jr	ra
.L19:
	mv	t1,t0
	j	.L11
.L13:
	sgtu	a0,a0,t0
	addi	sp,sp,16
	jr	ra
.L18:
	beq	a2,a0,.L20
.L8:
	ebreak
.L20:
	slt	a0,a1,a3
	j	.L6
	.size	less, .-less
	.align	2
	.type	make_table, @function
make_table:
	lui	a5,%hi(arena_used)
	lw	a1,%lo(arena_used)(a5)
	li	a3,3145728
	addi	sp,sp,-8
	addi	a4,a1,24
	sw	a4,%lo(arena_used)(a5)
	lui	a5,%hi(arena)
	addi	a5,a5,%lo(arena)
	add	a1,a1,a5
	bgtu	a4,a3,.L24
	sw	zero,0(a1)
	sw	zero,4(a1)
	sw	zero,20(a1)
	sw	zero,16(a1)
	sw	zero,12(a1)
	sw	zero,8(a1)
	li	a0,4
	addi	sp,sp,8
	jr	ra
.L24:
	ebreak
	.size	make_table, .-make_table
	.align	2
	.type	find.isra.0, @function
find.isra.0:
	addi	sp,sp,-8
	sw	a2,0(sp)
	sw	a3,4(sp)
	li	a5,3
	mv	t0,a0
	addi	a1,a1,-1
	beq	a2,a5,.L38
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a4,a3,a4
	srli	a4,a4,16
.L27:
	and	a5,a1,a4
	slli	a5,a5,4
	add	a0,t0,a5
	lw	t1,0(a0)
	beq	t1,zero,.L25
.L28:
	addi	a4,a4,1
	and	a5,a1,a4
	slli	a5,a5,4
	bne	a2,t1,.L30
	lw	t1,4(a0)
	beq	t1,a3,.L25
.L30:
	add	a0,t0,a5
	lw	t1,0(a0)
	bne	t1,zero,.L28
.L25:
	addi	sp,sp,8
	jr	ra
.L38:
	lw	a4,4(a3)
	j	.L27
	.size	find.isra.0, .-find.isra.0
	.align	2
	.type	put, @function
put:
	addi	sp,sp,-64
	sw	s1,52(sp)
	sw	ra,60(sp)
	sw	s0,56(sp)
	sw	a1,36(sp)
	sw	a2,40(sp)
	sw	a3,28(sp)
	sw	a4,32(sp)
	li	a5,2
	mv	t0,a1
	mv	t1,a0
	mv	s1,a2
	beq	a1,a5,.L70
	li	a5,3
	bne	a1,a5,.L49
.L43:
	lw	t2,20(t1)
	lw	a5,16(t1)
	lw	s0,4(t1)
	slli	a1,t2,1
	sw	a5,16(sp)
	addi	a5,a5,1
	slli	a5,a5,2
	add	a4,a1,t2
	ble	a5,a4,.L58
	bne	t2,zero,.L71
	lui	a5,%hi(arena_used)
	lw	ra,%lo(arena_used)(a5)
	li	a3,4
	sw	a3,20(t1)
	addi	a4,ra,64
	sw	a4,%lo(arena_used)(a5)
	lui	a5,%hi(arena)
	addi	a5,a5,%lo(arena)
	li	a3,3145728
	add	ra,ra,a5
	bgtu	a4,a3,.L49
	sw	ra,4(t1)
	li	a1,4
.L55:
	slli	a1,a1,4
	mv	a5,ra
	add	a1,a1,ra
.L52:
	sw	zero,8(a5)
	sw	zero,12(a5)
	sw	zero,0(a5)
	sw	zero,4(a5)
	addi	a5,a5,16
	bne	a1,a5,.L52
	lw	a1,20(t1)
	ble	t2,zero,.L50
	sw	s1,24(sp)
	li	a5,0
	sw	t0,20(sp)
	mv	s1,t2
	sw	ra,8(sp)
	sw	t1,12(sp)
	j	.L54
.L53:
	addi	a5,a5,1
	addi	s0,s0,16
	beq	s1,a5,.L72
.L54:
	lw	a2,0(s0)
	beq	a2,zero,.L53
	lw	a3,4(s0)
	lw	a0,8(sp)
	sw	a5,4(sp)
	sw	a2,0(sp)
	call	find.isra.0
	lw	a1,8(s0)
	lw	t1,4(s0)
	lw	a3,12(s0)
	lw	a2,0(sp)
	lw	a5,12(sp)
	sw	t1,4(a0)
	sw	a2,0(a0)
	sw	a1,8(a0)
	sw	a3,12(a0)
	lw	a1,20(a5)
	lw	a5,4(sp)
	addi	s0,s0,16
	addi	a5,a5,1
	bne	s1,a5,.L54
.L72:
	lw	t0,20(sp)
	lw	s1,24(sp)
	lw	ra,8(sp)
	lw	t1,12(sp)
.L50:
	lw	a2,36(sp)
	lw	a3,40(sp)
	mv	a0,ra
	sw	t1,4(sp)
	sw	t0,0(sp)
	call	find.isra.0
	lw	a5,0(a0)
	lw	a4,16(sp)
	lw	t1,4(sp)
	seqz	a5,a5
	add	a5,a5,a4
	sw	a5,16(t1)
	lw	a5,28(sp)
	lw	t0,0(sp)
	sw	s1,4(a0)
	sw	a5,8(a0)
	lw	a5,32(sp)
	sw	t0,0(a0)
	sw	a5,12(a0)
.L39:
	lw	ra,60(sp)
	lw	s0,56(sp)
	lw	s1,52(sp)
	addi	sp,sp,64
	jr	ra
.L71:
	lui	a4,%hi(arena_used)
	lw	ra,%lo(arena_used)(a4)
	slli	a5,t2,5
	sw	a1,20(t1)
	add	a5,a5,ra
	sw	a5,%lo(arena_used)(a4)
	lui	a4,%hi(arena)
	addi	a4,a4,%lo(arena)
	li	a3,3145728
	add	ra,ra,a4
	bgtu	a5,a3,.L49
	sw	ra,4(t1)
	bgt	a1,zero,.L55
	j	.L50
.L70:
	lw	a5,8(a0)
	addi	a2,a2,-1
	bltu	a2,a5,.L73
	addi	a2,a5,1
	bne	a2,s1,.L43
	lw	a1,12(a0)
	sw	a4,48(sp)
	sw	a3,44(sp)
	lw	a4,0(a0)
	slli	a0,a5,3
	beq	a5,a1,.L74
.L44:
	add	a5,a4,a0
	lw	a4,44(sp)
	sw	a2,8(t1)
	sw	a4,0(a5)
	lw	a4,48(sp)
	sw	a4,4(a5)
	j	.L39
.L58:
	mv	a1,t2
	mv	ra,s0
	j	.L50
.L73:
	lw	a5,0(a0)
	slli	s1,s1,3
	lw	ra,60(sp)
	lw	s0,56(sp)
	addi	s1,s1,-8
	add	a5,a5,s1
	sw	a3,0(a5)
	sw	a4,4(a5)
	lw	s1,52(sp)
	addi	sp,sp,64
	jr	ra
.L74:
	beq	a5,zero,.L57
	slli	a0,a5,1
	slli	a3,a5,4
.L45:
	lui	a1,%hi(arena_used)
	lw	t0,%lo(arena_used)(a1)
	sw	a0,12(t1)
	li	a0,3145728
	add	a3,t0,a3
	sw	a3,%lo(arena_used)(a1)
	lui	a1,%hi(arena)
	addi	a1,a1,%lo(arena)
	add	t0,t0,a1
	bgtu	a3,a0,.L49
	sw	t0,0(t1)
	slli	a0,a5,3
	ble	a5,zero,.L47
	mv	a5,t0
	add	a1,a4,a0
.L48:
	lw	a3,0(a4)
	addi	a4,a4,8
	addi	a5,a5,8
	sw	a3,-8(a5)
	lw	a3,-4(a4)
	sw	a3,-4(a5)
	bne	a1,a4,.L48
.L47:
	mv	a4,t0
	j	.L44
.L57:
	li	a3,32
	li	a0,4
	j	.L45
.L49:
	ebreak
	.size	put, .-put
	.align	2
	.type	get, @function
get:
	addi	sp,sp,-28
	sw	ra,24(sp)
	sw	a1,0(sp)
	sw	a2,4(sp)
	li	a5,2
	beq	a1,a5,.L80
.L76:
	lw	a1,20(a0)
	bne	a1,zero,.L81
	lw	ra,24(sp)
	sw	zero,8(sp)
	sw	zero,12(sp)
	lw	a0,8(sp)
	lw	a1,12(sp)
	addi	sp,sp,28
	jr	ra
.L80:
	lw	a5,8(a0)
	addi	a4,a2,-1
	bgeu	a4,a5,.L76
	lw	a5,0(a0)
	slli	a2,a2,3
	addi	a2,a2,-8
	add	a5,a5,a2
	lw	a4,0(a5)
	lw	a5,4(a5)
	lw	ra,24(sp)
	sw	a4,8(sp)
	sw	a5,12(sp)
	lw	a0,8(sp)
	lw	a1,12(sp)
	addi	sp,sp,28
	jr	ra
.L81:
	lw	a2,0(sp)
	lw	a3,4(sp)
	lw	a0,4(a0)
	call	find.isra.0
	lw	a4,8(a0)
	lw	a5,12(a0)
	lw	ra,24(sp)
	sw	a4,8(sp)
	sw	a5,12(sp)
	lw	a0,8(sp)
	lw	a1,12(sp)
	addi	sp,sp,28
	jr	ra
	.size	get, .-get
	.align	2
	.globl	allocate
	.type	allocate, @function
allocate:
	lui	a3,%hi(arena_used)
	lw	a4,%lo(arena_used)(a3)
	addi	a5,a0,7
	andi	a5,a5,-8
	add	a5,a5,a4
	sw	a5,%lo(arena_used)(a3)
	lui	a3,%hi(arena)
	addi	a3,a3,%lo(arena)
	li	a2,3145728
	add	a0,a4,a3
	bgtu	a5,a2,.L84
	ret
.L84:
	ebreak
	.size	allocate, .-allocate
	.align	2
	.globl	make_string
	.type	make_string, @function
make_string:
	addi	sp,sp,-12
	sw	s0,8(sp)
	mv	a2,a1
	beq	a1,zero,.L98
	add	t1,a1,a0
	mv	a4,a1
	li	a1,16777216
	mv	a5,a0
	addi	a1,a1,403
.L87:
	lbu	a3,0(a5)
	addi	a5,a5,1
	xor	a4,a3,a4
	mul	a4,a4,a1
	bne	a5,t1,.L87
	andi	t1,a4,1023
.L86:
	lui	t0,%hi(strings)
	addi	t0,t0,%lo(strings)
	slli	t1,t1,2
	add	a5,t0,t1
	lw	t2,0(a5)
	beq	t2,zero,.L88
	mv	a1,t2
	j	.L93
.L89:
	lw	a1,0(a1)
	beq	a1,zero,.L88
.L93:
	lw	a5,4(a1)
	bne	a5,a4,.L89
	lw	a5,8(a1)
	bne	a5,a2,.L89
	beq	a2,zero,.L91
	li	a5,0
	j	.L90
.L92:
	addi	a5,a5,1
	beq	a2,a5,.L91
.L90:
	add	s0,a1,a5
	add	a3,a0,a5
	lbu	s0,12(s0)
	lbu	a3,0(a3)
	beq	s0,a3,.L92
	bne	a2,a5,.L89
.L91:
	lw	s0,8(sp)
	li	a0,3
	addi	sp,sp,12
	jr	ra
.L88:
	lui	a3,%hi(arena_used)
	lw	a1,%lo(arena_used)(a3)
	addi	a5,a2,19
	andi	a5,a5,-8
	add	a5,a5,a1
	sw	a5,%lo(arena_used)(a3)
	lui	a3,%hi(arena)
	addi	a3,a3,%lo(arena)
	li	s0,3145728
	add	a1,a1,a3
	bgtu	a5,s0,.L94
	addi	a5,a1,12
	add	s0,a0,a2
	beq	a2,zero,.L97
.L96:
	lbu	a3,0(a0)
	addi	a0,a0,1
	addi	a5,a5,1
	sb	a3,-1(a5)
	bne	s0,a0,.L96
.L97:
	lw	s0,8(sp)
	add	t1,t0,t1
	sw	a4,4(a1)
	sw	a2,8(a1)
	sw	t2,0(a1)
	sw	a1,0(t1)
	li	a0,3
	addi	sp,sp,12
	jr	ra
.L98:
	li	t1,0
	li	a4,0
	j	.L86
.L94:
	ebreak
	.size	make_string, .-make_string
	.align	2
	.type	native_sub, @function
native_sub:
	li	a5,3
	addi	sp,sp,-8
	bne	a1,a5,.L109
	lw	a5,0(a0)
	bne	a5,a1,.L109
	lw	a4,4(a0)
	lw	a5,12(a0)
	lw	a1,20(a0)
	lw	a3,8(a4)
	neg	a2,a5
	srai	a2,a2,31
	addi	a5,a5,-1
	and	a5,a5,a2
	ble	a3,a1,.L112
	mv	a3,a1
.L112:
	addi	a0,a4,12
	add	a0,a0,a5
	li	a1,0
	bge	a5,a3,.L113
	sub	a1,a3,a5
.L113:
	addi	sp,sp,8
	tail	make_string
.L109:
	ebreak
	.size	native_sub, .-native_sub
	.align	2
	.type	join, @function
join:
	addi	sp,sp,-564
	sw	s0,556(sp)
	sw	s1,552(sp)
	sw	a1,24(sp)
	sw	ra,560(sp)
	sw	a0,20(sp)
	sw	a2,12(sp)
	sw	a3,16(sp)
	sw	a3,0(sp)
	li	s0,2
	mv	a5,a1
	mv	t1,a2
	li	t0,0
	li	a1,0
	li	s1,1
	beq	a0,s0,.L134
.L117:
	li	a4,3
	bne	a0,a4,.L124
	lw	a3,8(a5)
	li	a4,500
	add	a2,a3,a1
	bgtu	a2,a4,.L124
	beq	a3,zero,.L123
	add	a3,a5,a3
	addi	a4,sp,40
	addi	a5,a5,12
	add	a1,a4,a1
	addi	a3,a3,12
.L125:
	lbu	a4,0(a5)
	addi	a5,a5,1
	addi	a1,a1,1
	sb	a4,-1(a1)
	bne	a5,a3,.L125
	mv	a1,a2
.L123:
	beq	t0,s1,.L135
.L127:
	mv	a0,t1
	lw	a5,0(sp)
	li	t0,1
	bne	a0,s0,.L117
.L134:
	srai	a4,a5,31
	xor	a2,a4,a5
	sub	a2,a2,a4
	li	a3,0
	li	a0,10
	li	t2,9
	sw	a5,4(sp)
	sw	a1,8(sp)
.L119:
	remu	a4,a2,a0
	addi	a5,sp,28
	mv	ra,a3
	addi	a3,a3,1
	add	a1,a5,a3
	mv	a5,a2
	addi	a4,a4,48
	sb	a4,-1(a1)
	divu	a2,a2,a0
	bgtu	a5,t2,.L119
	lw	a5,4(sp)
	lw	a1,8(sp)
	blt	a5,zero,.L136
.L120:
	addi	a5,sp,40
	add	a2,a5,a1
	addi	a5,sp,28
	add	a5,a5,a3
	addi	a0,sp,29
	j	.L122
.L137:
	lbu	a4,-2(a5)
	addi	a5,a5,-1
.L122:
	sb	a4,0(a2)
	addi	a2,a2,1
	bne	a5,a0,.L137
	add	a1,a1,a3
	bne	t0,s1,.L127
.L135:
	addi	a0,sp,40
	call	make_string
	lw	ra,560(sp)
	lw	s0,556(sp)
	lw	s1,552(sp)
	addi	sp,sp,564
	jr	ra
.L136:
	addi	a5,a3,540
	addi	a4,sp,12
	add	a3,a5,a4
	li	a5,45
	sb	a5,-524(a3)
	li	a4,45
	addi	a3,ra,2
	j	.L120
.L124:
	ebreak
	.size	join, .-join
	.align	2
	.type	run, @function
run:
	lw	a5,1548(a0)
	addi	sp,sp,-32
	lui	a4,%hi(registers+32768)
	slli	a5,a5,3
	addi	a3,a0,1024
	sw	s0,24(sp)
	sw	s1,20(sp)
	sw	ra,28(sp)
	add	a5,a1,a5
	addi	a4,a4,%lo(registers+32768)
	sw	a3,4(sp)
	mv	s1,a1
	li	s0,0
	bgtu	a5,a4,.L171
.L139:
	lw	a5,0(a0)
	addi	a3,a0,4
	sw	a3,0(sp)
	srli	a3,a5,5
	srli	a2,a5,16
	andi	a3,a3,2040
	andi	a0,a5,255
	li	a4,23
	srli	t0,a5,24
	andi	a1,a2,255
	add	t1,s1,a3
	srai	a5,a5,16
	addi	s0,s0,1
	bgtu	a0,a4,.L140
	lui	t2,%hi(.L142)
	slli	a4,a0,2
	addi	t2,t2,%lo(.L142)
	add	a4,a4,t2
	lw	a4,0(a4)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L142:
	.word	.L161
	.word	.L160
	.word	.L159
	.word	.L158
	.word	.L157
	.word	.L156
	.word	.L155
	.word	.L155
	.word	.L155
	.word	.L155
	.word	.L155
	.word	.L154
	.word	.L153
	.word	.L152
	.word	.L151
	.word	.L150
	.word	.L149
	.word	.L148
	.word	.L147
	.word	.L221
	.word	.L145
	.word	.L144
	.word	.L143
	.word	.L141
	.text
.L155:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L257
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	li	a5,127
	bgtu	t0,a5,.L180
.L278:
	slli	t0,t0,3
	add	t0,s1,t0
.L181:
	lw	a4,0(a1)
	li	a3,2
	lw	a5,4(a1)
	lw	a2,0(t0)
	lw	a1,4(t0)
	bne	a4,a3,.L171
	bne	a2,a4,.L171
	li	a4,7
	beq	a0,a4,.L182
	li	a4,8
	beq	a0,a4,.L183
	li	a4,6
	beq	a0,a4,.L258
	ble	a1,zero,.L171
	li	a4,9
	beq	a0,a4,.L259
	rem	a5,a5,a1
	li	a4,2
	sw	a4,0(t1)
	sw	a5,4(t1)
.L164:
	lw	a0,0(sp)
	j	.L139
.L145:
	lw	a4,0(t1)
	bne	a4,zero,.L260
.L221:
	slli	a0,a5,2
	lw	a5,0(sp)
	add	a0,a5,a0
	j	.L139
.L143:
	lw	a4,4(t1)
	lw	a3,12(t1)
	lw	a0,0(sp)
	addi	a4,a4,1
	sw	a4,4(t1)
	bgt	a4,a3,.L139
	slli	a5,a5,2
	add	a0,a0,a5
	j	.L139
.L144:
	lw	a4,0(t1)
	beq	a4,zero,.L164
	li	a3,1
	beq	a4,a3,.L224
.L225:
	lw	a4,0(sp)
	slli	a5,a5,2
	add	a5,a4,a5
	sw	a5,0(sp)
	lw	a0,0(sp)
	j	.L139
.L156:
	lw	a4,0(t1)
	li	a5,4
	bne	a4,a5,.L171
	andi	a2,a2,128
	lw	a0,4(t1)
	beq	a2,zero,.L261
	lw	a4,4(sp)
	slli	a5,a1,3
	addi	a5,a5,-1024
	add	a5,a4,a5
	li	a4,127
	bgtu	t0,a4,.L176
.L277:
	slli	t0,t0,3
	add	t0,s1,t0
.L177:
	lw	a3,0(t0)
	lw	a4,4(t0)
	lw	a1,0(a5)
	lw	a2,4(a5)
	call	put
	lw	a0,0(sp)
	j	.L139
.L147:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L262
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
.L219:
	lw	a4,0(a1)
	li	a3,2
	lw	a5,4(a1)
	bne	a4,a3,.L171
	neg	a5,a5
	lw	a0,0(sp)
	sw	a4,0(t1)
	sw	a5,4(t1)
	j	.L139
.L148:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L263
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
.L216:
	lw	a4,0(a1)
	lw	a3,4(a1)
	li	a5,1
	beq	a4,zero,.L217
	li	a2,1
	li	a5,0
	bne	a4,a2,.L217
	seqz	a5,a3
.L217:
	li	a4,1
	lw	a0,0(sp)
	sw	a4,0(t1)
	sw	a5,4(t1)
	j	.L139
.L149:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L264
	lw	a5,4(sp)
	addi	a1,a1,-1024
	li	a4,4
	add	a1,a5,a1
	lw	a5,0(a1)
	beq	a5,a4,.L256
.L213:
	li	a3,3
	li	a4,0
	beq	a5,a3,.L256
.L214:
	li	a5,2
	lw	a0,0(sp)
	sw	a5,0(t1)
	sw	a4,4(t1)
	j	.L139
.L150:
	li	a5,127
	bleu	t0,a5,.L265
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	andi	a2,a2,128
	add	t0,a5,t0
	slli	a1,a1,3
	bne	a2,zero,.L209
.L276:
	add	a1,s1,a1
.L210:
	lw	a2,0(a1)
	lw	a3,4(a1)
	lw	a0,0(t0)
	lw	a1,4(t0)
	sw	t1,8(sp)
	call	less
	lw	t1,8(sp)
	seqz	a0,a0
	li	a5,1
	sw	a0,4(t1)
	sw	a5,0(t1)
	lw	a0,0(sp)
	j	.L139
.L151:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L266
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	li	a5,127
	bgtu	t0,a5,.L205
.L281:
	slli	t0,t0,3
	add	t0,s1,t0
.L206:
	lw	a0,0(a1)
	lw	a2,0(t0)
	lw	a3,4(t0)
	lw	a1,4(a1)
	sw	t1,8(sp)
	call	less
	lw	t1,8(sp)
	li	a5,1
	sw	a0,4(t1)
	sw	a5,0(t1)
	lw	a0,0(sp)
	j	.L139
.L152:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L267
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	li	a5,127
	bgtu	t0,a5,.L199
.L280:
	slli	t0,t0,3
	add	t0,s1,t0
.L200:
	lw	a5,0(a1)
	lw	a3,0(t0)
	lw	a2,4(a1)
	li	a4,1
	lw	a1,4(t0)
	bne	a5,a3,.L201
	li	a4,2
	bgtu	a5,a4,.L202
	li	a4,0
	bne	a5,zero,.L268
.L201:
	li	a5,1
	sw	a5,0(t1)
	sw	a4,4(t1)
.L270:
	lw	a0,0(sp)
	j	.L139
.L153:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L269
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	li	a5,127
	bgtu	t0,a5,.L193
.L282:
	slli	t0,t0,3
	add	t0,s1,t0
.L194:
	lw	a5,0(a1)
	lw	a3,0(t0)
	lw	a2,4(a1)
	li	a4,0
	lw	a1,4(t0)
	bne	a5,a3,.L201
	li	a4,2
	bgtu	a5,a4,.L196
	li	a4,1
	beq	a5,zero,.L201
	sub	a1,a2,a1
	seqz	a4,a1
	li	a5,1
	sw	a5,0(t1)
	sw	a4,4(t1)
	j	.L270
.L154:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L271
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	li	a5,127
	bgtu	t0,a5,.L189
.L279:
	slli	t0,t0,3
	add	t0,s1,t0
.L190:
	lw	a0,0(a1)
	lw	a2,0(t0)
	lw	a3,4(t0)
	lw	a1,4(a1)
	sw	t1,8(sp)
	call	join
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L160:
	lui	a5,%hi(globals)
	andi	a2,a2,128
	lw	a0,%lo(globals)(a5)
	beq	a2,zero,.L272
	lw	a4,4(sp)
	slli	a5,a1,3
	addi	a5,a5,-1024
	add	a5,a4,a5
.L166:
	lw	a1,0(a5)
	lw	a2,4(a5)
	sw	t1,8(sp)
	call	get
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L161:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L273
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
.L163:
	lw	a5,0(a1)
	lw	a0,0(sp)
	sw	a5,0(t1)
	lw	a5,4(a1)
	sw	a5,4(t1)
	j	.L139
.L141:
	lw	a5,0(t1)
	li	a4,6
	bne	a5,a4,.L227
	lw	a5,4(t1)
	addi	a0,t1,8
	sw	t1,8(sp)
	jalr	a5
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L158:
	sw	t1,8(sp)
	call	make_table
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L159:
	lui	a5,%hi(globals)
	lw	a0,%lo(globals)(a5)
	lw	a5,4(sp)
	addi	a3,a3,-1024
	andi	a2,a2,128
	add	a5,a5,a3
	slli	a1,a1,3
	bne	a2,zero,.L167
	add	a1,s1,a1
.L168:
	lw	a3,0(a1)
	lw	a4,4(a1)
	lw	a2,4(a5)
	lw	a1,0(a5)
	call	put
	lw	a0,0(sp)
	j	.L139
.L157:
	andi	a2,a2,128
	slli	a1,a1,3
	beq	a2,zero,.L274
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
.L170:
	lw	a4,0(a1)
	li	a5,4
	bne	a4,a5,.L171
	li	a5,127
	lw	a0,4(a1)
	bgtu	t0,a5,.L172
	slli	t0,t0,3
	add	t0,s1,t0
.L173:
	lw	a1,0(t0)
	lw	a2,4(t0)
	sw	t1,8(sp)
	call	get
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L140:
	lui	a4,%hi(executed)
	lw	a5,%lo(executed)(a4)
	andi	a2,a2,128
	add	a5,a5,s0
	sw	a5,%lo(executed)(a4)
	beq	a2,zero,.L275
	lw	a5,4(sp)
	lw	ra,28(sp)
	lw	s0,24(sp)
	slli	a1,a1,3
	addi	a1,a1,-1024
	add	a5,a5,a1
	lw	a0,0(a5)
	lw	a1,4(a5)
	lw	s1,20(sp)
	addi	sp,sp,32
	jr	ra
.L275:
	lw	ra,28(sp)
	lw	s0,24(sp)
	slli	a5,a1,3
	add	a5,s1,a5
	lw	a0,0(a5)
	lw	a1,4(a5)
	lw	s1,20(sp)
	addi	sp,sp,32
	jr	ra
.L274:
	add	a1,s1,a1
	j	.L170
.L265:
	slli	t0,t0,3
	andi	a2,a2,128
	add	t0,s1,t0
	slli	a1,a1,3
	beq	a2,zero,.L276
.L209:
	lw	a5,4(sp)
	addi	a1,a1,-1024
	add	a1,a5,a1
	j	.L210
.L264:
	add	a1,s1,a1
	lw	a5,0(a1)
	li	a4,4
	bne	a5,a4,.L213
.L256:
	lw	a5,4(a1)
	lw	a4,8(a5)
	j	.L214
.L263:
	add	a1,s1,a1
	j	.L216
.L262:
	add	a1,s1,a1
	j	.L219
.L261:
	slli	a1,a1,3
	li	a4,127
	add	a5,s1,a1
	bleu	t0,a4,.L277
.L176:
	lw	a4,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a4,t0
	j	.L177
.L260:
	li	a3,1
	lw	a0,0(sp)
	bne	a4,a3,.L139
	lw	a4,4(t1)
	bne	a4,zero,.L139
	j	.L221
.L257:
	li	a5,127
	add	a1,s1,a1
	bleu	t0,a5,.L278
.L180:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L181
.L271:
	li	a5,127
	add	a1,s1,a1
	bleu	t0,a5,.L279
.L189:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L190
.L273:
	add	a1,s1,a1
	j	.L163
.L272:
	slli	a1,a1,3
	add	a5,s1,a1
	j	.L166
.L167:
	lw	a4,4(sp)
	addi	a1,a1,-1024
	add	a1,a4,a1
	j	.L168
.L267:
	li	a5,127
	add	a1,s1,a1
	bleu	t0,a5,.L280
.L199:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L200
.L266:
	li	a5,127
	add	a1,s1,a1
	bleu	t0,a5,.L281
.L205:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L206
.L269:
	li	a5,127
	add	a1,s1,a1
	bleu	t0,a5,.L282
.L193:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L194
.L172:
	lw	a5,4(sp)
	slli	t0,t0,3
	addi	t0,t0,-1024
	add	t0,a5,t0
	j	.L173
.L227:
	li	a4,5
	bne	a5,a4,.L171
	lw	a0,4(t1)
	lw	a5,1536(a0)
	bge	a1,a5,.L228
	slli	a5,a1,3
	add	a5,t1,a5
.L229:
	sw	zero,12(a5)
	lw	a0,4(t1)
	sw	zero,8(a5)
	addi	a1,a1,1
	lw	a4,1536(a0)
	addi	a5,a5,8
	bgt	a4,a1,.L229
.L228:
	addi	a1,t1,8
	sw	t1,8(sp)
	call	run
	lw	t1,8(sp)
	sw	a0,0(t1)
	sw	a1,4(t1)
	lw	a0,0(sp)
	j	.L139
.L202:
	sub	a2,a2,a1
	snez	a4,a2
	li	a5,1
	sw	a5,0(t1)
	sw	a4,4(t1)
	j	.L270
.L196:
	sub	a2,a2,a1
	seqz	a4,a2
	li	a5,1
	sw	a5,0(t1)
	sw	a4,4(t1)
	j	.L270
.L182:
	sub	a5,a5,a1
.L185:
	li	a4,2
	lw	a0,0(sp)
	sw	a4,0(t1)
	sw	a5,4(t1)
	j	.L139
.L258:
	add	a5,a5,a1
	j	.L185
.L183:
	mul	a5,a5,a1
	j	.L185
.L268:
	sub	a1,a2,a1
	snez	a4,a1
	li	a5,1
	sw	a5,0(t1)
	sw	a4,4(t1)
	j	.L270
.L259:
	div	a5,a5,a1
	j	.L185
.L224:
	lw	a4,4(t1)
	bne	a4,zero,.L225
	lw	a0,0(sp)
	j	.L139
.L171:
	ebreak
	.size	run, .-run
	.align	2
	.globl	set_global
	.type	set_global, @function
set_global:
	lui	a4,%hi(globals)
	mv	a5,a1
	mv	a1,a0
	lw	a0,%lo(globals)(a4)
	addi	sp,sp,-16
	mv	a4,a3
	mv	a3,a2
	addi	sp,sp,16
	mv	a2,a5
	tail	put
	.size	set_global, .-set_global
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"byte"
	.align	2
.LC1:
	.string	"sub"
	.text
	.align	2
	.globl	run_script
	.type	run_script, @function
run_script:
	lui	a4,%hi(arena_used)
	lui	a5,%hi(strings)
	addi	sp,sp,-56
	addi	a5,a5,%lo(strings)
	sw	zero,%lo(arena_used)(a4)
	li	a4,4096
	sw	ra,52(sp)
	sw	s0,48(sp)
	sw	s1,44(sp)
	sw	a0,0(sp)
	add	a4,a5,a4
.L286:
	sw	zero,0(a5)
	addi	a5,a5,4
	bne	a5,a4,.L286
	call	make_table
	lui	a0,%hi(.LC0)
	mv	s0,a1
	lui	s1,%hi(globals)
	li	a1,4
	addi	a0,a0,%lo(.LC0)
	sw	s0,%lo(globals)(s1)
	call	make_string
	lui	a5,%hi(native_byte)
	mv	a2,a1
	li	t1,6
	mv	a1,a0
	addi	a4,a5,%lo(native_byte)
	li	a3,6
	addi	a5,a5,%lo(native_byte)
	mv	a0,s0
	sw	t1,20(sp)
	sw	a2,32(sp)
	sw	a5,24(sp)
	sw	a1,28(sp)
	call	put
	lui	a0,%hi(.LC1)
	li	a1,3
	addi	a0,a0,%lo(.LC1)
	call	make_string
	mv	a5,a0
	lw	a0,%lo(globals)(s1)
	lui	a4,%hi(native_sub)
	mv	a2,a1
	li	a3,6
	mv	a1,a5
	addi	a4,a4,%lo(native_sub)
	sw	a5,28(sp)
	sw	a2,32(sp)
	sw	a5,20(sp)
	sw	a2,24(sp)
	call	put
	lw	a0,0(sp)
	call	compile
	lw	s0,48(sp)
	lw	ra,52(sp)
	lw	s1,44(sp)
	lui	a1,%hi(registers)
	addi	a1,a1,%lo(registers)
	addi	sp,sp,56
	tail	run
	.size	run_script, .-run_script
	.align	2
	.globl	result
	.type	result, @function
result:
	addi	sp,sp,-28
	lui	a5,%hi(globals)
	sw	s0,20(sp)
	sw	ra,24(sp)
	lw	s0,%lo(globals)(a5)
	call	make_string
	sw	a0,0(sp)
	sw	a1,4(sp)
	sw	a0,8(sp)
	sw	a1,12(sp)
	li	a5,2
	beq	a0,a5,.L295
.L290:
	lw	a1,20(s0)
	bne	a1,zero,.L292
.L293:
	ebreak
.L292:
	lw	a2,8(sp)
	lw	a3,12(sp)
	lw	a0,4(s0)
	call	find.isra.0
	lw	a4,8(a0)
	lw	a0,12(a0)
.L291:
	li	a5,2
	bne	a4,a5,.L293
	lw	ra,24(sp)
	lw	s0,20(sp)
	addi	sp,sp,28
	jr	ra
.L295:
	lw	a5,8(s0)
	addi	a4,a1,-1
	bgeu	a4,a5,.L290
	lw	a5,0(s0)
	slli	a1,a1,3
	addi	a1,a1,-8
	add	a5,a5,a1
	lw	a4,0(a5)
	lw	a0,4(a5)
	j	.L291
	.size	result, .-result
	.globl	executed
	.bss
	.align	3
	.type	registers, @object
	.size	registers, 32768
registers:
	.zero	32768
	.type	strings, @object
	.size	strings, 4096
strings:
	.zero	4096
	.type	arena, @object
	.size	arena, 3145728
arena:
	.zero	3145728
	.section	.sbss,"aw",@nobits
	.align	2
	.type	executed, @object
	.size	executed, 4
executed:
	.zero	4
	.type	globals, @object
	.size	globals, 4
globals:
	.zero	4
	.type	arena_used, @object
	.size	arena_used, 4
arena_used:
	.zero	4
