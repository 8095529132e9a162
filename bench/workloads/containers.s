	.file	"containers.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	free_all, @function
free_all:
	lui	a4,%hi(store+31980)
	lui	a3,%hi(store)
	addi	a4,a4,%lo(store+31980)
	addi	a3,a3,%lo(store)
	li	a5,0
.L2:
	sw	a5,4(a4)
	mv	a5,a4
	addi	a4,a4,-20
	bne	a5,a3,.L2
	lui	a4,%hi(unused)
	sw	a5,%lo(unused)(a4)
	ret
	.size	free_all, .-free_all
	.align	2
	.type	walk, @function
walk:
	beq	a0,zero,.L13
	addi	sp,sp,-12
	sw	s0,4(sp)
	li	s0,-1640529920
	sw	s1,0(sp)
	sw	ra,8(sp)
	mv	s1,a0
	addi	s0,s0,-1615
.L7:
	lw	a0,0(s1)
	call	walk
	slli	a5,a0,5
	srli	a0,a0,27
	or	a5,a5,a0
	mul	a5,a5,s0
	lw	a1,8(s1)
	lw	a3,12(s1)
	lw	a4,16(s1)
	slli	a1,a1,2
	lw	s1,4(s1)
	add	a1,a1,a3
	add	a1,a1,a4
	xor	a1,a1,a5
	bne	s1,zero,.L7
	lw	ra,8(sp)
	lw	s0,4(sp)
	lw	s1,0(sp)
	mv	a0,a1
	addi	sp,sp,12
	jr	ra
.L13:
	mv	a0,a1
	ret
	.size	walk, .-walk
	.align	2
	.type	sort_list, @function
sort_list:
	beq	a0,zero,.L27
	lw	a5,4(a0)
	beq	a5,zero,.L34
	addi	sp,sp,-24
	sw	s1,12(sp)
	sw	ra,20(sp)
	sw	s0,16(sp)
	mv	s1,a5
	mv	a3,a0
	j	.L18
.L20:
	lw	a4,4(s1)
	lw	a5,4(a5)
	mv	a3,s1
	mv	s1,a4
	beq	a5,zero,.L19
.L18:
	lw	a5,4(a5)
	bne	a5,zero,.L20
.L19:
	sw	zero,4(a3)
	call	sort_list
	mv	s0,a0
	mv	a0,s1
	call	sort_list
	sw	a0,4(sp)
	sw	s0,0(sp)
	sw	zero,8(sp)
	addi	a4,sp,8
	beq	s0,zero,.L37
	beq	a0,zero,.L26
.L25:
	lw	a2,8(a0)
	lw	a3,8(s0)
	addi	a5,sp,4
	blt	a2,a3,.L23
	mv	a0,s0
	mv	a5,sp
.L23:
	sw	a0,0(a4)
	lw	a3,4(a0)
	addi	a4,a0,4
	sw	a3,0(a5)
	lw	s0,0(sp)
	beq	s0,zero,.L24
	lw	a0,4(sp)
	bne	a0,zero,.L25
