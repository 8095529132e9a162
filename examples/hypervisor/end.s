# end.s: behind everything else of the hypervisor, so it must be linked last.

        .bss
        .globl  image_end
image_end:
