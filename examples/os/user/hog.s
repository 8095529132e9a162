# hog: take memory until the kernel has no more. It ends this process, not another, and not itself.
        .include "start.s"
main:   li      a0, 16 << 20
        syscall SYS_SBRK
        bltz    a0, 2f
        li      a1, 16 << 20
        add     a1, a1, a0
        li      t0, PAGE
1:      sw      a0, 0(a0)
        add     a0, a0, t0
        bltu    a0, a1, 1b
        j       main
2:      li      a0, 1
        ret
        .include "lib.s"
