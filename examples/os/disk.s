# disk.s: the disk's driver: pages of 8 sectors, by DMA and interrupt, one at a time.

        .equ    DISK_BUSY,      1
        .equ    PAGE_SECTORS,   8

        .text
# disk_read(a0 = page of the disk, a1 = frame) -> 0, or not 0 if the disk has failed. Sleeps.
disk_read:
        enter
        mv      s0, a0
        mv      s1, a1
1:      load    t1, disk_busy                   # another process's turn
        beqz    t1, 2f
        la      a0, disk_busy
        call    sleep
        j       1b
2:      li      t1, 1
        store   t1, disk_busy
        tally   disk_reads
        slli    s0, s0, 3
        port_out DISK_SECTOR, s0, t0
        port_out DISK_ADDRESS, s1, t0           # physical, as the kernel's addresses are
        li      t1, PAGE_SECTORS
        port_out DISK_COUNT, t1, t0
        li      t1, DISK_BUSY
        store   t1, disk_status
        li      t1, DISK_READ
        port_out DISK_COMMAND, t1, t0
3:      la      a0, disk_status
        call    sleep
        load    s0, disk_status
        addi    t1, s0, -DISK_BUSY
        beqz    t1, 3b
        store   zero, disk_busy
        la      a0, disk_busy
        call    wakeup
        mv      a0, s0
        leave

# disk_interrupt(): the command is done.
disk_interrupt:
        port_in t1, DISK_COMMAND
        store   t1, disk_status
        port_out DISK_SIZE, zero, t0            # acknowledge: the line falls
        la      a0, disk_status
        j       wakeup

        .bss
        .align  2
disk_busy:      .space  4                       # is a command under way, or about to be?
disk_status:    .space  4                       # DISK_BUSY until the interrupt, then what the disk said
