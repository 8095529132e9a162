# file.s: the file system, and files as processes see them. abi.s has its format. The directory is kept in memory;
# files are read from the disk page by page whenever they are wanted.

        .equ    FIRST_FILE,     3               # the first file descriptor that is not the console
        .equ    O_ENTRY,        0               # of an open file: directory entry, or 0 if closed
        .equ    O_OFFSET,       4
        .equ    O_SIZE,         8

        .text
# files_begin(): read the directory. What is wrong with the disk is said, and ends all.
files_begin:
        enter
        port_in s0, DISK_SIZE
        la      a1, text_no_disk
        li      a2, OFF_NO_DISK
        beqz    s0, power_off_saying
        la      a1, text_small
        li      a2, OFF_BAD_DISK
        srli    s0, s0, 3                       # s0 = whole pages
        beqz    s0, power_off_saying
        li      a0, 0
        la      a1, directory
        call    disk_read
        la      a1, text_unreadable
        li      a2, OFF_DISK_ERROR
        bnez    a0, power_off_saying
        la      s1, directory
        li      a2, OFF_BAD_DISK
        la      a1, text_magic
        lw      t0, S_MAGIC(s1)
        li      t1, FS_MAGIC
        bne     t0, t1, power_off_saying
        la      a1, text_version
        lw      t0, S_VERSION(s1)
        li      t1, FS_VERSION
        bne     t0, t1, power_off_saying
        la      a1, text_check
        li      t0, 0
        la      t1, directory_end
        mv      t2, s1
1:      lw      a0, 0(t2)
        add     t0, t0, a0
        addi    t2, t2, 4
        bne     t2, t1, 1b
        bnez    t0, power_off_saying
        lw      t0, S_FILES(s1)
        li      t1, FS_FILES
        bgtu    t0, t1, power_off_saying
        la      a1, text_cut
        lw      t0, S_PAGES(s1)
        bgtu    t0, s0, power_off_saying
        leave

# file_find(a0 = name in kernel memory) -> its directory entry, or 0
file_find:
        la      a1, directory
        lw      a2, S_FILES(a1)
1:      beqz    a2, 4f
        addi    a1, a1, D_SIZE
        addi    a2, a2, -1
        mv      t0, a0
        mv      a3, a1
2:      lbu     t1, 0(t0)
        lbu     t2, 0(a3)
        bne     t1, t2, 1b
        addi    t0, t0, 1
        addi    a3, a3, 1
        bnez    t1, 2b
        mv      a0, a1
        ret
4:      li      a0, 0
        ret

# sys_open(a0 = name) -> fd
sys_open:
        enter   D_NAME_SIZE
        mv      a1, a0
        addi    a0, sp, 16
        li      a2, D_NAME_SIZE
        call    copy_string
        bltz    a0, 9f
        addi    a0, sp, 16
        call    file_find
        mv      t0, a0
        li      a0, -ENOENT
        beqz    t0, 9f
        addi    t1, tp, P_FILES
        addi    t2, tp, P_FILES + OPEN_FILES * O_SIZE
        li      a0, FIRST_FILE
1:      lw      a1, O_ENTRY(t1)
        beqz    a1, 2f
        addi    a0, a0, 1
        addi    t1, t1, O_SIZE
        bne     t1, t2, 1b
        li      a0, -EMFILE
        j       9f
2:      sw      t0, O_ENTRY(t1)
        sw      zero, O_OFFSET(t1)
9:      leave   D_NAME_SIZE

# open_file(a0 = fd) -> tp's open file, or 0; keeps a1 and a2
open_file:
        addi    a0, a0, -FIRST_FILE
        li      t0, OPEN_FILES
        bgeu    a0, t0, 1f
        slli    a0, a0, 3
        add     a0, a0, tp
        addi    a0, a0, P_FILES
        lw      t0, O_ENTRY(a0)
        bnez    t0, 2f
1:      li      a0, 0
2:      ret

sys_close:
        enter
        call    open_file
        beqz    a0, bad_descriptor
        sw      zero, O_ENTRY(a0)
        li      a0, 0
        leave
bad_descriptor:
        li      a0, -EBADF
        leave

# sys_write(a0 = fd, a1 = buffer, a2 = bytes): files cannot be written, so this is the console.
sys_write:
        enter
        addi    t0, a0, -1
        sltiu   t0, t0, 2                       # 1 output, 2 errors
        beqz    t0, bad_descriptor
        call    console_write
        leave

# sys_read(a0 = fd, a1 = buffer, a2 = bytes)
sys_read:
        enter
        bnez    a0, 1f
        call    console_read
        leave
1:      call    open_file
        beqz    a0, bad_descriptor
        call    file_read
        leave

# file_read(a0 = open file, a1 = user buffer, a2 = bytes) -> bytes. Local: 16(sp) user buffer, 20(sp) bytes done
file_read:
        enter   8
        mv      s0, a0
        sw      a1, 16(sp)
        sw      zero, 20(sp)
        lw      t0, O_ENTRY(s0)
        lw      t0, D_BYTES(t0)
        lw      t1, O_OFFSET(s0)
        sub     t0, t0, t1                      # bytes that the file still has
        bleu    a2, t0, 1f
        mv      a2, t0
1:      mv      gp, a2                          # gp = bytes to go
        li      a0, 0
        beqz    gp, 9f
        call    frame_alloc
        li      t0, -ENOMEM
        beqz    a0, 8f
        mv      s1, a0                          # s1 = a frame for the disk to write to
2:      lw      t0, O_ENTRY(s0)
        lw      a0, D_PAGE(t0)
        lw      t0, O_OFFSET(s0)
        srli    t0, t0, 12
        add     a0, a0, t0
        mv      a1, s1
        call    disk_read
        li      t0, -EIO
        bnez    a0, 7f
        lw      a0, O_OFFSET(s0)
        andi    a0, a0, PAGE - 1
        or      a1, a0, s1
        call    page_rest
        lw      a0, 16(sp)
        add     t0, a0, a2
        sw      t0, 16(sp)
        sub     gp, gp, a2
        lw      t0, O_OFFSET(s0)
        add     t0, t0, a2
        sw      t0, O_OFFSET(s0)
        lw      t0, 20(sp)
        add     t0, t0, a2
        sw      t0, 20(sp)
        call    copy_out
        mv      t0, a0
        bltz    a0, 7f
        bnez    gp, 2b
        lw      t0, 20(sp)
7:      sw      t0, 20(sp)
        mv      a0, s1
        call    frame_free
        lw      t0, 20(sp)
8:      mv      a0, t0
9:      leave   8

# sys_readdir(a0 = n, a1 = address for a directory entry) -> 1, or 0 if there is no file n
sys_readdir:
        enter
        la      t1, directory
        lw      t0, S_FILES(t1)
        bgeu    a0, t0, 1f
        addi    t0, a0, 1
        slli    t0, t0, 5
        mv      a0, a1
        add     a1, t1, t0
        li      a2, D_SIZE
        call    copy_out
        bltz    a0, 2f
        li      a0, 1
        leave
1:      li      a0, 0
2:      leave

        .section .rodata
text_no_disk:   .asciz  "there is no disk"
text_small:     .asciz  "the disk is too small for a file system"
text_unreadable: .asciz "the disk cannot be read"
text_magic:     .asciz  "the disk has no file system: bad magic"
text_version:   .asciz  "the file system has a version that this kernel does not know"
text_check:     .asciz  "the directory of the file system is damaged"
text_cut:       .asciz  "the disk is smaller than its file system"

        .bss
        .align  12
directory:      .space  PAGE
directory_end:
