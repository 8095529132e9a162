# The environment of RARS and of Venus: a program in U mode finds the memory that they give it, and their environment calls.
#
# RARS: https://github.com/TheThirdOne/rars/wiki/Environment-Calls; Venus: https://github.com/kvakil/venus/wiki. The number of
# a call is in a7 and its arguments from a0 on; in Venus in a0, and from a1 on. Results are in a0, and in a1 as well where
# there are two; no other register changes.
#
# Who starts this says by symbols (dbt/vmm/serve.py): where the program is and is to be, where it begins and with what,
# where RAM is free, and where the devices are. A page between DATA_LOW and DATA_HIGH is there from its first use on.
#
# s0 is the frame with the program's registers, s1 the call's number, s2 to s4 its arguments, s5 to s7 the call's own.

        .equ DATA_LOW, 0x10000000
        .equ DATA_HIGH, 0x80000000
        .equ TO_RUN, 0x5b               # page-table entries: V R X U A, and V R W U A D
        .equ TO_WRITE, 0xd7
        .equ LINE_STATUS, 5             # of the UART
        .equ MODEM_STATUS, 6
        .equ READY, 0x01
        .equ CARRIER, 0x80
        .equ MTIMECMP, 0x4000           # of the CLINT
        .equ PLIC_ENABLE, 0x2000
        .equ MTIE, 0x080
        .equ MEIE, 0x800
        .equ MILLISECOND, 1000000       # of virtual time: 10^9 instructions are a second
        .equ ILLEGAL, 2                 # causes
        .equ CALL, 8
        .equ FETCH, 12
        .equ LOAD, 13
        .equ STORE, 15

        .macro registers operation
        .irp n, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \operation x\n, 4 * \n(t0)
        .endr
        .endm

        .text
        .globl _start
_start: la sp, stack_end
        la t0, trap
        csrw mtvec, t0
        la s0, frame
        csrw mscratch, s0
        csrwi mcounteren, 7             # the program may read time, cycle and instret
        csrwi scounteren, 7
        li t0, FREE
        sw t0, free, t1
        li t0, HEAP
        sw t0, heap, t1
        li s2, TEXT
        li s3, TEXT_AT
        li s4, TEXT_PAGES
        li s5, TO_RUN
        call map
        li s2, DATA
        li s3, DATA_AT
        li s4, DATA_PAGES
        li s5, TO_WRITE
        call map
        li s2, STACK
        li s3, STACK_AT
        li s4, STACK_PAGES
        li s5, TO_WRITE
        call map
        la t0, root
        srli t0, t0, 12
        li t1, 1 << 31
        or t0, t0, t1
        csrw satp, t0
        li t0, ENTRY
        csrw mepc, t0
        li t0, RETURN
        sw t0, 4(s0)                    # ra
        li t0, SP
        sw t0, 8(s0)
        li t0, GP
        sw t0, 12(s0)
        li t0, ARGC
        sw t0, 40(s0)                   # a0
        li t0, ARGV
        sw t0, 44(s0)

# Let the program go on.
back:   mv t0, s0
        registers lw
        lw t0, 20(t0)
        mret

        .balign 4
trap:   csrrw t0, mscratch, t0
        registers sw
        csrr t1, mscratch
        sw t1, 20(t0)                   # t0
        csrw mscratch, t0
        mv s0, t0
        la sp, stack_end
        li s1, -1                       # no call
        csrr t0, mcause
        li t1, CALL
        beq t0, t1, called
        li t1, LOAD
        beq t0, t1, wanted
        li t1, STORE
        beq t0, t1, wanted
        li t1, FETCH
        beq t0, t1, 1f
        li t1, ILLEGAL
        bne t0, t1, again
1:      csrr t0, mepc                   # behind its last instruction the program ends
        li t1, TEXT_END
        bne t0, t1, again
        .if VENUS
        lw s2, 40(s0)
        j exit_with
        .else
        j exit
        .endif

# Have the instruction trap once more, and nobody take it: the machine stops there, with the program's registers.
again:  csrw mtvec, zero
        j back

# A load or store without a page: one that is not there yet, or a mistake.
wanted: csrr a0, mtval
        call entry
        lw t0, 0(a0)
        bnez t0, again
        csrr a0, mtval
        call place
        beqz a0, again
        j back

called: .if VENUS
        lw s1, 40(s0)
        lw s2, 44(s0)
        lw s3, 48(s0)
        lw s4, 52(s0)
        .else
        lw s1, 68(s0)                   # a7
        lw s2, 40(s0)
        lw s3, 44(s0)
        lw s4, 48(s0)
        .endif
        la t0, calls
1:      lw t1, 0(t0)
        lw t2, 4(t0)
        beqz t2, unknown
        addi t0, t0, 8
        bne t1, s1, 1b
        jr t2

# Go on behind the call, in `result` with what is in a0.
result: sw a0, 40(s0)
done:   csrr t0, mepc
        addi t0, t0, 4
        csrw mepc, t0
        j back

# --- Mistakes: they are told, and end the program where it made them ---------

unknown:
        la a0, is_unknown
        j tell
bad_place:
        la a0, no_memory
        j tell
bad_number:
        la a0, no_number
        j tell
no_room:
        la a0, no_memory_left
tell:   mv s5, a0
        la a0, access
        bltz s1, 1f
        la a0, call_number
        call say
        mv a0, s1
        call print_signed
        la a0, at
1:
        call say
        csrr a0, mepc
        call print_hex
        mv a0, s5
        call say
        j again

# --- Memory --------------------------------------------------------------------

# Map s4 pages from the address s2 on to those from s3 on, with the bits s5.
map:    addi sp, sp, -16
        sw ra, 0(sp)
1:      beqz s4, 2f
        mv a0, s2
        call entry
        srli t0, s3, 2
        or t0, t0, s5
        sw t0, 0(a0)
        li t0, 4096
        add s2, s2, t0
        add s3, s3, t0
        addi s4, s4, -1
        j 1b
2:      lw ra, 0(sp)
        addi sp, sp, 16
        ret

# The page-table entry of the address a0.
entry:  addi sp, sp, -16
        sw ra, 0(sp)
        sw a0, 4(sp)
        srli t0, a0, 22
        slli t0, t0, 2
        la t1, root
        add t1, t1, t0
        lw t0, 0(t1)
        bnez t0, 1f
        sw t1, 8(sp)
        call page
        lw t1, 8(sp)
        srli t0, a0, 2
        ori t0, t0, 1
        sw t0, 0(t1)
1:      srli t0, t0, 10
        slli t0, t0, 12
        lw a0, 4(sp)
        srli a0, a0, 12
        andi a0, a0, 0x3ff
        slli a0, a0, 2
        add a0, a0, t0
        lw ra, 0(sp)
        addi sp, sp, 16
        ret

# A page of zeros.
page:   lw a0, free
        li t0, 4096
        add t0, t0, a0
        li t1, RAM_END
        bgtu t0, t1, no_room
        sw t0, free, t1
        ret

# Where in RAM the program's address a0 is; 0 if there is nothing.
place:  addi sp, sp, -16
        sw ra, 0(sp)
        sw a0, 4(sp)
        call entry
        lw t0, 0(a0)
        bnez t0, 2f
        lw t1, 4(sp)
        li t2, DATA_LOW
        bltu t1, t2, 1f
        li t2, DATA_HIGH
        bltu t1, t2, 3f
1:      li a0, 0
        j 4f
3:      sw a0, 8(sp)
        call page
        srli t0, a0, 2
        ori t0, t0, TO_WRITE
        lw a0, 8(sp)
        sw t0, 0(a0)
        sfence.vma
2:      srli t0, t0, 10
        slli t0, t0, 12
        lw t1, 4(sp)
        slli t1, t1, 20
        srli t1, t1, 20
        or a0, t0, t1
4:      lw ra, 0(sp)
        addi sp, sp, 16
        ret

# Load a byte of the program's, at a0; store a1 there.
load:   addi sp, sp, -16
        sw ra, 0(sp)
        call place
        beqz a0, bad_place
        lbu a0, 0(a0)
        lw ra, 0(sp)
        addi sp, sp, 16
        ret
store:  addi sp, sp, -16
        sw ra, 0(sp)
        sw a1, 4(sp)
        call place
        beqz a0, bad_place
        lw a1, 4(sp)
        sb a1, 0(a0)
        lw ra, 0(sp)
        addi sp, sp, 16
        ret

sbrk:   lw a0, heap
        bltz s2, no_room
        add t0, a0, s2
        addi t0, t0, 3
        andi t0, t0, -4
        bltu t0, a0, no_room
        li t1, SP
        bgeu t0, t1, no_room
        sw t0, heap, t1
        j result

# --- The console -----------------------------------------------------------------

put:    lui t0, %hi(UART)
        sb a0, %lo(UART)(t0)
        ret

# The next byte of the input, -1 behind its end.
get:    li t0, UART
1:      lbu t1, LINE_STATUS(t0)
        andi t1, t1, READY
        bnez t1, 3f
        lbu t1, MODEM_STATUS(t0)
        andi t1, t1, CARRIER
        beqz t1, 4f
        .if SOURCE                      # wait for a byte or for the end
        li t1, PLIC
        li t2, 1
        sw t2, 4 * SOURCE(t1)
        li t1, PLIC + PLIC_ENABLE + SOURCE / 32 * 4
        li t2, 1 << SOURCE % 32
        sw t2, 0(t1)
        li t1, 9
        sb t1, 1(t0)
        li t1, MEIE
        csrs mie, t1
        wfi
        csrc mie, t1
        sb zero, 1(t0)
        .endif
        j 1b
3:      lbu a0, 0(t0)
        ret
4:      li a0, -1
        ret

# Print the text of ring1's own at a0.
say:    lbu t1, 0(a0)
        beqz t1, 1f
        lui t0, %hi(UART)
        sb t1, %lo(UART)(t0)
        addi a0, a0, 1
        j say
1:      ret

print_signed:
        bgez a0, print_unsigned
        neg a1, a0
        li a0, '-'
        lui t0, %hi(UART)
        sb a0, %lo(UART)(t0)
        mv a0, a1
print_unsigned:
        addi sp, sp, -16
        addi t1, sp, 16                 # digits go from there down
        li t2, 10
1:      remu t3, a0, t2
        addi t3, t3, '0'
        addi t1, t1, -1
        sb t3, 0(t1)
        divu a0, a0, t2
        bnez a0, 1b
        addi t2, sp, 16
        lui t0, %hi(UART)
2:      lbu t3, 0(t1)
        sb t3, %lo(UART)(t0)
        addi t1, t1, 1
        bne t1, t2, 2b
        addi sp, sp, 16
        ret

# Eight digits, with 0x before them.
print_hex:
        lui t0, %hi(UART)
        li t1, '0'
        sb t1, %lo(UART)(t0)
        li t1, 'x'
        sb t1, %lo(UART)(t0)
        li t2, 28
1:      srl t1, a0, t2
        andi t1, t1, 15
        addi t1, t1, '0'
        li t3, '9'
        ble t1, t3, 2f
        addi t1, t1, 'a' - '0' - 10
2:      sb t1, %lo(UART)(t0)
        addi t2, t2, -4
        bgez t2, 1b
        ret

print_int:
        mv a0, s2
        call print_signed
        j done
print_int_unsigned:
        mv a0, s2
        call print_unsigned
        j done
print_int_hex:
        mv a0, s2
        call print_hex
        j done
print_int_binary:
        li s5, 31
1:      srl a0, s2, s5
        andi a0, a0, 1
        addi a0, a0, '0'
        call put
        addi s5, s5, -1
        bgez s5, 1b
        j done
print_char:
        mv a0, s2
        call put
        j done
print_string:
1:      mv a0, s2
        call load
        beqz a0, done
        call put
        addi s2, s2, 1
        j 1b

read_char:
        call get
        j result

# A line with a number in decimal.
read_int:
        li s5, 0                        # the number
        li s6, 0                        # its digits
        li s7, 0                        # is it negative?
