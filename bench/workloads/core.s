	.file	"core.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	crc16, @function
crc16:
	li	a2,32768
	andi	a3,a1,255
	li	a4,8
	addi	a2,a2,1032
.L3:
	xor	a5,a0,a3
	andi	a5,a5,1
	addi	a4,a4,-1
	srli	a0,a0,1
	srli	a3,a3,1
	beq	a5,zero,.L2
	xor	a0,a0,a2
.L2:
	bne	a4,zero,.L3
	srli	a1,a1,8
	li	a2,32768
	andi	a5,a1,255
	li	a3,8
	addi	a2,a2,1032
.L5:
	xor	a4,a5,a0
	andi	a4,a4,1
	addi	a3,a3,-1
	srli	a0,a0,1
	srli	a5,a5,1
	beq	a4,zero,.L4
	xor	a0,a0,a2
.L4:
	bne	a3,zero,.L5
	ret
	.size	crc16, .-crc16
	.align	2
	.type	by_index, @function
by_index:
	lh	a0,2(a0)
	lh	a5,2(a1)
	sub	a0,a0,a5
	ret
	.size	by_index, .-by_index
	.align	2
	.type	by_value, @function
by_value:
	lhu	a0,0(a0)
	lhu	a5,0(a1)
	andi	a0,a0,127
	andi	a5,a5,127
	sub	a0,a0,a5
	ret
	.size	by_value, .-by_value
	.align	2
	.type	find, @function
find:
	bne	a0,zero,.L18
	j	.L23
.L20:
	lw	a0,0(a0)
	beq	a0,zero,.L21
.L18:
	lw	a5,4(a0)
	lbu	a5,0(a5)
	bne	a5,a1,.L20
	ret
.L21:
	li	a0,0
	ret
.L23:
	ret
	.size	find, .-find
	.align	2
	.type	reverse, @function
reverse:
	beq	a0,zero,.L25
	li	a4,0
	j	.L26
.L27:
	mv	a0,a5
.L26:
	lw	a5,0(a0)
	sw	a4,0(a0)
	mv	a4,a0
	bne	a5,zero,.L27
.L25:
	ret
	.size	reverse, .-reverse
	.align	2
	.type	sort, @function
sort:
	addi	sp,sp,-40
	sw	s0,32(sp)
	sw	s1,28(sp)
	sw	ra,36(sp)
	mv	s0,a0
	sw	a1,20(sp)
	li	s1,1
	beq	s0,zero,.L32
.L60:
	li	a5,1
	sw	zero,16(sp)
	li	a2,0
	sw	a5,24(sp)
.L44:
	mv	a5,s0
	li	a4,0
	j	.L34
.L58:
	beq	a5,zero,.L33
.L34:
	addi	a4,a4,1
	lw	a5,0(a5)
	bne	s1,a4,.L58
.L33:
	mv	t1,s1
	beq	a4,zero,.L59
.L40:
	beq	t1,zero,.L38
	beq	a5,zero,.L38
	lw	a1,4(a5)
	sw	a5,0(sp)
	lw	a0,4(s0)
	lw	a5,20(sp)
	sw	t1,12(sp)
	sw	a4,8(sp)
	sw	a2,4(sp)
	jalr	a5
	lw	a5,0(sp)
	lw	a2,4(sp)
	lw	a4,8(sp)
	lw	t1,12(sp)
	ble	a0,zero,.L38
.L42:
	mv	a3,a5
	addi	t1,t1,-1
	lw	a5,0(a5)
	beq	a2,zero,.L48
.L61:
	sw	a3,0(a2)
	mv	a2,a3
.L62:
	bne	a4,zero,.L40
.L59:
	ble	t1,zero,.L41
	bne	a5,zero,.L42
.L43:
	lw	a4,24(sp)
	sw	zero,0(a2)
	li	a5,1
	beq	a4,a5,.L56
	lw	s0,16(sp)
	slli	s1,s1,1
	bne	s0,zero,.L60
.L32:
	sw	zero,0(zero)
	ebreak
