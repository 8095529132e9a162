	.file	"regex.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	in_class, @function
in_class:
	addi	a4,a1,-48
	mv	a5,a0
	li	a3,115
	sltiu	a0,a4,10
	beq	a5,a3,.L2
	bgtu	a5,a3,.L3
	li	a4,83
	beq	a5,a4,.L4
	li	a4,100
	bne	a5,a4,.L6
.L1:
	ret
.L3:
	li	a4,119
	bne	a5,a4,.L6
	ori	a5,a1,32
	addi	a5,a5,-97
	sltiu	a5,a5,26
	bne	a5,zero,.L9
	bne	a0,zero,.L9
	addi	a1,a1,-95
	seqz	a0,a1
	ret
.L6:
	sub	a1,a1,a5
	seqz	a0,a1
	ret
.L4:
	andi	a5,a1,223
	li	a0,0
	beq	a5,zero,.L1
	addi	a1,a1,-9
	snez	a0,a1
	ret
.L2:
	li	a5,32
	li	a0,1
	beq	a1,a5,.L1
	addi	a1,a1,-9
	seqz	a0,a1
	ret
.L9:
	li	a0,1
	ret
	.size	in_class, .-in_class
	.align	2
	.type	fits, @function
fits:
	beq	a1,zero,.L27
	lbu	a4,0(a0)
	li	a5,46
	beq	a4,a5,.L28
	li	a5,92
	beq	a4,a5,.L32
	addi	sp,sp,-20
	sw	s1,8(sp)
	sw	ra,16(sp)
	sw	s0,12(sp)
	li	a5,91
	mv	s1,a1
	beq	a4,a5,.L17
	sub	a4,a4,a1
	seqz	a4,a4
.L14:
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	mv	a0,a4
	addi	sp,sp,20
	jr	ra
.L27:
	li	a4,0
	mv	a0,a4
	ret
.L17:
	lbu	a4,1(a0)
	li	a3,93
	addi	a4,a4,-94
	seqz	a4,a4
	addi	a5,a4,1
	add	s0,a0,a5
	lbu	a5,0(s0)
	beq	a5,a3,.L14
	li	a2,0
	li	t0,92
	li	t1,93
	li	t2,45
	j	.L26
.L19:
	beq	a0,t2,.L33
	or	a2,a2,a3
	mv	a5,a0
.L20:
	addi	s0,s0,1
	beq	a5,t1,.L34
.L26:
	sub	a3,s1,a5
	lbu	a0,1(s0)
	seqz	a3,a3
	bne	a5,t0,.L19
	mv	a1,s1
	sw	a4,4(sp)
	sw	a2,0(sp)
	call	in_class
	lbu	a5,2(s0)
	lw	a2,0(sp)
	addi	a3,s0,1
	mv	s0,a3
	li	t1,93
	lw	a4,4(sp)
	or	a2,a2,a0
	li	t0,92
	li	t2,45
	addi	s0,s0,1
	bne	a5,t1,.L26
.L34:
	lw	ra,16(sp)
	lw	s0,12(sp)
	sub	a2,a4,a2
	snez	a4,a2
	lw	s1,8(sp)
	mv	a0,a4
	addi	sp,sp,20
	jr	ra
.L32:
	lbu	a0,1(a0)
	tail	in_class
.L33:
	lbu	a3,2(s0)
	beq	a3,t1,.L22
	sgtu	a3,s1,a3
	xori	a3,a3,1
	bltu	s1,a5,.L23
	or	a2,a2,a3
.L23:
	lbu	a5,3(s0)
	addi	s0,s0,2
	j	.L20
.L28:
	li	a4,1
	mv	a0,a4
	ret
.L22:
	sub	a5,s1,a5
	seqz	a5,a5
	or	a2,a2,a5
	addi	s0,s0,1
	li	a5,45
	j	.L26
	.size	fits, .-fits
	.align	2
	.type	alternatives, @function
alternatives:
	addi	sp,sp,-20
	sw	s0,12(sp)
	sw	ra,16(sp)
	sw	s1,8(sp)
	mv	s0,a0
	sw	a1,0(sp)
	sw	a2,4(sp)
.L44:
	lw	a2,4(sp)
	lw	a1,0(sp)
	mv	a0,s0
	call	match
	bne	a0,zero,.L35
	lbu	a5,0(s0)
	li	a4,124
	beq	a5,a4,.L37
	lui	a4,%hi(pattern)
	lui	t1,%hi(.LANCHOR0)
	lw	a2,%lo(pattern)(a4)
	li	a3,41
	li	a1,40
	li	t0,92
	li	t2,91
	li	a4,93
	addi	t1,t1,%lo(.LANCHOR0)
