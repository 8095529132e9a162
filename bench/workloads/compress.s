	.file	"compress.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	generate, @function
generate:
	lui	a5,%hi(.LANCHOR0)
	addi	t0,a5,%lo(.LANCHOR0)
	lui	a5,%hi(words.4)
	addi	sp,sp,-24
	addi	a5,a5,%lo(words.4)
	sw	a5,12(sp)
	lui	a5,%hi(.LANCHOR1)
	sw	s0,20(sp)
	sw	s1,16(sp)
	mv	s0,a0
	li	t1,0
	addi	s1,a5,%lo(.LANCHOR1)
	mv	a3,t0
.L8:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	s0,a5,5
	xor	s0,a5,s0
	andi	t0,a5,3
	li	a5,49
	bleu	t1,a5,.L38
.L3:
	lw	a2,12(sp)
	slli	a5,t1,1
	add	a5,a5,t1
	slli	a5,a5,2
	li	a4,0
	add	t2,a2,a5
	sw	t1,4(sp)
	sw	a3,8(sp)
.L7:
	slli	a3,s0,13
	xor	a3,a3,s0
	srli	a5,a3,17
	xor	a5,a5,a3
	addi	t0,t0,-1
	add	a3,t2,a4
	slli	a1,a5,5
	andi	a2,a5,3
	beq	a4,zero,.L4
	xor	s0,a1,a5
	mv	a1,a4
	beq	a2,zero,.L5
.L4:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a2,a5,17
	xor	a5,a5,a2
	slli	s0,a5,5
	xor	s0,a5,s0
	li	a5,17
	remu	a5,s0,a5
	addi	a1,a4,1
	add	a5,s1,a5
	lbu	a5,0(a5)
	sb	a5,0(a3)
.L5:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	a4,a5,5
	xor	a5,a5,a4
	slli	s0,a5,13
	xor	s0,s0,a5
	li	a4,9
	remu	a5,a5,a4
	srli	a4,s0,17
	xor	s0,s0,a4
	slli	a4,s0,5
	xor	s0,s0,a4
	slli	a4,s0,13
	xor	a4,a4,s0
	srli	a3,a4,17
	xor	a3,a3,a4
	addi	a4,a1,1
	add	t1,t2,a4
	sw	t1,0(sp)
	li	t1,3
	add	a2,t2,a1
	andi	a0,a3,7
	add	a0,s1,a0
	remu	t1,s0,t1
	add	a5,s1,a5
	lbu	a5,20(a5)
	sb	a5,0(a2)
	bne	t1,zero,.L6
	lbu	a5,0(a0)
	lw	t1,0(sp)
	slli	a4,a3,5
	xor	s0,a4,a3
	sb	a5,0(t1)
	addi	a4,a1,2
.L6:
	li	a5,-1
	bne	t0,a5,.L7
	lw	a3,8(sp)
	lw	t1,4(sp)
	li	a5,2000
	sb	a4,0(a3)
	addi	t1,t1,1
	addi	a3,a3,1
	bne	t1,a5,.L8
	li	a4,65536
	addi	a4,a4,-1
	lui	a0,%hi(text)
	li	a5,0
	li	s1,0
	sw	a4,4(sp)
	addi	a0,a0,%lo(text)
.L22:
	slli	a4,s0,13
	xor	a4,a4,s0
	srli	a3,a4,17
	xor	a4,a4,a3
	slli	s0,a4,5
	xor	s0,a4,s0
	lw	a4,4(sp)
	and	a2,s0,a4
	srli	a4,s0,16
	mul	a2,a2,a4
	addi	a4,a5,1
	srli	a3,a2,24
	srli	a2,a2,16
	mul	a3,a3,a2
	li	a2,2000
	srli	a3,a3,8
	mul	a3,a3,a2
	lui	a2,%hi(.LANCHOR0)
	addi	a2,a2,%lo(.LANCHOR0)
	srli	a3,a3,16
	add	a2,a2,a3
	lbu	t0,0(a2)
	beq	t0,zero,.L9
	slli	a1,a3,1
	add	a1,a1,a3
	lw	a3,12(sp)
	slli	a1,a1,2
	li	t1,1048576
	add	a1,a3,a1
	lbu	a3,0(a1)
	sub	t1,t1,s1
	bne	a5,zero,.L10
	addi	a3,a3,-32
	andi	a3,a3,0xff
.L10:
	li	a2,0
	mv	t2,a0
	sw	a4,0(sp)
	j	.L13
.L39:
	beq	a5,t1,.L1
	lbu	a3,0(a4)
	mv	a2,a5
.L13:
	add	a4,s1,a2
	add	a4,a0,a4
	addi	a5,a2,1
	sb	a3,0(a4)
	add	a4,a1,a5
	bne	a5,t0,.L39
	lw	a4,0(sp)
	addi	s1,s1,1
	li	a5,4
	add	s1,a2,s1
	bgtu	a4,a5,.L15
	li	a5,1048576
	beq	s1,a5,.L1
.L16:
	bne	a4,zero,.L27
.L20:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a4,a5,17
	xor	a5,a5,a4
	slli	s0,a5,5
	xor	s0,a5,s0
	li	a5,6
	remu	a5,s0,a5
	li	a4,10
	beq	a5,zero,.L21
	li	a5,0
	li	a4,32
.L21:
	add	t2,t2,s1
	sb	a4,0(t2)
	addi	s1,s1,1
	li	a4,1048576
	bne	s1,a4,.L22
.L1:
	lw	s0,20(sp)
	lw	s1,16(sp)
	addi	sp,sp,24
	jr	ra
.L38:
	andi	t0,s0,1
	j	.L3
.L15:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a3,a5,17
	xor	a5,a5,a3
	slli	s0,a5,5
	xor	s0,a5,s0
	li	a5,12
	remu	a5,s0,a5
	bne	a5,zero,.L18
	li	a5,1048576
	beq	s1,a5,.L1
	add	a4,a0,s1
	li	a3,46
	addi	s1,s1,1
	sb	a3,0(a4)
	mv	t2,a0
	bne	s1,a5,.L20
	lw	s0,20(sp)
	lw	s1,16(sp)
	addi	sp,sp,24
	jr	ra
.L27:
	mv	a5,a4
	li	a4,32
	j	.L21
