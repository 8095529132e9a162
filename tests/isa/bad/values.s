# Values that do not fit, or have none.
        addi    a0, a0, 32768
#                       ^ value 32768 is out of range -32768..32767
        addi    a0, a0, -32769
#                       ^ value -32769 is out of range -32768..32767
        andi    a0, a0, 0xffff
#                       ^ value 65535 is out of range -32768..32767
        sw      a0, 40000(sp)
#                   ^ value 40000 is out of range -32768..32767
        lui     a0, 0x100000
#                   ^ value 1048576 is out of range 0..1048575
        lui     a0, -1
#                   ^ value -1 is out of range 0..1048575
        slli    a0, a0, 32
#                       ^ value 32 is out of range 0..31
        syscall 0x10000
#               ^ value 65536 is out of range 0..65535
        li      a0, 0x1ffffffff
#                   ^ 8589934591 does not fit in 32 bits
        la      a0, -0x80000001
#                   ^ -2147483649 does not fit in 32 bits
        lui     a0, %hi(1 << 32)
#                   ^ 4294967296 does not fit in 32 bits
here:   jal     ra, here + 2
#                   ^ the target is 2 bytes away: 2 is not a multiple of 4
        beq     a0, a1, here + 0x40000
#                       ^ the target is 262140 bytes away: distance 262140 is out of range -131072..131071
        .byte   1, 256, -129
#                  ^ 256 does not fit in a byte
        .half   -32769
#               ^ -32769 does not fit in 2 bytes
        .word   0x100000000
#               ^ 4294967296 does not fit in 4 bytes
        .dword  1 << 64
#               ^ 18446744073709551616 does not fit in 8 bytes
        .half   later + 0x10000
#               ^ 66036 does not fit in 2 bytes
        .word   1 / 0
#                 ^ division by zero
        .word   5 % (3 - 3)
#                 ^ division by zero
        .word   (later - later) && 1 / 0, 2 / (later - later)
#                                           ^ division by zero
        .word   1 << -1
#                 ^ a shift by -1 bits
        .word   1 >> 4096
#                 ^ a shift by 4096 bits
        .uleb128 -1
#                ^ -1 is negative
        .align  25
#               ^ 2^25 bytes are more than 2^24
        .balign 12
#               ^ 12 is not a power of two up to 2^24
        .space  -1
#               ^ -1 bytes
        .space  here
#               ^ this depends on an address, which is not known yet
        .space  later
#               ^ later is not known yet, but is needed at once
        .space  1, 256
#                  ^ 256 does not fit in a byte
        .fill   1, 9
#                  ^ 9 bytes for one number
        .org    unknown
#               ^ unknown is not known yet, but is needed at once
        .rept   -1
#               ^ -1 repetitions
        .endr
        .skip   0x100000000
#       ^ .text grows beyond 32 bits of address
        .bss
        .word   0, 1
#       ^ only zeros can be put into .bss
        .word   here + 4
#       ^ only zeros can be put into .bss
        nop
#       ^ an instruction cannot stand in .bss
        .text
        .org    500
later:
