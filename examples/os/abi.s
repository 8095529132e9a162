# abi.s: what the kernel and user programs agree on: system calls, errors, address space, formats. Only constants.

# System calls: `syscall NUMBER`, arguments in a0-a2, result in a0; a negative result is an error below, negated.
# All other registers are kept.
        .equ    SYS_EXIT,       0               # exit(status)
        .equ    SYS_FORK,       1               # fork() -> pid in the parent, 0 in the child
        .equ    SYS_EXEC,       2               # exec(name, argv): argv ends with a zero word
        .equ    SYS_WAIT,       3               # wait(&status or 0) -> pid of a child that has ended
        .equ    SYS_READ,       4               # read(fd, buffer, bytes) -> bytes, 0 at the end
        .equ    SYS_WRITE,      5               # write(fd, buffer, bytes) -> bytes
        .equ    SYS_SBRK,       6               # sbrk(bytes) -> old end of the heap
        .equ    SYS_GETPID,     7               # getpid() -> pid
        .equ    SYS_YIELD,      8               # yield(): the other processes first
        .equ    SYS_SLEEP,      9               # sleep(ticks)
        .equ    SYS_OPEN,       10              # open(name) -> fd
        .equ    SYS_CLOSE,      11              # close(fd)
        .equ    SYS_READDIR,    12              # readdir(n, &entry) -> 1, or 0 if there is no file n
        .equ    SYS_TALLY,      13              # tally(n) -> one of the numbers that the kernel keeps:
        .equ    SYSCALLS,       14

        .equ    TALLY_FRAMES,   0               # page frames of RAM that are free now,
        .equ    TALLY_FORKS,    1               # and since boot: forks,
        .equ    TALLY_FAULTS,   2               # page faults that gave a process a page,
        .equ    TALLY_SWITCHES, 3               # switches from one process to another,
        .equ    TALLY_READS,    4               # pages read from the disk
        .equ    TALLIES,        5

# Errors
        .equ    ENOENT,         1               # no such file
        .equ    ENOEXEC,        2               # not a program
        .equ    ENOMEM,         3               # out of memory
        .equ    EAGAIN,         4               # too many processes
        .equ    ECHILD,         5               # no children
        .equ    EFAULT,         6               # bad address
        .equ    EBADF,          7               # bad file descriptor
        .equ    EIO,            8               # disk error
        .equ    E2BIG,          9               # arguments too long
        .equ    EMFILE,         10              # too many open files
        .equ    ENOSYS,         11              # no such system call

# The status that wait() gives: what the process told exit(), 0-255, or this plus the reason why it was killed
        .equ    KILLED,         256

# A user's address space
        .equ    PAGE,           4096
        .equ    USER_BASE,      0x40000000      # the program: text, data, bss; then the heap, which grows up
        .equ    STACK_TOP,      0x80000000      # the stack grows down from here
        .equ    STACK_PAGES,    64
        .equ    STACK_LIMIT,    STACK_TOP - STACK_PAGES * PAGE
        .equ    HEAP_LIMIT,     STACK_LIMIT - 16 * PAGE

# A program file is the image of its memory from USER_BASE on. It begins with this header:
        .equ    EXEC_MAGIC,     0x45583152      # "R1XE"
        .equ    X_MAGIC,        0
        .equ    X_START,        4               # address of its first instruction
        .equ    X_TEXT_END,     8               # end of what can only be read and executed
        .equ    X_DATA_END,     12              # end of what the file holds
        .equ    X_END,          16              # end of bss, where the heap begins
        .equ    X_SIZE,         20

# The file system. The disk is divided into pages of 8 sectors; each file lies in pages of its own, one after the
# other, zeros behind its end. Page 0 is the directory, 128 entries of 32 bytes; its words add up to 0. Entry 0:
        .equ    FS_MAGIC,       0x53463152      # "R1FS"
        .equ    FS_VERSION,     1
        .equ    S_MAGIC,        0
        .equ    S_VERSION,      4
        .equ    S_PAGES,        8               # of the whole file system
        .equ    S_FILES,        12              # 0-127
        .equ    S_CHECK,        16              # makes the sum 0
# The other entries: a file each
        .equ    D_NAME,         0               # zeros behind it, at least one
        .equ    D_NAME_SIZE,    24
        .equ    D_PAGE,         24              # its first page
        .equ    D_BYTES,        28              # its length
        .equ    D_SIZE,         32
        .equ    FS_FILES,       PAGE / D_SIZE - 1
