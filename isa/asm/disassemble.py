"""The disassembler: words are written as assembly text that assembles to the same words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from ring1.isa.codec import Decoded, Decoder
from ring1.isa.model import WORD, Isa, Operand

SIZE = WORD // 8
"""Bytes of a word."""
MOST_ZEROS = 4
"""Longer runs of zero words are written as one .zero."""
LABEL = re.compile(r"[A-Za-z_.$][\w.$]*", re.ASCII)
SLOT = re.compile(r"\{(\w+)\}")
DECIMAL = 0xFF
"""Unsigned numbers up to this are written in decimal."""
COLUMN = 40
"""Column of the comment."""


class Disassembler:
    """The disassembler of one machine."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.decoder = Decoder(isa)

    def size(self, data: bytes) -> int:
        """Return how many bytes the instruction has that begins with these; 0 if there are not so many."""
        words = self.isa.words
        size = words.size(int.from_bytes(data[: words.least], "little"))
        return size if size <= len(data) else 0

    def text(self, word: int, address: int) -> str:
        """Return the text of the instruction `word` at `address`, or a .word, or a .half, if no instruction is encoded
        so."""
        decoded = self.decoder.decode(word)
        if decoded is None or word & decoded.instruction.free:
            size = self.isa.words.size(word)
            return f"{'.word' if size == SIZE else '.half'} {word:#0{2 + 2 * size}x}"
        operands = {operand.name: operand for operand in decoded.instruction.operands}

        def slot(match: re.Match[str]) -> str:
            return self.operand(operands[match[1]], decoded, address)

        return f"{decoded.instruction.name} {SLOT.sub(slot, decoded.instruction.syntax)}".rstrip()

    def operand(self, operand: Operand, decoded: Decoded, address: int) -> str:
        value = decoded.values[operand.name]
        if operand.kind == "register":
            return self.isa.registers[value][0]
        if operand.kind == "control":
            return self.isa.control_numbers[value].name
        if operand.relative:
            return f"{(address + value) & ((1 << WORD) - 1):#x}"
        if operand.letters and value:
            return "".join(letter for n, letter in enumerate(reversed(operand.letters)) if value >> n & 1)[::-1]
        return f"{value:#x}" if operand.kind == "unsigned" and value > DECIMAL else str(value)


def disassemble(isa: Isa, word: int, address: int) -> str:
    """Return the text of the instruction `word` at `address`, with distances as target addresses, or a .word if it is
    not a legal instruction."""
    return Disassembler(isa).text(word, address)


def disassemble_image(isa: Isa, data: bytes, base: int = 0, names: Sequence[tuple[int, str]] = ()) -> str:
    """Disassemble the bytes `data` at address `base`; `names` is a sorted list of addresses and their names. Raises
    ValueError if `base` is not aligned to an instruction."""
    writer = Disassembler(isa)
    least = isa.words.least
    if base % least or not 0 <= base <= base + len(data) <= 1 << WORD:
        raise ValueError(f"{len(data)} bytes cannot stand at {base:#x}")
    lines = [f"        .org {base:#x}"] if base else []
    whole = len(data) - len(data) % least
    labels = {address: name for address, name in reversed(names) if LABEL.fullmatch(name)}
    once = Counter(labels.values())
    ends = sorted(address - base for address in labels if 0 < address - base < whole)
    at = 0
    while at < whole:
        if base + at in labels:
            name = labels[base + at]
            # Two files may use one name for different places; it is written as a label only if it is unique.
            lines.append(f"{name}:" if once[name] == 1 else f"# {name}:")
        end = ends[bisect_right(ends, at)] if ends and at < ends[-1] else whole
        zeros = leading_zeros(data, at, end - end % SIZE)
        if zeros > MOST_ZEROS * SIZE:
            lines.append(f"{f'        .zero {zeros}':{COLUMN}}# {base + at:08x}")
            at += zeros
            continue
        size = writer.size(data[at : at + SIZE])
        if not size:
            break
        text = ""
        if least < size > end - at:  # somebody jumps into it
            size, text = least, f".half {int.from_bytes(data[at : at + least], 'little'):#06x}"
        word = int.from_bytes(data[at : at + size], "little")
        text = text or writer.text(word, base + at)
        lines.append(f"{f'        {text}':{COLUMN}}# {base + at:08x}: {word:0{2 * size}x}")
        at += size
    if at < len(data):
        rest = ", ".join(f"{byte:#04x}" for byte in data[at:])
        lines.append(f"{f'        .byte {rest}':{COLUMN}}# {base + at:08x}")
    return "".join(line + "\n" for line in lines)


ZEROS = re.compile(rb"\0*")


def leading_zeros(data: bytes, at: int, end: int) -> int:
    """Return the length in bytes of the run of zero words at `at`."""
    if data[at]:
        return 0
    match = ZEROS.match(data, at, end)
    length = match.end() - at if match else 0
    return length - length % SIZE