.L38:
	mv	a3,s0
	addi	a4,a4,-1
	lw	s0,0(s0)
	bne	a2,zero,.L61
.L48:
	sw	a3,16(sp)
	mv	a2,a3
	j	.L62
.L41:
	beq	a5,zero,.L43
	lw	a4,24(sp)
	mv	s0,a5
	addi	a4,a4,1
	sw	a4,24(sp)
	j	.L44
.L56:
	lw	ra,36(sp)
	lw	s0,32(sp)
	lw	a0,16(sp)
	lw	s1,28(sp)
	addi	sp,sp,40
	jr	ra
	.size	sort, .-sort
	.align	2
	.type	lists, @function
lists:
	lw	a5,0(a0)
	addi	sp,sp,-28
	addi	a4,a1,264
	sw	s0,20(sp)
	sw	s1,16(sp)
	sw	ra,24(sp)
	mv	s1,a0
	mv	s0,a1
	sw	a2,0(sp)
	sw	a4,12(sp)
	sw	zero,8(sp)
.L65:
	andi	a1,s0,0xff
	mv	a0,a5
	call	find
	mv	a4,a0
	lw	a0,0(s1)
	sw	a4,4(sp)
	addi	s0,s0,11
	call	reverse
	lw	a4,4(sp)
	mv	a5,a0
	sw	a5,0(s1)
	lw	a0,0(sp)
	beq	a4,zero,.L64
	lw	a5,4(a4)
	lw	a4,8(sp)
	lh	a1,2(a5)
	addi	a4,a4,1
	sw	a4,8(sp)
	call	crc16
	lw	a5,0(s1)
	sw	a0,0(sp)
.L64:
	lw	a4,12(sp)
	bne	a4,s0,.L65
	lui	a1,%hi(by_value)
	addi	a1,a1,%lo(by_value)
	mv	a0,a5
	call	sort
	sw	a0,0(s1)
	mv	s0,a0
	beq	a0,zero,.L66
.L67:
	lw	a5,4(s0)
	lw	a0,0(sp)
	lh	a1,2(a5)
	call	crc16
	lw	s0,0(s0)
	sw	a0,0(sp)
	bne	s0,zero,.L67
	lw	s0,0(s1)
.L66:
	lui	a1,%hi(by_index)
	addi	a1,a1,%lo(by_index)
	mv	a0,s0
	call	sort
	lw	s0,20(sp)
	sw	a0,0(s1)
	lw	a1,8(sp)
	lw	a0,0(sp)
	lw	ra,24(sp)
	lw	s1,16(sp)
	addi	sp,sp,28
	tail	crc16
	.size	lists, .-lists
	.align	2
	.type	add_constant, @function
add_constant:
	slli	a2,a1,16
	srli	a2,a2,16
	addi	a3,a0,24
	addi	a1,a0,312
.L78:
	addi	a5,a3,-24
.L79:
	lhu	a4,0(a5)
	addi	a5,a5,2
	add	a4,a2,a4
	sh	a4,-2(a5)
	bne	a3,a5,.L79
	addi	a3,a3,24
	bne	a1,a3,.L78
	ret
	.size	add_constant, .-add_constant
	.align	2
	.type	multiply, @function
multiply:
	lui	t0,%hi(.LANCHOR0)
	addi	t0,t0,%lo(.LANCHOR0)
	addi	sp,sp,-12
	addi	a5,t0,288
	sw	s0,8(sp)
	sw	s1,4(sp)
	mv	s0,a5
	addi	s1,t0,1152
	addi	t2,t0,1176
.L83:
	mv	a0,s1
	mv	t1,a5
	mv	a1,a5
.L87:
	addi	a5,a0,-288
	mv	a3,t0
	li	a2,0
	sw	t1,0(sp)
.L84:
	lh	a4,0(a3)
	lh	t1,0(a5)
	addi	a5,a5,24
	addi	a3,a3,2
	mul	a4,a4,t1
	add	a2,a4,a2
	bne	a5,a0,.L84
	lw	t1,0(sp)
	addi	a0,a5,2
	sw	a2,0(t1)
	addi	t1,t1,4
	bne	a0,t2,.L87
	addi	t0,t0,24
	addi	a5,a1,48
	bne	t0,s0,.L83
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,12
	jr	ra
	.size	multiply, .-multiply
	.align	2
	.type	multiply_fields, @function