.L43:
	beq	a5,zero,.L35
	beq	a5,a3,.L35
	bne	a5,a1,.L38
	sub	s0,s0,a2
	add	s0,t1,s0
	lbu	s0,0(s0)
	addi	s0,s0,1
	add	s0,a2,s0
.L39:
	lbu	a5,0(s0)
	li	s1,124
	bne	a5,s1,.L43
.L37:
	addi	s0,s0,1
	j	.L44
.L38:
	beq	a5,t0,.L55
	beq	a5,t2,.L56
.L41:
	addi	s0,s0,1
	j	.L39
.L56:
	lbu	a5,2(s0)
	addi	s0,s0,2
	beq	a5,a4,.L41
.L42:
	addi	a5,a5,-92
	seqz	a5,a5
	addi	a5,a5,1
	add	s0,s0,a5
	lbu	a5,0(s0)
	bne	a5,a4,.L42
	addi	s0,s0,1
	j	.L39
.L55:
	addi	s0,s0,2
	j	.L39
.L35:
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	addi	sp,sp,20
	jr	ra
	.size	alternatives, .-alternatives
	.align	2
	.type	group, @function
group:
	addi	sp,sp,-44
	lui	a5,%hi(pattern)
	sw	s0,36(sp)
	lw	s0,%lo(pattern)(a5)
	lui	t1,%hi(.LANCHOR0)
	mv	a4,a0
	addi	t1,t1,%lo(.LANCHOR0)
	sub	a0,a0,s0
	sw	s1,32(sp)
	sw	ra,40(sp)
	add	a0,t1,a0
	lbu	a5,0(a0)
	li	t0,42
	sw	a2,0(sp)
	add	s0,s0,a5
	lbu	a5,1(s0)
	lbu	a0,64(a0)
	mv	s1,a1
	addi	t2,a5,-42
	andi	t2,t2,0xff
	beq	a5,t0,.L58
	addi	a5,a5,-63
	seqz	a2,a5
	mv	a5,a2
	beq	a3,zero,.L59
	li	a3,1
	beq	t2,a3,.L74
.L61:
	sltiu	a0,t2,2
	or	a0,a0,a5
	addi	a0,a0,1
	add	a0,s0,a0
	lw	s0,36(sp)
	lw	a2,0(sp)
	lw	ra,40(sp)
	mv	a1,s1
	lw	s1,32(sp)
	addi	sp,sp,44
	tail	match
.L75:
	li	a5,1
.L59:
	slli	a3,a0,2
	add	a3,t1,a3
	sw	a5,16(sp)
	lw	a5,128(a3)
	addi	a2,sp,20
	mv	a1,s1
	sw	a5,4(sp)
	lw	a5,0(sp)
	addi	a0,a4,1
	sw	t2,12(sp)
	sw	a4,20(sp)
	sw	s1,24(sp)
	sw	a5,28(sp)
	sw	s1,128(a3)
	sw	a3,8(sp)
	call	alternatives
	bne	a0,zero,.L57
	lw	a5,4(sp)
	lw	a3,8(sp)
	lw	t2,12(sp)
	sw	a5,128(a3)
	lw	a5,16(sp)
	bne	a5,zero,.L61
.L57:
	lw	ra,40(sp)
	lw	s0,36(sp)
	lw	s1,32(sp)
	addi	sp,sp,44
	jr	ra
.L58:
	beq	a3,zero,.L75
.L60:
	slli	a5,a0,2
	add	a5,t1,a5
	sw	a3,12(sp)
	addi	a0,a4,1
	lw	a3,128(a5)
	sw	a4,20(sp)
	lw	a4,0(sp)
	addi	a2,sp,20
	mv	a1,s1
	sw	t2,8(sp)
	sw	a3,16(sp)
	sw	s1,128(a5)
	sw	a5,4(sp)
	sw	s1,24(sp)
	sw	a4,28(sp)
	call	alternatives
	lw	a5,4(sp)
	lw	t2,8(sp)
	lw	a3,12(sp)
	bne	a0,zero,.L57
	lw	a4,16(sp)
	sw	a4,128(a5)
	mv	a5,a3
	j	.L61
.L74:
	mv	a3,a2
	j	.L60
	.size	group, .-group
	.align	2
	.type	match, @function
match:
	addi	sp,sp,-40
	sw	s0,32(sp)
	lui	s0,%hi(steps)
	lw	a5,%lo(steps)(s0)
	sw	ra,36(sp)
	sw	s1,28(sp)
	lbu	s1,0(a0)
	addi	a5,a5,1
	sw	a5,%lo(steps)(s0)
	mv	a4,a1
	beq	s1,zero,.L77
	li	a3,124
	sw	a2,8(sp)
.L78:
	beq	s1,a3,.L132
	li	a5,41
	beq	s1,a5,.L132
	li	a5,40
	beq	s1,a5,.L137
	li	a5,36
	beq	s1,a5,.L86
	li	a5,94
	beq	s1,a5,.L87
	li	a5,92
	beq	s1,a5,.L138
	li	a5,91
	mv	a1,a0
	beq	s1,a5,.L139
.L94:
	addi	a5,a1,1
.L93:
	lbu	s1,0(a5)
	li	t1,1
	addi	a1,s1,-42
	andi	a1,a1,0xff
	bleu	a1,t1,.L140
	li	a1,63
	beq	s1,a1,.L141
	lbu	a1,0(a4)
	sw	a5,4(sp)
	sw	a4,0(sp)
	call	fits
	beq	a0,zero,.L90
	lw	a4,0(sp)
	lw	a5,4(sp)
	li	a3,124
	addi	a4,a4,1
	mv	a0,a5
.L91:
	lw	a5,%lo(steps)(s0)
	addi	a5,a5,1
	sw	a5,%lo(steps)(s0)
	bne	s1,zero,.L78
.L132:
	lw	a2,8(sp)
.L77:
	mv	a0,a4
	beq	a2,zero,.L76
	lui	a5,%hi(pattern)
	lw	t1,0(a2)
	lw	t0,%lo(pattern)(a5)
	lui	s1,%hi(.LANCHOR0)
	addi	s1,s1,%lo(.LANCHOR0)
	sub	a5,t1,t0
	add	a5,s1,a5
	lbu	a3,64(a5)
	lbu	a1,0(a5)
	lw	t2,4(a2)
	slli	s0,a3,2
	add	a3,s1,s0
	lw	a5,160(a3)
	sw	a4,160(a3)
	lw	a2,8(a2)
	sw	a5,0(sp)
	beq	t2,a4,.L142
	mv	a1,a4
	li	a3,1
	mv	a0,t1
	call	group
	bne	a0,zero,.L76
.L143:
	lw	a5,0(sp)
	add	s1,s1,s0
	sw	a5,160(s1)
	j	.L76
.L87:
	lbu	a5,-1(a4)
	bne	a5,zero,.L90
.L89:
	lbu	s1,1(a0)
	addi	a0,a0,1
	j	.L91
.L86:
	lbu	a5,0(a4)
	beq	a5,zero,.L89
.L90:
	li	a0,0
.L76:
	lw	ra,36(sp)
	lw	s0,32(sp)
	lw	s1,28(sp)
	addi	sp,sp,40
	jr	ra
.L139:
	lbu	a5,2(a0)
	li	a2,93
	addi	a1,a0,2
	beq	a5,a2,.L94
.L95:
	addi	a5,a5,-92
	seqz	a5,a5
	addi	a5,a5,1
	add	a1,a1,a5
	lbu	a5,0(a1)
	bne	a5,a2,.L95
	j	.L94
.L138:
	addi	a5,a0,2
	j	.L93
.L142:
	add	a0,t0,a1
	lbu	a3,1(a0)
	li	t0,1
	li	t1,2
	addi	a1,a3,-42
	andi	a1,a1,0xff
	bleu	a1,t0,.L82
	addi	a3,a3,-63
	seqz	a3,a3
	addi	t1,a3,1
.L82:
	mv	a1,a4
	add	a0,a0,t1
	call	match
	bne	a0,zero,.L76
	j	.L143
.L137:
	lw	s0,32(sp)
	lw	a2,8(sp)
	lw	ra,36(sp)
	lw	s1,28(sp)
	li	a3,0
	mv	a1,a4
	addi	sp,sp,40
	tail	group
.L140:
	addi	s1,s1,-43
	lw	a2,8(sp)
	seqz	a3,s1
	mv	t1,a0
	sw	a3,16(sp)
	li	t2,120
.L97:
	lbu	s1,1(a5)
	li	a3,63
	lw	t0,16(sp)
	addi	a1,s1,-63
	seqz	a1,a1
	sw	a1,24(sp)
	beq	s1,a3,.L100
	mv	t0,t2
