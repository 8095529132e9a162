	.file	"forth.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	is, @function
is:
	lui	a4,%hi(.LANCHOR0)
	lbu	a5,%lo(.LANCHOR0)(a4)
	addi	a4,a4,%lo(.LANCHOR0)
	bne	a5,zero,.L2
	j	.L9
.L4:
	lbu	a5,0(a4)
	beq	a5,zero,.L10
	mv	a0,a2
.L2:
	lbu	a3,0(a0)
	addi	a4,a4,1
	addi	a2,a0,1
	beq	a3,a5,.L4
.L3:
	sub	a0,a5,a3
	seqz	a0,a0
	ret
.L10:
	lbu	a3,1(a0)
	sub	a0,a5,a3
	seqz	a0,a0
	ret
.L9:
	lbu	a3,0(a0)
	j	.L3
	.size	is, .-is
	.align	2
	.type	run, @function
run:
	addi	sp,sp,-12
	sw	s0,8(sp)
	lui	s0,%hi(.LANCHOR0)
	li	a5,-1
	sw	s1,4(sp)
	addi	s0,s0,%lo(.LANCHOR0)
	sw	a5,12(s0)
	lui	a5,%hi(top)
	lw	a5,%lo(top)(a5)
	blt	a0,zero,.L59
	lui	a1,%hi(memory)
	addi	a1,a1,%lo(memory)
	slli	a4,a0,2
	lui	a3,%hi(.LANCHOR0+524)
	add	a4,a1,a4
	addi	a3,a3,%lo(.LANCHOR0+524)
	lw	t2,0(a4)
	addi	a4,a0,1
	bltu	a5,a3,.L13
	addi	s1,s0,1028
	li	a3,1
	addi	a2,s0,12
	bgeu	a5,s1,.L13
	lui	t1,%hi(.L17)
	addi	s0,s0,512
	li	t0,33
	addi	t1,t1,%lo(.L17)
	sw	s0,0(sp)
.L14:
	bgtu	t2,t0,.L15
	slli	t2,t2,2
	add	t2,t2,t1
	lw	t2,0(t2)
	jr	t2
	.section	.rodata
	.align	2
	.align	2
.L17:
	.word	.L50
	.word	.L49
	.word	.L69
	.word	.L47
	.word	.L46
	.word	.L45
	.word	.L44
	.word	.L43
	.word	.L42
	.word	.L41
	.word	.L40
	.word	.L39
	.word	.L38
	.word	.L37
	.word	.L36
	.word	.L35
	.word	.L34
	.word	.L33
	.word	.L32
	.word	.L31
	.word	.L30
	.word	.L29
	.word	.L28
	.word	.L27
	.word	.L26
	.word	.L25
	.word	.L24
	.word	.L23
	.word	.L22
	.word	.L21
	.word	.L20
	.word	.L19
	.word	.L18
	.word	.L16
	.text
.L45:
	lw	t2,0(a2)
	lw	s0,-4(a2)
	addi	t2,t2,1
	sw	t2,0(a2)
	bge	t2,s0,.L54
.L69:
	slli	a4,a4,2
	add	a4,a1,a4
	lw	t2,0(a4)
.L51:
	bge	t2,zero,.L70
.L12:
	lui	a2,%hi(executed)
	lw	a4,%lo(executed)(a2)
	lw	s0,8(sp)
	lui	a1,%hi(top)
	sw	a5,%lo(top)(a1)
	add	a5,a4,a3
	sw	a5,%lo(executed)(a2)
	lw	s1,4(sp)
	addi	sp,sp,12
	jr	ra
.L49:
	slli	a4,a4,2
	add	a4,a1,a4
	lw	a4,0(a4)
	addi	a5,a5,4
	addi	a0,a0,2
	sw	a4,0(a5)
.L55:
	slli	a4,a0,2
	lui	s0,%hi(.LANCHOR0+524)
	add	a4,a1,a4
	addi	s0,s0,%lo(.LANCHOR0+524)
	lw	t2,0(a4)
	addi	a3,a3,1
	addi	a4,a0,1
	bltu	a5,s0,.L13
	bgeu	a5,s1,.L13
	lw	s0,0(sp)
	bltu	a2,s0,.L14
.L13:
	ebreak
.L50:
	lw	t2,0(a2)
	addi	a2,a2,-4
	j	.L51
.L16:
	lui	a0,%hi(emitted)
	lw	a0,%lo(emitted)(a0)
	addi	a5,a5,-4
	slli	s0,a0,5
	srli	t2,a0,27
	li	a0,-1640529920
	or	t2,s0,t2
	addi	a0,a0,-1615
	mul	t2,t2,a0
	lw	s0,4(a5)
	mv	a0,a4
	lui	a4,%hi(emitted)
	xor	t2,t2,s0
	sw	t2,%lo(emitted)(a4)
	j	.L55
.L18:
	lw	s0,0(a5)
	lw	t2,-4(a5)
	mv	a0,a4
	slli	a4,s0,17
	srli	a4,a4,17
	add	a4,a1,a4
	sb	t2,0(a4)
	addi	a5,a5,-8
	j	.L55
.L19:
	lw	t2,0(a5)
	mv	a0,a4
	slli	a4,t2,17
	srli	a4,a4,17
	add	a4,a1,a4
	lbu	a4,0(a4)
	sw	a4,0(a5)
	j	.L55
.L20:
	lw	s0,0(a5)
	mv	a0,a4
	lw	t2,-4(a5)
	slli	a4,s0,19
	srli	a4,a4,17
	add	a4,a1,a4
	lw	s0,0(a4)
	addi	a5,a5,-8
	add	t2,s0,t2
	sw	t2,0(a4)
	j	.L55
.L21:
	lw	s0,0(a5)
	lw	t2,-4(a5)
	mv	a0,a4
	slli	a4,s0,19
	srli	a4,a4,17
	add	a4,a1,a4
	sw	t2,0(a4)
	addi	a5,a5,-8
	j	.L55
.L22:
	lw	a0,0(a5)
	slli	a0,a0,19
	srli	a0,a0,17
	add	a0,a1,a0
	lw	a0,0(a0)
	sw	a0,0(a5)
	mv	a0,a4
	j	.L55
.L23:
	lw	a0,0(a5)
	seqz	a0,a0
	neg	a0,a0
	sw	a0,0(a5)
	mv	a0,a4
	j	.L55
.L24:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	slt	a4,t2,s0
	neg	a4,a4
	sw	a4,0(a5)
	j	.L55
.L25:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	sub	a4,t2,s0
	seqz	a4,a4
	neg	a4,a4
	sw	a4,0(a5)
	j	.L55
.L26:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	srl	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L27:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	sll	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L28:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	xor	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L29:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	or	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L30:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	and	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L31:
	lw	s0,0(a5)
	addi	t2,a5,-4
	li	a0,0
	ble	s0,zero,.L58
	lw	a0,-4(a5)
	rem	a0,a0,s0
.L58:
	sw	a0,-4(a5)
	mv	a0,a4
	mv	a5,t2
	j	.L55
.L32:
	lw	s0,0(a5)
	addi	t2,a5,-4
	li	a0,0
	ble	s0,zero,.L58
	lw	a0,-4(a5)
	div	a0,a0,s0
	sw	a0,-4(a5)
	mv	a0,a4
	mv	a5,t2
	j	.L55
.L40:
	lw	a0,-4(a5)
	lw	t2,0(a5)
	sw	a0,0(a5)
	sw	t2,-4(a5)
	mv	a0,a4
	j	.L55
.L41:
	addi	a5,a5,-4
	mv	a0,a4
	j	.L55
.L42:
	lw	t2,0(a5)
	mv	a0,a4
	addi	a5,a5,4
	sw	t2,0(a5)
	j	.L55
.L43:
	lw	t2,-8(a2)
	addi	a5,a5,4
	mv	a0,a4
	sw	t2,0(a5)
	j	.L55
.L44:
	lw	t2,0(a2)
	addi	a5,a5,4
	mv	a0,a4
	sw	t2,0(a5)
	j	.L55
.L46:
	lw	a0,-4(a5)
	addi	a5,a5,-8
	addi	a2,a2,8
	sw	a0,-4(a2)
	lw	t2,8(a5)
	mv	a0,a4
	sw	t2,0(a2)
	j	.L55
.L47:
	lw	t2,0(a5)
	addi	a5,a5,-4
	beq	t2,zero,.L69
	addi	a0,a0,2
	j	.L55
.L36:
	lw	t2,0(a2)
	mv	a0,a4
	addi	a2,a2,-4
	sw	t2,4(a5)
	addi	a5,a5,4
	j	.L55
.L34:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	sub	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L35:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	add	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L33:
	lw	t2,-4(a5)
	lw	s0,0(a5)
	mv	a0,a4
	addi	a5,a5,-4
	mul	a4,t2,s0
	sw	a4,0(a5)
	j	.L55
.L38:
	lw	t2,-8(a5)
	lw	s0,-4(a5)
	mv	a0,a4
	lw	a4,0(a5)
	sw	s0,-8(a5)
	sw	t2,0(a5)
	sw	a4,-4(a5)
	j	.L55
.L39:
	lw	t2,-4(a5)
	mv	a0,a4
	addi	a5,a5,4
	sw	t2,0(a5)
	j	.L55
.L37:
	lw	t2,0(a5)
	addi	a2,a2,4
	mv	a0,a4
	addi	a5,a5,-4
	sw	t2,0(a2)
	j	.L55
.L15:
	sw	a4,4(a2)
	addi	a2,a2,4
	j	.L51
.L54:
	addi	a2,a2,-8
	addi	a0,a0,2
	j	.L55
.L59:
	li	a3,0
	j	.L12
.L70:
	mv	a0,t2
	j	.L55
	.size	run, .-run
	.align	2
	.type	next_token, @function
next_token:
	lui	t0,%hi(source)
	lw	a4,%lo(source)(t0)
	li	a3,32
	lbu	a5,0(a4)
	bne	a5,a3,.L72
	addi	a3,a4,1
	li	a2,32
.L73:
	lbu	a5,0(a3)
	mv	a4,a3
	addi	a3,a3,1
	beq	a5,a2,.L73
	sw	a4,%lo(source)(t0)
.L72:
	addi	a4,a4,1
	li	a2,0
	li	a0,0
	beq	a5,zero,.L89
	addi	sp,sp,-4
	lui	a1,%hi(.LANCHOR0)
	sw	s0,0(sp)
	li	t2,32
	li	s0,11
	addi	a1,a1,%lo(.LANCHOR0)
.L78:
	beq	a5,t2,.L96
	beq	a0,s0,.L97
	addi	a0,a0,1
	add	a2,a1,a0
	sb	a5,-1(a2)
	lbu	a5,0(a4)
	mv	t1,a4
	mv	a3,a1
	addi	a4,a4,1
	li	a2,1
	bne	a5,zero,.L78
	add	a3,a3,a0
	sb	zero,0(a3)
	lw	s0,0(sp)
	sw	t1,%lo(source)(t0)
	addi	sp,sp,4
	jr	ra
.L96:
	beq	a2,zero,.L95
	sw	t1,%lo(source)(t0)
.L95:
	lui	a3,%hi(.LANCHOR0)
	addi	a3,a3,%lo(.LANCHOR0)
	add	a3,a3,a0
	sb	zero,0(a3)
	lw	s0,0(sp)
	addi	sp,sp,4
	jr	ra
.L89:
	lui	a3,%hi(.LANCHOR0)
	addi	a3,a3,%lo(.LANCHOR0)
	add	a3,a3,a0
	sb	zero,0(a3)
	ret
.L97:
	beq	a2,zero,.L77
	sw	t1,%lo(source)(t0)
.L77:
	ebreak
	.size	next_token, .-next_token
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	":"
	.align	2
.LC1:
	.string	";"
	.align	2
.LC2:
	.string	"create"
	.align	2
.LC3:
	.string	"recurse"
	.align	2
.LC4:
	.string	"if"
	.align	2
.LC5:
	.string	"while"
	.align	2
.LC6:
	.string	"else"
	.align	2
.LC7:
	.string	"then"
	.align	2
.LC8:
	.string	"begin"
	.align	2
.LC9:
	.string	"until"
	.align	2
.LC10:
	.string	"repeat"
	.align	2
.LC11:
	.string	"do"
	.align	2
.LC12:
	.string	"loop"
	.text
	.align	2
	.type	interpret, @function
interpret:
	addi	sp,sp,-32
	lui	a5,%hi(source)
	sw	s0,24(sp)
	sw	ra,28(sp)
	sw	s1,20(sp)
	sw	a0,%lo(source)(a5)
	sw	zero,0(sp)
	sw	zero,4(sp)
	lui	s0,%hi(.LANCHOR0)
.L99:
	call	next_token
	beq	a0,zero,.L98
.L222:
	addi	s1,s0,%lo(.LANCHOR0)
	lbu	a1,0(s1)
	beq	a1,zero,.L221
	lui	a5,%hi(.LC0)
	mv	a4,a1
	li	a2,58
	addi	a5,a5,%lo(.LC0)
	addi	a3,s0,%lo(.LANCHOR0)
.L165:
	bne	a2,a4,.L100
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L165
.L100:
	bne	a4,a2,.L168
	lui	a5,%hi(here)
	lw	a5,%lo(here)(a5)
	sw	a5,0(sp)
	call	next_token
	lui	a1,%hi(word_count)
	lw	a5,%lo(word_count)(a1)
	li	a4,95
	bgt	a5,a4,.L111
	lbu	a3,0(s1)
	slli	a2,a5,4
	addi	a4,a5,1
	add	a0,s1,a2
	sw	a4,%lo(word_count)(a1)
	sb	a3,1036(a0)
	addi	a4,s1,1
	addi	a5,a0,1037
	beq	a3,zero,.L107
.L106:
	lbu	a3,0(a4)
	addi	a5,a5,1
	addi	a4,a4,1
	sb	a3,-1(a5)
	bne	a3,zero,.L106
.L107:
	lw	a5,0(sp)
	add	a2,s1,a2
	sw	a5,1048(a2)
	li	a5,1
	sw	a5,4(sp)
	call	next_token
	bne	a0,zero,.L222
.L98:
	lw	ra,28(sp)
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,32
	jr	ra
.L168:
	lui	a5,%hi(.LC1)
	mv	a4,a1
	li	a2,59
	addi	a5,a5,%lo(.LC1)
	mv	a3,s1
.L102:
	bne	a2,a4,.L169
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L102
	bne	a2,zero,.L169
	lui	a3,%hi(here)
	lw	a4,%lo(here)(a3)
	li	a5,8192
	bge	a4,a5,.L111
	lui	a5,%hi(memory)
	slli	a2,a4,2
	addi	a5,a5,%lo(memory)
	addi	a4,a4,1
	add	a5,a5,a2
	sw	a4,%lo(here)(a3)
	sw	zero,0(a5)
	sw	zero,4(sp)
	j	.L99
.L169:
	lui	a5,%hi(.LC2)
	mv	a4,a1
	li	a2,99
	addi	a5,a5,%lo(.LC2)
	mv	a3,s1
.L112:
	bne	a2,a4,.L115
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L112
	bne	a2,zero,.L115
	lui	a4,%hi(here)
	lw	a3,%lo(here)(a4)
	sw	a4,12(sp)
	sw	a3,8(sp)
	call	next_token
	lui	t1,%hi(word_count)
	lw	a5,%lo(word_count)(t1)
	li	a2,95
	bgt	a5,a2,.L111
	lbu	a1,0(s1)
	slli	a0,a5,4
	addi	a2,a5,1
	add	t0,s1,a0
	sw	a2,%lo(word_count)(t1)
	sb	a1,1036(t0)
	lw	a3,8(sp)
	lw	a4,12(sp)
	addi	a2,s1,1
	addi	a5,t0,1037
	beq	a1,zero,.L120
.L119:
	lbu	a1,0(a2)
	addi	a5,a5,1
	addi	a2,a2,1
	sb	a1,-1(a5)
	bne	a1,zero,.L119
.L120:
	add	a0,s1,a0
	sw	a4,12(sp)
	sw	a3,1048(a0)
	sw	a3,8(sp)
	call	next_token
	lbu	a2,0(s1)
	li	a5,0
	lw	a3,8(sp)
	lw	a4,12(sp)
	li	a1,9
	mv	t1,a5
	bne	a2,zero,.L117
	j	.L118
.L224:
	slli	a5,t1,2
	add	a5,a5,t1
	slli	a5,a5,1
	addi	s1,s1,1
	add	a5,a5,a2
	lbu	a2,0(s1)
	addi	t1,a5,-48
	beq	a2,zero,.L223
.L117:
	addi	a0,a2,-48
	andi	a0,a0,0xff
	bleu	a0,a1,.L224
.L111:
	ebreak
.L115:
	lw	a5,4(sp)
	beq	a5,zero,.L225
	lui	a5,%hi(.LC3)
	mv	a4,a1
	li	a2,114
	addi	a5,a5,%lo(.LC3)
	mv	a3,s1
.L124:
	bne	a2,a4,.L172
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L124
	bne	a2,zero,.L172
	lui	a3,%hi(here)
	lw	a4,%lo(here)(a3)
	li	a5,8192
	bge	a4,a5,.L111
	slli	a2,a4,2
	addi	a4,a4,1
	lui	a5,%hi(memory)
	sw	a4,%lo(here)(a3)
	lw	a4,0(sp)
	addi	a5,a5,%lo(memory)
	add	a5,a5,a2
	sw	a4,0(a5)
.L129:
	li	a5,1
	sw	a5,4(sp)
	j	.L99
.L225:
	lui	a5,%hi(word_count)
	lw	a0,%lo(word_count)(a5)
	lui	a4,%hi(here)
	lw	a3,%lo(here)(a4)
	addi	a0,a0,-1
	blt	a0,zero,.L167
.L122:
	addi	t1,s1,1036
	slli	a5,a0,4
	add	t1,t1,a5
	li	t0,-1
.L154:
	lbu	a2,0(t1)
	mv	a5,t1
	beq	a1,zero,.L156
.L155:
	mv	a2,a1
	mv	t2,s1
	j	.L157
.L158:
	lbu	a2,1(t2)
	addi	ra,a5,1
	addi	t2,t2,1
	beq	a2,zero,.L226
	mv	a5,ra
.L157:
	lbu	ra,0(a5)
	beq	ra,a2,.L158
	addi	a0,a0,-1
	addi	t1,t1,-16
	beq	a0,t0,.L153
	mv	a5,t1
	j	.L155
.L226:
	lbu	a2,1(a5)
.L156:
	beq	a2,zero,.L227
	addi	a0,a0,-1
	addi	t1,t1,-16
	bne	a0,t0,.L154
.L153:
	beq	a1,zero,.L179
.L167:
	li	a5,0
	li	a0,9
	mv	t1,a5
	j	.L162
.L229:
	slli	a5,t1,2
	add	a5,a5,t1
	slli	a5,a5,1
	addi	s1,s1,1
	add	a5,a5,a1
	lbu	a1,0(s1)
	addi	t1,a5,-48
	beq	a1,zero,.L228
.L162:
	addi	a2,a1,-48
	andi	a2,a2,0xff
	bleu	a2,a0,.L229
	ebreak
.L223:
	mv	a5,t1
.L118:
	li	t1,8192
	bge	a3,t1,.L111
	lui	a2,%hi(memory)
	addi	a2,a2,%lo(memory)
	slli	a0,a3,2
	add	a0,a2,a0
	addi	a1,a3,1
	li	t0,1
	sw	t0,0(a0)
	sw	a1,%lo(here)(a4)
	addi	a0,a3,3
	beq	a1,t1,.L111
	slli	a1,a1,2
	addi	a3,a3,2
	add	a1,a2,a1
	sw	a3,%lo(here)(a4)
	sw	a0,0(a1)
	beq	a3,t1,.L111
	slli	a3,a3,2
	add	a2,a2,a3
	add	a0,a0,a5
	sw	zero,0(a2)
	sw	a0,%lo(here)(a4)
	j	.L99
