# sha256: SHA-256 (FIPS 180-4) of the input, of any length.
#
#   Run it:     printf abc | ring1 run examples/sha256.s
#   Look for:   ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad (printed without
#               blanks). Compare with `printf abc | sha256sum`. A block of 64 bytes takes about 4000
#               instructions, most of them in straight lines of 300: the kind of code on which a translator
#               comes closest to the bare processor.
#
# The eight working variables a..h live in a0-a5, s0 and s1. Instead of moving each to its neighbour after
# every round, eight rounds are written out, each with the names turned by one.

        .include "lib/machine.s"

# rotr rd, rs, n: rd = rs rotated right by n bits. Changes t0; rd must differ from rs and t0.
        .macro  rotr rd, rs, n
        srli    \rd, \rs, \n
        slli    t0, \rs, 32 - \n
        or      \rd, \rd, t0
        .endm

# round: one round of the compression function. h becomes the next a, d the next e. Changes t0-t2.
# gp = &k[first round of the eight], tp = &w[the same], i = 0..7
        .macro  round a, b, c, d, e, f, g, h, i
        rotr    t1, \e, 6
        rotr    t2, \e, 11
        xor     t1, t1, t2
        rotr    t2, \e, 25
        xor     t1, t1, t2
        add     \h, \h, t1                      # + Sigma1(e)
        xor     t1, \f, \g
        and     t1, t1, \e
        xor     t1, t1, \g
        add     \h, \h, t1                      # + Ch(e, f, g)
        lw      t1, 4 * \i (gp)
        lw      t2, 4 * \i (tp)
        add     \h, \h, t1                      # + k[i]
        add     \h, \h, t2                      # + w[i]: h is T1 now
        add     \d, \d, \h
        rotr    t1, \a, 2
        rotr    t2, \a, 13
        xor     t1, t1, t2
        rotr    t2, \a, 22
        xor     t1, t1, t2
        add     \h, \h, t1                      # + Sigma0(a)
        and     t1, \a, \b
        or      t2, \a, \b
        and     t2, t2, \c
        or      t1, t1, t2
        add     \h, \h, t1                      # + Maj(a, b, c)
        .endm

        .text
_start:
        mv      sp, a0

        # Read the input into w[0..15]. The hash reads words with the highest byte first, PG32 keeps the
        # lowest first: byte i of the block goes to w + (i ^ 3), and the words are right without a byte swap.
        li      s0, 0                           # s0 = bytes read so far
read:   li      a1, CONSOLE_DATA
        in      a0, a1
        li      a1, -1
        beq     a0, a1, finish
        mv      a1, s0
        call    put_byte
        addi    s0, s0, 1
        andi    a0, s0, 63
        bnez    a0, read
        call    compress                        # the block is full
        j       read

        # A bit 1, zeros up to 8 bytes before the end of a block, and the length in bits in those 8.
finish: mv      s1, s0                          # s1 = bytes with padding
        li      a0, 0x80
1:      mv      a1, s1
        call    put_byte
        addi    s1, s1, 1
        andi    a0, s1, 63
        bnez    a0, 2f
        call    compress                        # no room for the length: it goes into another block
2:      andi    a1, s1, 63
        li      a2, 56
        li      a0, 0
        bne     a1, a2, 1b
        la      a1, w
        srli    a0, s0, 29
        sw      a0, 56(a1)                      # length in bits, high word ...
        slli    a0, s0, 3
        sw      a0, 60(a1)                      # ... and low word
        call    compress

        la      s0, hash
        addi    s1, s0, 32
3:      lw      a0, 0(s0)
        call    print_hex
        addi    s0, s0, 4
        bne     s0, s1, 3b
        call    newline

        li      a0, 0
        call    power_off

# put_byte(a0 = byte, a1 = its position in the padded message): into its place in w[0..15]
put_byte:
        la      t0, w
        andi    a1, a1, 63
        xori    a1, a1, 3
        add     t0, t0, a1
        sb      a0, 0(t0)
        ret

# compress(): hash = compression function of hash and the block in w[0..15]. Keeps sp, s0, s1.
compress:
        addi    sp, sp, -12
        sw      ra, 8(sp)
        sw      s0, 4(sp)
        sw      s1, 0(sp)

        # w[i] = sigma1(w[i-2]) + w[i-7] + sigma0(w[i-15]) + w[i-16] for i = 16..63
        la      a0, w                           # a0 = &w[i-16]
        addi    a1, a0, 48 * 4
1:      lw      a2, 1 * 4(a0)
        rotr    a3, a2, 7
        rotr    a4, a2, 18
        xor     a3, a3, a4
        srli    a4, a2, 3
        xor     a3, a3, a4                      # a3 = sigma0(w[i-15])
        lw      a2, 14 * 4(a0)
        rotr    a4, a2, 17
        rotr    a5, a2, 19
        xor     a4, a4, a5
        srli    a5, a2, 10
        xor     a4, a4, a5                      # a4 = sigma1(w[i-2])
        add     a3, a3, a4
        lw      a4, 0(a0)
        lw      a5, 9 * 4(a0)
        add     a3, a3, a4
        add     a3, a3, a5
        sw      a3, 16 * 4(a0)
        addi    a0, a0, 4
        bne     a0, a1, 1b

        la      t0, hash
        lw      a0, 0(t0)
        lw      a1, 4(t0)
        lw      a2, 8(t0)
        lw      a3, 12(t0)
        lw      a4, 16(t0)
        lw      a5, 20(t0)
        lw      s0, 24(t0)
        lw      s1, 28(t0)
        la      gp, k
        la      tp, w
2:      round   a0, a1, a2, a3, a4, a5, s0, s1, 0
        round   s1, a0, a1, a2, a3, a4, a5, s0, 1
        round   s0, s1, a0, a1, a2, a3, a4, a5, 2
        round   a5, s0, s1, a0, a1, a2, a3, a4, 3
        round   a4, a5, s0, s1, a0, a1, a2, a3, 4
        round   a3, a4, a5, s0, s1, a0, a1, a2, 5
        round   a2, a3, a4, a5, s0, s1, a0, a1, 6
        round   a1, a2, a3, a4, a5, s0, s1, a0, 7
        addi    gp, gp, 8 * 4
        addi    tp, tp, 8 * 4
        la      t0, k_end
        bne     gp, t0, 2b

        la      t0, hash
        .macro  accumulate reg, offset
        lw      t1, \offset (t0)
        add     t1, t1, \reg
        sw      t1, \offset (t0)
        .endm
        accumulate a0, 0
        accumulate a1, 4
        accumulate a2, 8
        accumulate a3, 12
        accumulate a4, 16
        accumulate a5, 20
        accumulate s0, 24
        accumulate s1, 28

        lw      ra, 8(sp)
        lw      s0, 4(sp)
        lw      s1, 0(sp)
        addi    sp, sp, 12
        ret

        .section .rodata
        .align  2
k:      .word   0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5
        .word   0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174
        .word   0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da
        .word   0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967
        .word   0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85
        .word   0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070
        .word   0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3
        .word   0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
k_end:

        .data
        .align  2
hash:   .word   0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19

        .bss
        .align  2
w:      .space  64 * 4                          # the message schedule; its first 16 words are the block

        .include "lib/print.s"
