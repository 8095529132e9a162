"""Linked ELF files of RISC-V, RV32EM, as programs of a machine whose instructions mean the same."""