.L227:
	slli	a5,a0,4
	add	a5,s1,a5
	lw	a5,1048(a5)
	mv	s1,a3
.L161:
	li	a0,8192
	bge	a3,a0,.L111
	lui	a1,%hi(memory)
	addi	a1,a1,%lo(memory)
	slli	a2,a3,2
	add	a2,a1,a2
	sw	a5,0(a2)
	lw	a5,4(sp)
	addi	t1,a3,1
	sw	t1,%lo(here)(a4)
	bne	a5,zero,.L129
	beq	t1,a0,.L111
	slli	t1,t1,2
	addi	a3,a3,2
	add	a1,a1,t1
	mv	a0,s1
	sw	a3,%lo(here)(a4)
	sw	a4,4(sp)
	sw	zero,0(a1)
	call	run
	lw	a4,4(sp)
	sw	zero,4(sp)
	sw	s1,%lo(here)(a4)
	j	.L99
.L172:
	lui	a4,%hi(.LC4)
	mv	a5,a1
	li	a2,105
	addi	a4,a4,%lo(.LC4)
	mv	a3,s1
.L128:
	bne	a2,a5,.L130
	lbu	a5,1(a3)
	addi	a4,a4,1
	addi	a3,a3,1
	lbu	a2,0(a4)
	bne	a5,zero,.L128
.L130:
	bne	a5,a2,.L230
.L132:
	lui	a1,%hi(here)
	lw	a4,%lo(here)(a1)
	li	a0,8192
	bge	a4,a0,.L111
	lui	t0,%hi(top)
	lw	t1,%lo(top)(t0)
	lui	a5,%hi(memory)
	addi	a5,a5,%lo(memory)
	slli	a2,a4,2
	add	a2,a5,a2
	li	t2,3
	addi	a3,a4,1
	sw	t2,0(a2)
	addi	a2,t1,4
	sw	a3,%lo(here)(a1)
	sw	a2,%lo(top)(t0)
	sw	a3,4(t1)
	beq	a3,a0,.L111
	slli	a3,a3,2
	addi	a4,a4,2
	add	a5,a5,a3
	sw	a4,%lo(here)(a1)
	sw	zero,0(a5)
	j	.L129
.L221:
	lw	a5,4(sp)
	beq	a5,zero,.L231
.L121:
	lui	a0,%hi(.LC11)
	addi	a0,a0,%lo(.LC11)
	sw	a1,8(sp)
	call	is
	lui	a4,%hi(here)
	lw	a3,%lo(here)(a4)
	lw	a1,8(sp)
	beq	a0,zero,.L151
	li	a5,8192
	bge	a3,a5,.L111
	lui	a1,%hi(top)
	lw	a2,%lo(top)(a1)
	lui	a5,%hi(memory)
	slli	a0,a3,2
	addi	a5,a5,%lo(memory)
	add	a5,a5,a0
	li	a0,4
	addi	a3,a3,1
	sw	a0,0(a5)
	addi	a5,a2,4
	sw	a3,%lo(here)(a4)
	sw	a5,%lo(top)(a1)
	sw	a3,4(a2)
	j	.L129
.L228:
	mv	a5,t1
	mv	s1,a3
.L123:
	li	a2,8192
	bge	a3,a2,.L111
	lui	a2,%hi(memory)
	slli	a1,s1,2
	addi	a2,a2,%lo(memory)
	add	a2,a2,a1
	addi	a3,a3,1
	li	a1,1
	sw	a3,%lo(here)(a4)
	sw	a1,0(a2)
	j	.L161
.L231:
	lui	a5,%hi(word_count)
	lw	a0,%lo(word_count)(a5)
	lui	a4,%hi(here)
	lw	a3,%lo(here)(a4)
	addi	a0,a0,-1
	bge	a0,zero,.L122
.L179:
	mv	s1,a3
	li	a5,0
	j	.L123
.L230:
	lui	a5,%hi(.LC5)
	mv	a3,a1
	li	a2,119
	addi	a5,a5,%lo(.LC5)
	mv	a4,s1
.L133:
	bne	a2,a3,.L173
	lbu	a3,1(a4)
	addi	a5,a5,1
	addi	a4,a4,1
	lbu	a2,0(a5)
	bne	a3,zero,.L133
	beq	a2,zero,.L132
.L173:
	lui	a5,%hi(.LC6)
	mv	a4,a1
	li	a2,101
	addi	a5,a5,%lo(.LC6)
	mv	a3,s1
