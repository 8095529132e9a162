"""Linked ELF files for RISC-V, as programs of machines that are RISC-V, or whose instructions do the same as
RV32EM's."""
