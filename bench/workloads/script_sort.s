	.file	"script_sort.c"
	.option nopic
	.attribute arch, "rv32e1p9_m2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 4
	.text
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"first"
	.align	2
.LC1:
	.string	"second"
	.align	2
.LC2:
	.string	"script_sort"
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	lui	a4,%hi(parts)
	lui	a5,%hi(seed)
	lw	a5,%lo(seed)(a5)
	lw	a2,%lo(parts)(a4)
	addi	sp,sp,-20
	sw	ra,16(sp)
	sw	s0,12(sp)
	sw	s1,8(sp)
	li	a3,1199
	bgtu	a2,a3,.L2
	lw	a4,%lo(parts)(a4)
	li	s0,1200
	bgtu	a4,s0,.L12
	divu	s0,s0,a4
	li	s1,-1640529920
	lui	a4,%hi(.LC0)
	sw	a4,4(sp)
	addi	s1,s1,-1615
.L4:
	sw	a5,0(sp)
	lui	a5,%hi(.LANCHOR0)
	addi	a0,a5,%lo(.LANCHOR0)
	call	run_script
	lw	a5,4(sp)
	li	a1,5
	addi	s0,s0,-1
	addi	a0,a5,%lo(.LC0)
	call	result
	lw	a5,0(sp)
	mv	a3,a0
	li	a1,6
	slli	a4,a5,5
	srli	a5,a5,27
	or	a4,a4,a5
	lui	a5,%hi(.LC1)
	addi	a0,a5,%lo(.LC1)
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
	j	.L3
.L2:
	lui	a0,%hi(.LANCHOR0)
	addi	a0,a0,%lo(.LANCHOR0)
	sw	a5,0(sp)
	call	run_script
	lui	a5,%hi(.LC0)
	li	a1,5
	addi	a0,a5,%lo(.LC0)
	sw	a5,4(sp)
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
	li	a1,6
	addi	a0,a0,%lo(.LC1)
	xor	s0,s0,a4
	call	result
	slli	a5,s0,5
	srli	s0,s0,27
	or	a5,a5,s0
	mul	a5,a5,s1
	xor	a5,a5,a0
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
	lw	a5,4(sp)
	li	a1,5
	addi	a0,a5,%lo(.LC0)
	call	result
	li	a4,-1
	li	a5,1
	beq	a0,a4,.L1
	lui	a0,%hi(.LC1)
	li	a1,6
	addi	a0,a0,%lo(.LC1)
	call	result
	addi	a5,a0,1
	seqz	a5,a5
.L1:
	lw	ra,16(sp)
	lw	s0,12(sp)
	lw	s1,8(sp)
	mv	a0,a5
	addi	sp,sp,20
	jr	ra
.L12:
	lui	a4,%hi(.LC0)
	sw	a4,4(sp)
	j	.L3
	.size	main, .-main
	.section	.rodata
	.align	2
	.set	.LANCHOR0,. + 0
	.type	text, @object
	.size	text, 1236
text:
	.ascii	"function by_size(a, b) return a.size < b.size end\nfunction "
	.ascii	"by_place(a, b)\n  if a.place == b.place then return a.size >"
	.ascii	" b.size end\n  return a.place < b.place\nend\nfunction sort("
	.ascii	"a, low, high, less)\n  while low < high do\n    local pivot "
	.ascii	"= a[(low + high) // 2]\n    local i = low\n    local j = hig"
	.ascii	"h\n    while i <= j do\n      while less(a[i], pivot) do i ="
	.ascii	" i + 1 end\n      while less(pivot, a[j]) do j = j - 1 end\n"
	.ascii	"      if i <= j then\n        local other = a[i]\n        a["
	.ascii	"i] = a[j]\n        a[j] = other\n        i = i + 1\n        "
	.ascii	"j = j - 1\n      end\n    end\n    if j - low < high - i the"
	.ascii	"n\n      sort(a, low, j, less)\n      low = i\n    else\n   "
	.ascii	"   sort(a, i, high, less)\n      high = j\n    end\n  end\ne"
	.ascii	"nd\nfunction check(a, less)\n  local wrong = 0\n  local h = "
	.ascii	"0\n  for i = 1, #a do\n    if i > 1 and less(a[i], a[i - 1])"
	.ascii	" then wrong = wrong + 1 end\n    h = h * 31 + a[i].size + a["
	.ascii	"i].place\n  end\n  if wrong > 0 then return -1 end\n  return"
	.ascii	" h\nend\nlocal all = {}\nlocal random = 42\nfor i = 1, 200 d"
	.ascii	"o"
	.string	"\n  random = (random * 171 + 11213) % 53125\n  local item = {}\n  item.size = random * 40000 + i\n  item.place = random % 20\n  all[i] = item\nend\nsort(all, 1, #all, by_size)\nfirst = check(all, by_size)\nsort(all, 1, #all, by_place)\nsecond = check(all, by_place)\n"
