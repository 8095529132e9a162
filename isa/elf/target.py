"""Which linked files a machine takes as they are."""

from __future__ import annotations

from ring1.isa.derived import derived
from ring1.isa.elf.read import TWIN, Target
from ring1.isa.elf.twins import CALLED, RV32EM
from ring1.isa.load import load
from ring1.isa.model import Isa

EXTENSIONS = {"m": "mul", "a": "amoadd.w", "c": "c.add", "_zicsr": "csrrw", "_zifencei": "fence.i"}
"""A part of the name of an architecture -> an instruction that a machine has with that part."""


@derived
def target(isa: Isa) -> Target:
    """Return what a linked file has to be for to be a program of this machine: if the machine encodes the instructions
    of RV32EM as RISC-V does, for RISC-V with what the machine has of its extensions, else for RV32EM."""
    aliases = {alias.name for alias in isa.aliases}
    for name, insn in load(RV32EM).instructions.items():
        own = isa.instructions.get(name)
        if not insn.body or name in CALLED or name in aliases:
            continue
        if own is None or own.match != insn.match or own.mask & ~insn.mask:
            return TWIN
    embedded = len(isa.registers) < 32
    parts = "".join(part for part, name in EXTENSIONS.items() if name in isa.instructions)
    march, abi = f"rv32{'e' if embedded else 'i'}{parts}", "ilp32e" if embedded else "ilp32"
    return Target(march, abi, embedded, isa.memory, isa.words.mixed)
