"""Encodings that come with ring1: keystone's bytes of every host instruction that translation usually needs.

A run that knows them does without keystone, which takes 50 ms to load and 10 us an instruction. They are kept by form,
an instruction with its registers and its displacement from rbp left open. What is not in
templates.bin is left to keystone; forms.py makes it.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

from ring1.dbt.host.x86_64.encoder import Template, small
from ring1.dbt.host.x86_64.operations import WIDE, sized
from ring1.isa import store

FILE = Path(__file__).with_name("templates.bin")
REGISTERS = ("rax", *WIDE)
HOLES = {sized(name, width): (f"<{width}>", n) for n, name in enumerate(REGISTERS) for width in (8, 16, 32, 64)}
"""Name of a host register -> how a form names any of its width, and its number."""
OPEN = re.compile(r"[+-]\d+(?=\])|\b(?:" + "|".join(HOLES) + r")\b")
NARROW = re.compile("sh[lr]|sar|rorx|mov byte.*, {}")
"""Forms whose constant has 8 bits."""
HEAD = 4
"""Bytes of a record ahead of those of its instruction: how many follow, the template's hole, offset of the displacement
from rbp."""

Key = tuple[str, bool, bool]
"""A form, and whether its constant and its displacement from rbp have 8 bits."""


class Encodings:
    """What `made` has, by form; nothing is unpacked before it is asked for."""

    def __init__(self, made: dict[Key, tuple[int, bytes]], texts: dict[str, bytes]) -> None:
        self.made = made
        self.texts = texts
        self.unpacked: dict[Key, bytes] = {}

    def get(self, text: str, is_small: bool = True) -> Template | None:
        """The template of an instruction whose constant, if it has one, has 8 bits or more."""
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

        form = OPEN.sub(hole, text)
        displacement = displacements[0] if displacements else 0
        key = form, is_small, small(displacement)
        if key not in self.made or len(displacements) > 1:
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
        if displacements:
            wide = 1 if key[2] else 4
            code = code[:where] + displacement.to_bytes(wide, "little", signed=True) + code[where + wide :]
        return code, offset, size

    def assemble(self, text: str) -> bytes | None:
        """The bytes of a text, if it or each of its lines is known."""
        if text in self.texts:
            return self.texts[text]
        found = [self.get(line) for line in text.split("\n")]
        return b"".join(template[0] for template in found if template) if all(found) else None

    def save(self, file: Path) -> None:
        file.write_bytes(store.sealed((self.made, self.texts), file.name))


@cache
def shipped() -> Encodings:
    """Those that come with ring1; none, so that keystone has to do all, if the file is not whole."""
    try:
        made = store.unsealed(FILE.read_bytes(), FILE.name)
    except OSError:
        made = None
    return Encodings(*(made or ({}, {})))
