# start.s: how every user program begins: the header that `exec` reads, and the first instruction. Include it first,
# lib.s last. main(a0 = number of arguments, a1 = argv) is the program; its result is the exit status.

        .include "../abi.s"

        .text
        .word   EXEC_MAGIC, _start, text_end, data_end, program_end
_start: call    main
        syscall SYS_EXIT

# enter, leave: begin and end a routine that calls others; s0, s1 and gp are its own, and `room` bytes from 16(sp) on.
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

# say TEXT: print a string that stands here
        .macro  say text:vararg
        .pushsection .rodata
say\@:  .asciz  \text
        .popsection
        la      a0, say\@
        call    print
        .endm
