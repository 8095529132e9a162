# paravirt.s: machine.s for a kernel that asks its monitor: it runs in ring 1, and does by `hcall` what needs ring 0.
# docs/para.md has the ABI. A hypercall changes a4, which has its result, and nothing else but what its macro says; the
# kernel keeps nothing in a4 and a5.

        .equ    HC_REGISTER,    1               # a4 = trap handler, a5 = frame
        .equ    HC_IRET,        2
        .equ    HC_UPDATE,      3               # a4 = pairs of address and entry, a5 = how many, or UPDATE_FLUSH
        .equ    HC_SPACE,       4               # a4 = as `ptb`
        .equ    HC_WRITE,       5               # a4 = bytes, a5 = how many
        .equ    HC_LINES,       7               # a4 = as `ie`
        .equ    HC_IDLE,        8
        .equ    HC_TIME,        9               # -> a4, a5
        .equ    HC_TIMER,       10              # a4, a5
        .equ    HC_PORT_IN,     11              # a4 = port
        .equ    HC_PORT_OUT,    12              # a4 = port, a5 = value
        .equ    UPDATE_FLUSH,   1 << 31         # the TLB, when they are written

        .equ    QUEUE,          64              # entries

# --- What the monitor shares ------------------------------------------------
# It is below 32 KiB, so that one instruction reaches it when no register is free.
        .data
        .align  2
shared:
shared_masked:  .word   1                       # the kernel runs with interrupts off; `iret` sets it
shared_pending: .word   0                       # lines that are up and enabled
shared_pc:      .word   0                       # of the last trap, and for `iret`
shared_cause:   .word   0
shared_value:   .word   0
shared_status:  .word   0
user_sp:        .word   0
queued:         .word   0                       # bytes in the queue
queue:          .space  QUEUE * 8
        .text

# --- Traps -----------------------------------------------------------------

        .macro  set_trap_handler rs
        mv      a4, \rs
        la      a5, shared
        hcall   HC_REGISTER
        .endm

        .macro  save_user_sp
        sw      sp, user_sp(zero)
        .endm

        .macro  get_user_sp rd
        lw      \rd, user_sp(zero)
        .endm

        .macro  get_trap_pc rd
        lw      \rd, shared_pc(zero)
        .endm

        .macro  get_trap_cause rd
        lw      \rd, shared_cause(zero)
        .endm

        .macro  get_trap_value rd
        lw      \rd, shared_value(zero)
        .endm

        .macro  get_status rd
        lw      \rd, shared_status(zero)
        .endm

        .macro  set_trap_return pc, status
        sw      \pc, shared_pc(zero)
        sw      \status, shared_status(zero)
        .endm

        .macro  return_from_trap
        hcall   HC_IRET
        .endm

# --- Interrupts ------------------------------------------------------------

        .macro  enable_lines rs
        mv      a4, \rs
        hcall   HC_LINES
        .endm

        .macro  get_pending_lines rd
        lw      \rd, shared_pending(zero)
        .endm

        .macro  wait_for_interrupt
        hcall   HC_IDLE
        .endm

# --- Address spaces --------------------------------------------------------

        .macro  set_address_space rs
        mv      a4, \rs
        hcall   HC_SPACE
        .endm

        .macro  flush_tlb                       # one hypercall for it and for what is queued
        submit_entries UPDATE_FLUSH
        .endm

        .macro  set_entry rs, at
        queue_entry \rs, \at
        submit_entries
        .endm

        .macro  queue_entry rs, at
        lw      a4, queued(zero)
        sw      \at, queue(a4)
        sw      \rs, queue + 4(a4)
        addi    a4, a4, 8
        sw      a4, queued(zero)
        addi    a4, a4, -QUEUE * 8
        bltz    a4, 97f
        submit_entries
97:
        .endm

        .macro  submit_entries flags=0
        lw      a5, queued(zero)
        .if     \flags == 0
        beqz    a5, 98f
        .endif
        srli    a5, a5, 3
        .if     \flags
        li      a4, \flags
        or      a5, a5, a4
        .endif
        la      a4, queue
        hcall   HC_UPDATE
        sw      zero, queued(zero)
98:
        .endm

# --- Time ------------------------------------------------------------------

        .macro  get_time low, high, again
        hcall   HC_TIME
        mv      \low, a4
        mv      \high, a5
        .endm

        .macro  set_timer low, high
        mv      a4, \low
        mv      a5, \high
        hcall   HC_TIMER
        .endm

# --- Devices ---------------------------------------------------------------

        .macro  port_in rd, port
        li      a4, \port
        hcall   HC_PORT_IN
        mv      \rd, a4
        .endm

        .macro  port_out port, rs, using
        li      a4, \port
        mv      a5, \rs
        hcall   HC_PORT_OUT
        .endm

        .macro  console_put at, end
        mv      a4, \at
        sub     a5, \end, \at
        hcall   HC_WRITE
        mv      \at, \end
        .endm
