"""What the header of a linked file says of the machine that it is for, without more of the file being read."""

from __future__ import annotations

import struct

HEADER = struct.Struct("<4sBB10xHH16xI")
"""Of a file of 32 bits: e_ident up to its class and byte order, e_type, e_machine, and e_flags."""
MAGIC, CLASS32, LITTLE, RISCV, RVE = b"\x7fELF", 1, 1, 243, 8


def is_whole(name: str) -> bool:
    """Is this a file for RISC-V of 32 bits with all registers? Raises OSError if it cannot be read."""
    with open(name, "rb") as file:
        head = file.read(HEADER.size)
    if len(head) < HEADER.size:
        return False
    magic, bits, order, _, machine, flags = HEADER.unpack(head)
    return (magic, bits, order, machine) == (MAGIC, CLASS32, LITTLE, RISCV) and not flags & RVE