1:      call get                        # blanks before it
        li t0, ' '
        beq a0, t0, 1b
        li t0, '\t'
        beq a0, t0, 1b
        li t0, '+'
        beq a0, t0, 2f
        li t0, '-'
        bne a0, t0, 3f
        li s7, 1
2:      call get
3:      addi t0, a0, -'0'
        li t1, 10
        bgeu t0, t1, 4f
        li t2, 214748364                # what ten times more is beyond 32 bits
        bgtu s5, t2, bad_line
        mul s5, s5, t1
        add s5, s5, t0
        li t2, 0x7fffffff               # 2^31 is there with a sign alone
        add t2, t2, s7
        bgtu s5, t2, bad_line
        addi s6, s6, 1
        j 2b
4:      beqz s6, bad_line
5:      bltz a0, 6f                     # blanks behind it, and the end of the line
        li t0, '\n'
        beq a0, t0, 6f
        li t0, ' '
        beq a0, t0, 7f
        li t0, '\t'
        beq a0, t0, 7f
        li t0, '\r'
        bne a0, t0, bad_line
7:      call get
        j 5b
6:      mv a0, s5
        beqz s7, result
        neg a0, a0
        j result
# The rest of the line is not read: the program ends.
bad_line:
        j bad_number

# A line, of which the buffer at s2 has room for s3 - 1 bytes; the rest of it is lost.
read_string:
        addi s3, s3, -1
        bltz s3, 4f
1:      call get
        bltz a0, 3f
        li t0, '\n'
        beq a0, t0, 2f
        blez s3, 1b
        mv a1, a0
        mv a0, s2
        call store
        addi s2, s2, 1
        addi s3, s3, -1
        j 1b
2:      blez s3, 3f
        mv a1, a0
        mv a0, s2
        call store
        addi s2, s2, 1
3:      mv a0, s2
        li a1, 0
        call store
        j done
4:      call get                        # no room, not for an end either: the line is read
        bltz a0, done
        li t0, '\n'
        bne a0, t0, 4b
        j done

# --- Files: the console is 0, 1 and 2, and there are no others -------------------

# To the end of a line, as a terminal has it.
read:   li a0, -1
        bnez s2, result
        bltz s4, result
        li s5, 0
1:      beq s5, s4, 2f
        call get
        bltz a0, 2f
        mv s6, a0
        mv a1, a0
        add a0, s3, s5
        call store
        addi s5, s5, 1
        li t0, '\n'
        bne s6, t0, 1b
2:      mv a0, s5
        j result

write:  li a0, -1
        addi t0, s2, -1
        sltiu t0, t0, 2
        beqz t0, result
        bltz s4, result
        li s5, 0
1:      beq s5, s4, 2f
        add a0, s3, s5
        call load
        call put
        addi s5, s5, 1
        j 1b
2:      mv a0, s5
        j result
no_file:
        li a0, -1
        j result

# --- Time, chance, the end -------------------------------------------------------

# Milliseconds of virtual time since reset, in a0 and a1.
time:   call now
        li a2, MILLISECOND
        divu t0, a1, a2
        remu t1, a1, a2
        li t2, 32
1:      slli t1, t1, 1                  # long division: t1 stays below 2^21
        srli t3, a0, 31
        or t1, t1, t3
        slli a0, a0, 1
        bltu t1, a2, 2f
        sub t1, t1, a2
        ori a0, a0, 1
2:      addi t2, t2, -1
        bnez t2, 1b
        sw t0, 44(s0)
        j result

now:    rdtimeh a1
        rdtime a0
        rdtimeh t0
        bne a1, t0, now
        ret

# s2 milliseconds go by.
sleep:  blez s2, done
        call now
        li t0, MILLISECOND
        mul t1, s2, t0
        mulhu t2, s2, t0
        add a0, a0, t1
        sltu t1, a0, t1
        add a1, a1, t2
        add a1, a1, t1
        li t0, CLINT + MTIMECMP
        li t1, -1
        sw t1, 0(t0)                    # never earlier than it is told
        sw a1, 4(t0)
        sw a0, 0(t0)
        li t2, MTIE
        csrs mie, t2
        wfi
        csrc mie, t2
        sw t1, 4(t0)
        j done

