"""Linked ELF files for RISC-V, RV32EM, as programs of a machine whose instructions do the same."""
