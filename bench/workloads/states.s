	.file	"states.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.align	2
	.type	remember, @function
remember:
	lui	a5,%hi(up_pressed)
	lbu	t2,%lo(up_pressed)(a5)
	lui	a5,%hi(down_pressed)
	lbu	t0,%lo(down_pressed)(a5)
	lui	a5,%hi(released)
	lbu	t1,%lo(released)(a5)
	lui	a5,%hi(at_top)
	lbu	a0,%lo(at_top)(a5)
	lui	a5,%hi(moving)
	lbu	a1,%lo(moving)(a5)
	lui	a5,%hi(blocked)
	lbu	a2,%lo(blocked)(a5)
	lui	a5,%hi(pinched)
	lbu	a3,%lo(pinched)(a5)
	lui	a5,%hi(known)
	lbu	a4,%lo(known)(a5)
	lui	a5,%hi(up_was)
	sb	t2,%lo(up_was)(a5)
	lui	a5,%hi(down_was)
	sb	t0,%lo(down_was)(a5)
	lui	a5,%hi(was_released)
	sb	t1,%lo(was_released)(a5)
	lui	a5,%hi(was_at_top)
	sb	a0,%lo(was_at_top)(a5)
	lui	a5,%hi(was_moving)
	sb	a1,%lo(was_moving)(a5)
	lui	a5,%hi(was_blocked)
	sb	a2,%lo(was_blocked)(a5)
	lui	a5,%hi(was_pinched)
	sb	a3,%lo(was_pinched)(a5)
	lui	a5,%hi(was_known)
	sb	a4,%lo(was_known)(a5)
	ret
	.size	remember, .-remember
	.align	2
	.type	keys, @function
keys:
	lui	a5,%hi(child_lock)
	lbu	a4,%lo(child_lock)(a5)
	lui	a5,%hi(ignition)
	lbu	a5,%lo(ignition)(a5)
	beq	a4,zero,.L4
	lui	a4,%hi(driver_up)
	lbu	a4,%lo(driver_up)(a4)
	bne	a4,zero,.L5
	lui	a4,%hi(driver_down)
	lbu	a4,%lo(driver_down)(a4)
	lui	a3,%hi(locked_out)
	seqz	a2,a4
	sb	a2,%lo(locked_out)(a3)
	beq	a5,zero,.L6
	lui	a5,%hi(own_up)
	lbu	a5,%lo(own_up)(a5)
	beq	a5,zero,.L66
	lui	a5,%hi(up_pressed)
	bne	a4,zero,.L67
	sb	zero,%lo(up_pressed)(a5)
.L16:
	lui	a4,%hi(key_state)
	lui	a3,%hi(down_pressed)
	lbu	a5,%lo(key_state)(a4)
	sb	zero,%lo(down_pressed)(a3)
	li	a2,1
	lui	a3,%hi(released)
	sb	a2,%lo(released)(a3)
	li	a3,4
	bgtu	a5,a3,.L38
	lui	a3,%hi(.L42)
	slli	a5,a5,2
	addi	a3,a3,%lo(.L42)
	add	a5,a5,a3
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L42:
	.word	.L3
	.word	.L64
	.word	.L24
	.word	.L64
	.word	.L39
	.text
.L5:
	lui	a4,%hi(locked_out)
	sb	zero,%lo(locked_out)(a4)
	beq	a5,zero,.L6
	lui	a5,%hi(driver_down)
	lbu	a5,%lo(driver_down)(a5)
	lui	a4,%hi(up_pressed)
	li	a3,1
	sb	a3,%lo(up_pressed)(a4)
	bne	a5,zero,.L13
.L63:
	lui	a5,%hi(own_down)
	lbu	a5,%lo(own_down)(a5)
	bne	a5,zero,.L13
	lui	a4,%hi(key_state)
	lui	a5,%hi(down_pressed)
	lbu	a3,%lo(key_state)(a4)
	sb	zero,%lo(down_pressed)(a5)
	lui	a5,%hi(released)
	sb	zero,%lo(released)(a5)
	li	a5,4
	bgtu	a3,a5,.L3
	lui	a2,%hi(.L41)
	slli	a5,a3,2
	addi	a2,a2,%lo(.L41)
	add	a5,a5,a2
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L41:
	.word	.L31
	.word	.L23
	.word	.L3
	.word	.L23
	.word	.L39
	.text
.L6:
	lui	a5,%hi(up_pressed)
	sb	zero,%lo(up_pressed)(a5)
.L17:
	lui	a4,%hi(key_state)
	lui	a3,%hi(down_pressed)
	lbu	a5,%lo(key_state)(a4)
	sb	zero,%lo(down_pressed)(a3)
	li	a2,1
	lui	a3,%hi(released)
	sb	a2,%lo(released)(a3)
	li	a3,4
	bgtu	a5,a3,.L38
	lui	a3,%hi(.L40)
	slli	a5,a5,2
	addi	a3,a3,%lo(.L40)
	add	a5,a5,a3
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L40:
	.word	.L3
	.word	.L64
	.word	.L24
	.word	.L64
	.word	.L39
	.text
.L38:
	lui	a5,%hi(was_released)
	lbu	a5,%lo(was_released)(a5)
	bne	a5,zero,.L64
.L3:
	ret
.L4:
	lui	a4,%hi(locked_out)
	sb	zero,%lo(locked_out)(a4)
	beq	a5,zero,.L6
	lui	a5,%hi(driver_up)
	lbu	a5,%lo(driver_up)(a5)
	lui	a4,%hi(driver_down)
	lbu	a4,%lo(driver_down)(a4)
	beq	a5,zero,.L68
.L10:
	lui	a5,%hi(up_pressed)
	li	a3,1
	sb	a3,%lo(up_pressed)(a5)
	beq	a4,zero,.L63
.L13:
	lui	a4,%hi(key_state)
	lui	a3,%hi(down_pressed)
	li	a2,1
	lbu	a5,%lo(key_state)(a4)
	sb	a2,%lo(down_pressed)(a3)
	lui	a3,%hi(released)
	sb	zero,%lo(released)(a3)
	li	a3,4
	bgtu	a5,a3,.L3
	lui	a3,%hi(.L28)
	slli	a5,a5,2
	addi	a3,a3,%lo(.L28)
	add	a5,a5,a3
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L28:
	.word	.L29
	.word	.L29
	.word	.L43
	.word	.L29
	.word	.L44
	.text
.L64:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,0(a5)
	sb	zero,%lo(key_state)(a4)
	addi	a4,a3,1
	sw	a4,0(a5)
	ret
.L39:
	li	a5,0
	li	a2,0
.L27:
	slli	a3,a5,2
.L65:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	add	a5,a5,a3
	lw	a3,0(a5)
	sb	a2,%lo(key_state)(a4)
	addi	a4,a3,1
	sw	a4,0(a5)
	ret
.L68:
	lui	a5,%hi(own_up)
	lbu	a5,%lo(own_up)(a5)
	bne	a5,zero,.L10
	lui	a5,%hi(up_pressed)
	sb	zero,%lo(up_pressed)(a5)
	beq	a4,zero,.L69
.L18:
	lui	a4,%hi(key_state)
	lui	a5,%hi(down_pressed)
	li	a2,1
	lbu	a3,%lo(key_state)(a4)
	sb	a2,%lo(down_pressed)(a5)
	lui	a5,%hi(released)
	sb	zero,%lo(released)(a5)
	li	a5,4
	bgtu	a3,a5,.L3
	lui	a2,%hi(.L22)
	slli	a5,a3,2
	addi	a2,a2,%lo(.L22)
	add	a5,a5,a2
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L22:
	.word	.L25
	.word	.L23
	.word	.L24
	.word	.L23
	.word	.L3
	.text
.L29:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,20(a5)
	li	a2,5
	sb	a2,%lo(key_state)(a4)
	addi	a4,a3,1
	sw	a4,20(a5)
	ret
.L23:
	lui	a2,%hi(key_time)
	lbu	a5,%lo(key_time)(a2)
	li	a1,11
	addi	a5,a5,1
	andi	a5,a5,0xff
	sb	a5,%lo(key_time)(a2)
	bleu	a5,a1,.L3
	li	a1,1
	li	a5,4
	li	a2,4
	bne	a3,a1,.L27
	li	a5,2
	li	a2,2
	j	.L27
.L31:
	lui	a5,%hi(up_was)
	lbu	a5,%lo(up_was)(a5)
	bne	a5,zero,.L70
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,4(a5)
	lui	a2,%hi(key_time)
	sb	zero,%lo(key_time)(a2)
	addi	a3,a3,1
	li	a2,1
	sb	a2,%lo(key_state)(a4)
	sw	a3,4(a5)
	ret
.L66:
	lui	a5,%hi(up_pressed)
	sb	zero,%lo(up_pressed)(a5)
	bne	a4,zero,.L18
	lui	a5,%hi(own_down)
	lbu	a5,%lo(own_down)(a5)
	bne	a5,zero,.L16
	j	.L17
.L24:
	li	a3,0
	li	a2,0
	slli	a3,a3,2
	j	.L65
.L69:
	lui	a5,%hi(own_down)
	lbu	a5,%lo(own_down)(a5)
	bne	a5,zero,.L18
	j	.L17
.L43:
	li	a3,5
	li	a2,5
	slli	a3,a3,2
	j	.L65
.L44:
	li	a5,5
	li	a2,5
	j	.L27
.L70:
	ret
.L25:
	lui	a5,%hi(down_was)
	lbu	a5,%lo(down_was)(a5)
	beq	a5,zero,.L34
	ret
.L34:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,12(a5)
	lui	a2,%hi(key_time)
	sb	zero,%lo(key_time)(a2)
	addi	a3,a3,1
	li	a2,3
	sb	a2,%lo(key_state)(a4)
	sw	a3,12(a5)
	ret
.L67:
	li	a4,1
	sb	a4,%lo(up_pressed)(a5)
	j	.L13
	.size	keys, .-keys
	.align	2
	.type	commands, @function
commands:
	lui	a5,%hi(key_state)
	lbu	a2,%lo(key_state)(a5)
	lui	a3,%hi(command_state)
	li	a4,5
	lbu	a5,%lo(command_state)(a3)
	beq	a2,a4,.L72
	lui	a4,%hi(crash)
	lbu	a4,%lo(crash)(a4)
	beq	a4,zero,.L143
	li	a4,3
	bgtu	a5,a4,.L104
	lui	a2,%hi(.L113)
	slli	a4,a5,2
	addi	a2,a2,%lo(.L113)
	add	a4,a4,a2
	lw	a4,0(a4)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L113:
	.word	.L83
	.word	.L104
	.word	.L104
	.word	.L104
	.text
.L143:
	lui	a4,%hi(jammed)
	lbu	a4,%lo(jammed)(a4)
	beq	a4,zero,.L74
	li	a4,4
	bgtu	a5,a4,.L75
	lui	a1,%hi(.L77)
	slli	a4,a5,2
	addi	a1,a1,%lo(.L77)
	add	a4,a4,a1
	lw	a4,0(a4)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L77:
	.word	.L81
	.word	.L80
	.word	.L79
	.word	.L78
	.word	.L76
	.text
.L78:
	li	a4,2
	beq	a5,a4,.L104
.L103:
	li	a4,4
	beq	a2,a4,.L106
.L104:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,24(a5)
	sb	zero,%lo(command_state)(a3)
	li	a2,0
	addi	a4,a4,1
	sw	a4,24(a5)
	li	a4,0
.L108:
	lui	a5,%hi(want_up)
	sb	a2,%lo(want_up)(a5)
	lui	a5,%hi(want_down)
	sb	a4,%lo(want_down)(a5)
	ret
.L72:
	li	a4,3
	bgtu	a5,a4,.L104
	lui	a2,%hi(.L111)
	slli	a4,a5,2
	addi	a2,a2,%lo(.L111)
	add	a4,a4,a2
	lw	a4,0(a4)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L111:
	.word	.L82
	.word	.L104
	.word	.L104
	.word	.L104
	.text
.L74:
	li	a4,4
	bgtu	a5,a4,.L107
	lui	a1,%hi(.L112)
	slli	a4,a5,2
	addi	a1,a1,%lo(.L112)
	add	a4,a4,a1
	lw	a4,0(a4)
	jr	a4
	.section	.rodata
	.align	2
	.align	2
.L112:
	.word	.L81
	.word	.L96
	.word	.L99
	.word	.L103
	.word	.L105
	.text
.L82:
	lui	a4,%hi(crash)
	lbu	a4,%lo(crash)(a4)
	beq	a4,zero,.L84
.L83:
	addi	a3,a5,-5
	addi	a4,a5,-3
	seqz	a2,a3
	lui	a5,%hi(want_up)
	sltiu	a4,a4,2
	sb	a2,%lo(want_up)(a5)
	lui	a5,%hi(want_down)
	sb	a4,%lo(want_down)(a5)
	ret
.L76:
	li	a4,2
	beq	a5,a4,.L104
.L105:
	lui	a4,%hi(up_pressed)
	lbu	a4,%lo(up_pressed)(a4)
	beq	a4,zero,.L106
	lui	a4,%hi(up_was)
	lbu	a4,%lo(up_was)(a4)
	beq	a4,zero,.L104
.L106:
	lui	a4,%hi(at_bottom)
	lbu	a4,%lo(at_bottom)(a4)
	bne	a4,zero,.L104
	j	.L83
.L79:
	li	a4,2
	beq	a5,a4,.L104
.L99:
	lui	a4,%hi(pinched)
	lbu	a4,%lo(pinched)(a4)
	bne	a4,zero,.L104
	lui	a4,%hi(down_pressed)
	lbu	a4,%lo(down_pressed)(a4)
	beq	a4,zero,.L100
	lui	a4,%hi(down_was)
	lbu	a4,%lo(down_was)(a4)
	beq	a4,zero,.L104
.L100:
	lui	a4,%hi(at_top)
	lbu	a4,%lo(at_top)(a4)
	beq	a4,zero,.L101
	lui	a4,%hi(was_at_top)
	lbu	a4,%lo(was_at_top)(a4)
	bne	a4,zero,.L104
.L101:
	lui	a4,%hi(door_open)
	lbu	a4,%lo(door_open)(a4)
	bne	a4,zero,.L104
	li	a4,2
	beq	a2,a4,.L102
.L97:
	addi	a4,a5,-3
	sltiu	a4,a4,2
	li	a2,1
	j	.L108
.L80:
	li	a4,2
	beq	a5,a4,.L104
.L96:
	li	a4,2
	bne	a2,a4,.L104
	lui	a4,%hi(at_top)
	lbu	a4,%lo(at_top)(a4)
	beq	a4,zero,.L97
	lui	a4,%hi(was_at_top)
	lbu	a4,%lo(was_at_top)(a4)
	bne	a4,zero,.L104
	j	.L97
.L81:
	li	a4,2
	beq	a2,a4,.L102
	li	a4,4
	beq	a2,a4,.L144
.L84:
	lui	a4,%hi(released)
	lbu	a4,%lo(released)(a4)
	beq	a4,zero,.L88
	lui	a4,%hi(was_released)
	lbu	a4,%lo(was_released)(a4)
	bne	a4,zero,.L88
	lui	a4,%hi(up_was)
	lbu	a4,%lo(up_was)(a4)
	beq	a4,zero,.L89
	lui	a4,%hi(known)
	lbu	a4,%lo(known)(a4)
	beq	a4,zero,.L89
	lui	a4,%hi(door_open)
	lbu	a4,%lo(door_open)(a4)
	bne	a4,zero,.L89
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,32(a5)
	li	a2,2
	sb	a2,%lo(command_state)(a3)
	addi	a4,a4,1
	sw	a4,32(a5)
	li	a4,0
.L145:
	li	a2,1
	j	.L108
.L75:
	li	a4,2
	beq	a5,a4,.L104
.L107:
	lui	a2,%hi(ignition)
	lui	a4,%hi(pinched)
	lbu	a1,%lo(ignition)(a2)
	lbu	a4,%lo(pinched)(a4)
	lui	a2,%hi(at_top)
	lbu	a2,%lo(at_top)(a2)
	or	a4,a4,a1
	or	a4,a4,a2
	bne	a4,zero,.L104
	lui	a4,%hi(comfort_close)
	lbu	a4,%lo(comfort_close)(a4)
	beq	a4,zero,.L104
	addi	a3,a5,-1
	addi	a4,a5,-3
	andi	a3,a3,0xff
	li	a2,1
	sltiu	a4,a4,2
	bleu	a3,a2,.L108
	addi	a3,a5,-5
	seqz	a2,a3
	j	.L108
.L144:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,36(a5)
	li	a2,3
	sb	a2,%lo(command_state)(a3)
	addi	a4,a4,1
	sw	a4,36(a5)
.L87:
	li	a4,1
	li	a2,0
	j	.L108
.L102:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,28(a5)
	li	a2,1
	sb	a2,%lo(command_state)(a3)
	addi	a4,a4,1
	sw	a4,28(a5)
	li	a4,0
	j	.L145
.L88:
	lui	a4,%hi(comfort_close)
	lbu	a4,%lo(comfort_close)(a4)
	beq	a4,zero,.L83
	lui	a4,%hi(known)
	lbu	a4,%lo(known)(a4)
	beq	a4,zero,.L83
	lui	a4,%hi(ignition)
	lui	a2,%hi(at_top)
	lbu	a4,%lo(ignition)(a4)
	lbu	a2,%lo(at_top)(a2)
	or	a4,a4,a2
	bne	a4,zero,.L83
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a2,44(a5)
	li	a1,5
	sb	a1,%lo(command_state)(a3)
	addi	a3,a2,1
	sw	a3,44(a5)
	li	a2,1
	j	.L108
.L89:
	lui	a4,%hi(down_was)
	lbu	a4,%lo(down_was)(a4)
	beq	a4,zero,.L88
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,40(a5)
	li	a2,4
	sb	a2,%lo(command_state)(a3)
	addi	a4,a4,1
	sw	a4,40(a5)
	j	.L87
	.size	commands, .-commands
	.align	2
	.type	guard, @function
guard:
	lui	a5,%hi(moving)
	lbu	a5,%lo(moving)(a5)
	beq	a5,zero,.L149
	lui	a5,%hi(was_moving)
	lbu	a5,%lo(was_moving)(a5)
	bne	a5,zero,.L184
.L149:
	lui	a4,%hi(guard_state)
	lbu	a5,%lo(guard_state)(a4)
	lui	a3,%hi(blocked)
	sb	zero,%lo(blocked)(a3)
	li	a3,1
	beq	a5,a3,.L159
	li	a3,2
	beq	a5,a3,.L151
	beq	a5,zero,.L185
.L152:
	lui	a3,%hi(guard_time)
	lbu	a5,%lo(guard_time)(a3)
	li	a2,39
	addi	a5,a5,1
	andi	a5,a5,0xff
	sb	a5,%lo(guard_time)(a3)
	bleu	a5,a2,.L146
	lui	a5,%hi(released)
	lbu	a5,%lo(released)(a5)
	beq	a5,zero,.L146
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,48(a5)
	lui	a2,%hi(jammed)
	sb	zero,%lo(jammed)(a2)
	addi	a3,a3,1
	sb	zero,%lo(guard_state)(a4)
	sw	a3,48(a5)
	ret
.L187:
	li	a1,2
	bne	a5,a1,.L186
.L151:
	lui	a3,%hi(guard_time)
	lbu	a5,%lo(guard_time)(a3)
	li	a2,24
	addi	a5,a5,1
	andi	a5,a5,0xff
	sb	a5,%lo(guard_time)(a3)
	bgtu	a5,a2,.L158
	lui	a5,%hi(at_bottom)
	lui	a2,%hi(crash)
	lbu	a5,%lo(at_bottom)(a5)
	lbu	a2,%lo(crash)(a2)
	or	a5,a5,a2
	bne	a5,zero,.L158
.L146:
	ret
.L184:
	lui	a5,%hi(ice)
	lbu	a5,%lo(ice)(a5)
	lui	a4,%hi(resistance)
	lw	a4,%lo(resistance)(a4)
	seqz	a5,a5
	neg	a5,a5
	andi	a5,a5,-20
	addi	a5,a5,90
	ble	a4,a5,.L149
	lui	a5,%hi(at_top)
	lbu	a5,%lo(at_top)(a5)
	bne	a5,zero,.L149
	lui	a5,%hi(at_bottom)
	lbu	a3,%lo(at_bottom)(a5)
	lui	a4,%hi(guard_state)
	lbu	a5,%lo(guard_state)(a4)
	lui	a2,%hi(blocked)
	seqz	a1,a3
	sb	a1,%lo(blocked)(a2)
	li	a2,1
	bne	a5,a2,.L187
	bne	a3,zero,.L159
.L156:
	lui	a3,%hi(guard_time)
	lbu	a5,%lo(guard_time)(a3)
	li	a2,2
	addi	a5,a5,1
	andi	a5,a5,0xff
	sb	a5,%lo(guard_time)(a3)
	bleu	a5,a2,.L146
	lui	a1,%hi(known)
	lbu	a1,%lo(known)(a1)
	bne	a1,zero,.L188
	li	a3,7
	bleu	a5,a3,.L146
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,60(a5)
	lui	a2,%hi(jammed)
	li	a1,1
	addi	a3,a3,1
	sb	a1,%lo(jammed)(a2)
	li	a2,3
	sb	a2,%lo(guard_state)(a4)
	sw	a3,60(a5)
	ret
.L185:
	lui	a5,%hi(pinched)
	sb	zero,%lo(pinched)(a5)
	ret
.L158:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a2,60(a5)
	sb	zero,%lo(guard_time)(a3)
	addi	a3,a2,1
	li	a2,3
	sb	a2,%lo(guard_state)(a4)
	sw	a3,60(a5)
	ret
.L159:
	lui	a5,%hi(was_blocked)
	lbu	a5,%lo(was_blocked)(a5)
	bne	a5,zero,.L156
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,48(a5)
	sb	zero,%lo(guard_state)(a4)
	addi	a4,a3,1
	sw	a4,48(a5)
	ret
.L186:
	bne	a5,zero,.L152
	lui	a5,%hi(pinched)
	sb	zero,%lo(pinched)(a5)
	bne	a3,zero,.L146
	lui	a5,%hi(motor_up)
	lbu	a5,%lo(motor_up)(a5)
	beq	a5,zero,.L146
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,52(a5)
	lui	a1,%hi(guard_time)
	sb	zero,%lo(guard_time)(a1)
	addi	a3,a3,1
	sb	a2,%lo(guard_state)(a4)
	sw	a3,52(a5)
	ret
.L188:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a1,56(a5)
	lui	a0,%hi(pinched)
	li	t1,1
	addi	a1,a1,1
	sb	t1,%lo(pinched)(a0)
	sb	zero,%lo(guard_time)(a3)
	sb	a2,%lo(guard_state)(a4)
	sw	a1,56(a5)
	ret
	.size	guard, .-guard
	.align	2
	.type	motor, @function
motor:
	lui	a5,%hi(want_up)
	lbu	a4,%lo(want_up)(a5)
	lui	a5,%hi(guard_state)
	lbu	a5,%lo(guard_state)(a5)
	beq	a4,zero,.L190
	li	a4,2
	beq	a5,a4,.L229
	lui	a3,%hi(want_down)
	li	a4,3
	lbu	a3,%lo(want_down)(a3)
	beq	a5,a4,.L194
	lui	a5,%hi(at_top)
	lbu	a5,%lo(at_top)(a5)
	bne	a5,zero,.L245
.L193:
	beq	a3,zero,.L246
	li	t0,1
	j	.L191
.L190:
	lui	a4,%hi(want_down)
	lbu	a4,%lo(want_down)(a4)
	beq	a4,zero,.L247
.L229:
	li	t0,0
.L191:
	lui	a3,%hi(heat)
	lbu	a4,%lo(heat)(a3)
	lui	a2,%hi(motor_state)
	lbu	t1,%lo(motor_state)(a2)
	sltiu	a5,a4,201
	xori	a5,a5,1
	lui	a1,%hi(hot)
	lui	a0,%hi(at_bottom)
	sb	a5,%lo(hot)(a1)
	li	a1,2
	lbu	t2,%lo(at_bottom)(a0)
	mv	a0,a5
	beq	t1,a1,.L197
	bgtu	t1,a1,.L198
	beq	t1,zero,.L248
	beq	t0,zero,.L212
	bne	t2,zero,.L220
.L212:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a1,84(a5)
	lui	a0,%hi(brake_time)
	sb	zero,%lo(brake_time)(a0)
	addi	a1,a1,1
	li	a0,3
	sw	a1,84(a5)
	sb	a0,%lo(motor_state)(a2)
	li	a5,0
.L204:
	lui	a2,%hi(motor_up)
	sb	a5,%lo(motor_up)(a2)
.L217:
	snez	a5,a4
	sub	a5,a4,a5
	lui	a4,%hi(relay)
	sb	zero,%lo(relay)(a4)
	andi	a5,a5,0xff
	li	a4,0
	lui	a2,%hi(moving)
	sb	a4,%lo(moving)(a2)
	sb	a5,%lo(heat)(a3)
	ret
.L198:
	li	a5,3
	bne	t1,a5,.L202
.L201:
	lui	a1,%hi(brake_time)
	lbu	a5,%lo(brake_time)(a1)
	li	t1,1
	addi	a5,a5,1
	andi	a5,a5,0xff
	sb	a5,%lo(brake_time)(a1)
	bleu	a5,t1,.L208
	slli	a0,a0,2
	addi	a5,a0,18
	lui	a1,%hi(.LANCHOR0)
	slli	a5,a5,2
	addi	a1,a1,%lo(.LANCHOR0)
	add	a1,a1,a5
	lw	t1,0(a1)
	sb	a0,%lo(motor_state)(a2)
	li	a5,0
	addi	a2,t1,1
	sw	a2,0(a1)
	j	.L204
.L247:
	li	a4,2
	beq	a5,a4,.L229
.L196:
	lui	a3,%hi(heat)
	lbu	a4,%lo(heat)(a3)
	lui	a2,%hi(motor_state)
	lbu	a5,%lo(motor_state)(a2)
	sltiu	a0,a4,201
	lui	a1,%hi(hot)
	xori	a0,a0,1
	sb	a0,%lo(hot)(a1)
	li	a1,2
	beq	a5,a1,.L212
	bgtu	a5,a1,.L221
	bne	a5,zero,.L212
	li	a5,200
	bleu	a4,a5,.L208
.L223:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a1,88(a5)
	li	a0,4
	sb	a0,%lo(motor_state)(a2)
	addi	a2,a1,1
	sw	a2,88(a5)
	li	a5,0
	j	.L204
.L221:
	li	a1,3
	beq	a5,a1,.L201
.L202:
	li	a5,119
	bleu	a4,a5,.L249
	lbu	a5,%lo(motor_state)(a2)
	lui	a1,%hi(motor_up)
	li	a2,1
	addi	a5,a5,-1
	seqz	a0,a5
	sb	a0,%lo(motor_up)(a1)
	andi	a5,a5,0xff
	bgtu	a5,a2,.L217
.L215:
	lui	a5,%hi(wakeful)
	lbu	a2,%lo(wakeful)(a5)
	sltiu	a5,a4,250
	slli	a5,a5,2
	add	a5,a4,a5
	li	a1,1
	lui	a4,%hi(relay)
	sb	a1,%lo(relay)(a4)
	andi	a5,a5,0xff
	snez	a4,a2
	lui	a2,%hi(moving)
	sb	a4,%lo(moving)(a2)
	sb	a5,%lo(heat)(a3)
	ret
.L245:
	lui	a5,%hi(known)
	lbu	a5,%lo(known)(a5)
	beq	a5,zero,.L193
.L194:
	bne	a3,zero,.L229
	j	.L196
.L249:
	lui	a1,%hi(.LANCHOR0)
	addi	a1,a1,%lo(.LANCHOR0)
	lw	a0,72(a1)
	sb	zero,%lo(motor_state)(a2)
	li	a5,0
	addi	a2,a0,1
	sw	a2,72(a1)
	j	.L204
.L208:
	lbu	a5,%lo(motor_state)(a2)
	addi	a5,a5,-1
	seqz	a5,a5
	j	.L204
.L220:
	bne	a5,zero,.L212
	lbu	a5,%lo(motor_state)(a2)
	addi	a5,a5,-1
	seqz	a5,a5
	j	.L207
.L197:
	bne	t2,zero,.L212
	li	a5,200
	bgtu	a4,a5,.L212
.L209:
	lui	a5,%hi(motor_up)
	sb	zero,%lo(motor_up)(a5)
	j	.L215
.L246:
	lui	a3,%hi(heat)
	lbu	a4,%lo(heat)(a3)
	lui	a2,%hi(motor_state)
	lbu	a1,%lo(motor_state)(a2)
	sltiu	a0,a4,201
	xori	a0,a0,1
	lui	a5,%hi(hot)
	sb	a0,%lo(hot)(a5)
	li	t1,2
	mv	a5,a0
	beq	a1,t1,.L212
	bgtu	a1,t1,.L218
	bne	a1,zero,.L220
	li	a5,200
	bgtu	a4,a5,.L223
.L224:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a1,76(a5)
	li	a0,1
	sb	a0,%lo(motor_state)(a2)
	addi	a2,a1,1
	sw	a2,76(a5)
	li	a5,1
.L207:
	lui	a2,%hi(motor_up)
	sb	a5,%lo(motor_up)(a2)
	j	.L215
.L218:
	li	a5,3
	beq	a1,a5,.L201
	j	.L202
.L248:
	li	a5,200
	bgtu	a4,a5,.L223
	beq	t0,zero,.L205
	beq	t2,zero,.L206
	j	.L224
.L205:
	bne	t2,zero,.L208
.L206:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a1,80(a5)
	li	a0,2
	sb	a0,%lo(motor_state)(a2)
	addi	a2,a1,1
	sw	a2,80(a5)
	j	.L209
	.size	motor, .-motor
	.align	2
	.type	reference, @function
reference:
	lui	a4,%hi(reference_state)
	lbu	a5,%lo(reference_state)(a4)
	li	a3,1
	beq	a5,a3,.L251
	li	a2,2
	beq	a5,a2,.L252
	beq	a5,zero,.L275
	lui	a5,%hi(crash)
	lbu	a5,%lo(crash)(a5)
	beq	a5,zero,.L276
.L254:
	li	a4,0
.L255:
	lui	a5,%hi(known)
	sb	a4,%lo(known)(a5)
	ret
.L275:
	lui	a5,%hi(motor_up)
	lbu	a5,%lo(motor_up)(a5)
	beq	a5,zero,.L254
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a2,100(a5)
	sb	a3,%lo(reference_state)(a4)
	addi	a4,a2,1
	sw	a4,100(a5)
	j	.L254
.L252:
	lui	a5,%hi(crash)
	lbu	a5,%lo(crash)(a5)
	beq	a5,zero,.L277
.L258:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,108(a5)
	li	a2,3
	sb	a2,%lo(reference_state)(a4)
	addi	a4,a3,1
	sw	a4,108(a5)
	j	.L254
.L251:
	lui	a3,%hi(at_top)
	lbu	a3,%lo(at_top)(a3)
	beq	a3,zero,.L256
	lui	a3,%hi(resistance)
	lw	a2,%lo(resistance)(a3)
	li	a3,50
	ble	a2,a3,.L256
	lui	a3,%hi(.LANCHOR0)
	addi	a3,a3,%lo(.LANCHOR0)
	lw	a2,104(a3)
	lui	a1,%hi(finished)
	sb	a5,%lo(finished)(a1)
	addi	a2,a2,1
	li	a5,2
	sb	a5,%lo(reference_state)(a4)
	sw	a2,104(a3)
.L257:
	li	a4,1
	j	.L255
.L256:
	lui	a5,%hi(motor_up)
	lui	a3,%hi(was_moving)
	lbu	a5,%lo(motor_up)(a5)
	lbu	a3,%lo(was_moving)(a3)
	or	a5,a5,a3
	bne	a5,zero,.L254
.L259:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a3,96(a5)
	sb	zero,%lo(reference_state)(a4)
	addi	a4,a3,1
	sw	a4,96(a5)
	j	.L254
.L276:
	lui	a5,%hi(at_bottom)
	lbu	a5,%lo(at_bottom)(a5)
	bne	a5,zero,.L259
	j	.L254
.L277:
	lui	a5,%hi(was_pinched)
	lbu	a5,%lo(was_pinched)(a5)
	beq	a5,zero,.L257
	lui	a5,%hi(pinched)
	lbu	a5,%lo(pinched)(a5)
	beq	a5,zero,.L257
	lui	a5,%hi(was_blocked)
	lbu	a5,%lo(was_blocked)(a5)
	beq	a5,zero,.L257
	lui	a5,%hi(moving)
	lbu	a5,%lo(moving)(a5)
	bne	a5,zero,.L257
	j	.L258
	.size	reference, .-reference
	.align	2
	.type	lights, @function
lights:
	lui	a5,%hi(ignition)
	lbu	a2,%lo(ignition)(a5)
	bne	a2,zero,.L279
	lui	a5,%hi(comfort_close)
	lbu	a5,%lo(comfort_close)(a5)
	beq	a5,zero,.L342
	li	a5,1
	li	a0,1
	lui	a4,%hi(sleep_time)
.L280:
	lui	a3,%hi(moving)
	lbu	a3,%lo(moving)(a3)
	lui	a1,%hi(wakeful)
	sb	a5,%lo(wakeful)(a1)
	li	a5,0
	bne	a3,zero,.L282
	lbu	a5,%lo(sleep_time)(a4)
	addi	a3,a5,-255
	snez	a3,a3
	add	a5,a5,a3
	andi	a5,a5,0xff
.L282:
	lui	a3,%hi(hot)
	lbu	a1,%lo(hot)(a3)
	sb	a5,%lo(sleep_time)(a4)
	lui	a3,%hi(light_state)
	lbu	a4,%lo(light_state)(a3)
	bne	a1,zero,.L284
	lui	a5,%hi(jammed)
	lbu	a5,%lo(jammed)(a5)
	bne	a5,zero,.L284
	lui	a1,%hi(known)
	lbu	t1,%lo(known)(a1)
	lui	a1,%hi(was_known)
	lbu	a1,%lo(was_known)(a1)
	beq	t1,a1,.L285
	lui	a1,%hi(finished)
	lbu	t1,%lo(finished)(a1)
	lui	t0,%hi(warning)
	seqz	t2,t1
	sb	t2,%lo(warning)(t0)
	beq	a4,zero,.L286
	li	a0,1
	bne	a4,a0,.L343
	beq	t1,zero,.L337
.L294:
	beq	a2,zero,.L297
	lui	a2,%hi(locked_out)
	lbu	a2,%lo(locked_out)(a2)
	beq	a2,zero,.L339
.L297:
	lui	a4,%hi(.LANCHOR0)
	addi	a4,a4,%lo(.LANCHOR0)
	lw	a2,120(a4)
	sb	zero,%lo(light_state)(a3)
	sb	zero,%lo(finished)(a1)
	addi	a3,a2,1
	sw	a3,120(a4)
	lui	a4,%hi(lit)
	sb	a5,%lo(lit)(a4)
	ret
.L342:
	lui	a4,%hi(sleep_time)
	lbu	a1,%lo(sleep_time)(a4)
	li	a3,99
	li	a0,0
	bgtu	a1,a3,.L280
	li	a5,1
	li	a0,1
	j	.L280
.L284:
	lui	a1,%hi(warning)
	li	a5,1
	sb	a5,%lo(warning)(a1)
	lui	a1,%hi(finished)
	beq	a4,zero,.L301
	beq	a4,a5,.L344
	lui	a5,%hi(light_time)
	lbu	a2,%lo(light_time)(a5)
	lui	a1,%hi(finished)
	addi	a2,a2,1
	andi	a2,a2,0xff
	sb	a2,%lo(light_time)(a5)
.L298:
	andi	a5,a2,3
	bne	a5,zero,.L339
	li	a2,2
	beq	a4,a2,.L345
	li	a5,1
	li	a2,2
	li	a0,2
.L300:
	addi	a2,a2,30
	lui	a4,%hi(.LANCHOR0)
	slli	a2,a2,2
	addi	a4,a4,%lo(.LANCHOR0)
	add	a4,a4,a2
	lw	a2,0(a4)
	sb	a0,%lo(light_state)(a3)
	sb	zero,%lo(finished)(a1)
	addi	a3,a2,1
	sw	a3,0(a4)
	lui	a4,%hi(lit)
	sb	a5,%lo(lit)(a4)
	ret
.L279:
	lui	a5,%hi(wakeful)
	li	a4,1
	sb	a4,%lo(wakeful)(a5)
	li	a0,1
	li	a5,0
	lui	a4,%hi(sleep_time)
	j	.L282
.L344:
	lui	a1,%hi(finished)
.L337:
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,128(a5)
	lui	a2,%hi(light_time)
	sb	zero,%lo(light_time)(a2)
	addi	a4,a4,1
	li	a2,2
	sb	a2,%lo(light_state)(a3)
	sw	a4,128(a5)
.L293:
	li	a5,1
	lui	a4,%hi(lit)
	sb	a5,%lo(lit)(a4)
	sb	zero,%lo(finished)(a1)
	ret
.L339:
	addi	a5,a4,-1
	sltiu	a5,a5,2
	lui	a4,%hi(lit)
	sb	a5,%lo(lit)(a4)
	sb	zero,%lo(finished)(a1)
	ret
.L285:
	lui	a1,%hi(warning)
	sb	zero,%lo(warning)(a1)
	lui	a1,%hi(finished)
	beq	a4,zero,.L304
	li	a1,1
	beq	a4,a1,.L346
	lui	a1,%hi(light_time)
	lbu	a2,%lo(light_time)(a1)
	li	a0,20
	addi	a2,a2,1
	andi	a2,a2,0xff
	sb	a2,%lo(light_time)(a1)
	lui	a1,%hi(finished)
	bgtu	a2,a0,.L297
	j	.L298
.L286:
	bne	t1,zero,.L304
.L301:
	bne	a0,zero,.L337
.L304:
	beq	a2,zero,.L340
	lui	a5,%hi(locked_out)
	lbu	a5,%lo(locked_out)(a5)
	bne	a5,zero,.L340
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	lw	a4,124(a5)
	li	a2,1
	sb	a2,%lo(light_state)(a3)
	addi	a4,a4,1
	sw	a4,124(a5)
	j	.L293
.L340:
	li	a5,0
	lui	a4,%hi(lit)
	sb	a5,%lo(lit)(a4)
	sb	zero,%lo(finished)(a1)
	ret
.L346:
	lui	a1,%hi(finished)
	j	.L294
.L345:
	li	a2,3
	li	a0,3
	j	.L300
.L343:
	lui	a0,%hi(light_time)
	lbu	a2,%lo(light_time)(a0)
	li	t0,20
	addi	a2,a2,1
	andi	a2,a2,0xff
	sb	a2,%lo(light_time)(a0)
	bleu	a2,t0,.L298
	bne	t1,zero,.L297
	j	.L298
	.size	lights, .-lights
	.align	2
	.type	surroundings, @function
surroundings:
	andi	a4,a0,31
	li	a5,2
	bgtu	a4,a5,.L348
	srli	a4,a0,3
	lui	a5,%hi(.LANCHOR1)
	andi	a4,a4,12
	addi	a5,a5,%lo(.LANCHOR1)
	add	a5,a5,a4
	lw	a4,0(a5)
	lbu	a5,0(a4)
	xori	a5,a5,1
	sb	a5,0(a4)
.L348:
	srli	a5,a0,7
	andi	a5,a5,127
	bne	a5,zero,.L349
	srli	a4,a0,12
	lui	a5,%hi(.LANCHOR1)
	andi	a4,a4,28
	addi	a5,a5,%lo(.LANCHOR1)
	add	a5,a5,a4
	lw	a4,16(a5)
	lbu	a5,0(a4)
	xori	a5,a5,1
	sb	a5,0(a4)
.L349:
	lui	a5,%hi(moving)
	lbu	a4,%lo(moving)(a5)
	li	a5,0
	beq	a4,zero,.L350
	lui	a5,%hi(motor_up)
	lbu	a5,%lo(motor_up)(a5)
	seqz	a5,a5
	neg	a5,a5
	andi	a5,a5,-4
	addi	a5,a5,2
.L350:
	lui	a1,%hi(position)
	lw	a3,%lo(position)(a1)
	li	a4,60
	add	a5,a5,a3
	bgt	a5,a4,.L352
	not	a4,a5
	srai	a4,a4,31
	and	a4,a5,a4
.L352:
	slti	a2,a5,60
	xori	a2,a2,1
	sw	a4,%lo(position)(a1)
	lui	a4,%hi(at_top)
	sb	a2,%lo(at_top)(a4)
	slti	t0,a5,1
	lui	a4,%hi(at_bottom)
	srli	a3,a0,20
	andi	t1,a3,15
	sb	t0,%lo(at_bottom)(a4)
	li	a2,59
	addi	a4,t1,60
	bgt	a5,a2,.L354
	addi	a4,t1,40
.L354:
	srli	a0,a0,24
	li	a5,9
	bgtu	a0,a5,.L355
	addi	a4,a4,60
.L355:
	lui	a5,%hi(blocked)
	lbu	a2,%lo(blocked)(a5)
	lui	a5,%hi(resistance)
	sw	a4,%lo(resistance)(a5)
	beq	a2,zero,.L347
	andi	a3,a3,31
	add	a3,a3,a4
	sw	a3,%lo(resistance)(a5)
.L347:
	ret
	.size	surroundings, .-surroundings
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"states"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a5,%hi(seed)
	lui	a4,%hi(parts)
	lw	a0,%lo(seed)(a5)
	li	a2,1
	lui	a5,%hi(ignition)
	lw	a1,%lo(parts)(a4)
	addi	sp,sp,-24
	sb	a2,%lo(ignition)(a5)
	li	a3,61440
	li	a5,625340416
	sw	s0,16(sp)
	addi	a5,a5,1169
	sw	ra,20(sp)
	sw	s1,12(sp)
	addi	a2,a3,-1441
	mul	s0,a0,a5
	bgtu	a1,a2,.L371
	lw	a5,%lo(parts)(a4)
	addi	a3,a3,-1440
	bgtu	a5,a3,.L372
	divu	a3,a3,a5
	j	.L364
.L371:
	li	a3,1
.L364:
	li	a5,-1640529920
	addi	a5,a5,-1615
	li	a1,0
	sw	a5,8(sp)
.L366:
	li	s1,400
	sw	a3,0(sp)
	sw	a1,4(sp)
.L367:
	slli	a5,s0,13
	xor	a5,a5,s0
	srli	a3,a5,17
	xor	a5,a5,a3
	slli	a0,a5,5
	xor	s0,a5,a0
	mv	a0,s0
	addi	s1,s1,-1
	call	surroundings
	call	remember
	call	keys
	call	commands
	call	guard
	call	motor
	call	reference
	call	lights
	bne	s1,zero,.L367
	lw	a1,4(sp)
	lw	a4,8(sp)
	lw	a3,0(sp)
	slli	a5,a1,5
	srli	a1,a1,27
	or	a5,a5,a1
	mul	a5,a5,a4
	lui	a4,%hi(lit)
	lbu	a1,%lo(lit)(a4)
	lui	a4,%hi(relay)
	lbu	t1,%lo(relay)(a4)
	lui	a4,%hi(wakeful)
	lbu	t0,%lo(wakeful)(a4)
	lui	a4,%hi(known)
	lbu	a0,%lo(known)(a4)
	lui	a4,%hi(warning)
	lbu	a2,%lo(warning)(a4)
	slli	a1,a1,4
	slli	t1,t1,3
	lui	a4,%hi(position)
	lw	a4,%lo(position)(a4)
	or	a1,a1,t1
	or	a1,a1,t0
	slli	a0,a0,2
	or	a1,a1,a0
	slli	a2,a2,1
	slli	a4,a4,8
	or	a1,a1,a2
	or	a1,a1,a4
	lui	a4,%hi(crash)
	sb	zero,%lo(crash)(a4)
	addi	a3,a3,-1
	xor	a1,a1,a5
	bne	a3,zero,.L366
.L365:
	lui	a0,%hi(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	li	a2,-1640529920
	addi	a3,a0,24
	addi	a2,a2,-1615
	addi	a0,a0,168
.L368:
	addi	a4,a3,-24
.L369:
	slli	a5,a1,5
	srli	a1,a1,27
	or	a5,a5,a1
	mul	a5,a5,a2
	lw	a1,0(a4)
	addi	a4,a4,4
	xor	a1,a5,a1
	bne	a3,a4,.L369
	addi	a3,a3,24
	bne	a0,a3,.L368
	lui	a0,%hi(.LC0)
	addi	a0,a0,%lo(.LC0)
	call	report
	lw	ra,20(sp)
	lw	s0,16(sp)
	lw	s1,12(sp)
	li	a0,0
	addi	sp,sp,24
	jr	ra
.L372:
	li	a1,0
	j	.L365
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	entered, @object
	.size	entered, 144
entered:
	.zero	144
	.section	.rodata
	.align	2
	.set	.LANCHOR1,. + 0
	.type	often.1, @object
	.size	often.1, 16
often.1:
	.word	driver_up
	.word	driver_down
	.word	own_up
	.word	own_down
	.type	seldom.0, @object
	.size	seldom.0, 32
seldom.0:
	.word	child_lock
	.word	ignition
	.word	door_open
	.word	comfort_close
	.word	crash
	.word	ice
	.word	ignition
	.word	ignition
	.section	.sbss,"aw",@nobits
	.align	2
	.type	resistance, @object
	.size	resistance, 4
resistance:
	.zero	4
	.type	position, @object
	.size	position, 4
position:
	.zero	4
	.type	light_time, @object
	.size	light_time, 1
light_time:
	.zero	1
	.type	sleep_time, @object
	.size	sleep_time, 1
sleep_time:
	.zero	1
	.type	brake_time, @object
	.size	brake_time, 1
brake_time:
	.zero	1
	.type	heat, @object
	.size	heat, 1
heat:
	.zero	1
	.type	guard_time, @object
	.size	guard_time, 1
guard_time:
	.zero	1
	.type	key_time, @object
	.size	key_time, 1
key_time:
	.zero	1
	.type	light_state, @object
	.size	light_state, 1
light_state:
	.zero	1
	.type	reference_state, @object
	.size	reference_state, 1
reference_state:
	.zero	1
	.type	guard_state, @object
	.size	guard_state, 1
guard_state:
	.zero	1
	.type	motor_state, @object
	.size	motor_state, 1
motor_state:
	.zero	1
	.type	command_state, @object
	.size	command_state, 1
command_state:
	.zero	1
	.type	key_state, @object
	.size	key_state, 1
key_state:
	.zero	1
	.type	finished, @object
	.size	finished, 1
finished:
	.zero	1
	.type	warning, @object
	.size	warning, 1
warning:
	.zero	1
	.type	relay, @object
	.size	relay, 1
relay:
	.zero	1
	.type	motor_up, @object
	.size	motor_up, 1
motor_up:
	.zero	1
	.type	jammed, @object
	.size	jammed, 1
jammed:
	.zero	1
	.type	locked_out, @object
	.size	locked_out, 1
locked_out:
	.zero	1
	.type	wakeful, @object
	.size	wakeful, 1
wakeful:
	.zero	1
	.type	lit, @object
	.size	lit, 1
lit:
	.zero	1
	.type	was_known, @object
	.size	was_known, 1
was_known:
	.zero	1
	.type	known, @object
	.size	known, 1
known:
	.zero	1
	.type	hot, @object
	.size	hot, 1
hot:
	.zero	1
	.type	was_pinched, @object
	.size	was_pinched, 1
was_pinched:
	.zero	1
	.type	pinched, @object
	.size	pinched, 1
pinched:
	.zero	1
	.type	was_blocked, @object
	.size	was_blocked, 1
was_blocked:
	.zero	1
	.type	blocked, @object
	.size	blocked, 1
blocked:
	.zero	1
	.type	was_moving, @object
	.size	was_moving, 1
was_moving:
	.zero	1
	.type	moving, @object
	.size	moving, 1
moving:
	.zero	1
	.type	was_at_top, @object
	.size	was_at_top, 1
was_at_top:
	.zero	1
	.type	at_bottom, @object
	.size	at_bottom, 1
at_bottom:
	.zero	1
	.type	at_top, @object
	.size	at_top, 1
at_top:
	.zero	1
	.type	want_down, @object
	.size	want_down, 1
want_down:
	.zero	1
	.type	want_up, @object
	.size	want_up, 1
want_up:
	.zero	1
	.type	was_released, @object
	.size	was_released, 1
was_released:
	.zero	1
	.type	released, @object
	.size	released, 1
released:
	.zero	1
	.type	down_was, @object
	.size	down_was, 1
down_was:
	.zero	1
	.type	up_was, @object
	.size	up_was, 1
up_was:
	.zero	1
	.type	down_pressed, @object
	.size	down_pressed, 1
down_pressed:
	.zero	1
	.type	up_pressed, @object
	.size	up_pressed, 1
up_pressed:
	.zero	1
	.type	ice, @object
	.size	ice, 1
ice:
	.zero	1
	.type	crash, @object
	.size	crash, 1
crash:
	.zero	1
	.type	comfort_close, @object
	.size	comfort_close, 1
comfort_close:
	.zero	1
	.type	door_open, @object
	.size	door_open, 1
door_open:
	.zero	1
	.type	ignition, @object
	.size	ignition, 1
ignition:
	.zero	1
	.type	child_lock, @object
	.size	child_lock, 1
child_lock:
	.zero	1
	.type	own_down, @object
	.size	own_down, 1
own_down:
	.zero	1
	.type	own_up, @object
	.size	own_up, 1
own_up:
	.zero	1
	.type	driver_down, @object
	.size	driver_down, 1
driver_down:
	.zero	1
	.type	driver_up, @object
	.size	driver_up, 1
driver_up:
	.zero	1