# The generators are those of java.util.Random, one for each number in s2: 48 bits x, which become 0x5deece66d x + 11.
        .equ MULTIPLIER, 0xdeece66d     # and 5 above it
        .equ MORE, 5
        .equ GENERATORS, 16

# The generator's entry, in s5: its number, the 48 bits, and whether it is in use.
generator:
        la s5, generators
        li t0, GENERATORS
1:      lw t1, 12(s5)
        beqz t1, 2f
        lw t1, 0(s5)
        beq t1, s2, 3f
        addi s5, s5, 16
        addi t0, t0, -1
        bnez t0, 1b
        j no_room
2:      sw s2, 0(s5)                    # a new one has its number for a seed
        li t1, 1
        sw t1, 12(s5)
        mv t0, s2
# Begin with the seed t0.
seed:   li t1, MULTIPLIER
        xor t1, t1, t0
        sw t1, 4(s5)
        srai t0, t0, 31
        xori t0, t0, MORE
        slli t0, t0, 16
        srli t0, t0, 16
        sw t0, 8(s5)
3:      ret

# The upper a0 bits of the next 48.
next:   lw t0, 4(s5)
        lw t1, 8(s5)
        li t2, MULTIPLIER
        mul t3, t0, t2
        mulhu t4, t0, t2
        mul t1, t1, t2
        add t1, t1, t4
        slli t4, t0, 2
        add t4, t4, t0                  # MORE times it
        add t1, t1, t4
        addi t0, t3, 11
        sltu t4, t0, t3
        add t1, t1, t4
        slli t1, t1, 16
        srli t1, t1, 16
        sw t0, 4(s5)
        sw t1, 8(s5)
        srli t0, t0, 16
        slli t1, t1, 16
        or t0, t0, t1
        li t1, 32
        sub t1, t1, a0
        srl a0, t0, t1
        ret

rand_seed:
        call generator
        mv t0, s3
        call seed
        j done
rand_int:
        call generator
        li a0, 32
        call next
        j result
# From 0 on, below s3.
rand_int_range:
        blez s3, bad_number
        call generator
        addi t0, s3, -1
        and t0, t0, s3
        bnez t0, 1f
        li a0, 31                       # a power of two: the upper bits
        call next
        mulhu t0, a0, s3
        mul a0, a0, s3
        srli a0, a0, 31
        slli t0, t0, 1
        or a0, a0, t0
        j result
1:      li a0, 31                       # again where the last numbers are too few for all remainders
        call next
        remu t0, a0, s3
        sub t1, a0, t0
        add t1, t1, s3
        addi t1, t1, -1
        bltz t1, 1b
        mv a0, t0
        j result

exit:   li s2, 0
exit_with:
        andi s2, s2, 0xff
        li t0, 0x5555
        beqz s2, 1f
        slli t0, s2, 16
        li t1, 0x3333
        or t0, t0, t1
1:      li t1, FINISHER
        sw t0, 0(t1)
        j 1b

        .section .rodata
        .balign 4
calls:  .word 1, print_int, 4, print_string, 9, sbrk, 10, exit, 11, print_char, 34, print_int_hex
        .if VENUS
        .word 17, exit_with
        .else
        .word 5, read_int, 8, read_string, 12, read_char, 35, print_int_binary, 36, print_int_unsigned
        .word 30, time, 32, sleep, 40, rand_seed, 41, rand_int, 42, rand_int_range
        .word 57, done, 62, no_file, 63, read, 64, write, 93, exit_with, 1024, no_file
        .endif
        .word 0, 0
call_number:
        .string "\nenvironment call "
at:     .string " at "
access: .string "\nthe instruction at "
is_unknown:
        .string " is unknown\n"
no_memory:
        .string ": there is no memory at the address that it names\n"
no_number:
        .string ": this is no number that it takes\n"
no_memory_left:
        .string ": there is no memory left\n"

        .bss
        .balign 4096
root:   .space 4096
generators:
        .space 16 * GENERATORS
frame:  .space 128
free:   .space 4
heap:   .space 4
        .balign 16
        .space 1024
stack_end:
