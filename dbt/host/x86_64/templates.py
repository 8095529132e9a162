"""Templates that come with ring1: the encodings, by keystone, of the host instructions that translation usually needs.

With them a run needs no keystone, which takes 50 ms to load and 10 us an instruction. They are kept by form, an
instruction with its registers and its displacement left open. Whatever is not in templates.bin, which forms.py makes,
is left to keystone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ring1.dbt.host.x86_64.encoder import Template, small
from ring1.dbt.host.x86_64.operations import SIZES, Hole, Memory, Operand, Operation
from ring1.dbt.host.x86_64.registers import SCRATCH, WIDE, WIDTHS, Register, sized
from ring1.isa.sealed import sealed, unsealed

FILE = Path(__file__).with_name("templates.bin")
REGISTERS = (SCRATCH, *WIDE)
NUMBERS = {name: n for n, name in enumerate(REGISTERS)}
"""Register that a form leaves open -> its number."""
HOLES = {sized(name, width).text: (f"<{width}>", n) for name, n in NUMBERS.items() for width in WIDTHS}
"""Name of a host register -> its placeholder in a form, and its number."""
HEAD = 4
"""Bytes of the head of a record: length of the instruction, offset and size of the template's hole, offset of the
displacement."""

Key = tuple[str, bool, bool]
"""A form, and whether its constant and its displacement fit 8 bits."""


@cache
def pattern() -> re.Pattern[str]:
    """Return a pattern of what a form leaves open in a line."""
    return re.compile(r"[+-]\d+(?=\])|\b(?:" + "|".join(HOLES) + r")\b")


@cache
def opened(operand: Operand) -> tuple[str, tuple[int, ...], int | None]:
    """Return an operand as it is in a form, the numbers of the registers that the form leaves open, and the
    displacement."""
    if type(operand) is Register and operand.name in NUMBERS:
        return f"<{operand.width}>", (NUMBERS[operand.name],), None
    if type(operand) is not Memory:
        return str(operand) if isinstance(operand, Hole) else operand.text, (), None
    names = [name for name in (operand.base, operand.added) if name]
    places = ["<64>" if name in NUMBERS else name for name in names]
    scale = f"*{operand.scale}" if operand.scale > 1 else ""
    displacement = operand.displacement
    fixed = None if isinstance(displacement, Hole) else displacement
    shown = "{:+d}" if isinstance(displacement, Hole) else "" if displacement is None else "#"
    registers = tuple(NUMBERS[name] for name in names if name in NUMBERS)
    return f"{SIZES[operand.size]}[{'+'.join(places)}{scale}{shown}]", registers, fixed


class Templates:
    """Templates by form, decompressed on demand."""

    def __init__(self, made: dict[Key, tuple[int, bytes]], texts: dict[str, bytes]) -> None:
        self.made = made
        self.texts = texts
        self.unpacked: dict[Key, bytes] = {}

    def get(self, operation: Operation, operands: tuple[Operand, ...], is_small: bool = True) -> Template | None:
        """Return the template of an instruction, or None; `is_small`: its constant fits 8 bits."""
        shown: list[str] = []
        registers: list[int] = []
        displacement: int | None = None
        for operand in operands:
            text, numbers, found = opened(operand)
            shown.append(text)
            registers += numbers
            displacement = found if displacement is None else displacement
        form = f"{operation} {', '.join(shown)}" if shown else str(operation)
        return self.record(form, is_small, registers, displacement)

    def record(self, form: str, is_small: bool, registers: Iterable[int], displacement: int | None) -> Template | None:
        """Return the template of a form with these registers and this displacement, or None."""
        key = form, is_small, displacement is None or small(displacement)
        if key not in self.made:
            return None
        stride, packed = self.made[key]
        if key not in self.unpacked:
            self.unpacked[key] = zlib.decompress(packed)
        at = 0
        for number in registers:
            at = at * len(REGISTERS) + number
        at *= stride
        record = self.unpacked[key][at : at + stride]
        length, offset, size, where = record[:HEAD]
        code = record[HEAD : HEAD + length]
        if displacement is not None:
            wide = 1 if key[2] else 4
            code = code[:where] + displacement.to_bytes(wide, "little", signed=True) + code[where + wide :]
        return code, offset, size

    def line(self, text: str) -> Template | None:
        """Return the template of a line of a stub's text, or None."""
        registers: list[int] = []
        displacements: list[int] = []

        def hole(found: re.Match[str]) -> str:
            name = found[0]
            if name in HOLES:
                kind, number = HOLES[name]
                registers.append(number)
                return kind
            displacements.append(int(name))
            return "#"

        form = pattern().sub(hole, text)
        return self.record(form, True, registers, displacements[0] if displacements else None)

    def assemble(self, text: str) -> bytes | None:
        """Return the bytes of a text, if the text or each of its lines is known, else None."""
        if text in self.texts:
            return self.texts[text]
        found = [self.line(line) for line in text.split("\n")]
        return b"".join(template[0] for template in found if template) if all(found) else None

    def save(self, file: Path) -> None:
        file.write_bytes(sealed((self.made, self.texts), file.name))


@cache
def shipped() -> Templates:
    """Return the templates that come with ring1; none, so that everything is left to keystone, if the file is
    damaged."""
    try:
        made = unsealed(FILE.read_bytes(), FILE.name)
    except OSError:
        made = None
    return Templates(*(made or ({}, {})))
