"""The twin of an RV32EM instruction is the same instruction in another machine's encoding. It has the same size, so
that a linked program keeps its addresses, and fields at least as wide, so that what the linker has put into them fits.

RV32EM is described in rv32em.isa. The twin of an instruction is the machine's instruction of the same name, with the
operands of the same names; the few that have another name there are in CALLED.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from ring1.isa.codec import Decoder, OperandError, encode
from ring1.isa.load import load
from ring1.isa.model import WORD, Instruction, Isa

RV32EM = os.path.join(os.path.dirname(__file__), "rv32em.isa")
SAME: Mapping[str, int] = {}
NOP = ("addi", {"rd": 0, "rs1": 0, "imm": 0})
CALLED: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "fence": NOP,
    "fence_i": NOP,
    "ecall": ("syscall", {"uimm": 0}),
    "ebreak": ("brk", SAME),
    "rdcycle": ("rdtime", SAME),
    "rdinstret": ("rdtime", SAME),
}
"""Name -> the name of the twin, and the additional operands that it has."""
UNLIKE = ("div", "divu", "rem", "remu", "jalr")
"""Instructions whose twins on PG32 differ: division by zero traps, and a jump clears two bits of its target. Every
other instruction with a body in rv32em.isa must have the same body on the machine."""
ILLEGAL = (0, (1 << WORD) - 1)
"""Words that are intentionally illegal on both machines: padding, a trap."""

EXTENSIONS = {
    0x07: "of the extension F or D",
    0x27: "of the extension F or D",
    0x2F: "of the extension A",
    0x43: "of the extension F or D",
    0x47: "of the extension F or D",
    0x4B: "of the extension F or D",
    0x4F: "of the extension F or D",
    0x53: "of the extension F or D",
    0x73: "of the privileged architecture or Zicsr",
}
"""Major opcode -> the extension whose instructions have it."""
REGISTERS = {
    **dict.fromkeys((0x33,), (7, 15, 20)),
    **dict.fromkeys((0x03, 0x0F, 0x13, 0x67), (7, 15)),
    **dict.fromkeys((0x23, 0x63), (15, 20)),
    **dict.fromkeys((0x17, 0x37, 0x6F), (7,)),
}
"""Major opcode -> the register fields of its instructions."""


class Strange(Exception):
    """A word has no twin; the message says why."""


class Twins:
    """The twins of RV32EM's instructions on one machine."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.decoder = Decoder(load(RV32EM))
        self.known: dict[int, int] = {word: word for word in ILLEGAL}

    def of(self, word: int) -> int:
        """Return the twin of an instruction word. Raises Strange if it has none."""
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = self.made(word)
        return found

    def made(self, word: int) -> int:
        decoded = self.decoder.decode(word)
        if decoded is None:
            raise Strange(strangeness(word))
        name, more = CALLED.get(decoded.instruction.name, (decoded.instruction.name, SAME))
        twin = self.isa.instructions.get(name)
        if twin is None:
            raise Strange(f"{self.isa.name} has no instruction {name}")
        values = {**decoded.values, **more}
        body = decoded.instruction.body
        if body and name not in UNLIKE and body != twin.body:
            raise Strange(f"{name} of {self.isa.name} does something else")
        missing = [operand.name for operand in twin.operands if operand.name not in values]
        if missing:
            raise Strange(f"{name} of {self.isa.name} has another operand, {missing[0]}")
        try:
            return encode(twin, values)
        except OperandError as error:
            raise Strange(f"{decoded.instruction.name}: {error}") from None


def strangeness(word: int) -> str:
    """Explain why a word is not an instruction of RV32EM."""
    shown = f"{word:08x}"
    if word & 3 != 3:
        return f"{shown} is a compressed instruction, or none (link for -march=rv32em)"
    opcode = word & 0x7F
    if opcode in EXTENSIONS:
        return f"{shown} is {EXTENSIONS[opcode]} (link for -march=rv32em)"
    if any(word >> at & 16 for at in REGISTERS.get(opcode, ())):
        return f"{shown} names a register from x16 on, or none (link for -march=rv32em)"
    return f"{shown} is no instruction of RV32EM"


def pairs(isa: Isa) -> dict[str, tuple[Instruction, Instruction]]:
    """Return RV32EM's instructions that the machine has by the same name, each with its twin."""
    return {
        name: (insn, isa.instructions[name])
        for name, insn in load(RV32EM).instructions.items()
        if name in isa.instructions and name not in CALLED
    }