.L9:
	li	a5,4
	bgtu	a4,a5,.L15
	lui	t2,%hi(text)
	addi	t2,t2,%lo(text)
	j	.L16
.L18:
	li	a5,1048576
	beq	s1,a5,.L1
	lui	t2,%hi(text)
	mv	a5,a4
	addi	t2,t2,%lo(text)
	li	a4,32
	j	.L21
	.size	generate, .-generate
	.align	2
	.type	sift, @function
sift:
	lui	a5,%hi(heap_size)
	lw	t0,%lo(heap_size)(a5)
	lui	a3,%hi(heap)
	addi	a3,a3,%lo(heap)
	slli	t1,a0,2
	slli	a4,a0,1
	add	a5,a3,t1
	addi	a4,a4,1
	lw	a2,0(a5)
	bleu	t0,a4,.L49
	lui	t2,%hi(weight)
	addi	t2,t2,%lo(weight)
	slli	a5,a2,2
	addi	sp,sp,-12
	add	a5,t2,a5
	sw	s0,8(sp)
	sw	s1,4(sp)
	lw	s0,0(a5)
	sw	a2,0(sp)
	j	.L43
.L53:
	lw	s1,0(s1)
	slli	a0,s1,2
	add	a0,t2,a0
	lw	a0,0(a0)
	bgeu	a0,a1,.L45
	mv	a1,a0
	slli	a4,a5,1
	mv	a2,s1
	addi	a4,a4,1
	add	s1,a3,t1
	mv	a0,a5
	bleu	s0,a1,.L47
.L54:
	sw	a2,0(s1)
	bgeu	a4,t0,.L52
	slli	t1,a0,2
.L43:
	slli	a5,a4,2
	add	a5,a3,a5
	lw	a2,0(a5)
	addi	a0,a0,1
	slli	s1,a0,3
	slli	a1,a2,2
	add	a1,t2,a1
	slli	a5,a0,1
	lw	a1,0(a1)
	add	s1,a3,s1
	bltu	a5,t0,.L53
.L45:
	mv	a5,a4
	slli	a4,a5,1
	add	s1,a3,t1
	addi	a4,a4,1
	mv	a0,a5
	bgtu	s0,a1,.L54
.L47:
	lw	a2,0(sp)
	lw	s0,8(sp)
	add	a3,a3,t1
	sw	a2,0(a3)
	lw	s1,4(sp)
	addi	sp,sp,12
	jr	ra
.L52:
	lw	a2,0(sp)
	lw	s0,8(sp)
	slli	t1,a5,2
	add	a3,a3,t1
	sw	a2,0(a3)
	lw	s1,4(sp)
	addi	sp,sp,12
	jr	ra
.L49:
	add	a3,a3,t1
	sw	a2,0(a3)
	ret
	.size	sift, .-sift
	.align	2
	.type	choose_lengths, @function
choose_lengths:
	lw	a4,0(a0)
	addi	sp,sp,-40
	sw	ra,36(sp)
	sw	s0,32(sp)
	sw	s1,28(sp)
	sw	a0,24(sp)
	sw	zero,12(sp)
.L71:
	lui	a5,%hi(heap_size)
	sw	zero,%lo(heap_size)(a5)
	beq	a4,zero,.L55
	lw	s0,24(sp)
	lui	a5,%hi(weight)
	lui	t0,%hi(heap)
	addi	a1,a5,%lo(weight)
	addi	a0,s0,4
	li	t2,0
	li	s1,0
	li	a5,0
	addi	t0,t0,%lo(heap)
	j	.L61
.L90:
	sw	zero,0(a1)
.L60:
	addi	a5,a5,1
	addi	a0,a0,4
	addi	a1,a1,4
	beq	a4,a5,.L89
.L61:
	add	a3,s0,a5
	sb	zero,1284(a3)
	lw	t1,0(a0)
	lw	a3,12(sp)
	slli	a2,s1,2
	add	a2,t0,a2
	srl	a3,t1,a3
	addi	a3,a3,1
	beq	t1,zero,.L90
	sw	a3,0(a1)
	beq	a3,zero,.L60
	sw	a5,0(a2)
	addi	a5,a5,1
	addi	s1,s1,1
	li	t2,1
	addi	a0,a0,4
	addi	a1,a1,4
	bne	a4,a5,.L61
.L89:
	beq	t2,zero,.L55
	lui	a5,%hi(heap_size)
	sw	s1,%lo(heap_size)(a5)
	li	a5,1
	bne	s1,a5,.L62
	lui	a4,%hi(heap)
	lw	a4,%lo(heap)(a4)
	lw	a3,24(sp)
	add	a4,a3,a4
	sb	s1,1284(a4)
.L55:
	lw	ra,36(sp)
	lw	s0,32(sp)
	lw	s1,28(sp)
	addi	sp,sp,40
	jr	ra
.L62:
	bleu	s1,a5,.L55
	srli	a5,s1,1
	addi	s0,a5,-1
	sw	a4,0(sp)
.L64:
	mv	a0,s0
	call	sift
	addi	s0,s0,-1
	li	a5,-1
	bne	s0,a5,.L64
	lw	a4,0(sp)
	lui	a3,%hi(weight)
	addi	a3,a3,%lo(weight)
	slli	a5,a4,2
	mv	a2,s1
	add	s1,a3,a5
	lui	a5,%hi(parent.1)
	lui	a1,%hi(heap)
	add	a3,a4,a2
	addi	a5,a5,%lo(parent.1)
	addi	s0,a1,%lo(heap)
	sw	a5,20(sp)
	sw	a3,16(sp)
.L65:
	lw	a5,16(sp)
	li	a0,0
	addi	s1,s1,4
	sub	a3,a5,a2
	addi	a2,a2,-1
	slli	a5,a2,2
	add	a5,s0,a5
	lw	a4,0(a5)
	lw	a5,0(s0)
	sw	a3,8(sp)
	sw	a2,0(sp)
	sw	a5,4(sp)
	lui	a5,%hi(heap_size)
	sw	a2,%lo(heap_size)(a5)
	sw	a4,0(s0)
	call	sift
	lw	a4,0(s0)
	lw	a5,4(sp)
	lui	a3,%hi(weight)
	addi	a2,a3,%lo(weight)
	slli	a5,a5,2
	slli	a4,a4,2
	addi	a3,a3,%lo(weight)
	add	a1,a2,a5
	add	a0,a3,a4
	lw	a2,20(sp)
	lw	a0,0(a0)
	lw	a3,8(sp)
	lw	a1,0(a1)
	add	a4,a2,a4
	sw	a3,0(a4)
	add	a4,a1,a0
	add	a5,a2,a5
	sw	a4,-4(s1)
	li	a0,0
	sw	a3,0(a5)
	sw	a3,0(s0)
	call	sift
	lw	a2,0(sp)
	li	a5,1
	bne	a2,a5,.L65
	lw	a3,16(sp)
	lui	a0,%hi(depth.0)
	addi	a0,a0,%lo(depth.0)
	addi	a4,a3,-2
	slli	a5,a4,2
	add	a5,a0,a5
	sw	zero,0(a5)
	addi	a5,a3,-3
	beq	a4,zero,.L55
	lw	t0,24(sp)
	lw	a2,20(sp)
	slli	a3,a3,2
	lui	a1,%hi(weight)
	lw	a4,0(t0)
	addi	a3,a3,-12
	addi	a1,a1,%lo(weight)
	add	s0,a2,a3
	li	t2,0
	add	a2,a0,a3
	li	t1,-1
	add	a3,a1,a3
.L70:
	bleu	a4,a5,.L66
	lw	a1,0(a3)
	add	s1,t0,a5
	beq	a1,zero,.L69
	lw	a1,0(s0)
	slli	a1,a1,2
	add	a1,a0,a1
	lw	a1,0(a1)
	addi	a1,a1,1
	sw	a1,0(a2)
	sb	a1,1284(s1)
	bgeu	t2,a1,.L69
	mv	t2,a1
.L69:
	addi	a5,a5,-1
	addi	s0,s0,-4
	addi	a2,a2,-4
	addi	a3,a3,-4
	bne	a5,t1,.L70
	li	a5,15
	bleu	t2,a5,.L55
	lw	a5,12(sp)
	addi	a5,a5,1
	sw	a5,12(sp)
	j	.L71
.L66:
	lw	a1,0(s0)
	slli	a1,a1,2
	add	a1,a0,a1
	lw	a1,0(a1)
	addi	a1,a1,1
	sw	a1,0(a2)
	j	.L69
	.size	choose_lengths, .-choose_lengths
	.align	2
	.type	assign, @function
assign:
	li	a5,4096
	lw	t2,0(a0)
	addi	sp,sp,-16
	addi	a5,a5,-1210
	sw	s0,12(sp)
	sw	s1,8(sp)
	add	a5,a0,a5
	li	a1,1
	li	a2,0
	li	a4,0
.L92:
	addi	t0,a0,1604
	mv	s0,a2
	li	a3,0
	beq	t2,zero,.L98
	sw	a5,0(sp)
	sw	a2,4(sp)
	j	.L95
.L93:
	addi	a3,a3,1
	addi	t0,t0,2
	beq	a3,t2,.L104
.L95:
	add	a5,a0,a3
	lbu	a5,1284(a5)
	bne	a5,a1,.L93
	addi	a2,a4,1
	li	t1,0
	li	a5,0
.L94:
	andi	s1,a4,1
	slli	a5,a5,1
	addi	t1,t1,1
	or	a5,s1,a5
	srli	a4,a4,1
	bne	t1,a1,.L94
	addi	a4,s0,1120
	slli	a4,a4,1
	sh	a5,0(t0)
	add	a5,a0,a4
	sh	a3,4(a5)
	addi	a3,a3,1
	addi	s0,s0,1
	mv	a4,a2
	addi	t0,t0,2
	bne	a3,t2,.L95
.L104:
	lw	a5,0(sp)
	lw	a2,4(sp)
.L98:
	sub	a3,s0,a2
	sh	a3,0(a5)
	addi	a1,a1,1
	li	a3,16
	slli	a4,a4,1
	addi	a5,a5,2
	beq	a1,a3,.L91
	mv	a2,s0
	j	.L92
.L91:
	lw	s0,12(sp)
	lw	s1,8(sp)
	addi	sp,sp,16
	jr	ra
	.size	assign, .-assign
	.align	2
	.type	longest_match, @function
longest_match:
	lui	a5,%hi(text)
	addi	sp,sp,-20
	addi	a5,a5,%lo(text)
	sw	s0,16(sp)
	sw	s1,12(sp)
	add	t0,a5,a0
	lbu	a3,1(t0)
	lbu	a4,2(t0)
	mv	s0,a0
	lbu	a0,0(t0)
	sw	a5,0(sp)
	lbu	a5,3(t0)
	slli	a3,a3,8
	or	a3,a3,a0
	slli	a4,a4,16
	or	a4,a4,a3
	slli	a5,a5,24
	or	a5,a5,a4
	li	a4,-1640529920
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(newest)
	addi	a4,a4,%lo(newest)
	srli	a5,a5,18
	slli	a5,a5,2
	add	a4,a4,a5
	lw	a5,0(a4)
	blt	a5,zero,.L108
	sub	s1,s0,a5
	li	a4,32768
	bgeu	s1,a4,.L108
	lui	a4,%hi(older)
	addi	a4,a4,%lo(older)
	mv	t2,a2
	li	t1,24
	li	a0,3
	sw	a4,4(sp)
	j	.L109
.L111:
	li	a4,32768
	addi	a4,a4,-1
	and	a5,a5,a4
	lw	a4,4(sp)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a5,0(a5)
	blt	a5,zero,.L110
.L124:
	addi	t1,t1,-1
	beq	t1,zero,.L110
	sub	s1,s0,a5
	li	a4,32768
	bgeu	s1,a4,.L110
.L109:
	lw	a4,0(sp)
	add	a2,a4,a5
	add	a3,a2,a0
	add	a4,t0,a0
	lbu	a3,0(a3)
	lbu	a4,0(a4)
	bne	a3,a4,.L111
	li	a4,0
	beq	a1,zero,.L111
	sw	s1,8(sp)
	j	.L112
.L114:
	addi	a4,a4,1
	beq	a1,a4,.L113
.L112:
	add	s1,a2,a4
	add	a3,t0,a4
	lbu	s1,0(s1)
	lbu	a3,0(a3)
	beq	s1,a3,.L114
	lw	s1,8(sp)
	bgeu	a0,a4,.L111
	sw	s1,0(t2)
	beq	a1,a4,.L118
	mv	a0,a4
	li	a4,32768
	addi	a4,a4,-1
	and	a5,a5,a4
	lw	a4,4(sp)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a5,0(a5)
	bge	a5,zero,.L124
.L110:
	li	a5,3
	bleu	a0,a5,.L108
	lw	s0,16(sp)
	lw	s1,12(sp)
	addi	sp,sp,20
	jr	ra
.L113:
	lw	s1,8(sp)
	bleu	a1,a0,.L111
	sw	s1,0(t2)
	mv	a0,a1
	j	.L110
.L108:
	lw	s0,16(sp)
	lw	s1,12(sp)
	li	a0,0
	addi	sp,sp,20
	jr	ra
.L118:
	mv	a0,a1
	j	.L110
	.size	longest_match, .-longest_match
	.align	2
	.type	receive_lengths, @function
receive_lengths:
	lw	a5,0(a1)
	beq	a5,zero,.L125
	lw	a3,4(a0)
	lw	a4,8(a0)
	add	a5,a1,a5
	addi	t1,a5,1284
	addi	a1,a1,1284
	li	t0,3
.L127:
	bgtu	a4,t0,.L129
	lw	a5,0(a0)
	addi	a2,a5,1
	sw	a2,0(a0)
	lbu	a5,0(a5)
	sll	a5,a5,a4
	or	a3,a3,a5
	addi	a4,a4,8
.L129:
	andi	a5,a3,15
	addi	a4,a4,-4
	srli	a3,a3,4
	sw	a3,4(a0)
	sw	a4,8(a0)
	sb	a5,0(a1)
	addi	a1,a1,1
	bne	t1,a1,.L127
.L125:
	ret
	.size	receive_lengths, .-receive_lengths
	.align	2
	.type	unpack, @function
unpack:
	lui	a5,%hi(letters+4096)
	addi	sp,sp,-56
	addi	a5,a5,%lo(letters+4096)
	sw	a5,24(sp)
	lui	a5,%hi(distances+4096)
	addi	a5,a5,%lo(distances+4096)
	sw	ra,52(sp)
	sw	s0,48(sp)
	sw	s1,44(sp)
	sw	a0,32(sp)
	sw	zero,36(sp)
	sw	zero,40(sp)
	li	a3,0
	sw	a5,28(sp)
.L160:
	lui	s0,%hi(letters)
	addi	a1,s0,%lo(letters)
	addi	a0,sp,32
	sw	a3,8(sp)
	lui	s1,%hi(distances)
	call	receive_lengths
	addi	a1,s1,%lo(distances)
	addi	a0,sp,32
	call	receive_lengths
	addi	a0,s0,%lo(letters)
	call	assign
	addi	a0,s1,%lo(distances)
	call	assign
	lw	a4,24(sp)
	lw	a3,8(sp)
	lw	a2,40(sp)
	lhu	a4,-1210(a4)
	lw	a5,36(sp)
	lw	s1,32(sp)
	sw	a4,0(sp)
	lw	a4,28(sp)
	sw	zero,4(sp)
	mv	s0,a3
	lhu	a4,-1210(a4)
	sw	a4,12(sp)
	lui	a4,%hi(unpacked)
	addi	a4,a4,%lo(unpacked)
	sw	a4,20(sp)
.L134:
	li	a4,14
	bgtu	a2,a4,.L135
	mv	a1,s1
	mv	a4,a2
	li	a0,14
.L136:
	lbu	a3,0(a1)
	addi	a1,a1,1
	sll	a3,a3,a4
	addi	a4,a4,8
	or	a5,a5,a3
	bleu	a4,a0,.L136
	sub	a0,a0,a2
	srli	a4,a0,3
	addi	a4,a4,1
	addi	a2,a2,8
	andi	a0,a0,-8
	add	s1,s1,a4
	li	a4,1
	add	a2,a2,a0
	sw	a4,4(sp)
.L135:
	lw	a3,0(sp)
	andi	a4,a5,1
	bltu	a4,a3,.L178
	lw	t1,0(sp)
	lui	a3,%hi(letters+2888)
	addi	t0,a3,%lo(letters+2888)
	li	t2,0
	li	a1,0
	li	a0,1
	sw	a2,8(sp)
.L139:
	srl	a3,a5,a0
	add	a1,t1,a1
	slli	a2,a4,1
	add	t2,t2,t1
	andi	a4,a3,1
	lhu	t1,0(t0)
	slli	a1,a1,1
	or	a4,a4,a2
	sub	a3,a4,a1
	addi	a0,a0,1
	bgtu	t1,a3,.L179
	li	a3,15
	addi	t0,t0,2
	bne	a0,a3,.L139
	lw	a2,8(sp)
	sub	a1,t2,a1
	add	a4,a4,a1
.L137:
	addi	a4,a4,1120
	lui	a3,%hi(letters)
	addi	a3,a3,%lo(letters)
	slli	a4,a4,1
	add	a4,a3,a4
	lhu	a4,4(a4)
	li	a3,255
	srl	a5,a5,a0
	sub	a2,a2,a0
	bleu	a4,a3,.L180
	li	a3,256
	beq	a4,a3,.L144
	addi	a3,a4,-257
	li	a1,1
	bgtu	a3,a1,.L181
.L145:
	li	a4,14
	bgtu	a2,a4,.L148
	mv	a0,s1
	mv	a4,a2
	li	t1,14
.L149:
	lbu	a1,0(a0)
	addi	a0,a0,1
	sll	a1,a1,a4
	addi	a4,a4,8
	or	a5,a5,a1
	bleu	a4,t1,.L149
	sub	t1,t1,a2
	srli	a4,t1,3
	addi	a4,a4,1
	andi	t1,t1,-8
	addi	a2,a2,8
	add	s1,s1,a4
	li	a4,1
	add	a2,t1,a2
	sw	a4,4(sp)
.L148:
	lw	a1,12(sp)
	andi	a4,a5,1
	bgtu	a1,a4,.L182
	lw	t1,12(sp)
	lui	a1,%hi(distances+2888)
	addi	t0,a1,%lo(distances+2888)
	li	t2,0
	li	a1,0
	li	a0,1
	sw	a3,8(sp)
	sw	a2,16(sp)
.L152:
	srl	a3,a5,a0
	add	a1,t1,a1
	slli	a2,a4,1
	add	t2,t2,t1
	andi	a4,a3,1
	lhu	t1,0(t0)
	slli	a1,a1,1
	or	a4,a4,a2
	sub	a3,a4,a1
	addi	a0,a0,1
	bgtu	t1,a3,.L183
	li	a3,15
	addi	t0,t0,2
	bne	a0,a3,.L152
	lw	a3,8(sp)
	lw	a2,16(sp)
	sub	a1,t2,a1
	add	a4,a4,a1
.L150:
	addi	a4,a4,1120
	lui	a1,%hi(distances)
	addi	a1,a1,%lo(distances)
	slli	a4,a4,1
	add	a4,a1,a4
	lhu	a1,4(a4)
	li	a4,1
	srl	a5,a5,a0
	sub	a2,a2,a0
	bgtu	a1,a4,.L184
.L154:
	addi	a0,s0,-1
	li	a4,-4
	sub	t1,a0,a1
	beq	a3,a4,.L134
	lui	a4,%hi(unpacked+4)
	addi	a4,a4,%lo(unpacked+4)
	add	t0,a4,a3
	lw	a4,20(sp)
	add	t0,t0,t1
	sub	a0,a1,a0
	add	a4,t1,a4
.L158:
	lbu	t1,0(a4)
	add	a1,a0,a4
	add	a1,a1,s0
	sb	t1,0(a1)
	addi	a4,a4,1
	bne	t0,a4,.L158
	addi	a4,s0,4
	add	s0,a3,a4
	j	.L134
.L179:
	sub	t2,t2,a1
	lw	a2,8(sp)
	add	a4,a4,t2
	j	.L137
.L180:
	lw	a3,20(sp)
	add	a3,a3,s0
	sb	a4,0(a3)
	addi	s0,s0,1
	j	.L134
.L184:
	addi	t1,a1,-1
	sll	t0,a4,t1
	bgeu	a2,t1,.L156
	addi	a1,s1,1
.L157:
	lbu	a4,-1(a1)
	mv	s1,a1
	addi	a1,a1,1
	sll	a4,a4,a2
	addi	a2,a2,8
	or	a5,a5,a4
	bgtu	t1,a2,.L157
	li	a4,1
	sw	a4,4(sp)
.L156:
	li	a0,-1
	sll	a0,a0,t1
	not	a0,a0
	and	a0,a0,a5
	sub	a2,a2,t1
	srl	a5,a5,t1
	or	a1,t0,a0
	j	.L154
.L181:
	addi	a3,a4,-258
	sll	a1,a1,a3
	bgeu	a2,a3,.L146
.L147:
	lbu	a4,0(s1)
	addi	s1,s1,1
	sll	a4,a4,a2
	addi	a2,a2,8
	or	a5,a5,a4
	bgtu	a3,a2,.L147
	li	a4,1
	sw	a4,4(sp)
.L146:
	li	a4,-1
	sll	a4,a4,a3
	not	a4,a4
	and	a4,a4,a5
	sub	a2,a2,a3
	srl	a5,a5,a3
	or	a3,a1,a4
	j	.L145
.L183:
	sub	t2,t2,a1
	lw	a3,8(sp)
	lw	a2,16(sp)
	add	a4,a4,t2
	j	.L150
.L144:
	sw	a5,36(sp)
	lw	a5,4(sp)
	sw	a2,40(sp)
	mv	a3,s0
	beq	a5,zero,.L159
	sw	s1,32(sp)
.L159:
	li	a5,1048576
	bltu	a3,a5,.L160
	lw	ra,52(sp)
	lw	s0,48(sp)
	lw	s1,44(sp)
	mv	a0,a3
	addi	sp,sp,56
	jr	ra
.L178:
	li	a0,1
	j	.L137
.L182:
	li	a0,1
	j	.L150
	.size	unpack, .-unpack
	.align	2
	.type	pack, @function
pack:
	addi	sp,sp,-68
	lui	a3,%hi(letters)
	sw	ra,64(sp)
	sw	s0,60(sp)
	sw	s1,56(sp)
	li	a4,273
	addi	a3,a3,%lo(letters)
	sw	a4,0(a3)
	lui	a3,%hi(distances)
	li	a4,16
	addi	a3,a3,%lo(distances)
	sw	a4,0(a3)
	lui	a3,%hi(newest)
	addi	a3,a3,%lo(newest)
	lui	a5,%hi(newest)
	li	a4,65536
	add	a4,a3,a4
	addi	a5,a5,%lo(newest)
	li	a3,-1
.L186:
	sw	a3,0(a5)
	addi	a5,a5,4
	bne	a5,a4,.L186
	lui	a4,%hi(tokens)
	addi	a3,a4,%lo(tokens)
	lui	a4,%hi(text)
	sw	a3,20(sp)
	addi	a3,a4,%lo(text)
	lui	a4,%hi(letters+4096)
	sw	a3,16(sp)
	addi	a3,a4,%lo(letters+4096)
	lui	a4,%hi(distances+4)
	sw	a3,44(sp)
	addi	a3,a4,%lo(distances+4)
	lui	a4,%hi(letters+4)
	sw	a3,40(sp)
	addi	a3,a4,%lo(letters+4)
	lui	a4,%hi(distances+1284)
	addi	s0,a4,%lo(distances+1284)
	li	t1,0
	li	s1,0
	li	a5,0
	sw	a3,36(sp)
	mv	a4,a0
	sw	a0,48(sp)
.L187:
	lw	a3,40(sp)
	lw	a2,36(sp)
.L188:
	sw	zero,0(a3)
	sw	zero,0(a2)
	addi	a3,a3,4
	addi	a2,a2,4
	bne	s0,a3,.L188
	li	a3,0
	mv	t0,a5
	sw	t1,24(sp)
	sw	a4,28(sp)
	mv	a5,a3
	sw	s1,32(sp)
.L199:
	li	a1,1048576
	sw	a5,0(sp)
	sub	a1,a1,t0
	sw	zero,52(sp)
	li	a4,4
	addi	a5,a5,1
	bgtu	a1,a4,.L279
.L189:
	lw	a4,16(sp)
	lui	a3,%hi(letters)
	addi	a3,a3,%lo(letters)
	add	a4,a4,t0
	lbu	a1,0(a4)
	lw	a4,0(sp)
	slli	a2,a4,2
	lw	a4,20(sp)
	add	a2,a2,a4
	slli	a4,a1,2
	add	a4,a3,a4
	lw	a3,4(a4)
	sw	a1,0(a2)
	li	a1,0
	addi	a3,a3,1
	sw	a3,4(a4)
.L195:
	lw	a4,16(sp)
	addi	a0,t0,1
	li	ra,-1640529920
	lui	a2,%hi(older)
	li	t2,32768
	add	a3,a4,t0
	add	a0,a0,a1
	mv	a4,t0
	li	t1,1048576
	addi	ra,ra,-1615
	addi	s1,a2,%lo(older)
	addi	t2,t2,-1
	sw	a1,4(sp)
	sw	a5,8(sp)
	sw	t0,12(sp)
	j	.L197
.L196:
	addi	a4,a4,1
	addi	a3,a3,1
	beq	a4,a0,.L280
.L197:
	addi	a5,a4,4
	bgtu	a5,t1,.L196
	lbu	a1,1(a3)
	lbu	t0,0(a3)
	lbu	a2,2(a3)
	lbu	a5,3(a3)
	slli	a1,a1,8
	or	a1,a1,t0
	slli	a2,a2,16
	or	a2,a2,a1
	slli	a5,a5,24
	or	a5,a5,a2
	mul	a5,a5,ra
	lui	a1,%hi(newest)
	addi	a1,a1,%lo(newest)
	and	a2,a4,t2
	slli	a2,a2,2
	add	a2,s1,a2
	addi	a3,a3,1
	srli	a5,a5,18
	slli	a5,a5,2
	add	a5,a1,a5
	lw	a1,0(a5)
	sw	a4,0(a5)
	addi	a4,a4,1
	sw	a1,0(a2)
	bne	a4,a0,.L197
.L280:
	lw	a1,4(sp)
	lw	t0,12(sp)
	lw	a3,0(sp)
	li	a4,32768
	addi	a1,a1,1
	addi	a4,a4,-1
	lw	a5,8(sp)
	add	t0,t0,a1
	beq	a3,a4,.L232
	li	a4,1048576
	bltu	t0,a4,.L199
	lw	t1,24(sp)
	lw	a4,28(sp)
	lw	s1,32(sp)
	sw	a5,0(sp)
	mv	a5,t0
.L198:
	sw	a5,12(sp)
	lui	a5,%hi(letters)
	li	a3,1
	addi	a0,a5,%lo(letters)
	sw	a4,8(sp)
	addi	a4,a5,%lo(letters)
	sw	a3,1028(a4)
	sw	t1,4(sp)
	call	choose_lengths
	lui	a4,%hi(distances)
	addi	a0,a4,%lo(distances)
	call	choose_lengths
	lui	a5,%hi(letters)
	addi	a0,a5,%lo(letters)
	call	assign
	lui	a4,%hi(distances)
	addi	a0,a4,%lo(distances)
	call	assign
	lui	a5,%hi(letters)
	addi	a5,a5,%lo(letters)
	lw	a3,0(a5)
	lw	t1,4(sp)
	lw	a4,8(sp)
	lw	a5,12(sp)
	beq	a3,zero,.L200
	li	a0,0
	li	t0,7
.L203:
	lui	a3,%hi(letters)
	addi	a3,a3,%lo(letters)
	add	a3,a3,a0
	lbu	a3,1284(a3)
	addi	a2,t1,4
	sll	a3,a3,t1
	or	s1,s1,a3
	bleu	a2,t0,.L233
	addi	t1,t1,-4
	srli	a1,t1,3
	addi	a2,a4,1
	mv	a3,a4
	add	a2,a2,a1
.L202:
	sb	s1,0(a3)
	addi	a3,a3,1
	srli	s1,s1,8
	bne	a3,a2,.L202
	addi	a3,a1,1
	slli	a1,a1,3
	add	a4,a4,a3
	sub	t1,t1,a1
.L201:
	lui	a3,%hi(letters)
	addi	a3,a3,%lo(letters)
	lw	a3,0(a3)
	addi	a0,a0,1
	bltu	a0,a3,.L203
.L200:
	lui	a3,%hi(distances)
	addi	a3,a3,%lo(distances)
	lw	a3,0(a3)
	beq	a3,zero,.L204
	li	a0,0
	li	t0,7
.L207:
	lui	a3,%hi(distances)
	addi	a3,a3,%lo(distances)
	add	a3,a3,a0
	lbu	a3,1284(a3)
	addi	a2,t1,4
	sll	a3,a3,t1
	or	s1,s1,a3
	bleu	a2,t0,.L234
	addi	t1,t1,-4
	srli	a1,t1,3
	addi	a2,a4,1
	mv	a3,a4
	add	a2,a2,a1
.L206:
	sb	s1,0(a3)
	addi	a3,a3,1
	srli	s1,s1,8
	bne	a2,a3,.L206
	addi	a3,a1,1
	slli	a1,a1,3
	add	a4,a4,a3
	sub	t1,t1,a1
.L205:
	lui	a3,%hi(distances)
	addi	a3,a3,%lo(distances)
	lw	a3,0(a3)
	addi	a0,a0,1
	bltu	a0,a3,.L207
.L204:
	lw	a3,0(sp)
	lw	a2,20(sp)
	sw	a5,8(sp)
	slli	a3,a3,2
	add	a3,a3,a2
	sw	a3,0(sp)
	li	a3,65536
	addi	a3,a3,-1
	mv	t2,a2
	sw	a3,4(sp)
.L224:
	lw	a0,0(t2)
	srli	t0,a0,16
	bne	t0,zero,.L281
	addi	a5,a0,800
	lui	a3,%hi(letters)
	addi	a2,a3,%lo(letters)
	slli	a5,a5,1
	addi	a3,a3,%lo(letters)
	add	a5,a2,a5
	lhu	a5,4(a5)
	add	a0,a3,a0
	lbu	a3,1284(a0)
	sll	a5,a5,t1
	or	s1,s1,a5
	add	t1,t1,a3
	li	a5,7
	bleu	t1,a5,.L220
	addi	a2,t1,-8
	srli	a2,a2,3
	addi	a3,a4,1
	mv	a5,a4
	add	a3,a3,a2
