"""Disassembly of host code for listings, with what each instruction refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ring1.dbt.host.listing import STATE, TARGET, VIEW, Instruction, Reference
from ring1.dbt.native.tools import tool

BLOCK = re.compile(r"\[rbp ([+-]) (0x[0-9a-f]+|\d+)\]")
BELOW = re.compile(r"\[r15 (?:\+ (rax|r12)\*[248] )?- (0x[0-9a-f]+|\d+)\]")
JUMP = re.compile(r"^j\w+ (0x[0-9a-f]+|\d+)$")


def disassembler() -> Any:
    """Return a disassembler of x86-64 code. Raises Absent."""
    capstone = tool("capstone")
    return capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)


def read(code: bytes, offset: int) -> Iterator[Instruction]:
    """See Host.read."""
    for insn in disassembler().disasm(code, offset):
        text = f"{insn.mnemonic} {insn.op_str}".rstrip()
        yield Instruction(insn.address, bytes(insn.bytes), text, reference(text))


def reference(text: str) -> Reference | None:
    jump = JUMP.match(text)
    if jump:
        return Reference(TARGET, int(jump[1], 0))
    found = BLOCK.search(text)
    if found:
        return Reference(STATE, int(found[2], 0) * (-1 if found[1] == "-" else 1))
    found = BELOW.search(text)
    return Reference(VIEW, -int(found[2], 0)) if found else None
