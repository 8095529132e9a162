# A trap-and-emulate monitor for PG32 with its holes closed (pg32v), as Popek and Goldberg's proof has it: a dispatcher,
# and an interpreter routine for each privileged instruction. The guest's kernel runs in ring 1 and believes to be in
# ring 0; its programs run in ring 3. There is no paging and there are no interrupts; the guest's memory is the machine's.

        .equ    POWER, 0xf0
        .equ    PRIVILEGED, 1
        .equ    FIRST, 0x80             # opcodes of the instructions that are emulated
        .equ    COUNT, 0x15

        .equ    RING, 0x03              # fields of psw
        .equ    IE, 0x04
        .equ    PRING, 0x18
        .equ    PIE, 0x20
        .equ    DEPRIVILEGED, 1         # the ring that stands for ring 0

        .globl  _start, guest

# --- The allocator's part: the machine as the guest finds it -------------------
_start: la      t0, entry
        wrcr    tvec, t0
        la      t0, vcpu
        sw      a0, 4*10(t0)            # the size of memory, as at reset
        sw      a1, 4*11(t0)
        la      s0, guest
        j       resume

# --- The dispatcher -----------------------------------------------------------
entry:  wrcr    scratch, t0
        la      t0, vcpu
        sw      ra, 4*1(t0)
        sw      sp, 4*2(t0)
        sw      gp, 4*3(t0)
        sw      tp, 4*4(t0)
        sw      t1, 4*6(t0)
        sw      t2, 4*7(t0)
        sw      s0, 4*8(t0)
        sw      s1, 4*9(t0)
        sw      a0, 4*10(t0)
        sw      a1, 4*11(t0)
        sw      a2, 4*12(t0)
        sw      a3, 4*13(t0)
        sw      a4, 4*14(t0)
        sw      a5, 4*15(t0)
        rdcr    t1, scratch
        sw      t1, 4*5(t0)

        # From here on: s0 where the guest goes on, s1 its psw, a0 cause, a1 value.
        rdcr    s0, epc
        la      t1, vpsw
        lw      s1, 0(t1)
        rdcr    a0, cause
        rdcr    a1, tval
        li      t1, PRIVILEGED
        bne     a0, t1, reflect         # a trap of the guest's own
        andi    t1, s1, RING
        bnez    t1, reflect             # its program is not privileged either

        # The word is in a1: opcode, rd in bits 23:20, rs1 in 19:16, rs2 in 15:12, control register in 3:0.
        srli    t1, a1, 24
        addi    t1, t1, -FIRST
        li      t2, COUNT
        bgeu    t1, t2, reflect
        slli    t1, t1, 2
        la      t2, table
        add     t1, t1, t2
        lw      t1, 0(t1)
        srli    a2, a1, 20
        andi    a2, a2, 15
        slli    a2, a2, 2
        add     a2, a2, t0              # address of rd
        srli    a3, a1, 16
        andi    a3, a3, 15
        slli    a3, a3, 2
        add     a3, a3, t0
        lw      a3, 0(a3)               # value of rs1
        srli    a4, a1, 12
        andi    a4, a4, 15
        slli    a4, a4, 2
        add     a4, a4, t0
        lw      a4, 0(a4)               # value of rs2
        andi    a5, a1, 15
        slli    a5, a5, 2
        la      t2, vcr
        add     a5, a5, t2              # address of the virtual control register
        jr      t1

# --- The interpreter routines --------------------------------------------------
do_in:  in      t1, a3
        sw      t1, 0(a2)
        j       next
do_out: out     a3, a4
        j       next
do_rdcr:
        lw      t1, 0(a5)
        sw      t1, 0(a2)
        j       next
do_wrcr:
        la      t2, vcr
        sub     t2, a5, t2
        sltiu   t2, t2, 8               # tvec and epc hold addresses of instructions
        beqz    t2, whole
        andi    a3, a3, -4
whole:  sw      a3, 0(a5)
        j       next
do_cli: andi    s1, s1, ~IE
        j       next
do_sti: ori     s1, s1, IE
        j       next
do_hlt: hlt
        j       next
do_rfe: andi    t1, s1, PRING
        srli    t1, t1, 3
        andi    t2, s1, PIE
        srli    t2, t2, 3
        andi    s1, s1, ~(RING | IE)
        or      s1, s1, t1
        or      s1, s1, t2
        la      t1, vcr
        lw      s0, 4*1(t1)
        j       resume
do_getpsw:
        sw      s1, 0(a2)
        j       next
do_setpsw:
        li      t1, 0xff3f              # the bits that there are
        and     s1, a3, t1
        j       next
do_getptb:
        sw      zero, 0(a2)
        j       next
do_lra: sw      a3, 0(a2)               # without paging
        j       next
do_jru: ori     s1, s1, RING
        andi    s0, a3, -4
        j       resume

next:   addi    s0, s0, 4

# --- Back to the guest, which goes on at s0 with psw s1 -------------------------
resume: la      t0, vpsw
        sw      s1, 0(t0)
        wrcr    epc, s0
        andi    t1, s1, RING
        bnez    t1, user
        li      t1, DEPRIVILEGED
user:   slli    t1, t1, 3               # PRING: where rfe goes
        setpsw  t1
        la      t0, vcpu
        sw      zero, 0(t0)             # register 0 stays 0, whatever was loaded into it
        lw      ra, 4*1(t0)
        lw      sp, 4*2(t0)
        lw      gp, 4*3(t0)
        lw      tp, 4*4(t0)
        lw      t1, 4*6(t0)
        lw      t2, 4*7(t0)
        lw      s0, 4*8(t0)
        lw      s1, 4*9(t0)
        lw      a0, 4*10(t0)
        lw      a1, 4*11(t0)
        lw      a2, 4*12(t0)
        lw      a3, 4*13(t0)
        lw      a4, 4*14(t0)
        lw      a5, 4*15(t0)
        lw      t0, 4*5(t0)
        rfe

# --- A trap that the guest's kernel takes ----------------------------------------
reflect:
        la      t1, vcr
        lw      t2, 0(t1)
        beqz    t2, nobody
        sw      s0, 4*1(t1)
        sw      a0, 4*2(t1)
        sw      a1, 4*3(t1)
        andi    a2, s1, RING
        slli    a2, a2, 3
        andi    a3, s1, IE
        slli    a3, a3, 3
        andi    s1, s1, ~(RING | IE | PRING | PIE)
        or      s1, s1, a2
        or      s1, s1, a3
        mv      s0, t2
        j       resume
nobody: li      t0, POWER               # a trap without a handler stops the machine
        li      t1, 120
        out     t0, t1

        .data
table:  .word   do_in, do_out, next, next, do_rdcr, do_wrcr, do_cli, do_sti, do_hlt, do_rfe
        .word   reflect, reflect, reflect, reflect, reflect, reflect
        .word   do_getpsw, do_setpsw, do_getptb, do_lra, do_jru
vcpu:   .space  4*16                    # the guest's registers
vpsw:   .word   0                       # the guest's psw
vcr:    .space  4*16                    # the guest's control registers