.L223:
	sb	s1,0(a5)
	addi	a5,a5,1
	srli	s1,s1,8
	bne	a3,a5,.L223
.L278:
	addi	a2,a2,1
	add	a4,a4,a2
	andi	t1,t1,7
.L220:
	lw	a5,0(sp)
	addi	t2,t2,4
	bne	t2,a5,.L224
	lw	a3,44(sp)
	lui	a2,%hi(letters)
	addi	a2,a2,%lo(letters)
	lbu	a1,1540(a2)
	lhu	a3,-1980(a3)
	li	a2,7
	lw	a5,8(sp)
	sll	a3,a3,t1
	add	t1,t1,a1
	or	s1,s1,a3
	bleu	t1,a2,.L225
	addi	a1,t1,-8
	srli	a1,a1,3
	addi	a2,a4,1
	mv	a3,a4
	add	a2,a2,a1
.L226:
	sb	s1,0(a3)
	addi	a3,a3,1
	srli	s1,s1,8
	bne	a2,a3,.L226
	addi	a1,a1,1
	add	a4,a4,a1
	andi	t1,t1,7
.L225:
	li	a3,1048576
	bltu	a5,a3,.L187
	lw	a0,48(sp)
	mv	a3,a4
	mv	a2,a4
	beq	t1,zero,.L228
	mv	a5,a4
.L229:
	sb	s1,0(a5)
	mv	a4,a5
	srli	s1,s1,8
	addi	a5,a5,1
	bne	a3,a4,.L229
	addi	a5,a2,1
	mv	a2,a5
.L228:
	lw	ra,64(sp)
	lw	s0,60(sp)
	lw	s1,56(sp)
	sub	a0,a2,a0
	addi	sp,sp,68
	jr	ra
.L279:
	li	a4,258
	bleu	a1,a4,.L190
	li	a1,258
.L190:
	mv	a0,t0
	addi	a2,sp,52
	sw	a5,8(sp)
	sw	t0,4(sp)
	call	longest_match
	lw	t0,4(sp)
	lw	a5,8(sp)
	beq	a0,zero,.L189
	lw	a3,0(sp)
	lw	a4,52(sp)
	lw	a1,20(sp)
	slli	a3,a3,2
	slli	a2,a0,16
	add	a3,a3,a1
	or	a2,a2,a4
	sw	a2,0(a3)
	addi	a3,a0,-4
	beq	a3,zero,.L230
	li	a2,0
.L192:
	srli	a3,a3,1
	mv	a1,a2
	addi	a2,a2,1
	bne	a3,zero,.L192
	addi	a3,a1,258
.L191:
	lui	a2,%hi(letters)
	addi	a2,a2,%lo(letters)
	slli	a3,a3,2
	add	a3,a2,a3
	lw	a2,4(a3)
	addi	a4,a4,-1
	addi	a2,a2,1
	sw	a2,4(a3)
	li	a3,0
	beq	a4,zero,.L193
.L194:
	srli	a4,a4,1
	addi	a3,a3,1
	bne	a4,zero,.L194
.L193:
	slli	a4,a3,2
	lui	a3,%hi(distances)
	addi	a3,a3,%lo(distances)
	add	a4,a3,a4
	lw	a3,4(a4)
	addi	a1,a0,-1
	addi	a3,a3,1
	sw	a3,4(a4)
	j	.L195
.L281:
	lw	a5,4(sp)
	addi	t0,t0,-4
	and	a0,a0,a5
	addi	a0,a0,-1
	beq	t0,zero,.L235
	mv	a2,t0
	li	a5,0
.L210:
	srli	a2,a2,1
	mv	a3,a5
	addi	a5,a5,1
	bne	a2,zero,.L210
	addi	a3,a3,258
.L209:
	beq	a0,zero,.L236
	mv	a5,a0
	li	a1,0
.L212:
	srli	a5,a5,1
	addi	a1,a1,1
	bne	a5,zero,.L212
.L211:
	addi	a5,a3,800
	lui	a2,%hi(letters)
	addi	a2,a2,%lo(letters)
	slli	a5,a5,1
	add	a5,a2,a5
	lui	a2,%hi(letters)
	addi	a2,a2,%lo(letters)
	add	a3,a2,a3
	lbu	a3,1284(a3)
	lhu	a5,4(a5)
	sll	a5,a5,t1
	add	t1,a3,t1
	li	a3,7
	or	a5,a5,s1
	bleu	t1,a3,.L213
	addi	s1,t1,-8
	srli	s1,s1,3
	addi	a2,a4,1
	mv	a3,a4
	add	a2,a2,s1
.L214:
	sb	a5,0(a3)
	addi	a3,a3,1
	srli	a5,a5,8
	bne	a3,a2,.L214
	addi	s1,s1,1
	add	a4,a4,s1
	andi	t1,t1,7
.L213:
	beq	t0,zero,.L215
	mv	a2,t0
	li	a3,0
.L216:
	srli	a2,a2,1
	mv	s1,a3
	addi	a3,a3,1
	bne	a2,zero,.L216
	li	a2,1
	bgtu	a3,a2,.L282
.L215:
	addi	a3,a1,800
	lui	a2,%hi(distances)
	addi	t0,a2,%lo(distances)
	slli	a3,a3,1
	add	a3,t0,a3
	addi	a2,a2,%lo(distances)
	lhu	s1,4(a3)
	add	a1,a2,a1
	lbu	a3,1284(a1)
	sll	s1,s1,t1
	or	s1,s1,a5
	add	t1,a3,t1
	li	a5,7
	bleu	t1,a5,.L218
	addi	a2,t1,-8
	srli	a2,a2,3
	addi	a3,a4,1
	mv	a5,a4
	add	a3,a3,a2
.L219:
	sb	s1,0(a5)
	addi	a5,a5,1
	srli	s1,s1,8
	bne	a3,a5,.L219
	addi	a2,a2,1
	add	a4,a4,a2
	andi	t1,t1,7
.L218:
	beq	a0,zero,.L220
	mv	a3,a0
	li	a5,0
.L221:
	srli	a3,a3,1
	mv	a2,a5
	addi	a5,a5,1
	bne	a3,zero,.L221
	li	a3,1
	bleu	a5,a3,.L220
	li	a5,-1
	sll	a5,a5,a2
	not	a5,a5
	and	a5,a5,a0
	sll	a5,a5,t1
	or	s1,s1,a5
	add	t1,t1,a2
	li	a5,7
	bleu	t1,a5,.L220
	addi	a2,t1,-8
	srli	a2,a2,3
	addi	a3,a4,1
	mv	a5,a4
	add	a3,a3,a2
.L222:
	sb	s1,0(a5)
	addi	a5,a5,1
	srli	s1,s1,8
	bne	a3,a5,.L222
	j	.L278
.L282:
	li	a3,-1
	sll	a3,a3,s1
	not	a3,a3
	and	a3,a3,t0
	sll	a3,a3,t1
	or	a5,a5,a3
	add	t1,t1,s1
	li	a3,7
	bleu	t1,a3,.L215
	addi	t0,t1,-8
	srli	t0,t0,3
	addi	a2,a4,1
	mv	a3,a4
	add	a2,a2,t0
.L217:
	sb	a5,0(a3)
	addi	a3,a3,1
	srli	a5,a5,8
	bne	a3,a2,.L217
	addi	t0,t0,1
	add	a4,a4,t0
	andi	t1,t1,7
	j	.L215
.L234:
	mv	t1,a2
	j	.L205
.L233:
	mv	t1,a2
	j	.L201
.L236:
	li	a1,0
	j	.L211
.L235:
	li	a3,257
	j	.L209
.L230:
	li	a3,257
	j	.L191
.L232:
	li	a3,32768
	lw	t1,24(sp)
	lw	a4,28(sp)
	lw	s1,32(sp)
	mv	a5,t0
	sw	a3,0(sp)
	j	.L198
	.size	pack, .-pack
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"compress: bytes"
	.align	2
.LC1:
	.string	"compress"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(parts)
	lw	a3,%lo(parts)(a5)
	addi	sp,sp,-24
	sw	ra,20(sp)
	sw	s0,16(sp)
	sw	s1,12(sp)
	li	a4,3
	bgtu	a3,a4,.L292
	lw	a4,%lo(parts)(a5)
	li	a5,4
	divu	t1,a5,a4
	bgtu	a4,a5,.L302
.L284:
	li	a2,-1640529920
	sw	zero,0(sp)
	li	s1,0
	addi	s0,a2,-1615
	sw	t1,8(sp)
.L291:
	lui	a5,%hi(seed)
	lw	a0,%lo(seed)(a5)
	li	a4,77
	lw	a5,0(sp)
	mul	a0,a0,a4
	add	a0,a0,a5
	call	generate
	lui	a5,%hi(packed)
	addi	a0,a5,%lo(packed)
	call	pack
	slli	a4,s1,5
	srli	a5,s1,27
	or	a5,a4,a5
	mul	a5,a5,s0
	mv	a1,a0
	xor	s1,a5,a0
	beq	a0,zero,.L286
	lui	a5,%hi(packed)
	addi	a3,a5,%lo(packed)
	add	a2,a0,a3
.L287:
	slli	a5,s1,5
	srli	s1,s1,27
	or	a5,a5,s1
	mul	a5,a5,s0
	lbu	s1,0(a3)
	addi	a3,a3,1
	xor	s1,a5,s1
	bne	a3,a2,.L287
	li	a4,524288
	bgtu	a1,a4,.L289
.L286:
	lui	a5,%hi(packed)
	addi	a0,a5,%lo(packed)
	sw	a1,4(sp)
	call	unpack
	li	a4,1048576
	bne	a0,a4,.L289
	lui	a4,%hi(text)
	addi	a4,a4,%lo(text)
	lui	a3,%hi(unpacked)
	lw	a1,4(sp)
	addi	a3,a3,%lo(unpacked)
	add	a0,a4,a0
	j	.L290
.L304:
	beq	a4,a0,.L303
.L290:
	lbu	a2,0(a4)
	lbu	a5,0(a3)
	addi	a4,a4,1
	addi	a3,a3,1
	beq	a2,a5,.L304
	li	a0,2
.L283:
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	addi	sp,sp,24
	jr	ra
.L292:
	li	t1,1
	j	.L284
.L302:
	li	s1,0
.L285:
	lui	a0,%hi(.LC1)
	addi	a0,a0,%lo(.LC1)
	mv	a1,s1
	call	report
	li	a0,0
	j	.L283
.L303:
	lw	a5,0(sp)
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	addi	a5,a5,1
	sw	a5,0(sp)
	call	report
	lw	a4,8(sp)
	lw	a5,0(sp)
	bgtu	a4,a5,.L291
	j	.L285
.L289:
	li	a0,1
	j	.L283
	.size	main, .-main
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	consonants.5, @object
	.size	consonants.5, 18
consonants.5:
	.string	"tnshrdlcmwfgypbvk"
	.zero	2
	.type	vowels.3, @object
	.size	vowels.3, 10
vowels.3:
	.string	"aeiouaeio"
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	lengths.2, @object
	.size	lengths.2, 2000
lengths.2:
	.zero	2000
	.type	depth.0, @object
	.size	depth.0, 2560
depth.0:
	.zero	2560
	.type	parent.1, @object
	.size	parent.1, 2560
parent.1:
	.zero	2560
	.type	words.4, @object
	.size	words.4, 24000
words.4:
	.zero	24000
	.type	tokens, @object
	.size	tokens, 131072
tokens:
	.zero	131072
	.type	older, @object
	.size	older, 131072
older:
	.zero	131072
	.type	newest, @object
	.size	newest, 65536
newest:
	.zero	65536
	.type	weight, @object
	.size	weight, 2560
weight:
	.zero	2560
	.type	heap, @object
	.size	heap, 2560
heap:
	.zero	2560
	.type	distances, @object
	.size	distances, 2916
distances:
	.zero	2916
	.type	letters, @object
	.size	letters, 2916
letters:
	.zero	2916
	.type	unpacked, @object
	.size	unpacked, 1048576
unpacked:
	.zero	1048576
	.type	packed, @object
	.size	packed, 1572864
packed:
	.zero	1572864
	.type	text, @object
	.size	text, 1048576
text:
	.zero	1048576
	.section	.sbss,"aw",@nobits
	.align	2
	.type	heap_size, @object
	.size	heap_size, 4
heap_size:
	.zero	4
