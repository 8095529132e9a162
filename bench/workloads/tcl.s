	.file	"tcl.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	run_break, @function
run_break:
	lw	a5,0(a1)
	lbu	a0,0(a5)
	addi	a0,a0,-98
	snez	a0,a0
	addi	a0,a0,2
	ret
	.size	run_break, .-run_break
	.align	2
	.type	run_puts, @function
run_puts:
	lw	a2,4(a1)
	lbu	a3,0(a2)
	beq	a3,zero,.L6
	lui	a0,%hi(printed)
	lw	a4,%lo(printed)(a0)
	li	a1,-1640529920
	addi	a1,a1,-1615
.L7:
	slli	a5,a4,5
	srli	a4,a4,27
	or	a5,a5,a4
	mul	a5,a5,a1
	addi	a2,a2,1
	xor	a4,a5,a3
	lbu	a3,0(a2)
	bne	a3,zero,.L7
	sw	a4,%lo(printed)(a0)
.L6:
	li	a0,0
	ret
	.size	run_puts, .-run_puts
	.align	2
	.type	take, @function
take:
	li	a5,8
	li	a4,1
	bleu	a0,a5,.L13
	li	a3,8
.L14:
	addi	a4,a4,1
	sll	a5,a3,a4
	addi	a5,a5,-8
	bltu	a5,a0,.L14
.L13:
	lui	a5,%hi(.LANCHOR0)
	slli	a3,a4,2
	addi	a5,a5,%lo(.LANCHOR0)
	add	a5,a5,a3
	lw	a0,0(a5)
	beq	a0,zero,.L15
	lw	a4,8(a0)
	addi	a0,a0,8
	sw	a4,0(a5)
	ret
.L15:
	lui	a3,%hi(arena_used)
	lw	a0,%lo(arena_used)(a3)
	li	a5,1
	sll	a5,a5,a4
	add	a5,a5,a0
	sw	a5,%lo(arena_used)(a3)
	lui	a3,%hi(arena)
	slli	a0,a0,3
	addi	a3,a3,%lo(arena)
	li	a2,65536
	add	a0,a0,a3
	bgtu	a5,a2,.L20
	sw	a4,0(a0)
	addi	a0,a0,8
	ret
.L20:
	ebreak
	.size	take, .-take
	.align	2
	.type	add, @function
add:
	lw	a5,4(a0)
	lw	a3,8(a0)
	addi	sp,sp,-20
	sw	s0,12(sp)
	sw	s1,8(sp)
	sw	ra,16(sp)
	add	a4,a5,a2
	mv	s1,a0
	mv	s0,a1
	bgeu	a4,a3,.L36
.L22:
	beq	a2,zero,.L26
	mv	a1,s0
	add	a2,s0,a2
.L28:
	addi	a4,a5,1
	sw	a4,4(s1)
	lw	a4,0(s1)
	lbu	a3,0(a1)
	addi	a1,a1,1
	add	a5,a4,a5
	sb	a3,0(a5)
	lw	a5,4(s1)
	bne	a2,a1,.L28
.L26:
	lw	a4,0(s1)
	add	a5,a4,a5
	sb	zero,0(a5)
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	addi	sp,sp,20
	jr	ra
.L36:
	lw	a3,0(s1)
	addi	a4,a4,4
	slli	a0,a4,1
	sw	a0,8(s1)
	sw	a2,4(sp)
	sw	a3,0(sp)
	call	take
	lw	a5,4(s1)
	sw	a0,0(s1)
	lw	a3,0(sp)
	lw	a2,4(sp)
	beq	a5,zero,.L23
	li	a4,0
	j	.L24
.L37:
	lw	a0,0(s1)
.L24:
	add	a5,a3,a4
	lbu	a5,0(a5)
	add	a0,a0,a4
	addi	a4,a4,1
	sb	a5,0(a0)
	lw	a5,4(s1)
	bgtu	a5,a4,.L37
.L23:
	beq	a3,zero,.L22
	lw	a1,-8(a3)
	lui	a4,%hi(.LANCHOR0)
	addi	a4,a4,%lo(.LANCHOR0)
	slli	a1,a1,2
	add	a4,a4,a1
	lw	a1,0(a4)
	addi	a0,a3,-8
	sw	a0,0(a4)
	sw	a1,0(a3)
	j	.L22
	.size	add, .-add
	.align	2
	.type	define, @function
define:
	addi	sp,sp,-20
	mv	a5,a0
	li	a0,20
	sw	s0,12(sp)
	sw	s1,8(sp)
	sw	ra,16(sp)
	mv	s1,a3
	sw	a5,4(sp)
	mv	s0,a1
	sw	a2,0(sp)
	call	take
	lui	a4,%hi(commands)
	lw	a3,%lo(commands)(a4)
	lw	a5,4(sp)
	lw	a2,0(sp)
	lw	ra,16(sp)
	sw	s0,16(a0)
	lw	s0,12(sp)
	sw	s1,12(a0)
	sw	a5,4(a0)
	sw	a3,0(a0)
	sw	a2,8(a0)
	sw	a0,%lo(commands)(a4)
	lw	s1,8(sp)
	addi	sp,sp,20
	jr	ra
	.size	define, .-define
	.align	2
	.type	give_result, @function
give_result:
	addi	sp,sp,-16
	sw	ra,12(sp)
	sw	s0,8(sp)
	sw	s1,4(sp)
	lbu	a5,0(a0)
	beq	a5,zero,.L41
	mv	s0,a0
	li	s1,0
.L42:
	mv	a0,s1
	addi	s1,s1,1
	add	a3,s0,s1
	lbu	a5,0(a3)
	bne	a5,zero,.L42
	addi	a0,a0,2
	sw	a3,0(sp)
	call	take
	lw	a3,0(sp)
	mv	a5,s0
	mv	a4,a0
.L45:
	lbu	a2,0(a5)
	addi	a5,a5,1
	addi	a4,a4,1
	sb	a2,-1(a4)
	bne	a5,a3,.L45
	add	s1,a0,s1
.L44:
	lui	a3,%hi(result)
	lw	a4,%lo(result)(a3)
	sb	zero,0(s1)
	beq	a4,zero,.L46
	lw	a2,-8(a4)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	slli	a2,a2,2
	add	a5,a5,a2
	lw	a2,0(a5)
	addi	a1,a4,-8
	sw	a1,0(a5)
	sw	a2,0(a4)
.L46:
	lw	ra,12(sp)
	lw	s0,8(sp)
	sw	a0,%lo(result)(a3)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L41:
	li	a0,1
	call	take
	mv	s1,a0
	j	.L44
	.size	give_result, .-give_result
	.align	2
	.type	give_number, @function
give_number:
	srai	a4,a0,31
	addi	sp,sp,-24
	xor	a5,a4,a0
	mv	t0,a0
	sw	ra,20(sp)
	sub	a5,a5,a4
	sb	zero,11(sp)
	addi	a0,sp,11
	li	a3,10
	li	a1,9
.L56:
	remu	a4,a5,a3
	mv	t1,a0
	addi	a0,a0,-1
	mv	a2,a5
	addi	a4,a4,48
	sb	a4,0(a0)
	divu	a5,a5,a3
	bgtu	a2,a1,.L56
	bge	t0,zero,.L57
	li	a5,45
	sb	a5,-1(a0)
	addi	a0,t1,-2
.L57:
	call	give_result
	lw	ra,20(sp)
	addi	sp,sp,24
	jr	ra
	.size	give_number, .-give_number
	.align	2
	.type	arithmetic, @function
arithmetic:
	lw	a4,4(a1)
	addi	sp,sp,-12
	sw	ra,8(sp)
	lbu	t1,0(a4)
	li	a2,9
	li	t0,0
	addi	a5,t1,-45
	seqz	a5,a5
	add	a4,a4,a5
	lbu	a3,0(a4)
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bgtu	a5,a2,.L61
.L62:
	slli	a5,t0,2
	add	a5,a5,t0
	slli	a5,a5,1
	addi	a4,a4,1
	add	a5,a5,a3
	lbu	a3,0(a4)
	addi	t0,a5,-48
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bleu	a5,a2,.L62
.L61:
	li	a5,45
	bne	t1,a5,.L64
	neg	t0,t0
.L64:
	lw	a4,0(a1)
	li	a5,2
	lbu	a3,0(a4)
	bgt	a0,a5,.L101
	addi	a3,a3,-37
	andi	a3,a3,0xff
	li	a5,23
	bgtu	a3,a5,.L85
	lui	a5,%hi(.L82)
	addi	a5,a5,%lo(.L82)
	slli	a3,a3,2
	add	a3,a3,a5
	lw	a5,0(a3)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L82:
	.word	.L86
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L86
	.word	.L88
	.word	.L85
	.word	.L89
	.word	.L85
	.word	.L86
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L85
	.word	.L90
	.text
.L85:
	li	a0,0
.L70:
	sub	t2,t0,a0
	seqz	a0,t2
.L79:
	call	give_number
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L101:
	lw	a4,8(a1)
	li	a1,9
	li	t2,0
	lbu	t1,0(a4)
	addi	a5,t1,-45
	seqz	a5,a5
	add	a4,a4,a5
	lbu	a2,0(a4)
	addi	a5,a2,-48
	andi	a5,a5,0xff
	bgtu	a5,a1,.L66
.L67:
	slli	a0,t2,2
	add	a0,a0,t2
	slli	a0,a0,1
	addi	a4,a4,1
	add	a0,a0,a2
	lbu	a2,0(a4)
	addi	t2,a0,-48
	addi	a5,a2,-48
	andi	a5,a5,0xff
	bleu	a5,a1,.L67
.L66:
	li	a5,45
	mv	a0,t2
	bne	t1,a5,.L69
	neg	a0,t2
.L69:
	addi	a3,a3,-37
	andi	a3,a3,0xff
	li	a5,23
	bgtu	a3,a5,.L70
	lui	a5,%hi(.L72)
	addi	a5,a5,%lo(.L72)
	slli	a3,a3,2
	add	a3,a3,a5
	lw	a5,0(a3)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L72:
	.word	.L77
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L76
	.word	.L75
	.word	.L70
	.word	.L74
	.word	.L70
	.word	.L73
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L70
	.word	.L71
	.text
.L86:
	li	a0,0
	call	give_number
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L90:
	li	a0,0
.L71:
	sgt	a0,a0,t0
	call	give_number
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L73:
	beq	a0,zero,.L79
	div	a0,t0,a0
	j	.L79
.L77:
	beq	a0,zero,.L79
	rem	a0,t0,a0
	j	.L79
.L88:
	li	t2,0
	add	a0,t0,t2
.L102:
	call	give_number
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L89:
	li	t2,0
	sub	a0,t0,t2
.L103:
	call	give_number
	lw	ra,8(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L75:
	mv	t2,a0
	add	a0,t0,t2
	j	.L102
.L74:
	mv	t2,a0
	sub	a0,t0,t2
	j	.L103
.L76:
	mul	a0,a0,t0
	j	.L79
	.size	arithmetic, .-arithmetic
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	""
	.text
	.align	2
	.type	run_return, @function
run_return:
	addi	sp,sp,-12
	sw	ra,8(sp)
	li	a5,1
	ble	a0,a5,.L106
	lw	a0,4(a1)
	call	give_result
	lw	ra,8(sp)
	li	a0,1
	addi	sp,sp,12
	jr	ra
.L106:
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	give_result
	lw	ra,8(sp)
	li	a0,1
	addi	sp,sp,12
	jr	ra
	.size	run_return, .-run_return
	.align	2
	.type	run_text, @function
run_text:
	addi	sp,sp,-16
	sw	ra,12(sp)
	sh	zero,0(sp)
	li	a5,2
	lw	a2,4(a1)
	bgt	a0,a5,.L121
	lbu	a5,0(a2)
	li	a0,0
	beq	a5,zero,.L114
.L115:
	addi	a0,a0,1
	add	a5,a2,a0
	lbu	a5,0(a5)
	bne	a5,zero,.L115
.L114:
	call	give_number
	lw	ra,12(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L121:
	lw	a4,8(a1)
	li	a3,9
	lbu	t1,0(a4)
	addi	a5,t1,-45
	seqz	a5,a5
	add	a4,a4,a5
	lbu	a1,0(a4)
	addi	a5,a1,-48
	andi	a5,a5,0xff
	bgtu	a5,a3,.L116
	li	a3,0
	li	a0,9
.L111:
	slli	a5,a3,2
	add	a5,a5,a3
	slli	a5,a5,1
	addi	a4,a4,1
	add	a5,a5,a1
	lbu	a1,0(a4)
	addi	a3,a5,-48
	addi	a5,a1,-48
	andi	a5,a5,0xff
	bleu	a5,a0,.L111
.L110:
	li	a5,45
	bne	t1,a5,.L112
	neg	a3,a3
.L112:
	add	a3,a2,a3
	lbu	a5,0(a3)
	mv	a0,sp
	sb	a5,0(sp)
	call	give_result
	lw	ra,12(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L116:
	li	a3,0
	j	.L110
	.size	run_text, .-run_text
	.align	2
	.type	set, @function
set:
	lui	a5,%hi(variables)
	lw	t0,%lo(variables)(a5)
	addi	sp,sp,-28
	sw	s0,20(sp)
	sw	s1,16(sp)
	sw	ra,24(sp)
	mv	s0,a0
	mv	s1,t0
	beq	t0,zero,.L124
.L123:
	lw	a5,4(s1)
	mv	a3,s0
	lbu	a4,0(a5)
	bne	a4,zero,.L125
	j	.L157
.L127:
	lbu	a4,0(a5)
	beq	a4,zero,.L158
	mv	a3,t1
.L125:
	lbu	a2,0(a3)
	addi	a5,a5,1
	addi	t1,a3,1
	beq	a2,a4,.L127
	lw	s1,0(s1)
	bne	s1,zero,.L123
.L124:
	lbu	a5,0(a1)
	beq	a5,zero,.L129
	li	a5,0
.L130:
	mv	a0,a5
	addi	a5,a5,1
	add	a2,a1,a5
	lbu	a4,0(a2)
	bne	a4,zero,.L130
	addi	a0,a0,2
	sw	a2,12(sp)
	sw	a1,8(sp)
	sw	t0,4(sp)
	sw	a5,0(sp)
	call	take
	lw	a1,8(sp)
	lw	a2,12(sp)
	lw	t0,4(sp)
	lw	a5,0(sp)
	mv	a3,a0
	mv	a4,a0
.L133:
	lbu	a0,0(a1)
	addi	a1,a1,1
	addi	a4,a4,1
	sb	a0,-1(a4)
	bne	a1,a2,.L133
	add	a5,a3,a5
.L132:
	sb	zero,0(a5)
	beq	s1,zero,.L159
	lw	a4,8(s1)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a2,-8(a4)
	lw	ra,24(sp)
	lw	s0,20(sp)
	slli	a2,a2,2
	add	a5,a5,a2
	lw	a2,0(a5)
	addi	a1,a4,-8
	sw	a1,0(a5)
	sw	a2,0(a4)
	sw	a3,8(s1)
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
.L158:
	lbu	a5,1(a3)
	beq	a5,zero,.L124
.L156:
	lw	s1,0(s1)
	bne	s1,zero,.L123
	j	.L124
.L157:
	lbu	a5,0(s0)
	bne	a5,zero,.L156
	j	.L124
.L159:
	li	a0,12
	sw	a3,4(sp)
	sw	t0,0(sp)
	call	take
	lw	t0,0(sp)
	lw	a3,4(sp)
	mv	s1,a0
	sw	t0,0(a0)
	lbu	a5,0(s0)
	beq	a5,zero,.L135
	li	a5,0
.L136:
	mv	a0,a5
	addi	a5,a5,1
	add	a2,s0,a5
	lbu	a4,0(a2)
	bne	a4,zero,.L136
	addi	a0,a0,2
	sw	a2,8(sp)
	sw	a3,4(sp)
	sw	a5,0(sp)
	call	take
	lw	a2,8(sp)
	lw	a3,4(sp)
	lw	a5,0(sp)
	mv	t2,s0
	mv	a4,a0
.L139:
	lbu	a1,0(t2)
	addi	t2,t2,1
	addi	a4,a4,1
	sb	a1,-1(a4)
	bne	t2,a2,.L139
	add	a5,a0,a5
.L138:
	sb	zero,0(a5)
	lw	ra,24(sp)
	lw	s0,20(sp)
	lui	a5,%hi(variables)
	sw	a0,4(s1)
	sw	s1,%lo(variables)(a5)
	sw	a3,8(s1)
	lw	s1,16(sp)
	addi	sp,sp,28
	jr	ra
.L129:
	li	a0,1
	sw	t0,0(sp)
	call	take
	lw	t0,0(sp)
	mv	a3,a0
	mv	a5,a0
	j	.L132
.L135:
	li	a0,1
	sw	a3,0(sp)
	call	take
	lw	a3,0(sp)
	mv	a5,a0
	j	.L138
	.size	set, .-set
	.align	2
	.type	run_append, @function
run_append:
	lui	a5,%hi(variables)
	lw	t1,%lo(variables)(a5)
	addi	sp,sp,-32
	sw	a1,4(sp)
	sw	ra,28(sp)
	sw	s0,24(sp)
	sw	s1,20(sp)
	sw	zero,8(sp)
	sw	zero,12(sp)
	sw	zero,16(sp)
	sw	a0,0(sp)
	lw	a1,4(a1)
	beq	t1,zero,.L161
	lbu	a0,0(a1)
.L162:
	lw	a4,4(t1)
	mv	a3,a1
	lbu	a5,0(a4)
	bne	a5,zero,.L163
	j	.L191
.L165:
	lbu	a5,1(a4)
	addi	a2,a3,1
	addi	a4,a4,1
	beq	a5,zero,.L192
	mv	a3,a2
.L163:
	lbu	a2,0(a3)
	beq	a2,a5,.L165
.L166:
	lw	t1,0(t1)
	bne	t1,zero,.L162
.L161:
	lw	a5,8(zero)
	ebreak
.L192:
	lbu	a5,1(a3)
	bne	a5,zero,.L166
.L193:
	lw	a1,8(t1)
	li	a2,0
	lbu	a5,0(a1)
	beq	a5,zero,.L167
.L168:
	addi	a2,a2,1
	add	a5,a1,a2
	lbu	a5,0(a5)
	bne	a5,zero,.L168
.L167:
	addi	a0,sp,8
	call	add
	lw	a5,4(sp)
	li	s1,2
	addi	s0,a5,8
	lw	a5,0(sp)
	ble	a5,s1,.L173
.L172:
	lw	a1,0(s0)
	li	a2,0
	lbu	a5,0(a1)
	beq	a5,zero,.L170
.L171:
	addi	a2,a2,1
	add	a5,a1,a2
	lbu	a5,0(a5)
	bne	a5,zero,.L171
.L170:
	addi	a0,sp,8
	call	add
	lw	a5,0(sp)
	addi	s1,s1,1
	addi	s0,s0,4
	bne	a5,s1,.L172
.L173:
	lw	a5,4(sp)
	lw	s0,8(sp)
	lw	a0,4(a5)
	mv	a1,s0
	call	set
	lw	a4,-8(s0)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	slli	a4,a4,2
	add	a5,a5,a4
	lw	a4,0(a5)
	lw	ra,28(sp)
	addi	a3,s0,-8
	sw	a4,0(s0)
	lw	s0,24(sp)
	sw	a3,0(a5)
	lw	s1,20(sp)
	li	a0,0
	addi	sp,sp,32
	jr	ra
.L191:
	mv	a5,a0
	bne	a5,zero,.L166
	j	.L193
	.size	run_append, .-run_append
	.align	2
	.type	run_set, @function
run_set:
	addi	sp,sp,-12
	sw	s0,4(sp)
	sw	ra,8(sp)
	li	a5,2
	mv	s0,a1
	bgt	a0,a5,.L214
.L195:
	lui	a5,%hi(variables)
	lw	a0,%lo(variables)(a5)
	lw	a1,4(s0)
	beq	a0,zero,.L196
	lbu	t1,0(a1)
.L197:
	lw	a4,4(a0)
	mv	a3,a1
	lbu	a5,0(a4)
	bne	a5,zero,.L198
	j	.L215
.L200:
	lbu	a5,1(a4)
	addi	a2,a3,1
	addi	a4,a4,1
	beq	a5,zero,.L216
	mv	a3,a2
.L198:
	lbu	a2,0(a3)
	beq	a2,a5,.L200
.L201:
	lw	a0,0(a0)
	bne	a0,zero,.L197
.L196:
	lw	a5,8(zero)
	ebreak
.L216:
	lbu	a5,1(a3)
	bne	a5,zero,.L201
.L217:
	lw	a0,8(a0)
	call	give_result
	lw	ra,8(sp)
	lw	s0,4(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L215:
	mv	a5,t1
	bne	a5,zero,.L201
	j	.L217
.L214:
	lw	a1,8(a1)
	lw	a0,4(s0)
	call	set
	j	.L195
	.size	run_set, .-run_set
	.align	2
	.type	run_proc, @function
run_proc:
	addi	sp,sp,-28
	sw	s0,20(sp)
	lw	s0,4(a1)
	sw	ra,24(sp)
	sw	s1,16(sp)
	lbu	a5,0(s0)
	beq	a5,zero,.L219
	li	a4,0
.L220:
	mv	a0,a4
	addi	a4,a4,1
	add	a2,s0,a4
	lbu	a5,0(a2)
	bne	a5,zero,.L220
	addi	a0,a0,2
	sw	a2,8(sp)
	sw	a1,4(sp)
	sw	a4,0(sp)
	call	take
	lw	a2,8(sp)
	lw	a1,4(sp)
	lw	a4,0(sp)
	mv	s1,a0
	mv	a5,s0
	mv	a3,a0
.L223:
	lbu	a0,0(a5)
	addi	a5,a5,1
	addi	a3,a3,1
	sb	a0,-1(a3)
	bne	a5,a2,.L223
	add	a4,s1,a4
	sb	zero,0(a4)
	lw	a5,8(a1)
	lbu	a4,0(a5)
	beq	a4,zero,.L224
.L244:
	li	a4,0
.L225:
	mv	a0,a4
	addi	a4,a4,1
	add	a2,a5,a4
	lbu	a3,0(a2)
	bne	a3,zero,.L225
	addi	a0,a0,2
	sw	a2,12(sp)
	sw	a1,8(sp)
	sw	a4,4(sp)
	sw	a5,0(sp)
	call	take
	lw	a5,0(sp)
	lw	a2,12(sp)
	lw	a1,8(sp)
	lw	a4,4(sp)
	mv	s0,a0
	mv	a3,a0
.L228:
	lbu	a0,0(a5)
	addi	a5,a5,1
	addi	a3,a3,1
	sb	a0,-1(a3)
	bne	a5,a2,.L228
	add	a4,s0,a4
	sb	zero,0(a4)
	lw	a5,12(a1)
	lbu	a4,0(a5)
	beq	a4,zero,.L229
.L245:
	li	a4,0
.L230:
	mv	a0,a4
	addi	a4,a4,1
	add	a2,a5,a4
	lbu	a3,0(a2)
	bne	a3,zero,.L230
	addi	a0,a0,2
	sw	a2,8(sp)
	sw	a4,4(sp)
	sw	a5,0(sp)
	call	take
	lw	a5,0(sp)
	lw	a2,8(sp)
	lw	a4,4(sp)
	mv	t1,a0
	mv	a3,a0
.L233:
	lbu	a1,0(a5)
	addi	a5,a5,1
	addi	a3,a3,1
	sb	a1,-1(a3)
	bne	a2,a5,.L233
	add	a4,t1,a4
.L232:
	sb	zero,0(a4)
	li	a0,20
	sw	t1,0(sp)
	call	take
	lui	a5,%hi(commands)
	lw	a4,%lo(commands)(a5)
	lw	t1,0(sp)
	sw	s0,8(a0)
	lw	ra,24(sp)
	lw	s0,20(sp)
	sw	s1,4(a0)
	sw	a4,0(a0)
	sw	t1,12(a0)
	sw	zero,16(a0)
	sw	a0,%lo(commands)(a5)
	lw	s1,16(sp)
	li	a0,0
	addi	sp,sp,28
	jr	ra
.L219:
	li	a0,1
	sw	a1,0(sp)
	call	take
	lw	a1,0(sp)
	mv	a4,a0
	sb	zero,0(a4)
	lw	a5,8(a1)
	mv	s1,a0
	lbu	a4,0(a5)
	bne	a4,zero,.L244
.L224:
	li	a0,1
	sw	a1,0(sp)
	call	take
	lw	a1,0(sp)
	mv	a4,a0
	sb	zero,0(a4)
	lw	a5,12(a1)
	mv	s0,a0
	lbu	a4,0(a5)
	bne	a4,zero,.L245
.L229:
	li	a0,1
	call	take
	mv	t1,a0
	mv	a4,a0
	j	.L232
	.size	run_proc, .-run_proc
	.align	2
	.type	read_word, @function
read_word:
	mv	a5,a0
	lw	a1,0(a5)
	addi	sp,sp,-44
	li	a5,8
	sw	a0,12(sp)
	li	a0,8
	sw	s0,36(sp)
	sw	a1,0(sp)
	sw	a5,28(sp)
	sw	ra,40(sp)
	sw	s1,32(sp)
	sw	zero,24(sp)
	call	take
	lw	a1,0(sp)
	sb	zero,0(a0)
	sw	a0,20(sp)
	lbu	s0,0(a1)
	li	a5,123
	beq	s0,a5,.L306
	addi	a5,s0,-34
	seqz	a5,a5
	add	a1,a1,a5
	lbu	a4,0(a1)
	sw	a5,16(sp)
	bne	a4,zero,.L252
	j	.L253
.L277:
	li	a5,32
	beq	a4,a5,.L305
	li	a5,10
	beq	a4,a5,.L305
	li	a5,59
	beq	a4,a5,.L305
.L278:
	li	a3,36
	addi	s1,a1,1
	beq	a4,a3,.L307
	li	a3,91
	beq	a4,a3,.L308
	li	a2,1
	addi	a0,sp,20
	call	add
	mv	a1,s1
.L269:
	lbu	a4,0(a1)
	beq	a4,zero,.L305
.L252:
	li	a5,34
	bne	s0,a5,.L277
	bne	a4,s0,.L278
.L305:
	lw	a0,20(sp)
.L253:
	lw	a5,16(sp)
	lw	ra,40(sp)
	lw	s0,36(sp)
	add	a1,a1,a5
	lw	a5,12(sp)
	lw	s1,32(sp)
	sw	a1,0(a5)
	addi	sp,sp,44
	jr	ra
.L308:
	mv	t0,a1
	li	a0,0
.L271:
	lbu	a3,0(t0)
	addi	t0,t0,1
	addi	a4,a3,-91
	addi	a2,a3,-93
	seqz	a4,a4
	seqz	a2,a2
	sub	a4,a4,a2
	add	a0,a0,a4
	beq	a3,zero,.L259
	bne	a0,zero,.L271
	sub	a2,t0,a1
	addi	a0,a2,-1
	sw	a1,8(sp)
	sw	t0,4(sp)
	sw	a2,0(sp)
	call	take
	lw	a2,0(sp)
	lw	t0,4(sp)
	lw	a1,8(sp)
	addi	t2,a2,-2
	mv	a4,a0
	beq	t2,zero,.L276
	addi	a1,a1,-1
	mv	a5,s1
	mv	a3,a0
	add	a1,a1,a2
.L275:
	lbu	a2,0(a5)
	addi	a5,a5,1
	addi	a3,a3,1
	sb	a2,-1(a3)
	bne	a1,a5,.L275
.L276:
	add	t2,a4,t2
	mv	a0,a4
	sb	zero,0(t2)
	sw	t0,4(sp)
	sw	a4,0(sp)
	call	evaluate
	lui	a5,%hi(result)
	lw	a1,%lo(result)(a5)
	lw	a4,0(sp)
	lw	t0,4(sp)
	lbu	a5,0(a1)
	li	a2,0
	beq	a5,zero,.L274
.L273:
	addi	a2,a2,1
	add	a5,a1,a2
	lbu	a5,0(a5)
	bne	a5,zero,.L273
.L274:
	addi	a0,sp,20
	sw	a4,4(sp)
	sw	t0,0(sp)
	call	add
	lw	a4,4(sp)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,-8(a4)
	lw	t0,0(sp)
	addi	a2,a4,-8
	slli	a3,a3,2
	add	a5,a5,a3
	lw	a3,0(a5)
	mv	a1,t0
	sw	a2,0(a5)
	sw	a3,0(a4)
	j	.L269
.L307:
	mv	t1,s1
	li	a2,25
	li	a1,9
	li	a0,95
.L257:
	lbu	a3,0(t1)
	addi	a4,a3,-97
	andi	a4,a4,0xff
	bleu	a4,a2,.L255
	addi	a4,a3,-48
	andi	a4,a4,0xff
	bleu	a4,a1,.L255
	beq	a3,a0,.L255
	sub	a2,t1,s1
	addi	a0,a2,1
	sw	t1,4(sp)
	sw	a2,0(sp)
	call	take
	lw	a2,0(sp)
	lw	t1,4(sp)
	mv	t0,a0
	mv	a5,s1
	mv	a4,a0
	add	a1,s1,a2
	beq	a2,zero,.L262
.L261:
	lbu	a3,0(a5)
	addi	a5,a5,1
	addi	a4,a4,1
	sb	a3,-1(a4)
	bne	a1,a5,.L261
.L262:
	lui	a5,%hi(variables)
	lw	a1,%lo(variables)(a5)
	add	a2,t0,a2
	sb	zero,0(a2)
	beq	a1,zero,.L259
	lbu	a0,0(t0)
.L260:
	lw	a4,4(a1)
	mv	a3,t0
	lbu	a5,0(a4)
	bne	a5,zero,.L263
	j	.L309
.L265:
	lbu	a5,1(a4)
	addi	a2,a3,1
	addi	a4,a4,1
	beq	a5,zero,.L310
	mv	a3,a2
.L263:
	lbu	a2,0(a3)
	beq	a2,a5,.L265
.L266:
	lw	a1,0(a1)
	bne	a1,zero,.L260
.L259:
	ebreak
.L255:
	addi	t1,t1,1
	j	.L257
.L310:
	lbu	a5,1(a3)
	bne	a5,zero,.L266
.L311:
	lw	a1,8(a1)
	li	a2,0
	lbu	a5,0(a1)
	beq	a5,zero,.L267
.L268:
	addi	a2,a2,1
	add	a5,a1,a2
	lbu	a5,0(a5)
	bne	a5,zero,.L268
.L267:
	addi	a0,sp,20
	sw	t0,4(sp)
	sw	t1,0(sp)
	call	add
	lw	t0,4(sp)
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,-8(t0)
	lw	t1,0(sp)
	addi	a3,t0,-8
	slli	a4,a4,2
	add	a5,a5,a4
	lw	a4,0(a5)
	mv	a1,t1
	sw	a3,0(a5)
	sw	a4,0(t0)
	j	.L269
.L309:
	mv	a5,a0
	bne	a5,zero,.L266
	j	.L311
.L306:
	mv	a3,a1
	li	a2,0
	j	.L250
.L312:
	lbu	s0,0(a3)
.L250:
	addi	a5,s0,-123
	addi	a4,s0,-125
	seqz	a5,a5
	seqz	a4,a4
	sub	a5,a5,a4
	add	a2,a2,a5
	addi	a3,a3,1
	beq	s0,zero,.L259
	bne	a2,zero,.L312
	lw	a5,12(sp)
	sub	a2,a3,a1
	addi	a0,sp,20
	sw	a3,0(a5)
	addi	a2,a2,-2
	addi	a1,a1,1
	call	add
	lw	ra,40(sp)
	lw	s0,36(sp)
	lw	a0,20(sp)
	lw	s1,32(sp)
	addi	sp,sp,44
	jr	ra
	.size	read_word, .-read_word
	.align	2
	.type	evaluate, @function
evaluate:
	addi	sp,sp,-68
	sw	a0,4(sp)
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	sw	s1,56(sp)
	sw	ra,64(sp)
	sw	s0,60(sp)
	call	give_result
	lw	s1,4(sp)
	lbu	a4,0(s1)
	beq	a4,zero,.L315
.L314:
	li	a3,0
	li	a5,32
	li	a2,10
	li	a1,59
.L330:
	beq	a4,a5,.L316
	beq	a4,a2,.L316
	bne	a4,a1,.L346
.L316:
	lbu	a4,1(s1)
	li	a3,1
	addi	s1,s1,1
	j	.L330
.L346:
	beq	a3,zero,.L317
	sw	s1,4(sp)
.L317:
	li	s0,0
	beq	a4,zero,.L347
.L318:
	li	a3,10
	beq	a4,a3,.L345
	li	a3,59
	beq	a4,a3,.L345
	addi	a0,sp,4
	call	read_word
	addi	a1,sp,8
	lw	s1,4(sp)
	slli	a4,s0,2
	add	a4,a1,a4
	sw	a0,0(a4)
	lbu	a4,0(s1)
	li	a3,32
	addi	a2,s0,1
	bne	a4,a3,.L320
	addi	a5,s1,1
.L321:
	lbu	a4,0(a5)
	mv	s1,a5
	addi	a5,a5,1
	beq	a4,a3,.L321
	sw	s1,4(sp)
.L320:
	mv	s0,a2
	bne	a4,zero,.L318
.L331:
	mv	a0,s0
	sw	a1,0(sp)
	call	invoke
	lw	a1,0(sp)
	slli	a5,s0,2
	addi	a5,a5,-4
	lui	a4,%hi(.LANCHOR0)
	add	a5,a1,a5
	addi	t0,a4,%lo(.LANCHOR0)
.L327:
	lw	a3,0(a5)
	mv	a2,a5
	addi	a5,a5,-4
	lw	a4,-8(a3)
	addi	t1,a3,-8
	slli	a4,a4,2
	add	a4,t0,a4
	lw	t2,0(a4)
	sw	t1,0(a4)
	sw	t2,0(a3)
	bne	a1,a2,.L327
	lbu	a4,0(s1)
	beq	a4,zero,.L313
	beq	a0,zero,.L314
.L313:
	lw	ra,64(sp)
	lw	s0,60(sp)
	lw	s1,56(sp)
	addi	sp,sp,68
	jr	ra
.L345:
	lw	s1,4(sp)
	bne	s0,zero,.L348
	lbu	a4,0(s1)
	bne	a4,zero,.L314
.L315:
	li	a0,0
	j	.L313
.L347:
	lw	s1,4(sp)
	lbu	a4,0(s1)
	bne	a4,zero,.L314
	li	a0,0
	j	.L313
.L348:
	addi	a1,sp,8
	j	.L331
	.size	evaluate, .-evaluate
	.align	2
	.type	invoke, @function
invoke:
	lui	a5,%hi(commands)
	lw	t1,%lo(commands)(a5)
	beq	t1,zero,.L350
	lw	t0,0(a1)
	lbu	t2,0(t0)
.L351:
	lw	a4,4(t1)
	mv	a3,t0
	lbu	a5,0(a4)
	bne	a5,zero,.L352
	j	.L387
.L354:
	lbu	a5,1(a4)
	addi	a2,a3,1
	addi	a4,a4,1
	beq	a5,zero,.L388
	mv	a3,a2
.L352:
	lbu	a2,0(a3)
	beq	a2,a5,.L354
.L355:
	lw	t1,0(t1)
	bne	t1,zero,.L351
.L350:
	ebreak
.L388:
	lbu	a5,1(a3)
	bne	a5,zero,.L355
.L390:
	lui	a4,%hi(evaluated)
	lw	a5,%lo(evaluated)(a4)
	lw	a3,12(t1)
	addi	a5,a5,1
	sw	a5,%lo(evaluated)(a4)
	beq	a3,zero,.L389
	lui	a2,%hi(variables)
	lw	a4,%lo(variables)(a2)
	lw	a5,8(t1)
	addi	sp,sp,-36
	sw	ra,32(sp)
	sw	s0,28(sp)
	sw	s1,24(sp)
	sw	a4,16(sp)
	lbu	a4,0(a5)
	sw	a5,20(sp)
	sw	zero,%lo(variables)(a2)
	beq	a4,zero,.L357
	lui	s0,%hi(.LANCHOR0)
	addi	s0,s0,%lo(.LANCHOR0)
	addi	s1,a1,4
	sw	t1,4(sp)
	sw	s0,0(sp)
.L358:
	addi	a0,sp,20
	call	read_word
	lw	a1,0(s1)
	mv	s0,a0
	addi	s1,s1,4
	call	set
	lw	a5,-8(s0)
	lw	a3,0(sp)
	lw	a4,20(sp)
	slli	a5,a5,2
	add	a5,a3,a5
	lw	a2,0(a5)
	addi	a1,s0,-8
	sw	a1,0(a5)
	sw	a2,0(s0)
	lbu	a5,0(a4)
	addi	a5,a5,-32
	seqz	a5,a5
	add	a5,a4,a5
	lbu	a4,0(a5)
	sw	a5,20(sp)
	bne	a4,zero,.L358
	lw	t1,4(sp)
	lw	a3,12(t1)
.L357:
	mv	a0,a3
	call	evaluate
	lui	a5,%hi(variables)
	lw	a1,%lo(variables)(a5)
	sw	a0,12(sp)
	beq	a1,zero,.L359
	lui	s0,%hi(.LANCHOR0)
	addi	s0,s0,%lo(.LANCHOR0)
.L360:
	lw	t1,4(a1)
	lw	a0,8(a1)
	lw	a5,-8(a1)
	lw	a3,-8(t1)
	lw	a4,-8(a0)
	addi	t0,t1,-8
	slli	a3,a3,2
	add	a3,s0,a3
	lw	t2,0(a3)
	slli	a4,a4,2
	sw	t0,0(a3)
	sw	t2,0(sp)
	add	a4,s0,a4
	sw	t0,4(sp)
	addi	t0,a0,-8
	lw	s1,0(a4)
	sw	t0,8(sp)
	sw	t0,0(a4)
	slli	a5,a5,2
	lw	t0,0(sp)
	add	a5,s0,a5
	lw	t2,0(a5)
	mv	a2,a1
	lw	a1,0(a1)
	sw	t0,0(t1)
	sw	s1,0(a0)
	addi	t0,a2,-8
	sw	t2,0(a2)
	sw	t0,0(a5)
	bne	a1,zero,.L360
	lw	a1,0(sp)
	sw	a1,0(t1)
	lw	a1,4(sp)
	sw	s1,0(a0)
	sw	t2,0(a2)
	sw	a1,0(a3)
	lw	a3,8(sp)
	sw	a3,0(a4)
	sw	t0,0(a5)
.L359:
	lw	a4,12(sp)
	lw	a2,16(sp)
	lw	ra,32(sp)
	addi	a5,a4,-1
	snez	a5,a5
	lw	s0,28(sp)
	neg	a5,a5
	and	a5,a4,a5
	lui	a3,%hi(variables)
	sw	a5,12(sp)
	sw	a2,%lo(variables)(a3)
	lw	s1,24(sp)
	mv	a0,a5
	addi	sp,sp,36
	jr	ra
.L387:
	mv	a5,t2
	bne	a5,zero,.L355
	j	.L390
.L389:
	lw	a5,16(t1)
	jr	a5
	.size	invoke, .-invoke
	.align	2
	.type	run_while, @function
run_while:
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	ra,12(sp)
	sw	a1,0(sp)
	lui	s1,%hi(result)
	li	s0,9
.L392:
	lw	a5,0(sp)
	lw	a0,4(a5)
	call	evaluate
	lw	a4,%lo(result)(s1)
	li	a0,0
	lbu	a1,0(a4)
	addi	a5,a1,-45
	seqz	a5,a5
	add	a4,a4,a5
	lbu	a3,0(a4)
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bgtu	a5,s0,.L394
.L395:
	slli	a5,a0,2
	add	a5,a5,a0
	slli	a5,a5,1
	addi	a4,a4,1
	add	a5,a5,a3
	lbu	a3,0(a4)
	addi	a0,a5,-48
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bleu	a5,s0,.L395
.L394:
	li	a5,45
	beq	a1,a5,.L404
.L397:
	beq	a0,zero,.L399
	lw	a5,0(sp)
	lw	a0,8(a5)
	call	evaluate
	li	a5,1
	beq	a0,a5,.L391
	li	a5,2
	bne	a0,a5,.L392
.L399:
	li	a0,0
.L391:
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
.L404:
	neg	a0,a0
	j	.L397
	.size	run_while, .-run_while
	.align	2
	.type	run_if, @function
run_if:
	addi	sp,sp,-12
	sw	s0,4(sp)
	mv	s0,a0
	lw	a0,4(a1)
	sw	s1,0(sp)
	sw	ra,8(sp)
	mv	s1,a1
	call	evaluate
	lui	a5,%hi(result)
	lw	a4,%lo(result)(a5)
	li	a2,9
	li	a0,0
	lbu	a1,0(a4)
	addi	a5,a1,-45
	seqz	a5,a5
	add	a4,a4,a5
	lbu	a3,0(a4)
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bgtu	a5,a2,.L406
.L407:
	slli	a5,a0,2
	add	a5,a5,a0
	slli	a5,a5,1
	addi	a4,a4,1
	add	a5,a5,a3
	lbu	a3,0(a4)
	addi	a0,a5,-48
	addi	a5,a3,-48
	andi	a5,a5,0xff
	bleu	a5,a2,.L407
.L406:
	li	a5,45
	beq	a1,a5,.L416
	bne	a0,zero,.L417
.L410:
	li	a5,4
	bgt	s0,a5,.L418
	lw	ra,8(sp)
	lw	s0,4(sp)
	lw	s1,0(sp)
	li	a0,0
	addi	sp,sp,12
	jr	ra
.L416:
	neg	a0,a0
	beq	a0,zero,.L410
.L417:
	lw	s0,4(sp)
	lw	a0,8(s1)
	lw	ra,8(sp)
	lw	s1,0(sp)
	addi	sp,sp,12
	tail	evaluate
.L418:
	lw	s0,4(sp)
	lw	a0,16(s1)
	lw	ra,8(sp)
	lw	s1,0(sp)
	addi	sp,sp,12
	tail	evaluate
	.size	run_if, .-run_if
	.section	.rodata.str1.4
	.align	2
.LC1:
	.string	"+"
	.align	2
.LC2:
	.string	"set"
	.align	2
.LC3:
	.string	"append"
	.align	2
.LC4:
	.string	"if"
	.align	2
.LC5:
	.string	"while"
	.align	2
.LC6:
	.string	"return"
	.align	2
.LC7:
	.string	"break"
	.align	2
.LC8:
	.string	"continue"
	.align	2
.LC9:
	.string	"puts"
	.align	2
.LC10:
	.string	"length"
	.align	2
.LC11:
	.string	"index"
	.align	2
.LC12:
	.string	"proc"
	.align	2
.LC13:
	.string	"tcl"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-20
	lui	a5,%hi(.LANCHOR1)
	lui	a4,%hi(commands)
	lui	a2,%hi(arithmetic)
	lw	a3,%lo(commands)(a4)
	sw	s1,8(sp)
	lui	a4,%hi(.LC1)
	addi	s1,a5,%lo(.LANCHOR1)
	addi	a5,a2,%lo(arithmetic)
	sw	s0,12(sp)
	sw	ra,16(sp)
	addi	s0,a4,%lo(.LC1)
	sw	a5,4(sp)
	j	.L421
.L428:
	lw	s0,0(s1)
	mv	a3,a0
.L421:
	li	a0,20
	sw	a3,0(sp)
	call	take
	lw	a5,4(sp)
	lw	a3,0(sp)
	sw	s0,4(a0)
	sw	a5,16(a0)
	lui	a5,%hi(commands)
	sw	a0,%lo(commands)(a5)
	lui	a5,%hi(.LANCHOR1+28)
	sw	a3,0(a0)
	sw	zero,8(a0)
	sw	zero,12(a0)
	addi	s1,s1,4
	addi	a5,a5,%lo(.LANCHOR1+28)
	bne	a5,s1,.L428
	lui	a1,%hi(run_set)
	lui	a0,%hi(.LC2)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_set)
	addi	a0,a0,%lo(.LC2)
	call	define
	lui	a1,%hi(run_append)
	lui	a0,%hi(.LC3)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_append)
	addi	a0,a0,%lo(.LC3)
	call	define
	lui	a1,%hi(run_if)
	lui	a0,%hi(.LC4)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_if)
	addi	a0,a0,%lo(.LC4)
	call	define
	lui	a1,%hi(run_while)
	lui	a0,%hi(.LC5)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_while)
	addi	a0,a0,%lo(.LC5)
	call	define
	lui	a1,%hi(run_return)
	lui	a0,%hi(.LC6)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_return)
	addi	a0,a0,%lo(.LC6)
	call	define
	lui	s1,%hi(run_break)
	lui	a0,%hi(.LC7)
	addi	a1,s1,%lo(run_break)
	li	a3,0
	li	a2,0
	addi	a0,a0,%lo(.LC7)
	call	define
	lui	a0,%hi(.LC8)
	addi	a1,s1,%lo(run_break)
	li	a3,0
	li	a2,0
	addi	a0,a0,%lo(.LC8)
	call	define
	lui	a1,%hi(run_puts)
	lui	a0,%hi(.LC9)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_puts)
	addi	a0,a0,%lo(.LC9)
	call	define
	lui	s1,%hi(run_text)
	lui	a0,%hi(.LC10)
	li	a3,0
	li	a2,0
	addi	a1,s1,%lo(run_text)
	addi	a0,a0,%lo(.LC10)
	call	define
	lui	a0,%hi(.LC11)
	li	a3,0
	li	a2,0
	addi	a1,s1,%lo(run_text)
	addi	a0,a0,%lo(.LC11)
	call	define
	lui	a1,%hi(run_proc)
	lui	a0,%hi(.LC12)
	li	a3,0
	li	a2,0
	addi	a1,a1,%lo(run_proc)
	addi	a0,a0,%lo(.LC12)
	call	define
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	lui	a4,%hi(.LANCHOR1+28)
	addi	a0,a4,%lo(.LANCHOR1+28)
	lui	a4,%hi(printed)
	sw	a5,%lo(printed)(a4)
	call	evaluate
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	li	a4,1399
	bgtu	a3,a4,.L422
	lw	a4,%lo(parts)(a5)
	li	a5,1400
	bgtu	a4,a5,.L423
	divu	s1,a5,a4
	lui	s0,%hi(.LANCHOR1+584)
	addi	s0,s0,%lo(.LANCHOR1+584)
