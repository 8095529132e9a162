# kernel.s: a small Unix for PG32. README.md beside this file says what it does and where to begin to read.
#
#   Run it:     make os
#               ring1 run examples/os/kernel.s --disk build/os.img
#   Look for:   a shell. Try `ls`, `primes 50`, `crash null`, `forkbomb`; `halt` switches the machine off.
#
# Conventions in the kernel: a0-a5 and t0-t2 are anyone's; s0, s1 and gp are kept by every routine; tp is the process
# that runs. Interrupts are off in the kernel; a process gives the processor up only where it calls `reschedule`.

        .include "abi.s"
        .include "machine.s"
        .include "process.inc"

# enter: begin a routine that calls others, with `room` bytes of its own from 16(sp) on. leave: return from it.
        .macro  enter room=0
        addi    sp, sp, -(16 + \room)
        sw      ra, 12(sp)
        sw      s0, 8(sp)
        sw      s1, 4(sp)
        sw      gp, 0(sp)
        .endm

        .macro  leave room=0
        lw      ra, 12(sp)
        lw      s0, 8(sp)
        lw      s1, 4(sp)
        lw      gp, 0(sp)
        addi    sp, sp, 16 + \room
        ret
        .endm

# load, store: a variable by name. `store` changes t0.
        .macro  load rd, name
        lui     \rd, %hi(\name)
        lw      \rd, %lo(\name)(\rd)
        .endm

        .macro  store rs, name
        lui     t0, %hi(\name)
        sw      \rs, %lo(\name)(t0)
        .endm

# tally: count one of the numbers that SYS_TALLY tells. Changes t0 and t1.
        .macro  tally name
        load    t1, \name
        addi    t1, t1, 1
        store   t1, \name
        .endm

        .include "boot.s"
        .include "trap.s"
        .include "syscall.s"
        .include "process.s"
        .include "schedule.s"
        .include "exec.s"
        .include "frame.s"
        .include "space.s"
        .include "fault.s"
        .include "copy.s"
        .include "file.s"
        .include "console.s"
        .include "disk.s"
        .include "timer.s"
        .include "print.s"

        .bss
        .align  12
kernel_end:                                     # frames of RAM that nobody has begin here