multiply_fields:
	addi	sp,sp,-12
	lui	t0,%hi(.LANCHOR0)
	sw	s0,8(sp)
	addi	s0,t0,%lo(.LANCHOR0)
	addi	a3,s0,288
	sw	s1,4(sp)
	addi	t0,t0,%lo(.LANCHOR0)
	mv	s1,a3
	addi	t2,s0,1176
.L91:
	addi	a0,s0,1152
	mv	t1,a3
	sw	a3,0(sp)
.L95:
	addi	a3,a0,-288
	mv	a2,t0
	li	a1,0
.L92:
	lh	a4,0(a2)
	lh	a5,0(a3)
	addi	a3,a3,24
	addi	a2,a2,2
	mul	a5,a4,a5
	srai	a4,a5,2
	srai	a5,a5,5
	andi	a4,a4,15
	andi	a5,a5,127
	mul	a4,a4,a5
	add	a1,a1,a4
	bne	a0,a3,.L92
	sw	a1,0(t1)
	addi	a0,a0,2
	addi	t1,t1,4
	bne	t2,a0,.L95
	lw	a3,0(sp)
	addi	t0,t0,24
	addi	a3,a3,48
	bne	s1,t0,.L91
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,12
	jr	ra
	.size	multiply_fields, .-multiply_fields
	.align	2
	.type	clipped_sum, @function
clipped_sum:
	lui	t0,%hi(.LANCHOR0)
	addi	t0,t0,%lo(.LANCHOR0)
	mv	t1,a0
	addi	a1,t0,336
	li	a4,0
	addi	t0,t0,912
	li	a3,0
	li	a0,0
.L99:
	addi	a5,a1,-48
	j	.L102
.L106:
	addi	a5,a5,4
	addi	a0,a0,10
	li	a3,0
	beq	a5,a1,.L105
.L102:
	mv	a2,a4
	lw	a4,0(a5)
	add	a3,a3,a4
	sgt	a2,a4,a2
	bgt	a3,t1,.L106
	addi	a5,a5,4
	add	a0,a0,a2
	bne	a5,a1,.L102
.L105:
	addi	a1,a5,48
	bne	a1,t0,.L99
	ret
	.size	clipped_sum, .-clipped_sum
	.align	2
	.type	matrices, @function
matrices:
	addi	sp,sp,-12
	lui	a5,%hi(.LANCHOR0)
	sw	s0,4(sp)
	andi	s0,a0,63
	sw	s1,0(sp)
	addi	a0,a5,%lo(.LANCHOR0)
	mv	s1,a1
	addi	a1,s0,1
	sw	ra,8(sp)
	call	add_constant
	call	multiply
	li	a0,4096
	addi	a0,a0,-1096
	call	clipped_sum
	mv	a1,a0
	mv	a0,s1
	call	crc16
	mv	s1,a0
	call	multiply_fields
	li	a0,2000
	call	clipped_sum
	mv	a1,a0
	mv	a0,s1
	call	crc16
	lui	a5,%hi(.LANCHOR0)
	mv	s1,a0
	not	a1,s0
	addi	a0,a5,%lo(.LANCHOR0)
	call	add_constant
	lw	ra,8(sp)
	lw	s0,4(sp)
	mv	a0,s1
	lw	s1,0(sp)
	addi	sp,sp,12
	jr	ra
	.size	matrices, .-matrices
	.align	2
	.type	token, @function
token:
	lw	a4,0(a0)
	addi	sp,sp,-12
	sw	s0,8(sp)
	sw	s1,4(sp)
	lbu	a5,0(a4)
	sw	a0,0(sp)
	beq	a5,zero,.L149
	lui	a3,%hi(.LANCHOR0)
	addi	a3,a3,%lo(.LANCHOR0)
	lw	s0,1172(a3)
	lw	s1,1168(a3)
	lui	a1,%hi(.L117)
	lui	t2,%hi(.LANCHOR1)
	li	a0,0
	li	t1,44
	li	t0,6
	addi	a1,a1,%lo(.L117)
	addi	t2,t2,%lo(.LANCHOR1)