.L26:
	sw	s0,0(a4)
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	a0,8(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
.L27:
	li	a0,0
	ret
.L34:
	ret
.L24:
	lw	s0,4(sp)
	lw	ra,20(sp)
	lw	s1,12(sp)
	sw	s0,0(a4)
	lw	s0,16(sp)
	lw	a0,8(sp)
	addi	sp,sp,24
	jr	ra
.L37:
	mv	s0,a0
	j	.L26
	.size	sort_list, .-sort_list
	.align	2
	.type	lists, @function
lists:
	addi	sp,sp,-12
	sw	s0,4(sp)
	lui	s0,%hi(unused)
	lw	a2,%lo(unused)(s0)
	sw	s1,0(sp)
	mv	a3,a0
	mv	s1,a1
	sw	ra,8(sp)
	li	a4,0
	li	a0,0
	li	a1,1
	li	t0,400
.L39:
	lw	t1,0(a3)
	mv	a5,a2
	lw	a2,4(a2)
	sw	a4,12(a5)
	sw	a0,4(a5)
	sw	zero,0(a5)
	sw	t1,8(a5)
	sw	a1,16(a5)
	addi	a4,a4,1
	addi	a3,a3,4
	mv	a0,a5
	bne	a4,t0,.L39
	sw	a2,%lo(unused)(s0)
	call	sort_list
	mv	a5,a0
	bne	a0,zero,.L42
	j	.L44
.L43:
	lw	a3,8(a5)
	lw	a2,8(a4)
	beq	a2,a3,.L55
.L42:
	mv	a4,a5
	lw	a5,4(a5)
	bne	a5,zero,.L43
	beq	a0,zero,.L44
	li	a4,-1640529920
	addi	a4,a4,-1615
.L45:
	slli	a5,s1,5
	srli	s1,s1,27
	or	a5,a5,s1
	mul	a5,a5,a4
	lw	s1,12(a0)
	lw	a0,4(a0)
	xor	s1,a5,s1
	bne	a0,zero,.L45
.L44:
	lw	ra,8(sp)
	lw	s0,4(sp)
	mv	a0,s1
	lw	s1,0(sp)
	addi	sp,sp,12
	jr	ra
.L55:
	lw	a2,4(a5)
	lw	a3,%lo(unused)(s0)
	sw	a5,%lo(unused)(s0)
	sw	a2,4(a4)
	sw	a3,4(a5)
	mv	a5,a4
	j	.L42
	.size	lists, .-lists
	.align	2
	.type	count_key, @function
count_key:
	li	a3,-1640529920
	addi	a3,a3,-1615
	mul	a3,a0,a3
	lui	a2,%hi(.LANCHOR0)
	addi	a2,a2,%lo(.LANCHOR0)
	srli	a3,a3,14
	andi	a3,a3,508
	add	a5,a2,a3
	lw	a5,0(a5)
	bne	a5,zero,.L57
	j	.L58
.L59:
	lw	a5,4(a5)
	beq	a5,zero,.L58
.L57:
	lw	a4,8(a5)
	bne	a4,a0,.L59
	lw	a4,12(a5)
	addi	a4,a4,1
	sw	a4,12(a5)
	ret
.L58:
	lui	a4,%hi(unused)
	lw	a5,%lo(unused)(a4)
	add	a2,a2,a3
	li	a3,1
	lw	a1,4(a5)
	sw	zero,0(a5)
	sw	zero,4(a5)
	lw	t1,0(a2)
	sw	a0,8(a5)
	sw	a3,12(a5)
	sw	a3,16(a5)
	sw	t1,4(a5)
	sw	a1,%lo(unused)(a4)
	sw	a5,0(a2)
	ret
	.size	count_key, .-count_key
	.align	2
	.type	remove_key, @function
remove_key:
	li	a5,-1640529920
	addi	a5,a5,-1615
	mul	a5,a0,a5
	lui	a2,%hi(.LANCHOR0)
	addi	a2,a2,%lo(.LANCHOR0)
	srli	a5,a5,14
	andi	a5,a5,508
	add	a2,a2,a5
	lw	a5,0(a2)
	bne	a5,zero,.L70
	j	.L67
.L69:
	addi	a2,a4,4
	beq	a5,zero,.L67
.L70:
	lw	a3,8(a5)
	mv	a4,a5
	lw	a5,4(a5)
	bne	a3,a0,.L69
	lui	a3,%hi(unused)
	lw	a1,%lo(unused)(a3)
	sw	a5,0(a2)
	sw	a4,%lo(unused)(a3)
	sw	a1,4(a4)
	ret
.L67:
	ret
	.size	remove_key, .-remove_key
	.align	2
	.type	hashes, @function
hashes:
	addi	sp,sp,-24
	lui	a3,%hi(.LANCHOR0)
	sw	s0,16(sp)
	sw	s1,12(sp)
	sw	ra,20(sp)
	addi	s1,a3,%lo(.LANCHOR0)
	mv	a4,a0
	mv	s0,a1
	addi	a3,a3,%lo(.LANCHOR0)
.L76:
	lui	a5,%hi(.LANCHOR0+512)
	sw	zero,0(a3)
	addi	a5,a5,%lo(.LANCHOR0+512)
	addi	a3,a3,4
	bne	a3,a5,.L76
	addi	a5,a4,1600
	sw	a5,0(sp)
	mv	a3,a4
.L77:
	lw	a0,0(a3)
	addi	a3,a3,4
	sw	a4,8(sp)
	sw	a3,4(sp)
	call	count_key
	lw	a5,0(sp)
	lw	a3,4(sp)
	lw	a4,8(sp)
	bne	a3,a5,.L77
.L78:
	lw	a0,0(a4)
	addi	a4,a4,8
	sw	a4,4(sp)
	call	remove_key
	lw	a5,0(sp)
	lw	a4,4(sp)
	bne	a4,a5,.L78
	li	a0,-1640529920
	addi	a0,a0,-1615
.L81:
	lw	a3,0(s1)
	beq	a3,zero,.L79
.L80:
	srli	a5,s0,27
	slli	a4,s0,5
	or	a4,a4,a5
	mul	a4,a4,a0
	lw	a5,8(a3)
	lw	a1,12(a3)
	lw	a3,4(a3)
	xor	a5,a5,a1
	xor	s0,a5,a4
	bne	a3,zero,.L80
.L79:
	lui	a5,%hi(.LANCHOR0+512)
	addi	s1,s1,4
	addi	a5,a5,%lo(.LANCHOR0+512)
	bne	s1,a5,.L81
	lw	ra,20(sp)
	mv	a0,s0
	lw	s0,16(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
	.size	hashes, .-hashes
	.align	2
	.type	ascending, @function
ascending:
	sgt	a5,a0,a1
	slt	a0,a0,a1
	sub	a0,a5,a0
	ret
	.size	ascending, .-ascending
	.align	2
	.type	by_low_bits, @function
by_low_bits:
	xor	a3,a0,a1
	andi	a3,a3,255
	beq	a3,zero,.L97
	andi	a4,a1,255
	andi	a0,a0,255
	sub	a0,a0,a4
	ret
.L97:
	tail	ascending
	.size	by_low_bits, .-by_low_bits
	.align	2
	.type	quicksort, @function
quicksort:
	addi	sp,sp,-40
	sw	ra,36(sp)
	sw	s0,32(sp)
	sw	s1,28(sp)
	sw	a1,24(sp)
	li	a5,8
	sw	a0,12(sp)
	sw	a2,0(sp)
	ble	a1,a5,.L99
.L107:
	lw	a4,24(sp)
	lw	a3,12(sp)
	li	s0,0
	srai	a5,a4,1
	slli	a5,a5,2
	add	a5,a3,a5
	lw	a5,0(a5)
	addi	s1,a4,-1
	sw	a5,4(sp)
.L100:
	bgt	s0,s1,.L105
	lw	a4,12(sp)
	slli	a5,s0,2
	sw	s1,8(sp)
	add	a5,a4,a5
	j	.L106
.L101:
	addi	s0,s0,1
.L106:
	lw	a0,0(a5)
	mv	s1,a5
	lw	a1,4(sp)
	lw	a5,0(sp)
	jalr	a5
	addi	a5,s1,4
	blt	a0,zero,.L101
	sw	s1,20(sp)
	lw	s1,8(sp)
	lw	a4,12(sp)
	sw	s0,16(sp)
	slli	a5,s1,2
	add	a5,a4,a5
	mv	s0,s1
	mv	s1,a5
	j	.L102
.L103:
	addi	s0,s0,-1
.L102:
	lw	a0,0(s1)
	lw	a1,4(sp)
	lw	a5,0(sp)
	sw	s1,8(sp)
	addi	s1,s1,-4
	jalr	a5
	bgt	a0,zero,.L103
	mv	s1,s0
	lw	s0,16(sp)
	ble	s0,s1,.L119
.L105:
	lw	a0,12(sp)
	lw	a2,0(sp)
	addi	a1,s1,1
	call	quicksort
	lw	a5,24(sp)
	lw	a4,12(sp)
	sub	a5,a5,s0
	slli	s0,s0,2
	add	a4,a4,s0
	sw	a4,12(sp)
	sw	a5,24(sp)
	li	a4,8
	bgt	a5,a4,.L107
.L99:
	lw	a5,24(sp)
	li	a3,1
	ble	a5,a3,.L98
	sw	a3,8(sp)
.L108:
	lw	a5,8(sp)
	lw	a4,12(sp)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a4,0(a5)
	mv	s0,a5
	sw	a4,4(sp)
	j	.L109
.L111:
	lw	a3,-4(s0)
	lw	a5,12(sp)
	sw	a3,0(s0)
	addi	s0,s1,-4
	beq	a5,s0,.L114
.L109:
	lw	a0,-4(s0)
	lw	a1,4(sp)
	lw	a5,0(sp)
	mv	s1,s0
	jalr	a5
	bgt	a0,zero,.L111
	lw	a5,4(sp)
	lw	a4,24(sp)
	sw	a5,0(s1)
	lw	a5,8(sp)
	addi	a5,a5,1
	sw	a5,8(sp)
	bne	a4,a5,.L108
.L98:
	lw	ra,36(sp)
	lw	s0,32(sp)
	lw	s1,28(sp)
	addi	sp,sp,40
	jr	ra
.L119:
	lw	a3,8(sp)
	lw	a2,20(sp)
	addi	s0,s0,1
	lw	a4,0(a3)
	lw	a5,0(a2)
	addi	s1,s1,-1
	sw	a4,0(a2)
	sw	a5,0(a3)
	j	.L100
.L114:
	lw	a5,4(sp)
	lw	s1,12(sp)
	lw	a4,24(sp)
	sw	a5,0(s1)
	lw	a5,8(sp)
	addi	a5,a5,1
	sw	a5,8(sp)
	bne	a4,a5,.L108
	j	.L98
	.size	quicksort, .-quicksort
	.align	2
	.type	sink, @function
sink:
	addi	sp,sp,-8
	slli	t0,a1,2
	slli	a5,a1,1
	sw	s0,4(sp)
	sw	s1,0(sp)
	add	s0,a0,t0
	addi	t1,a5,1
	lw	t2,0(s0)
	bgt	a2,t1,.L123
	j	.L121
.L128:
	sw	a4,0(s0)
	bge	t1,a2,.L127
	mv	t0,a3
.L123:
	addi	a4,a1,1
	addi	a5,a5,2
	slli	a3,t1,2
	slli	a5,a5,2
	add	a3,a0,a3
	slli	a4,a4,1
	lw	a3,0(a3)
	add	a5,a0,a5
	mv	a1,t1
	bge	a4,a2,.L122
	lw	a5,0(a5)
	sgt	a5,a5,a3
	add	a1,a5,t1
.L122:
	slli	a3,a1,2
	add	s1,a0,a3
	lw	a4,0(s1)
	slli	a5,a1,1
	addi	t1,a5,1
	add	s0,a0,t0
	bgt	a4,t2,.L128
.L121:
	sw	t2,0(s0)
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,8
	jr	ra
.L127:
	mv	s0,s1
	sw	t2,0(s0)
	lw	s0,4(sp)
	lw	s1,0(sp)
	addi	sp,sp,8
	jr	ra
	.size	sink, .-sink
	.align	2
	.type	heapsort, @function
heapsort:
	addi	sp,sp,-16
	sw	s1,4(sp)
	sw	ra,12(sp)
	srli	s1,a1,31
	sw	s0,8(sp)
	li	a5,1
	add	s1,s1,a1
	ble	a1,a5,.L129
	srai	s1,s1,1
	mv	s0,a1
	addi	s1,s1,-1
.L131:
	mv	a1,s1
	mv	a2,s0
	sw	a0,0(sp)
	call	sink
	mv	a5,s1
	lw	a0,0(sp)
	addi	s1,s1,-1
	bgt	a5,zero,.L131
	slli	s1,s0,2
	add	s1,a0,s1
	addi	s0,s0,-1
.L132:
	lw	a4,-4(s1)
	lw	a5,0(a0)
	mv	a2,s0
	sw	a4,0(a0)
	sw	a5,-4(s1)
	li	a1,0
	sw	a0,0(sp)
	addi	s0,s0,-1
	call	sink
	lw	a0,0(sp)
	addi	s1,s1,-4
	bne	s0,zero,.L132
.L129:
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	addi	sp,sp,16
	jr	ra
	.size	heapsort, .-heapsort
	.align	2
	.type	arrays, @function
arrays:
	addi	sp,sp,-32
	lui	t2,%hi(.LANCHOR0+512)
	sw	s0,24(sp)
	addi	s0,t2,%lo(.LANCHOR0+512)
	sw	s1,20(sp)
	sw	ra,28(sp)
	mv	s1,a0
	sw	a1,16(sp)
	mv	t1,a0
	mv	a3,s0
	addi	a4,s0,1600
	mv	a5,s0
	mv	a2,a0
.L137:
	lw	a1,0(a2)
	addi	a5,a5,4
	addi	a2,a2,4
	sw	a1,-4(a5)
	bne	a5,a4,.L137
	lui	a2,%hi(by_low_bits)
	addi	a2,a2,%lo(by_low_bits)
	li	a1,400
	mv	a0,s1
	sw	a4,8(sp)
	sw	t1,4(sp)
	sw	a3,0(sp)
	call	quicksort
	lw	a5,532(s1)
	lui	a2,%hi(ascending)
	li	a1,400
	mv	a0,s1
	addi	a2,a2,%lo(ascending)
	sw	a5,12(sp)
	call	quicksort
	li	a1,400
	mv	a0,s0
	call	heapsort
	lw	a4,8(sp)
	lw	t1,4(sp)
	lw	a3,0(sp)
	j	.L139
.L145:
	beq	a3,a4,.L144
.L139:
	lw	a2,0(a3)
	lw	a5,0(t1)
	addi	a3,a3,4
	addi	t1,t1,4
	beq	a2,a5,.L145
	lw	ra,28(sp)
	lw	s0,24(sp)
	lw	s1,20(sp)
	li	a0,0
	addi	sp,sp,32
	jr	ra
.L144:
	lw	a4,16(sp)
	lw	a2,12(sp)
	lw	a3,800(s1)
	srli	s0,a4,27
	slli	a5,a4,5
	li	a4,-1640529920
	addi	a4,a4,-1615
	or	a5,a5,s0
	mul	a5,a5,a4
	lw	ra,28(sp)
	lw	s0,24(sp)
	lw	s1,20(sp)
	addi	sp,sp,32
	xor	a5,a5,a2
	slli	a0,a5,5
	srli	a5,a5,27
	or	a0,a0,a5
	mul	a0,a0,a4
	xor	a0,a0,a3
	jr	ra
	.size	arrays, .-arrays
	.align	2
	.type	balance, @function
balance:
	mv	a5,a0
	lw	a0,0(a0)
	lw	a4,4(a5)
	beq	a0,zero,.L215
	lw	a1,16(a0)
	beq	a4,zero,.L192
.L148:
	lw	a3,16(a4)
	mv	t0,a4
	sub	a2,a1,a3
.L150:
	li	t1,1
	bgt	a2,t1,.L216
	li	a0,-1
	blt	a2,a0,.L172
	blt	a3,a1,.L217
.L173:
	addi	a3,a3,1
.L149:
	sw	a3,16(a5)
	mv	a0,a5
	ret
.L216:
	lw	a3,0(a0)
	lw	a4,4(a0)
	beq	a3,zero,.L218
	lw	a3,16(a3)
	beq	a4,zero,.L155
.L153:
	lw	a2,16(a4)
	bgt	a2,a3,.L156
	sw	a4,0(a5)
	sw	a5,4(a0)
.L157:
	lw	a2,16(a4)
.L166:
	lw	a3,4(a5)
	li	a4,0
	beq	a3,zero,.L167
	lw	a4,16(a3)
.L167:
	bge	a4,a2,.L168
	mv	a4,a2
.L168:
	lw	a2,0(a0)
	addi	a4,a4,1
	sw	a4,16(a5)
	li	a3,0
	beq	a2,zero,.L169
	lw	a3,16(a2)
.L169:
	mv	a5,a4
	bge	a4,a3,.L190
	mv	a5,a3
.L190:
	addi	a5,a5,1
	sw	a5,16(a0)
	ret
.L192:
	mv	a2,a1
	li	t0,0
	li	a3,0
	j	.L150
.L215:
	li	a1,0
	li	a3,1
	bne	a4,zero,.L148
	j	.L149
.L172:
	lw	a3,4(t0)
	lw	a0,0(t0)
	beq	a3,zero,.L219
	lw	a2,16(a3)
	li	a3,0
	beq	a0,zero,.L177
	lw	a3,16(a0)
.L177:
	bgt	a3,a2,.L178
.L213:
	lw	a3,0(a4)
	mv	a0,a4
.L176:
	sw	a3,4(a5)
	sw	a5,0(a0)
	lw	a4,0(a5)
	li	a2,0
	beq	a4,zero,.L184
	lw	a2,16(a4)
.L184:
	beq	a3,zero,.L185
	lw	a4,16(a3)
	bge	a4,a2,.L186
	mv	a4,a2
.L186:
	addi	a4,a4,1
.L187:
	lw	a3,4(a0)
	sw	a4,16(a5)
	li	a5,0
	beq	a3,zero,.L189
	lw	a5,16(a3)
.L189:
	bge	a5,a4,.L190
	mv	a5,a4
	addi	a5,a5,1
	sw	a5,16(a0)
	ret
.L217:
	mv	a3,a1
	j	.L173
.L156:
	lw	a3,0(a4)
	li	a2,0
	sw	a3,4(a0)
	sw	a0,0(a4)
	lw	a1,0(a0)
	beq	a1,zero,.L158
	lw	a2,16(a1)
.L158:
	beq	a3,zero,.L159
	lw	a3,16(a3)
	blt	a3,a2,.L220
.L160:
	addi	a3,a3,1
.L161:
	lw	a2,4(a4)
	sw	a3,16(a0)
	beq	a2,zero,.L163
	lw	a1,16(a2)
	blt	a1,a3,.L221
.L164:
	addi	a1,a1,1
	sw	a1,16(a4)
	sw	a2,0(a5)
	sw	a5,4(a4)
	mv	a0,a4
	mv	a4,a2
	j	.L157
.L219:
	li	a2,0
	beq	a0,zero,.L213
	lw	a3,16(a0)
	j	.L177
.L218:
	bne	a4,zero,.L153
	j	.L154
.L155:
	blt	a3,zero,.L222
.L154:
	sw	zero,0(a5)
	sw	a5,4(a0)
	li	a2,0
	j	.L166
.L178:
	lw	a4,4(a0)
	li	a3,0
	sw	a4,0(t0)
	sw	t0,4(a0)
	beq	a4,zero,.L179
	lw	a3,16(a4)
.L179:
	lw	a2,4(t0)
	li	a4,0
	beq	a2,zero,.L180
	lw	a4,16(a2)
.L180:
	blt	a4,a3,.L223
.L181:
	lw	a3,0(a0)
	addi	a4,a4,1
	sw	a4,16(t0)
	li	a2,0
	beq	a3,zero,.L182
	lw	a2,16(a3)
.L182:
	blt	a4,a2,.L224
.L183:
	addi	a4,a4,1
	sw	a4,16(a0)
	j	.L176
.L185:
	not	a4,a2
	srai	a4,a4,31
	and	a2,a2,a4
	addi	a4,a2,1
	j	.L187
.L221:
	mv	a1,a3
	j	.L164
.L220:
	mv	a3,a2
	j	.L160
.L224:
	mv	a4,a2
	j	.L183
.L223:
	mv	a4,a3
	j	.L181
.L163:
	not	a2,a3
	srai	a2,a2,31
	and	a3,a3,a2
	addi	a3,a3,1
	sw	a3,16(a4)
	sw	zero,0(a5)
	sw	a5,4(a4)
	mv	a0,a4
	li	a2,0
	j	.L166
.L159:
	not	a3,a2
	srai	a3,a3,31
	and	a2,a2,a3
	addi	a3,a2,1
	j	.L161
.L222:
	lw	a5,0(zero)
	ebreak
	.size	balance, .-balance
	.align	2
	.type	insert, @function
insert:
	beq	a0,zero,.L232
	lw	a4,8(a0)
	addi	sp,sp,-12
	sw	s0,4(sp)
	sw	ra,8(sp)
	mv	s0,a0
	bgt	a4,a1,.L236
	blt	a4,a1,.L237
	lw	a5,12(a0)
	lw	ra,8(sp)
	addi	a5,a5,1
	sw	a5,12(a0)
	mv	a0,s0
	lw	s0,4(sp)
	addi	sp,sp,12
	tail	balance
.L236:
	lw	a0,0(a0)
	call	insert
	sw	a0,0(s0)
	mv	a0,s0
	lw	s0,4(sp)
	lw	ra,8(sp)
	addi	sp,sp,12
	tail	balance
.L237:
	lw	a0,4(a0)
	call	insert
	sw	a0,4(s0)
	mv	a0,s0
	lw	s0,4(sp)
	lw	ra,8(sp)
	addi	sp,sp,12
	tail	balance
.L232:
	lui	a3,%hi(unused)
	lw	a0,%lo(unused)(a3)
	li	a4,1
	lw	a2,4(a0)
	sw	zero,0(a0)
	sw	zero,4(a0)
	sw	a2,%lo(unused)(a3)
	sw	a1,8(a0)
	sw	a4,12(a0)
	sw	a4,16(a0)
	ret
	.size	insert, .-insert
	.align	2
	.type	take_least, @function
take_least:
	addi	sp,sp,-32
	sw	s1,20(sp)
	lw	s1,0(a0)
	sw	s0,24(sp)
	sw	ra,28(sp)
	mv	s0,a0
	mv	a5,a1
	beq	s1,zero,.L254
	lw	a4,0(s1)
	beq	a4,zero,.L256
	lw	a3,0(a4)
	beq	a3,zero,.L257
	lw	a2,0(a3)
	beq	a2,zero,.L258
	lw	t1,0(a2)
	beq	t1,zero,.L259
	lw	t0,0(t1)
	beq	t0,zero,.L260
	lw	a0,0(t0)
	beq	a0,zero,.L261
	sw	t1,12(sp)
	sw	a2,8(sp)
	sw	a3,4(sp)
	sw	a4,0(sp)
	sw	t0,16(sp)
	call	take_least
	lw	t0,16(sp)
	sw	a0,0(t0)
	mv	a0,t0
	call	balance
	lw	t1,12(sp)
	lw	a2,8(sp)
	lw	a3,4(sp)
	lw	a4,0(sp)
.L252:
	sw	a0,0(t1)
	mv	a0,t1
	sw	a2,8(sp)
	sw	a3,4(sp)
	sw	a4,0(sp)
	call	balance
	lw	a2,8(sp)
	lw	a3,4(sp)
	lw	a4,0(sp)
.L250:
	sw	a0,0(a2)
	mv	a0,a2
	sw	a3,4(sp)
	sw	a4,0(sp)
	call	balance
	lw	a3,4(sp)
	lw	a4,0(sp)
.L248:
	sw	a0,0(a3)
	mv	a0,a3
	sw	a4,0(sp)
	call	balance
	lw	a4,0(sp)
.L246:
	sw	a0,0(a4)
	mv	a0,a4
	call	balance
.L244:
	sw	a0,0(s1)
	mv	a0,s1
	call	balance
	sw	a0,0(s0)
	mv	a0,s0
	lw	s0,24(sp)
	lw	ra,28(sp)
	lw	s1,20(sp)
	addi	sp,sp,32
	tail	balance
.L256:
	sw	s1,0(a1)
	lw	a0,4(s1)
	lw	ra,28(sp)
	lw	s1,20(sp)
	sw	a0,0(s0)
	mv	a0,s0
	lw	s0,24(sp)
	addi	sp,sp,32
	tail	balance
.L254:
	lw	ra,28(sp)
	lw	s0,24(sp)
	sw	a0,0(a5)
	lw	a0,4(a0)
	lw	s1,20(sp)
	addi	sp,sp,32
	jr	ra
.L259:
	sw	a2,0(a1)
	lw	a0,4(a2)
	j	.L248
.L257:
	sw	a4,0(a1)
	lw	a0,4(a4)
	j	.L244
.L258:
	sw	a3,0(a1)
	lw	a0,4(a3)
	j	.L246
.L260:
	sw	t1,0(a1)
	lw	a0,4(t1)
	j	.L250
.L261:
	sw	t0,0(a1)
	lw	a0,4(t0)
	j	.L252
	.size	take_least, .-take_least
	.align	2
	.type	delete, @function
delete:
	beq	a0,zero,.L275
	lw	a4,8(a0)
	addi	sp,sp,-24
	sw	s0,16(sp)
	sw	ra,20(sp)
	sw	s1,12(sp)
	mv	s0,a0
	bgt	a4,a1,.L280
	lw	s1,4(a0)
	blt	a4,a1,.L281
	lui	a5,%hi(unused)
	lw	a4,%lo(unused)(a5)
	sw	a0,%lo(unused)(a5)
	lw	a5,0(a0)
	sw	a4,4(a0)
	beq	s1,zero,.L262
	lw	s0,0(s1)
	beq	s0,zero,.L282
	lw	a4,0(s0)
	beq	a4,zero,.L283
	lw	a0,0(a4)
	beq	a0,zero,.L284
	addi	a1,sp,8
	sw	a5,4(sp)
	sw	a4,0(sp)
	call	take_least
	lw	a4,0(sp)
	sw	a0,0(a4)
	mv	a0,a4
	call	balance
	lw	a5,4(sp)
.L274:
	sw	a0,0(s0)
	mv	a0,s0
	sw	a5,0(sp)
	call	balance
	lw	a5,0(sp)
.L272:
	sw	a0,0(s1)
	mv	a0,s1
	sw	a5,0(sp)
	call	balance
	lw	a5,0(sp)
	lw	s0,8(sp)
.L270:
	sw	a0,4(s0)
	sw	a5,0(s0)
	mv	a0,s0
	lw	s0,16(sp)
	lw	ra,20(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	tail	balance
.L281:
	mv	a0,s1
	call	delete
	sw	a0,4(s0)
	mv	a0,s0
	lw	s0,16(sp)
	lw	ra,20(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	tail	balance
.L280:
	lw	a0,0(a0)
	call	delete
	sw	a0,0(s0)
	mv	a0,s0
	lw	s0,16(sp)
	lw	ra,20(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	tail	balance
.L282:
	lw	a0,4(s1)
	mv	s0,s1
	j	.L270
.L262:
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	mv	a0,a5
	addi	sp,sp,24
	jr	ra
.L275:
	li	a5,0
	mv	a0,a5
	ret
.L283:
	lw	a0,4(s0)
	sw	s0,8(sp)
	j	.L272
.L284:
	lw	a0,4(a4)
	sw	a4,8(sp)
	j	.L274
	.size	delete, .-delete
	.align	2
	.type	trees, @function
trees:
	addi	sp,sp,-24
	addi	a4,a0,1600
	sw	s0,16(sp)
	sw	s1,12(sp)
	mv	a5,a0
	sw	a0,8(sp)
	mv	s0,a0
	sw	ra,20(sp)
	mv	s1,a1
	sw	a4,0(sp)
	li	a0,0
.L286:
	lw	a1,0(a5)
	addi	a5,a5,4
	sw	a5,4(sp)
	call	insert
	lw	a4,0(sp)
	lw	a5,4(sp)
	bne	a5,a4,.L286
	lw	a5,8(sp)
	addi	a4,a5,1608
	sw	a4,8(sp)
.L287:
	lw	a1,0(a5)
	addi	a5,a5,12
	sw	a5,4(sp)
	call	delete
	lw	a4,8(sp)
	lw	a5,4(sp)
	bne	a4,a5,.L287
	beq	a0,zero,.L298
.L297:
	lw	a3,0(s0)
	mv	a5,a0
.L296:
	lw	a4,8(a5)
	beq	a4,a3,.L304
	ble	a4,a3,.L289
	lw	a5,0(a5)
	bne	a5,zero,.L296
.L291:
	lw	a5,0(sp)
	addi	s0,s0,4
	addi	s1,s1,1
	bne	s0,a5,.L297
.L294:
	lw	s0,16(sp)
	lw	ra,20(sp)
	mv	a1,s1
	lw	s1,12(sp)
	addi	sp,sp,24
	tail	walk
.L289:
	lw	a5,4(a5)
	bne	a5,zero,.L296
	j	.L291
.L304:
	lw	a5,12(a5)
.L295:
	add	s1,s1,a5
	lw	a5,0(sp)
	addi	s0,s0,4
	beq	s0,a5,.L294
	bne	a0,zero,.L297
.L298:
	li	a5,1
	j	.L295
	.size	trees, .-trees
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"containers"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lui	a4,%hi(parts)
	lw	a2,%lo(seed)(a5)
	lw	a0,%lo(parts)(a4)
	addi	sp,sp,-24
	li	a3,4096
	li	a5,625340416
	addi	a5,a5,1169
	sw	ra,20(sp)
	sw	s0,16(sp)
	sw	s1,12(sp)
	addi	a1,a3,-597
	mul	a2,a2,a5
	bgtu	a0,a1,.L311
	lw	a5,%lo(parts)(a4)
	addi	a3,a3,-596
	bgtu	a5,a3,.L312
	divu	a3,a3,a5
	j	.L306
.L311:
	li	a3,1
.L306:
	lui	s0,%hi(.LANCHOR1-1984)
	sw	zero,0(sp)
	addi	s0,s0,%lo(.LANCHOR1-1984)
	li	s1,400
.L308:
	mv	a0,s0
	li	a1,0
.L310:
	slli	t1,a2,13
	xor	t1,t1,a2
	andi	a5,a1,1
	srli	a2,t1,17
	xor	t1,t1,a2
	neg	a5,a5
	slli	a2,t1,5
	andi	a5,a5,10
	xor	a2,t1,a2
	addi	a5,a5,12
	srl	a5,a2,a5
	addi	a5,a5,-512
	sw	a5,0(a0)
	addi	a1,a1,1
	addi	a0,a0,4
	bne	a1,s1,.L310
	sw	a2,8(sp)
	sw	a3,4(sp)
	call	free_all
	lw	a1,0(sp)
	mv	a0,s0
	call	trees
	mv	a1,a0
	mv	a0,s0
	call	lists
	mv	a1,a0
	mv	a0,s0
	call	hashes
	mv	a1,a0
	mv	a0,s0
	call	arrays
	lw	a3,4(sp)
	sw	a0,0(sp)
	lw	a2,8(sp)
	addi	a3,a3,-1
	bne	a3,zero,.L308
.L307:
	lw	a1,0(sp)
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	report
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	li	a0,0
	addi	sp,sp,24
	jr	ra
.L312:
	sw	zero,0(sp)
	j	.L307
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.set	.LANCHOR1,. + 4096
	.type	buckets, @object
	.size	buckets, 512
buckets:
	.zero	512
	.type	copy.0, @object
	.size	copy.0, 1600
copy.0:
	.zero	1600
	.type	keys.1, @object
	.size	keys.1, 1600
keys.1:
	.zero	1600
	.type	store, @object
	.size	store, 32000
store:
	.zero	32000
	.section	.sbss,"aw",@nobits
	.align	2
	.type	unused, @object
	.size	unused, 4
unused:
	.zero	4
