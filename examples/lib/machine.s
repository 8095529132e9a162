# machine.s: PG32's ports and bits by name. Only constants: including it adds no code and no data.

# Ports (for `in` and `out`)
        .equ    CONSOLE_DATA,   0x00            # in: next byte, or all ones at the end; out: write a byte
        .equ    CONSOLE_STATUS, 0x01
        .equ    DISK_SECTOR,    0x10
        .equ    DISK_ADDRESS,   0x11            # physical address of the buffer
        .equ    DISK_COUNT,     0x12            # in sectors of 512 bytes
        .equ    DISK_COMMAND,   0x13            # out: a command; in: the status
        .equ    DISK_SIZE,      0x14            # in: size in sectors; out: acknowledge line 2
        .equ    POWER,          0xf0            # out: stop the machine with this exit code

# Disk commands and status
        .equ    DISK_READ,      1
        .equ    DISK_WRITE,     2
        .equ    DISK_FLUSH,     3
        .equ    DISK_ERROR,     2

# Interrupt lines, as bits of the control registers `ie` and `ip`
        .equ    LINE_TIMER,     1 << 0
        .equ    LINE_CONSOLE,   1 << 1
        .equ    LINE_DISK,      1 << 2
        .equ    LINE_SOFTWARE,  1 << 3

# Causes of traps
        .equ    ILLEGAL,        0
        .equ    PRIVILEGED,     1
        .equ    BREAKPOINT,     2
        .equ    SYSCALL,        3
        .equ    DIVZERO,        4
        .equ    FETCH_FAULT,    5
        .equ    LOAD_FAULT,     6
        .equ    STORE_FAULT,    7
        .equ    MISALIGNED,     8
        .equ    BUS_ERROR,      9

# Page table entries: a valid entry without R, W and X points to the next table; any other is a leaf.
        .equ    PTE_V,          1 << 0          # valid
        .equ    PTE_R,          1 << 1          # loads allowed
        .equ    PTE_W,          1 << 2          # stores allowed
        .equ    PTE_X,          1 << 3          # fetches allowed
        .equ    PTE_U,          1 << 4          # ring 3 may use it
        .equ    PTB_EN,         1 << 0          # in `ptb`: paging on
