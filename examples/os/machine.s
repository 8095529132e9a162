# machine.s: everything that the kernel does with the bare machine and that a monitor would have to know of. Nothing
# outside this file is privileged or sensitive. A kernel that is to ask its monitor instead (`-D PARAVIRT`) has
# paravirt.s in its place.

        .include "../lib/machine.s"

        .equ    PSW_PRING,      3 << 3          # the ring that a trap came from
        .equ    PSW_USER,       PSW_PRING | 1 << 5      # `rfe` will go to ring 3 with interrupts on
        .equ    PTB_ASID,       1               # shift of the address-space number in `ptb`

        .ifdef  PARAVIRT
        .include "paravirt.s"
        .else

# --- Traps -----------------------------------------------------------------

        .macro  set_trap_handler rs
        wrcr    tvec, \rs
        .endm

        .macro  save_user_sp                    # the first thing in the handler: sp becomes free
        wrcr    scratch, sp
        .endm

        .macro  get_user_sp rd
        rdcr    \rd, scratch
        .endm

        .macro  get_trap_pc rd
        rdcr    \rd, epc
        .endm

        .macro  get_trap_cause rd               # negative for an interrupt
        rdcr    \rd, cause
        .endm

        .macro  get_trap_value rd
        rdcr    \rd, tval
        .endm

        .macro  get_status rd                   # where the trap came from, and the flags of that program
        getpsw  \rd
        .endm

        .macro  set_trap_return pc, status
        wrcr    epc, \pc
        setpsw  \status
        .endm

        .macro  return_from_trap
        rfe
        .endm

# --- Interrupts ------------------------------------------------------------
# The kernel runs with interrupts off from the trap to its return: it looks at the lines itself where it has time.

        .macro  enable_lines rs
        wrcr    ie, \rs
        .endm

        .macro  get_pending_lines rd            # levels; a line that is not enabled is not looked at by the kernel
        rdcr    \rd, ip
        .endm

        .macro  wait_for_interrupt              # wakes by a line that is up, although interrupts are off
        hlt
        .endm

# --- Address spaces --------------------------------------------------------

        .macro  set_address_space rs            # forgets nothing: entries of the TLB are tagged with the ASID
        setptb  \rs
        .endm

        .macro  flush_tlb
        tlbflush
        .endm

        .macro  set_entry rs, at                # write the page-table entry at an address
        sw      \rs, 0(\at)
        .endm

        .macro  queue_entry rs, at              # write it by the next `submit_entries` or `flush_tlb`
        set_entry \rs, \at
        .endm

        .macro  submit_entries
        .endm

# --- Time ------------------------------------------------------------------

        .macro  get_time low, high, again       # 64 bits: read until the high word has not changed in between
99:     rdcr    \high, timeh
        rdcr    \low, time
        rdcr    \again, timeh
        bne     \high, \again, 99b
        .endm

        .macro  set_timer low, high             # line 0 is up from this time on; all ones: never
        wrcr    timecmp, \low
        wrcr    timecmph, \high
        .endm

# --- Devices ---------------------------------------------------------------

        .macro  port_in rd, port
        li      \rd, \port
        in      \rd, \rd
        .endm

        .macro  port_out port, rs, using        # changes the register `using`
        li      \using, \port
        out     \using, \rs
        .endm

        .macro  console_put at, end             # the bytes from `at`, which moves there, to `end`. Changes t0 and t1.
98:     lbu     t1, 0(\at)
        port_out CONSOLE_DATA, t1, t0
        addi    \at, \at, 1
        bne     \at, \end, 98b
        .endm

        .endif
