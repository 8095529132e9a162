# disk: copies the first half of the disk to the second half, by DMA, waiting for the disk's interrupt.
#
#   Run it:     head -c 16384 /dev/urandom > /tmp/disk.img
#               ring1 run --disk /tmp/disk.img examples/disk.s
#   Look for:   "16 sectors copied, 5 interrupts": two chunks of 8 sectors, each read and written, and a
#               flush. Afterwards both halves of the file are equal. Without a disk: exit code 1.
#
# The program has nothing else to do, so it halts until line 2 rises. The obvious loop, "while not done: hlt",
# would sleep for ever if the interrupt came between the test and the `hlt`. So interrupts are off for both,
# and `hlt` wakes by the line itself, whatever psw.IE is; `sti` then lets the handler run.

        .equ    CHUNK,  8                       # sectors for each command
        .equ    SECTOR, 512                     # bytes

        .include "lib/machine.s"

        .text
_start:
        mv      sp, a0
        la      t0, handler
        wrcr    tvec, t0
        li      t0, LINE_DISK
        wrcr    ie, t0

        li      t0, DISK_SIZE
        in      gp, t0
        srli    gp, gp, 1                       # gp = sectors to copy = start of the second half
        beqz    gp, no_disk

        li      s0, 0                           # s0 = sectors copied so far
copy:   sub     s1, gp, s0                      # s1 = sectors in this chunk
        li      t0, CHUNK
        bleu    s1, t0, 1f
        mv      s1, t0
1:      mv      a0, s0
        mv      a1, s1
        li      a2, DISK_READ
        call    disk_command
        add     a0, s0, gp
        mv      a1, s1
        li      a2, DISK_WRITE
        call    disk_command
        add     s0, s0, s1
        bltu    s0, gp, copy

        li      a0, 0
        li      a1, 0
        li      a2, DISK_FLUSH
        call    disk_command

        mv      a0, s0
        call    print_dec
        la      a0, text_copied
        call    print_str
        la      a0, interrupts
        lw      a0, 0(a0)
        call    print_dec
        la      a0, text_interrupts
        call    print_str
        li      a0, 0
        call    power_off

no_disk:
        la      a0, text_no_disk
        j       fail
disk_error:
        la      a0, text_error
fail:   call    print_str
        li      a0, 1
        call    power_off

# disk_command(a0 = sector, a1 = sectors, a2 = command): by way of `buffer`. Returns when it is done.
disk_command:
        la      a3, status
        li      t0, -1
        sw      t0, 0(a3)                       # not done
        li      t0, DISK_SECTOR
        out     t0, a0
        li      t0, DISK_ADDRESS
        la      t1, buffer                      # without paging, an address is a physical address
        out     t0, t1
        li      t0, DISK_COUNT
        out     t0, a1
        li      t0, DISK_COMMAND
        out     t0, a2
1:      cli
        lw      t0, 0(a3)
        bgez    t0, 2f                          # the handler has left the status: done
        hlt                                     # until line 2 is up
        sti                                     # the handler runs here
        j       1b
2:      li      t1, DISK_ERROR
        beq     t0, t1, disk_error
        ret

# The handler keeps what the disk says in `status`, counts, and acknowledges: only then does the line fall. It
# may come anywhere between `sti` and `cli`, so it keeps every register.
handler:
        addi    sp, sp, -8
        sw      t0, 4(sp)
        sw      t1, 0(sp)
        li      t0, DISK_COMMAND
        in      t1, t0
        la      t0, status
        sw      t1, 0(t0)
        la      t0, interrupts
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        li      t0, DISK_SIZE
        out     t0, zero                        # acknowledge
        lw      t0, 4(sp)
        lw      t1, 0(sp)
        addi    sp, sp, 8
        rfe

        .section .rodata
text_copied:
        .asciz  " sectors copied, "
text_interrupts:
        .asciz  " interrupts\n"
text_no_disk:
        .asciz  "no disk\n"
text_error:
        .asciz  "disk error\n"

        .bss
        .align  2
status: .space  4
interrupts:
        .space  4
buffer: .space  CHUNK * SECTOR

        .include "lib/print.s"