.L100:
	li	s0,0
	sw	t2,8(sp)
	sw	a5,12(sp)
	sw	t1,0(sp)
	sw	a4,4(sp)
	sw	a2,20(sp)
	j	.L102
.L144:
	lw	t0,8(sp)
.L102:
	lw	a5,4(sp)
	lw	a0,0(sp)
	add	a4,a5,s0
	bge	s0,t0,.L134
	lbu	a1,0(a4)
	call	fits
	beq	a0,zero,.L134
	li	a5,63
	addi	s0,s0,1
	bne	s1,a5,.L144
	lw	a5,12(sp)
	lw	t1,0(sp)
	lw	a4,4(sp)
	lw	a2,20(sp)
.L101:
	li	a1,63
	li	t0,-1
	bne	s1,a1,.L106
	li	t0,1
.L106:
	lw	a3,24(sp)
	add	a4,a4,s0
	sw	s1,12(sp)
	addi	a1,a3,1
	add	a5,a5,a1
	sw	a5,4(sp)
	mv	s1,a4
	sw	t1,20(sp)
	sw	a2,8(sp)
	j	.L108
.L107:
	lw	a5,16(sp)
	add	s1,s1,t0
	blt	s0,a5,.L90
.L108:
	lw	a2,8(sp)
	lw	a0,4(sp)
	mv	a1,s1
	sw	t0,0(sp)
	call	match
	lw	t0,0(sp)
	add	s0,s0,t0
	bne	a0,zero,.L76
	lw	a5,12(sp)
	li	a4,63
	bne	a5,a4,.L107
	lbu	a1,0(s1)
	lw	a0,20(sp)
	call	fits
	lw	t0,0(sp)
	bne	a0,zero,.L107
	j	.L90
.L134:
	lw	a3,16(sp)
	lw	a5,12(sp)
	lw	t1,0(sp)
	lw	a4,4(sp)
	lw	a2,20(sp)
	bge	s0,a3,.L101
	j	.L90
.L141:
	lw	a2,8(sp)
	mv	t1,a0
	sw	zero,16(sp)
	li	t2,1
	j	.L97
	.size	match, .-match
	.align	2
	.type	search, @function
search:
	lui	a3,%hi(.LANCHOR0)
	addi	sp,sp,-24
	addi	a3,a3,%lo(.LANCHOR0)
	lui	a5,%hi(.LANCHOR0+160)
	sw	s0,16(sp)
	addi	s0,a3,128
	sw	s1,12(sp)
	sw	ra,20(sp)
	addi	s1,a5,%lo(.LANCHOR0+160)
	sw	a0,8(sp)
	addi	a3,a3,192
	mv	a4,s0
	addi	a5,a5,%lo(.LANCHOR0+160)
.L146:
	sw	zero,0(a5)
	sw	zero,0(a4)
	addi	a5,a5,4
	addi	a4,a4,4
	bne	a5,a3,.L146
	lui	a5,%hi(pattern)
	lw	a5,%lo(pattern)(a5)
	lw	a1,8(sp)
	sw	a5,4(sp)
	j	.L151
.L147:
	lbu	a5,0(a1)
	addi	a1,a1,1
	beq	a5,zero,.L162
.L151:
	lw	a0,4(sp)
	li	a2,0
	sw	a1,0(sp)
	call	alternatives
	lw	a1,0(sp)
	beq	a0,zero,.L147
	lw	a5,8(sp)
	li	a3,-1640529920
	addi	a3,a3,-1615
	sub	a4,a1,a5
	slli	a5,a4,5
	srli	a4,a4,27
	or	a5,a5,a4
	mul	a5,a5,a3
	sub	a0,a0,a1
	xor	a0,a5,a0
.L149:
	srli	a4,a0,27
	slli	a5,a0,5
	lw	a2,8(sp)
	or	a5,a5,a4
	lw	a4,0(s0)
	addi	s0,s0,4
	sub	a2,a4,a2
	slli	a2,a2,8
	beq	a4,zero,.L148
	lw	a1,0(s1)
	sub	a4,a1,a4
	or	a2,a2,a4
	beq	a1,zero,.L148
	mul	a5,a5,a3
	xor	a0,a2,a5
.L148:
	lui	a5,%hi(.LANCHOR0+160)
	addi	a5,a5,%lo(.LANCHOR0+160)
	addi	s1,s1,4
	bne	s0,a5,.L149
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
.L162:
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	li	a0,0
	addi	sp,sp,24
	jr	ra
	.size	search, .-search
	.align	2
	.type	prepare, @function
prepare:
	lbu	a3,0(a0)
	lui	a5,%hi(pattern)
	sw	a0,%lo(pattern)(a5)
	beq	a3,zero,.L182
	addi	sp,sp,-40
	lui	t0,%hi(.LANCHOR0)
	sw	s1,32(sp)
	sw	s0,36(sp)
	mv	a5,a0
	li	a1,0
	li	a4,0
	li	t1,40
	li	t2,41
	li	s1,92
	addi	t0,t0,%lo(.LANCHOR0)
.L173:
	beq	a3,t1,.L185
	beq	a3,t2,.L186
	beq	a3,s1,.L187
	li	a2,91
	beq	a3,a2,.L188
.L171:
	addi	a5,a5,1
.L170:
	lbu	a3,0(a5)
	bne	a3,zero,.L173
	lw	s0,36(sp)
	lw	s1,32(sp)
	addi	sp,sp,40
	jr	ra
.L188:
	lbu	a3,2(a5)
	li	a2,93
	addi	a5,a5,2
	beq	a3,a2,.L171
.L172:
	addi	a3,a3,-92
	seqz	a3,a3
	addi	a3,a3,1
	add	a5,a5,a3
	lbu	a3,0(a5)
	bne	a3,a2,.L172
	j	.L171
.L185:
	slli	a2,a4,2
	sub	a3,a5,a0
	addi	a2,a2,32
	add	s0,t0,a3
	add	a2,a2,sp
	sb	a1,64(s0)
	sw	a3,-32(a2)
	addi	a1,a1,1
	addi	a4,a4,1
	j	.L171
.L186:
	addi	a4,a4,-1
	slli	a3,a4,2
	addi	a3,a3,32
	add	a3,a3,sp
	lw	a3,-32(a3)
	sub	a2,a5,a0
	add	a3,t0,a3
	sb	a2,0(a3)
	j	.L171
.L187:
	addi	a5,a5,2
	j	.L170
.L182:
	ret
	.size	prepare, .-prepare
	.align	2
	.type	put_number, @function
put_number:
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	ra,12(sp)
	sw	s1,4(sp)
	li	a4,9
	mv	a5,a0
	mv	s0,a1
	bgtu	a1,a4,.L194
.L190:
	li	a4,10
	remu	s0,s0,a4
	addi	a0,a5,1
	addi	s0,s0,48
	sb	s0,0(a5)
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L194:
	li	a1,10
	li	a4,99
	divu	s1,s0,a1
	bgtu	s0,a4,.L195
.L191:
	li	a4,10
	addi	a5,a5,1
	remu	s1,s1,a4
	addi	s1,s1,48
	sb	s1,-1(a5)
	j	.L190
.L195:
	li	a3,999
	divu	a4,s1,a1
	bgtu	s0,a3,.L196
.L192:
	li	a3,10
	addi	a5,a5,1
	remu	a4,a4,a3
	addi	a4,a4,48
	sb	a4,-1(a5)
	j	.L191
.L196:
	divu	a1,a4,a1
	sw	a4,0(sp)
	call	put_number
	lw	a4,0(sp)
	mv	a5,a0
	j	.L192
	.size	put_number, .-put_number
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	" - "
	.align	2
.LC1:
	.string	"bob@example.org \""
	.align	2
.LC2:
	.string	"- \""
	.align	2
.LC3:
	.string	" HTTP/1.1\" "
	.text
	.align	2
	.type	write_line, @function
write_line:
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	ra,12(sp)
	sw	s1,4(sp)
	mv	s0,a1
	addi	a5,a0,1
	sb	zero,0(a0)
	li	a3,0
	li	a0,9
	li	a2,10
	li	t0,99
	li	a1,3
	li	t1,46
.L217:
	lw	a4,0(s0)
	slli	t2,a4,13
	xor	a4,a4,t2
	srli	t2,a4,17
	xor	a4,a4,t2
	slli	t2,a4,5
	xor	a4,a4,t2
	sw	a4,0(s0)
	andi	a4,a4,255
	remu	s1,a4,a2
	bgtu	a4,a0,.L234
	addi	a4,s1,48
	sb	a4,0(a5)
	beq	a3,a1,.L235
.L200:
	addi	a5,a5,2
	addi	a3,a3,1
	sb	t1,-1(a5)
	j	.L217
.L234:
	divu	t2,a4,a2
	bgtu	a4,t0,.L236
.L199:
	addi	a5,a5,1
	addi	a4,s1,48
	sb	a4,0(a5)
	remu	t2,t2,a2
	addi	t2,t2,48
	sb	t2,-1(a5)
	bne	a3,a1,.L200
