	.file	"script_strings.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"sum"
	.align	2
.LC1:
	.string	"distinct"
	.align	2
.LC2:
	.string	"script_strings"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a4,%hi(parts)
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	lw	a2,%lo(parts)(a4)
	addi	sp,sp,-16
	sw	ra,12(sp)
	sw	s0,8(sp)
	sw	s1,4(sp)
	li	a3,1199
	bgtu	a2,a3,.L2
	lw	a4,%lo(parts)(a4)
	li	s0,1200
	bgtu	a4,s0,.L3
	divu	s0,s0,a4
	li	s1,-1640529920
	addi	s1,s1,-1615
.L4:
	sw	a5,0(sp)
	lui	a5,%hi(.LANCHOR0)
	addi	a0,a5,%lo(.LANCHOR0)
	call	run_script
	lui	a5,%hi(.LC0)
	li	a1,3
	addi	a0,a5,%lo(.LC0)
	call	result
	lw	a5,0(sp)
	mv	a3,a0
	li	a1,8
	slli	a4,a5,5
	srli	a5,a5,27
	or	a4,a4,a5
	lui	a5,%hi(.LC1)
	addi	a0,a5,%lo(.LC1)
	addi	s0,s0,-1
	mul	a4,a4,s1
	xor	a4,a4,a3
	sw	a4,0(sp)
	call	result
	lw	a4,0(sp)
	slli	a5,a4,5
	srli	a4,a4,27
	or	a5,a5,a4
	mul	a5,a5,s1
	xor	a5,a5,a0
	bne	s0,zero,.L4
.L3:
	slli	a1,a5,5
	li	a4,-1640529920
	srli	a5,a5,27
	or	a5,a1,a5
	addi	a4,a4,-1615
	mul	a5,a5,a4
	lui	a4,%hi(executed)
	lw	a1,%lo(executed)(a4)
	lui	a0,%hi(.LC2)
	addi	a0,a0,%lo(.LC2)
	xor	a1,a5,a1
	call	report
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
.L2:
	lui	a0,%hi(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	sw	a5,0(sp)
	call	run_script
	lui	a0,%hi(.LC0)
	li	a1,3
	addi	a0,a0,%lo(.LC0)
	call	result
	lw	a5,0(sp)
	li	s1,-1640529920
	addi	s1,s1,-1615
	slli	s0,a5,5
	srli	a5,a5,27
	or	s0,s0,a5
	mul	s0,s0,s1
	mv	a4,a0
	lui	a0,%hi(.LC1)
	li	a1,8
	addi	a0,a0,%lo(.LC1)
	xor	s0,s0,a4
	call	result
	slli	a5,s0,5
	srli	s0,s0,27
	or	a5,a5,s0
	mul	a5,a5,s1
	xor	a5,a5,a0
	j	.L3
	.size	main, .-main
	.section	.rodata
	.align	2
	.set	.LANCHOR0,. + 0
	.type	text, @object
	.size	text, 983
text:
	.ascii	"function hash(s)\n  local h = 5381\n  for i = 1, #s do h = h"
	.ascii	" * 33 + byte(s, i) end\n  return h\nend\nfunction word(n)\n "
	.ascii	" local all = \"the quick brown fox jumps over a lazy dog\"\n"
	.ascii	"  local first = n * 7919 % 37 + 1\n  return sub(all, first, "
	.ascii	"first + n % 5) .. n % 23\nend\nfunction joined(buffer, from,"
	.ascii	" to)\n  if from == to then return buffer[from] end\n  local "
	.ascii	"half = (from + to) // 2\n  return joined(buffer, from, half)"
	.ascii	" .. \" \" .. joined(buffer, half + 1, to)\nend\nlocal counts"
	.ascii	" = {}\nlocal buffer = {}\ndistinct = 0\nfor i = 1, 400 do\n "
	.ascii	" local w = word(i)\n  buffer[#buffer + 1] = w\n  if counts[w"
	.ascii	"] == nil then\n    counts[w] = 1\n    distinct = distinct + "
	.ascii	"1\n  else\n    counts[w] = counts[w] + 1\n  end\nend\nsum = "
	.ascii	"0\nfor i = 1, 20 do\n  local line = join"
	.string	"ed(buffer, 20 * i - 19, 20 * i)\n  sum = sum * 31 + hash(line) + counts[buffer[i * 20]]\nend\nlocal line = \"\"\nfor i = 1, #buffer do\n  line = line .. buffer[i] .. \",\"\n  if #line > 60 or i == #buffer then\n    sum = sum * 31 + hash(line)\n    line = \"\"\n  end\nend\n"