.L424:
	addi	s1,s1,-1
	mv	a0,s0
	call	evaluate
	bne	s1,zero,.L424
.L423:
	lui	a5,%hi(printed)
	lw	a4,%lo(printed)(a5)
	lui	a0,%hi(.LC13)
	addi	a0,a0,%lo(.LC13)
	slli	a5,a4,5
	srli	a4,a4,27
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(evaluated)
	lw	a1,%lo(evaluated)(a4)
	xor	a1,a5,a1
	call	report
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	li	a0,0
	addi	sp,sp,20
	jr	ra
.L422:
	lui	a5,%hi(.LANCHOR1)
	addi	a5,a5,%lo(.LANCHOR1)
	addi	a0,a5,584
	call	evaluate
	j	.L423
	.size	main, .-main
	.section	.rodata.str1.4
	.align	2
.LC14:
	.string	"-"
	.align	2
.LC15:
	.string	"*"
	.align	2
.LC16:
	.string	"/"
	.align	2
.LC17:
	.string	"%"
	.align	2
.LC18:
	.string	"<"
	.align	2
.LC19:
	.string	"=="
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	unused, @object
	.size	unused, 64
unused:
	.zero	64
	.type	arena, @object
	.size	arena, 524288
arena:
	.zero	524288
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	operators.0, @object
	.size	operators.0, 28