.L235:
	lui	a4,%hi(.LC0)
	addi	a5,a5,1
	li	a3,45
	li	a2,32
	addi	a4,a4,%lo(.LC0)
	j	.L202
.L237:
	mv	a2,a3
	lbu	a3,1(a4)
.L202:
	sb	a2,0(a5)
	addi	a4,a4,1
	addi	a5,a5,1
	bne	a3,zero,.L237
	lw	a4,0(s0)
	slli	a3,a4,13
	xor	a4,a4,a3
	srli	a3,a4,17
	xor	a4,a4,a3
	slli	a3,a4,5
	xor	a4,a4,a3
	sw	a4,0(s0)
	andi	a4,a4,1
	beq	a4,zero,.L218
	lui	a4,%hi(.LC1)
	li	a3,98
	addi	a4,a4,%lo(.LC1)
.L204:
	addi	a4,a4,1
	sb	a3,0(a5)
	lbu	a3,0(a4)
	addi	a5,a5,1
	bne	a3,zero,.L204
	lw	a3,0(s0)
	lui	a1,%hi(.LANCHOR1)
	addi	a1,a1,%lo(.LANCHOR1)
	slli	a4,a3,13
	xor	a4,a4,a3
	srli	a3,a4,17
	xor	a4,a4,a3
	slli	a3,a4,5
	xor	a4,a4,a3
	andi	a3,a4,3
	slli	a3,a3,2
	add	a3,a1,a3
	lw	a3,0(a3)
	sw	a4,0(s0)
	lbu	a4,0(a3)
	beq	a4,zero,.L205
.L206:
	sb	a4,0(a5)
	lbu	a4,1(a3)
	addi	a3,a3,1
	addi	a5,a5,1
	bne	a4,zero,.L206
.L205:
	li	a4,32
	sb	a4,0(a5)
	lw	a2,0(s0)
	addi	a5,a5,1
	slli	a4,a2,13
	xor	a2,a2,a4
	srli	a4,a2,17
	xor	a2,a2,a4
	slli	a4,a2,5
	xor	a2,a2,a4
	li	a4,5
	remu	a4,a2,a4
	sw	a2,0(s0)
	slli	a4,a4,2
	add	a4,a1,a4
	lw	a3,16(a4)
	lbu	a4,0(a3)
	beq	a4,zero,.L207
.L208:
	sb	a4,0(a5)
	lbu	a4,1(a3)
	addi	a3,a3,1
	addi	a5,a5,1
	bne	a4,zero,.L208
	lw	a2,0(s0)
.L207:
	slli	a4,a2,13
	xor	a2,a4,a2
	srli	a4,a2,17
	xor	a2,a2,a4
	slli	a4,a2,5
	xor	a2,a2,a4
	li	a4,6
	remu	a4,a2,a4
	sw	a2,0(s0)
	slli	a4,a4,2
	add	a1,a1,a4
	lw	a3,36(a1)
	lbu	a4,0(a3)
	beq	a4,zero,.L209
.L210:
	sb	a4,0(a5)
	lbu	a4,1(a3)
	addi	a3,a3,1
	addi	a5,a5,1
	bne	a4,zero,.L210
	lw	a2,0(s0)
.L209:
	slli	a4,a2,13
	xor	a4,a4,a2
	srli	a3,a4,17
	xor	a4,a4,a3
	slli	a3,a4,5
	xor	a4,a4,a3
	li	s1,1000
	remu	s1,a4,s1
	sw	a4,0(s0)
	li	a4,9
	bgtu	s1,a4,.L238
.L211:
	li	a4,10
	remu	s1,s1,a4
	lui	a4,%hi(.LC3)
	addi	a0,a5,1
	li	a3,72
	li	a2,32
	addi	a4,a4,%lo(.LC3)
	addi	s1,s1,48
	sb	s1,0(a5)
	j	.L214
.L239:
	mv	a2,a3
	lbu	a3,1(a4)
.L214:
	sb	a2,0(a0)
	addi	a4,a4,1
	addi	a0,a0,1
	bne	a3,zero,.L239
	lw	a5,0(s0)
	li	s1,3
	li	a1,100
	slli	a4,a5,13
	xor	a5,a5,a4
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	a4,a5,5
	xor	a5,a5,a4
	remu	s1,a5,s1
	sw	a5,0(s0)
	li	a5,102
	mul	s1,s1,a5
	addi	s1,s1,200
	divu	a1,s1,a1
	call	put_number
	li	a1,10
	remu	s1,s1,a1
	li	a5,48
	sb	a5,0(a0)
	li	a5,32
	sb	a5,2(a0)
	li	a3,9
	addi	a4,a0,3
	addi	s1,s1,48
	sb	s1,1(a0)
	lw	a5,0(s0)
	slli	a2,a5,13
	xor	a5,a5,a2
	srli	a2,a5,17
	xor	a5,a5,a2
	slli	a2,a5,5
	xor	a5,a5,a2
	sw	a5,0(s0)
	srli	s0,a5,12
	bgtu	s0,a3,.L240
.L215:
	li	a5,10
	remu	s0,s0,a5
	sb	zero,1(a4)
	addi	s0,s0,48
	sb	s0,0(a4)
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L236:
	divu	a4,t2,a2
	addi	a5,a5,1
	addi	a4,a4,48
	sb	a4,-1(a5)
	j	.L199
.L238:
	li	a1,10
	li	a3,99
	divu	a4,s1,a1
	bgtu	s1,a3,.L241
.L212:
	li	a3,10
	addi	a5,a5,1
	remu	a4,a4,a3
	addi	a4,a4,48
	sb	a4,-1(a5)
	j	.L211
.L240:
	li	a5,99
	divu	s1,s0,a1
	bgtu	s0,a5,.L242
.L216:
	li	a5,10
	addi	a4,a4,1
	remu	a5,s1,a5
	addi	a5,a5,48
	sb	a5,-1(a4)
	j	.L215
.L218:
	lui	a4,%hi(.LC2)
	li	a3,45
	addi	a4,a4,%lo(.LC2)
	j	.L204
.L241:
	divu	a1,a4,a1
	mv	a0,a5
	sw	a4,0(sp)
	call	put_number
	lw	a4,0(sp)
	mv	a5,a0
	j	.L212
.L242:
	divu	a1,s1,a1
	mv	a0,a4
	call	put_number
	mv	a4,a0
	j	.L216
	.size	write_line, .-write_line
	.section	.rodata.str1.4
	.align	2
.LC4:
	.string	"regex"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	li	a4,625340416
	addi	a4,a4,1169
	mul	a5,a5,a4
	lui	a1,%hi(parts)
	lw	a2,%lo(parts)(a1)
	addi	sp,sp,-48
	li	a4,12288
	sw	ra,44(sp)
	sw	s0,40(sp)
	sw	s1,36(sp)
	addi	a3,a4,-289
	sw	a5,32(sp)
	bgtu	a2,a3,.L251
	lw	a5,%lo(parts)(a1)
	addi	a4,a4,-288
	bgtu	a5,a4,.L252
	divu	a5,a4,a5
	sw	a5,12(sp)
	j	.L244
.L251:
	li	a5,1
	sw	a5,12(sp)
.L244:
	lui	a5,%hi(lines)
	addi	a5,a5,%lo(lines)
	sw	a5,16(sp)
	lui	a5,%hi(.LANCHOR1)
	addi	a5,a5,%lo(.LANCHOR1)
	sw	a5,20(sp)
	lui	a5,%hi(lines+1)
	addi	a5,a5,%lo(lines+1)
	sw	a5,24(sp)
	lui	a5,%hi(lines+2905)
	addi	a5,a5,%lo(lines+2905)
	sw	a5,8(sp)
	li	a5,-1640529920
	li	s0,0
	addi	a5,a5,-1615
	sw	a5,4(sp)
	mv	s1,s0
.L250:
	lui	a4,%hi(parts)
	lw	a5,12(sp)
	lw	a0,%lo(parts)(a4)
	li	a2,12288
	li	a3,24
	addi	a1,a2,-289
	remu	a3,a5,a3
	li	a5,1
	bgtu	a0,a1,.L246
	lw	a5,%lo(parts)(a4)
	addi	a2,a2,-288
	divu	a5,a2,a5
.L246:
	lw	a4,12(sp)
	beq	a5,a4,.L258
.L247:
	slli	a0,a3,4
	lw	a5,16(sp)
	sub	a0,a0,a3
	slli	a0,a0,3
	add	a0,a0,a3
	add	a0,a5,a0
	addi	a1,sp,32
	call	write_line
	lw	a5,12(sp)
	lw	a4,20(sp)
	lw	s0,24(sp)
	andi	a5,a5,7
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a0,60(a5)
	call	prepare
	mv	a5,s0
	mv	s0,s1
.L249:
	mv	a0,a5
	sw	a5,0(sp)
	call	search
	lw	a5,4(sp)
	slli	s1,s0,5
	srli	s0,s0,27
	or	s1,s1,s0
	lw	a4,8(sp)
	mul	s1,s1,a5
	lw	a5,0(sp)
	addi	a5,a5,121
	xor	s0,s1,a0
	bne	a4,a5,.L249
	lw	a5,12(sp)
	mv	s1,s0
	addi	a5,a5,-1
	sw	a5,12(sp)
	bne	a5,zero,.L250
.L245:
	srli	a4,s0,27
	slli	a5,s0,5
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(steps)
	lw	a1,%lo(steps)(a4)
	lui	a0,%hi(.LC4)
	addi	a0,a0,%lo(.LC4)
	xor	a1,a5,a1
	call	report
	lw	ra,44(sp)
	lw	s0,40(sp)
	lw	s1,36(sp)
	li	a0,0
	addi	sp,sp,48
	jr	ra
.L258:
	lw	a4,16(sp)
	li	a5,4096
	addi	a5,a5,-1192
	add	a5,a4,a5
	mv	s0,a4
	sw	a5,0(sp)
	sw	a3,28(sp)
.L248:
	mv	a0,s0
	addi	a1,sp,32
	call	write_line
	lw	a5,0(sp)
	addi	s0,s0,121
	bne	a5,s0,.L248
	lw	a3,28(sp)
	j	.L247
.L252:
	li	s0,0
	j	.L245
	.size	main, .-main
	.section	.rodata.str1.4
	.align	2
.LC5:
	.string	".html"
	.align	2
.LC6:
	.string	".png"
	.align	2
.LC7:
	.string	".php?id="
	.align	2
.LC8:
	.string	""
	.align	2
.LC9:
	.string	".tar.gz"
	.align	2
.LC10:
	.string	"?q=a+b&n="
	.align	2
.LC11:
	.string	"/index"
	.align	2
.LC12:
	.string	"/images/logo"
	.align	2
.LC13:
	.string	"/users/anna_b/list"
	.align	2
.LC14:
	.string	"/a/b/c/d"
	.align	2
.LC15:
	.string	"/search/all"
	.align	2
.LC16:
	.string	"GET"
	.align	2
.LC17:
	.string	"POST"
	.align	2
.LC18:
	.string	"HEAD"
	.align	2
.LC19:
	.string	"PUT"
	.align	2
.LC20:
	.string	"^(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\s"
	.align	2
.LC21:
	.string	"\"(GET|POST) ([^ ?]+)(\\?\\S*)? HTTP/(\\d\\.\\d)\""
	.align	2
.LC22:
	.string	"[a-z_]+@([a-z]+\\.)+(com|org|net)"
	.align	2
.LC23:
	.string	"\\s(\\d\\d\\d)\\s+(\\d*[02468])$"
	.align	2
.LC24:
	.string	"(/\\w+)+\\.(html?|tar(\\.gz)?)"
	.align	2
.LC25:
	.string	"^.*?\"(.*)\" (404|302) "
	.align	2
.LC26:
	.string	"((a|b|c)/)+d?\\d+"
	.align	2
.LC27:
	.string	"(id|n|q)=(\\w|\\+)*&?"
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	verbs.2, @object
	.size	verbs.2, 16
verbs.2:
	.word	.LC16
	.word	.LC17
	.word	.LC18
	.word	.LC19
	.type	places.1, @object
	.size	places.1, 20
places.1:
	.word	.LC11
	.word	.LC12
	.word	.LC13
	.word	.LC14
	.word	.LC15
	.type	ends.0, @object
	.size	ends.0, 24
ends.0:
	.word	.LC5
	.word	.LC6
	.word	.LC7
	.word	.LC8
	.word	.LC9
	.word	.LC10
	.type	patterns.3, @object
	.size	patterns.3, 32
patterns.3:
	.word	.LC20
	.word	.LC21
	.word	.LC22
	.word	.LC23
	.word	.LC24
	.word	.LC25
	.word	.LC26
	.word	.LC27
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	partner, @object
	.size	partner, 64
partner:
	.zero	64
	.type	number, @object
	.size	number, 64
number:
	.zero	64
	.type	first, @object
	.size	first, 32
first:
	.zero	32
	.type	last, @object
	.size	last, 32
last:
	.zero	32
	.type	lines, @object
	.size	lines, 2904
lines:
	.zero	2904
	.section	.sbss,"aw",@nobits
	.align	2
	.type	steps, @object
	.size	steps, 4
steps:
	.zero	4
	.type	pattern, @object
	.size	pattern, 4
pattern:
	.zero	4