.L148:
	beq	a5,t1,.L114
	bgtu	a0,t0,.L115
	slli	a0,a0,2
	add	a0,a0,a1
	lw	a2,0(a0)
	jr	a2
	.section	.rodata
	.align	2
	.align	2
.L117:
	.word	.L115
	.word	.L122
	.word	.L121
	.word	.L120
	.word	.L119
	.word	.L150
	.word	.L151
	.text
.L122:
	addi	a2,a5,-48
	andi	a2,a2,0xff
	li	a1,9
	bleu	a2,a1,.L127
	li	a2,46
	beq	a5,a2,.L128
	lw	a5,1156(a3)
	addi	a4,a4,1
	li	a0,7
	addi	a5,a5,1
	sw	a5,1156(a3)
.L110:
	lw	a5,0(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	sw	a4,0(a5)
	addi	sp,sp,12
	jr	ra
.L150:
	li	a2,0
.L118:
	addi	a5,a5,-48
	andi	a5,a5,0xff
	li	a1,9
	addi	s0,s0,1
	bleu	a5,a1,.L158
	beq	a2,zero,.L138
	sw	s1,1168(a3)
.L138:
	lw	a5,0(sp)
	sw	s0,1172(a3)
	lw	s0,8(sp)
	addi	a4,a4,1
	sw	a4,0(a5)
	lw	s1,4(sp)
	li	a0,7
	addi	sp,sp,12
	jr	ra
.L203:
	lw	a5,1160(a3)
	addi	a5,a5,1
	sw	a5,1160(a3)
.L135:
	lbu	a5,1(a4)
	addi	a4,a4,1
	beq	a5,zero,.L156
.L130:
	li	a2,44
	beq	a5,a2,.L199
.L120:
	andi	a2,a5,223
	li	a1,69
	beq	a2,a1,.L200
	addi	a5,a5,-48
	andi	a5,a5,0xff
	li	a2,9
	bleu	a5,a2,.L135
	lw	a5,1164(a3)
	lw	s0,8(sp)
	addi	a4,a4,1
	addi	a5,a5,1
	sw	a5,1164(a3)
	lw	a5,0(sp)
	lw	s1,4(sp)
	li	a0,7
	sw	a4,0(a5)
	addi	sp,sp,12
	jr	ra
.L151:
	li	a1,0
	li	a2,0
.L116:
	addi	a5,a5,-48
	andi	a5,a5,0xff
	li	a0,9
	bleu	a5,a0,.L137
	beq	a1,zero,.L140
	sw	s0,1172(a3)
.L140:
	beq	a2,zero,.L141
	sw	s1,1168(a3)
.L141:
	lw	a5,1176(a3)
	lw	s0,8(sp)
	addi	a4,a4,1
	addi	a5,a5,1
	sw	a5,1176(a3)
	lw	a5,0(sp)
	lw	s1,4(sp)
	li	a0,7
	sw	a4,0(a5)
	addi	sp,sp,12
	jr	ra
.L200:
	lw	a2,1164(a3)
	lbu	a5,1(a4)
	li	a0,4
	addi	a2,a2,1
	sw	a2,1164(a3)
	addi	a4,a4,1
	beq	a5,zero,.L110
	li	a2,44
	beq	a5,a2,.L201
.L119:
	addi	a5,a5,-43
	andi	a5,a5,253
	addi	s1,s1,1
	beq	a5,zero,.L136
	sw	s1,1168(a3)
	addi	a4,a4,1
	li	a0,7
	j	.L110
.L158:
	li	a1,1
.L137:
	lbu	a5,1(a4)
	addi	a4,a4,1
	beq	a5,zero,.L202
	li	a0,44
	bne	a5,a0,.L116
	li	a0,6
	beq	a1,zero,.L113
	sw	s0,1172(a3)
.L113:
	beq	a2,zero,.L114
	sw	s1,1168(a3)
.L114:
	addi	a4,a4,1
	j	.L110
.L115:
	addi	a2,a5,-48
	andi	a2,a2,0xff
	li	a0,9
	bgtu	a2,a0,.L123
	lw	a2,1152(a3)
	lbu	a5,1(a4)
	addi	a4,a4,1
	addi	a2,a2,1
	sw	a2,1152(a3)
	beq	a5,zero,.L154
.L197:
	li	a2,44
	beq	a5,a2,.L155
.L121:
	li	a2,46
.L145:
	beq	a5,a2,.L203
	addi	a5,a5,-48
	andi	a5,a5,0xff
	li	a1,9
	bgtu	a5,a1,.L204
	lbu	a5,1(a4)
	addi	a4,a4,1
	beq	a5,zero,.L154
	li	a1,44
	bne	a5,a1,.L145
.L155:
	li	a0,2
	addi	a4,a4,1
	j	.L110
.L123:
	addi	a2,a5,-43
	andi	a2,a2,0xff
	li	a5,3
	bgtu	a2,a5,.L205
	lw	a0,1152(a3)
	lbu	a5,1(a4)
	slli	a2,a2,2
	addi	a0,a0,1
	add	a2,t2,a2
	sw	a0,1152(a3)
	addi	a4,a4,1
	lw	a0,0(a2)
	beq	a5,zero,.L110
	li	a2,7
	bne	a0,a2,.L148
	j	.L110
.L127:
	lw	a2,1156(a3)
	lbu	a5,1(a4)
	addi	a4,a4,1
	addi	a2,a2,1
	sw	a2,1156(a3)
	bne	a5,zero,.L197
.L154:
	li	a0,2
	j	.L110
.L204:
	lw	a5,1160(a3)
	addi	a4,a4,1
	li	a0,7
	addi	a5,a5,1
	sw	a5,1160(a3)
	j	.L110
.L205:
	lw	a5,1152(a3)
	addi	a4,a4,1
	li	a0,7
	addi	a5,a5,1
	sw	a5,1152(a3)
	j	.L110
.L136:
	lbu	a5,1(a4)
	addi	a4,a4,1
	beq	a5,zero,.L161
	li	a2,44
	beq	a5,a2,.L162
	li	a2,1
	j	.L118
.L128:
	lw	a2,1156(a3)
	lbu	a5,1(a4)
	addi	a4,a4,1
	addi	a2,a2,1
	sw	a2,1156(a3)
	bne	a5,zero,.L130
.L156:
	li	a0,3
	j	.L110
.L201:
	li	a0,4
	addi	a4,a4,1
	j	.L110
.L199:
	li	a0,3
	addi	a4,a4,1
	j	.L110
.L149:
	li	a0,0
	j	.L110
.L202:
	li	a0,6
	beq	a1,zero,.L146
	sw	s0,1172(a3)
.L146:
	beq	a2,zero,.L110
	sw	s1,1168(a3)
	j	.L110
.L161:
	li	a0,5
	sw	s1,1168(a3)
	j	.L110
.L162:
	li	a0,5
	sw	s1,1168(a3)
	j	.L114
	.size	token, .-token
	.align	2
	.type	states, @function
states:
	addi	sp,sp,-28
	sw	s1,16(sp)
	lui	s1,%hi(.LANCHOR0)
	addi	s1,s1,%lo(.LANCHOR0)
	sw	s0,20(sp)
	lui	a5,%hi(.LANCHOR0+1152)
	addi	s0,s1,1184
	sw	ra,24(sp)
	mv	a3,a1
	addi	a5,a5,%lo(.LANCHOR0+1152)
	mv	a2,s0
.L207:
	sw	zero,0(a5)
	sw	zero,0(a2)
	addi	a5,a5,4
	addi	a2,a2,4
	bne	s0,a5,.L207
	li	a5,29
	remu	a0,a0,a5
	addi	ra,s1,1216
	li	t2,44
	li	t0,698
	addi	a4,a0,7
	add	a5,ra,a4
	mv	a2,a5
	mv	a1,a4
.L209:
	lbu	a0,0(a2)
	add	a1,a1,a4
	xori	t1,a0,1
	beq	a0,t2,.L208
	sb	t1,0(a2)
.L208:
	add	a2,a2,a4
	bleu	a1,t0,.L209
	lbu	a2,1216(s1)
	sw	ra,12(sp)
	beq	a2,zero,.L210
	sw	a5,0(sp)
	sw	a4,4(sp)
	sw	a3,8(sp)
.L211:
	addi	a0,sp,12
	call	token
	slli	a0,a0,2
	add	a0,s1,a0
	lw	a5,1184(a0)
	addi	a5,a5,1
	sw	a5,1184(a0)
	lw	a5,12(sp)
	lbu	a5,0(a5)
	bne	a5,zero,.L211
	lw	a5,0(sp)
	lw	a4,4(sp)
	lw	a3,8(sp)
.L210:
	mv	a2,a4
	li	t0,44
	li	t1,698
.L213:
	lbu	a1,0(a5)
	add	a2,a2,a4
	xori	a0,a1,1
	beq	a1,t0,.L212
	sb	a0,0(a5)
.L212:
	add	a5,a5,a4
	bleu	a2,t1,.L213
	li	s1,0
.L214:
	add	a5,s0,s1
	lw	a1,0(a5)
	mv	a0,a3
	call	crc16
	lui	a5,%hi(.LANCHOR0+1152)
	addi	a5,a5,%lo(.LANCHOR0+1152)
	add	a5,a5,s1
	lw	a1,0(a5)
	addi	s1,s1,4
	call	crc16
	li	a5,32
	mv	a3,a0
	bne	s1,a5,.L214
	lw	ra,24(sp)
	lw	s0,20(sp)
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
	.size	states, .-states
	.align	2
	.type	prepare, @function
prepare:
	lui	a1,%hi(.LANCHOR0)
	lui	t0,%hi(.LANCHOR2)
	addi	a1,a1,%lo(.LANCHOR0)
	addi	t0,t0,%lo(.LANCHOR2)
	addi	a4,a1,1916
	addi	a3,t0,-1700
	li	a2,0
	li	t1,119
.L227:
	slli	a5,a0,13
	xor	a5,a5,a0
	srli	a0,a5,17
	xor	a5,a5,a0
	slli	a0,a5,5
	xor	a0,a5,a0
	sw	a4,4(a3)
	sh	a2,2(a4)
	sh	a0,0(a4)
	addi	a3,a3,8
	addi	a4,a4,4
	beq	a2,t1,.L237
	addi	a2,a2,1
	sw	a3,-8(a3)
	j	.L227
.L237:
	sw	zero,-748(t0)
	addi	t1,a1,864
	addi	a2,a1,24
	addi	t0,a1,312
.L226:
	addi	a4,a2,-24
	mv	a3,t1
.L228:
	slli	a5,a0,13
	xor	a5,a5,a0
	srli	a0,a5,17
	xor	a5,a5,a0
	slli	a0,a5,5
	xor	a5,a5,a0
	slli	a0,a5,13
	xor	a0,a0,a5
	srli	t2,a0,17
	xor	a0,a0,t2
	slli	t2,a0,5
	xor	a0,a0,t2
	andi	t2,a0,255
	sh	a5,0(a4)
	sh	t2,0(a3)
	addi	a4,a4,2
	addi	a3,a3,2
	bne	a2,a4,.L228
	addi	a2,a2,24
	addi	t1,t1,24
	bne	t0,a2,.L226
	lui	a2,%hi(.LANCHOR1)
	addi	a5,a1,1216
	addi	a2,a2,%lo(.LANCHOR1)
	li	t0,15
	li	t1,44
	addi	a1,a1,1900
.L229:
	slli	a4,a0,13
	xor	a4,a4,a0
	srli	a3,a4,17
	xor	a4,a4,a3
	slli	a0,a4,5
	xor	a0,a4,a0
	remu	a4,a0,t0
	slli	a4,a4,2
	add	a4,a2,a4
	lw	a3,16(a4)
	lbu	a4,0(a3)
	beq	a4,zero,.L233
.L231:
	sb	a4,0(a5)
	lbu	a4,1(a3)
	addi	a3,a3,1
	addi	a5,a5,1
	bne	a4,zero,.L231
.L233:
	mv	a4,a5
	sb	t1,0(a4)
	addi	a5,a5,1
	bltu	a5,a1,.L229
	ret
	.size	prepare, .-prepare
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"core"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	li	a5,625340416
	addi	a5,a5,1169
	mul	a0,a0,a5
	lui	a5,%hi(.LANCHOR2-1700)
	addi	sp,sp,-16
	addi	a5,a5,%lo(.LANCHOR2-1700)
	sw	s1,4(sp)
	sw	a5,0(sp)
	sw	ra,12(sp)
	sw	s0,8(sp)
	li	s1,12288
	call	prepare
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	addi	a4,s1,-289
	bgtu	a3,a4,.L239
	lw	a5,%lo(parts)(a5)
	addi	s1,s1,-288
	bgtu	a5,s1,.L242
	divu	s1,s1,a5
	li	s0,0
	li	a2,0
.L241:
	mv	a1,s0
	mv	a0,sp
	call	lists
	mv	a1,a0
	mv	a0,s0
	call	matrices
	mv	a1,a0
	mv	a0,s0
	call	states
	addi	s0,s0,1
	mv	a2,a0
	bltu	s0,s1,.L241
	j	.L240
.L239:
	li	a2,0
	li	a1,0
	mv	a0,sp
	call	lists
	mv	a1,a0
	li	a0,0
	call	matrices
	mv	a1,a0
	li	a0,0
	call	states
	mv	a2,a0
.L240:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	mv	a1,a2
	call	report
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L242:
	li	a2,0
	j	.L240
	.size	main, .-main
	.section	.rodata.str1.4
	.align	2
.LC1:
	.string	"5012"
	.align	2
.LC2:
	.string	"+1234"
	.align	2
.LC3:
	.string	"-874"
	.align	2
.LC4:
	.string	"35.54400"
	.align	2
.LC5:
	.string	".1234500"
	.align	2
.LC6:
	.string	"-110.700"
	.align	2
.LC7:
	.string	"+0.64400"
	.align	2
.LC8:
	.string	"5.500e+3"
	.align	2
.LC9:
	.string	"-.123e-2"
	.align	2
.LC10:
	.string	"-87e+832"
	.align	2
.LC11:
	.string	"+0.6e-12"
	.align	2
.LC12:
	.string	"T0.3e-1F"
	.align	2
.LC13:
	.string	"-T.T++Tq"
	.align	2
.LC14:
	.string	"1T3.4e4z"
	.align	2
.LC15:
	.string	"34.0e-T^"
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.set	.LANCHOR2,. + 4096
	.type	a, @object
	.size	a, 288
a:
	.zero	288
	.type	c, @object
	.size	c, 576
c:
	.zero	576
	.type	b, @object
	.size	b, 288
b:
	.zero	288
	.type	changes, @object
	.size	changes, 32
changes:
	.zero	32
	.type	finals, @object
	.size	finals, 32
finals:
	.zero	32
	.type	text, @object
	.size	text, 700
text:
	.zero	700
	.type	contents, @object
	.size	contents, 480
contents:
	.zero	480
	.type	items, @object
	.size	items, 960
items:
	.zero	960
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	CSWTCH.41, @object
	.size	CSWTCH.41, 16
CSWTCH.41:
	.word	1
	.word	7
	.word	1
	.word	3
	.type	tokens.0, @object
	.size	tokens.0, 60
tokens.0:
	.word	.LC1
	.word	.LC2
	.word	.LC3
	.word	.LC4
	.word	.LC5
	.word	.LC6
	.word	.LC7
	.word	.LC8
	.word	.LC9
	.word	.LC10
	.word	.LC11
	.word	.LC12
	.word	.LC13
	.word	.LC14
	.word	.LC15