.L136:
	bne	a2,a4,.L137
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L136
.L137:
	bne	a4,a2,.L174
	lui	a2,%hi(here)
	lw	a5,%lo(here)(a2)
	li	a0,8192
	bge	a5,a0,.L111
	lui	a4,%hi(top)
	lw	t1,%lo(top)(a4)
	lui	a4,%hi(memory)
	addi	a4,a4,%lo(memory)
	slli	a3,a5,2
	add	a3,a4,a3
	li	a1,2
	sw	a1,0(a3)
	lw	a3,0(t1)
	addi	a1,a5,2
	addi	a5,a5,1
	slli	a3,a3,2
	add	a3,a4,a3
	sw	a1,0(a3)
	sw	a5,%lo(here)(a2)
	sw	a5,0(t1)
	beq	a5,a0,.L111
	slli	a5,a5,2
	add	a4,a4,a5
	sw	a1,%lo(here)(a2)
	sw	zero,0(a4)
	j	.L129
.L174:
	lui	a5,%hi(.LC7)
	mv	a4,a1
	li	a3,116
	addi	a5,a5,%lo(.LC7)
	mv	a2,s1
.L139:
	bne	a4,a3,.L140
	lbu	a4,1(a2)
	addi	a5,a5,1
	addi	a2,a2,1
	lbu	a3,0(a5)
	bne	a4,zero,.L139
.L140:
	bne	a3,a4,.L175
	lui	a2,%hi(top)
	lw	a4,%lo(top)(a2)
	lui	a5,%hi(here)
	lw	a1,%lo(here)(a5)
	lw	a3,0(a4)
	lui	a5,%hi(memory)
	addi	a4,a4,-4
	slli	a3,a3,2
	addi	a5,a5,%lo(memory)
	add	a5,a5,a3
	sw	a4,%lo(top)(a2)
	sw	a1,0(a5)
	j	.L129
.L151:
	lui	a0,%hi(.LC12)
	addi	a0,a0,%lo(.LC12)
	sw	a4,16(sp)
	sw	a1,12(sp)
	sw	a3,8(sp)
	call	is
	lw	a3,8(sp)
	lw	a1,12(sp)
	lw	a4,16(sp)
	beq	a0,zero,.L152
	li	a0,8192
	bge	a3,a0,.L111
	lui	t0,%hi(top)
	lw	t1,%lo(top)(t0)
	lui	a5,%hi(memory)
	addi	a5,a5,%lo(memory)
	slli	a1,a3,2
	add	a1,a5,a1
	addi	a2,a3,1
	addi	t2,t1,-4
	li	s1,5
	sw	s1,0(a1)
	sw	a2,%lo(here)(a4)
	sw	t2,%lo(top)(t0)
	lw	a1,0(t1)
	beq	a2,a0,.L111
	slli	a2,a2,2
	addi	a3,a3,2
	add	a5,a5,a2
	sw	a3,%lo(here)(a4)
	sw	a1,0(a5)
	j	.L129
.L152:
	lui	a5,%hi(word_count)
	lw	a0,%lo(word_count)(a5)
	addi	a0,a0,-1
	bge	a0,zero,.L122
	j	.L153
.L175:
	lui	a5,%hi(.LC8)
	mv	a4,a1
	li	a2,98
	addi	a5,a5,%lo(.LC8)
	mv	a3,s1
.L142:
	bne	a2,a4,.L143
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	lbu	a2,0(a5)
	bne	a4,zero,.L142
.L143:
	lbu	a5,0(a5)
	bne	a5,a4,.L176
	lui	a4,%hi(top)
	lw	a5,%lo(top)(a4)
	lui	a3,%hi(here)
	lw	a3,%lo(here)(a3)
	addi	a2,a5,4
	sw	a2,%lo(top)(a4)
	sw	a3,4(a5)
	j	.L129
.L176:
	lui	a5,%hi(.LC9)
	mv	a4,a1
	addi	a5,a5,%lo(.LC9)
	mv	a3,s1
	j	.L145
.L147:
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	beq	a4,zero,.L146
.L145:
	lbu	a2,0(a5)
	beq	a2,a4,.L147
.L146:
	lbu	a5,0(a5)
	bne	a5,a4,.L177
	lui	a1,%hi(here)
	lw	a4,%lo(here)(a1)
	li	a0,8192
	bge	a4,a0,.L111
	lui	t0,%hi(top)
	lw	t1,%lo(top)(t0)
	lui	a5,%hi(memory)
	addi	a5,a5,%lo(memory)
	slli	a2,a4,2
	add	a2,a5,a2
	addi	a3,a4,1
	addi	t2,t1,-4
	li	s1,3
	sw	s1,0(a2)
	sw	a3,%lo(here)(a1)
	sw	t2,%lo(top)(t0)
	lw	a2,0(t1)
	beq	a3,a0,.L111
	slli	a3,a3,2
	addi	a4,a4,2
	add	a5,a5,a3
	sw	a4,%lo(here)(a1)
	sw	a2,0(a5)
	j	.L129
.L177:
	lui	a5,%hi(.LC10)
	mv	a4,a1
	addi	a5,a5,%lo(.LC10)
	mv	a3,s1
	j	.L148
.L150:
	lbu	a4,1(a3)
	addi	a5,a5,1
	addi	a3,a3,1
	beq	a4,zero,.L149
.L148:
	lbu	a2,0(a5)
	beq	a2,a4,.L150
.L149:
	lbu	a5,0(a5)
	bne	a5,a4,.L121
	lui	a1,%hi(here)
	lw	a4,%lo(here)(a1)
	li	t0,8192
	bge	a4,t0,.L111
	lui	a0,%hi(top)
	lui	a5,%hi(memory)
	lw	a2,%lo(top)(a0)
	addi	a5,a5,%lo(memory)
	slli	t1,a4,2
	add	t1,a5,t1
	addi	a3,a4,1
	li	t2,2
	sw	t2,0(t1)
	sw	a3,%lo(here)(a1)
	lw	t1,-4(a2)
	beq	a3,t0,.L111
	slli	a3,a3,2
	add	a3,a5,a3
	sw	t1,0(a3)
	lw	a3,0(a2)
	addi	a4,a4,2
	addi	a2,a2,-8
	slli	a3,a3,2
	add	a5,a5,a3
	sw	a4,%lo(here)(a1)
	sw	a4,0(a5)
	sw	a2,%lo(top)(a0)
	j	.L129
	.size	interpret, .-interpret
	.section	.rodata.str1.4
	.align	2
.LC13:
	.string	"exit"
	.align	2
.LC14:
	.string	"state"
	.align	2
.LC15:
	.string	"forth"
	.align	2
.LC16:
	.string	"all"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-16
	sw	s1,4(sp)
	lui	s1,%hi(word_count)
	lw	t1,%lo(word_count)(s1)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	sw	ra,12(sp)
	slli	a2,t1,4
	lui	ra,%hi(.LANCHOR1)
	sw	s0,8(sp)
	sw	a5,0(sp)
	addi	s0,a5,1036
	addi	ra,ra,%lo(.LANCHOR1)
	addi	a2,a2,1
	lui	a5,%hi(.LC13)
	addi	t0,ra,4
	add	a2,s0,a2
	addi	a5,a5,%lo(.LC13)
	li	a4,0
	li	a1,0
	li	a0,95
	li	t2,34
.L240:
	bgt	t1,a0,.L266
	lbu	a4,0(a5)
	addi	t1,t1,1
	addi	a5,a5,1
	sb	a4,-1(a2)
	mv	a3,a2
	beq	a4,zero,.L239
.L238:
	lbu	a4,0(a5)
	addi	a3,a3,1
	addi	a5,a5,1
	sb	a4,-1(a3)
	bne	a4,zero,.L238
.L239:
	sw	a1,11(a2)
	addi	a1,a1,1
	addi	a2,a2,16
	beq	a1,t2,.L267
	lw	a5,0(t0)
	li	a4,1
	addi	t0,t0,4
	j	.L240
.L267:
	addi	a0,ra,136
	sw	t1,%lo(word_count)(s1)
	call	interpret
	lw	a5,%lo(word_count)(s1)
	slli	a1,a5,4
	add	a1,s0,a1
	ble	a5,zero,.L249
	lui	t1,%hi(memory)
	li	t0,625340416
	lui	a0,%hi(.LC14)
	lui	t2,%hi(seed)
	addi	t1,t1,%lo(memory)
	addi	t0,t0,1169
.L248:
	lbu	a5,0(s0)
	mv	a3,s0
	li	a2,115
	addi	a4,a0,%lo(.LC14)
	beq	a5,zero,.L245
.L244:
	bne	a5,a2,.L245
	lbu	a5,1(a3)
	addi	a4,a4,1
	addi	a3,a3,1
	lbu	a2,0(a4)
	bne	a5,zero,.L244
	bne	a2,zero,.L245
	lw	a4,%lo(seed)(t2)
	lw	a5,12(s0)
	mul	a4,a4,t0
	addi	a5,a5,1
	slli	a5,a5,2
	add	a5,t1,a5
	lw	a5,0(a5)
	slli	a5,a5,2
	add	a5,t1,a5
	sw	a4,0(a5)
.L245:
	addi	s0,s0,16
	bne	a1,s0,.L248
.L249:
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	li	a4,699
	bgtu	a3,a4,.L268
	lw	a5,%lo(parts)(a5)
	li	s1,700
	bgtu	a5,s1,.L250
	divu	s1,s1,a5
	lui	s0,%hi(.LC16)
.L251:
	addi	s1,s1,-1
	addi	a0,s0,%lo(.LC16)
	call	interpret
	bne	s1,zero,.L251
.L250:
	lui	a5,%hi(emitted)
	lw	a4,%lo(emitted)(a5)
	lui	a0,%hi(.LC15)
	addi	a0,a0,%lo(.LC15)
	slli	a5,a4,5
	srli	a4,a4,27
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(executed)
	lw	a1,%lo(executed)(a4)
	xor	a1,a5,a1
	call	report
	lui	a5,%hi(top)
	lw	a0,%lo(top)(a5)
	lw	a5,0(sp)
	lw	ra,12(sp)
	lw	s0,8(sp)
	addi	a5,a5,524
	sub	a0,a0,a5
	lw	s1,4(sp)
	snez	a0,a0
	addi	sp,sp,16
	jr	ra
.L268:
	lui	a0,%hi(.LC16)
	addi	a0,a0,%lo(.LC16)
	call	interpret
	j	.L250
.L266:
	beq	a4,zero,.L234
	sw	t1,%lo(word_count)(s1)
.L234:
	ebreak
	.size	main, .-main
	.section	.rodata.str1.4
	.align	2
.LC17:
	.string	" "
	.align	2
.LC18:
	.string	"i"
	.align	2
.LC19:
	.string	"j"
	.align	2
.LC20:
	.string	"dup"
	.align	2
.LC21:
	.string	"drop"
	.align	2
.LC22:
	.string	"swap"
	.align	2
.LC23:
	.string	"over"
	.align	2
.LC24:
	.string	"rot"
	.align	2
.LC25:
	.string	">r"
	.align	2
.LC26:
	.string	"r>"
	.align	2
.LC27:
	.string	"+"
	.align	2
.LC28:
	.string	"-"
	.align	2
.LC29:
	.string	"*"
	.align	2
.LC30:
	.string	"/"
	.align	2
.LC31:
	.string	"mod"
	.align	2
.LC32:
	.string	"and"
	.align	2
.LC33:
	.string	"or"
	.align	2
.LC34:
	.string	"xor"
	.align	2
.LC35:
	.string	"lshift"
	.align	2
.LC36:
	.string	"rshift"
	.align	2
.LC37:
	.string	"="
	.align	2
.LC38:
	.string	"<"
	.align	2
.LC39:
	.string	"0="
	.align	2
.LC40:
	.string	"@"
	.align	2
.LC41:
	.string	"!"
	.align	2
.LC42:
	.string	"+!"
	.align	2
.LC43:
	.string	"c@"
	.align	2
.LC44:
	.string	"c!"
	.align	2
.LC45:
	.string	"emit"
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	token, @object
	.size	token, 12
token:
	.zero	12
	.type	returns, @object
	.size	returns, 512
returns:
	.zero	512
	.type	stack, @object
	.size	stack, 512
stack:
	.zero	512
	.type	words, @object
	.size	words, 1536
words:
	.zero	1536
	.type	memory, @object
	.size	memory, 32768
memory:
	.zero	32768
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	names, @object
	.size	names, 136
names:
	.word	.LC13
	.word	.LC17
	.word	.LC17
	.word	.LC17
	.word	.LC17
	.word	.LC17
	.word	.LC18
	.word	.LC19
	.word	.LC20
	.word	.LC21
	.word	.LC22
	.word	.LC23
	.word	.LC24
	.word	.LC25
	.word	.LC26
	.word	.LC27
	.word	.LC28
	.word	.LC29
	.word	.LC30
	.word	.LC31
	.word	.LC32
	.word	.LC33
	.word	.LC34
	.word	.LC35
	.word	.LC36
	.word	.LC37
	.word	.LC38
	.word	.LC39
	.word	.LC40
	.word	.LC41
	.word	.LC42
	.word	.LC43
	.word	.LC44
	.word	.LC45
	.type	definitions, @object
	.size	definitions, 962
definitions:
	.ascii	": fib dup 2 < if exit then dup 1 - recurse swap 2 - recurse "
	.ascii	"+ ; : gcd begin dup while swap over mod repeat drop ; create"
	.ascii	" flags 500 : flag flags 4 * + ; : clear 2000 0 do 1 i flag c"
	.ascii	"! loop ; : strike dup dup + begin dup 2000 < while 0 over fl"
	.ascii	"ag c! over + repeat drop drop ; : sieve clear 0 2000 2 do i "
	.ascii	"flag c@ if 1 + i 45 < if i strike then then loop ; create st"
	.ascii	"ate 1 : random state @ dup 13 lshift xor dup 17 rshift xor d"
	.ascii	"up 5 lshift xor dup state ! ; create row 64 : fill 64 0 do r"
	.ascii	"andom 1023 and row i + ! loop ; : ordered dup @ over 1 + @ <"
	.ascii	" ; : exchange dup @ over 1 + @ rot dup >r 1 + ! r> ! ; : pas"
	.ascii	"s 63 0 do row i + ordered if drop else exchange then loop ; "
	.ascii	": bubble fill 63 0 do pass loop 0 64 0 do 31 "
	.string	"* row i + @ + loop ; : gcds 0 60 1 do 40 1 do j i gcd + loop loop ; : collatz 0 swap begin dup 1 = 0= while dup 1 and if 3 * 1 + else 2 / then swap 1 + swap repeat drop ; : all 14 fib emit sieve emit bubble emit gcds emit 0 60 1 do i collatz + loop emit ; "
	.section	.sbss,"aw",@nobits
	.align	2
	.type	source, @object
	.size	source, 4
source:
	.zero	4
	.type	executed, @object
	.size	executed, 4
executed:
	.zero	4
	.type	emitted, @object
	.size	emitted, 4
emitted:
	.zero	4
	.type	word_count, @object
	.size	word_count, 4
word_count:
	.zero	4
	.section	.sdata,"aw"
	.align	2
	.type	top, @object
	.size	top, 4
top:
	.word	stack
	.type	here, @object
	.size	here, 4
here:
	.word	34