operators.0:
	.word	.LC1
	.word	.LC14
	.word	.LC15
	.word	.LC16
	.word	.LC17
	.word	.LC18
	.word	.LC19
	.type	definitions, @object
	.size	definitions, 556
definitions:
	.ascii	"proc fib {n} {\n  if {< $n 2} { return $n }\n  return [+ [fi"
	.ascii	"b [- $n 1]] [fib [- $n 2]]]\n}\nproc prime {n} {\n  set d 2\n"
	.ascii	"  while {< [* $d $d] [+ $n 1]} {\n    if {== [% $n $d] 0} { "
	.ascii	"return 0 }\n    set d [+ $d 1]\n  }\n  return 1\n}\nproc rev"
	.ascii	"ersed {text} {\n  set n [length $text]; set back \"\"\n  whi"
	.ascii	"le {< 0 $n} { "
	.string	"set n [- $n 1]; append back [index $text $n] }\n  return $back\n}\nproc collatz {n} {\n  set steps 0\n  while {== 1 1} {\n    if {== $n 1} { break }\n    if {% $n 2} { set n [+ [* $n 3] 1] } else { set n [/ $n 2] }\n    set steps [+ $steps 1]\n  }\n  return $steps\n}"
	.type	script, @object
	.size	script, 209
script:
	.string	"set n 1; set found \"\"\nwhile {< $n 60} {\n  set n [+ $n 2]\n  if {== [prime $n] 0} { continue }\n  append found $n \" \"\n}\nputs \"primes: $found, backwards [reversed $found]\"\nputs \"fib [fib 9], collatz [collatz 27]\""
	.section	.sbss,"aw",@nobits
	.align	2
	.type	evaluated, @object
	.size	evaluated, 4
evaluated:
	.zero	4
	.type	printed, @object
	.size	printed, 4
printed:
	.zero	4
	.type	result, @object
	.size	result, 4
result:
	.zero	4
	.type	commands, @object
	.size	commands, 4
commands:
	.zero	4
	.type	variables, @object
	.size	variables, 4
variables:
	.zero	4
	.type	arena_used, @object
	.size	arena_used, 4
arena_used:
	.zero	4
