# The start of a program that GNU's linker makes for PG32: ring1's own, with PG32's instructions by their numbers.
#   riscv64-unknown-elf-gcc -march=rv32em -mabi=ilp32e -Wa,-Iexamples/c/elf,-Iexamples/c/rt -c examples/c/elf/crt0.s

        .include "pg32.inc"
        .include "start.s"
        .include "trap.s"
