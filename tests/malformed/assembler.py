"""The assembler."""

from __future__ import annotations

from pathlib import Path
from random import Random
from unittest.mock import patch

from ring1.isa.asm import expander
from ring1.isa.asm.assemble import MOST_FAULTS, assemble_files
from ring1.isa.asm.disassemble import disassemble_image
from ring1.isa.asm.listing import listing
from ring1.isa.load import load
from ring1.isa.source import AsmError
from tests.malformed.mutate import NUMBERS, TEXT, mutated
from tests.malformed.target import ROOT, Target, Undocumented

HOSTILE = (
    ".rept {n}\n{s}\n.endr",
    ".irp x,{n},{n}\n{s}\n.endr",
    ".irpc x,{n}\n.byte \\x\n.endr",
    ".macro m a, b=1, c:vararg\n{s}\nm \\a, \\b\\@, \\c\n.endm\nm {n}, {n}",
    ".macro m a\nm \\a\\a\n.endm\nm {n}",
    ".space {n}, {n}\n{s}",
    ".fill {n}, {n}, {n}",
    ".align {n}\n.balign {n}, 1\n{s}",
    ".org {n}\n{s}\n.org 0\n{s}",
    ".set x, y\n.equ y, x+{n}\n.word x",
    ".if {n}\n{s}\n.else\n.endif",
    '.section .s{n}, "ax"\n{s}\n.pushsection .t\n.popsection',
    ".comm x, {n}, {n}\n.lcomm y, {n}",
    ".word {n} << {n}, {n} * {n} - x, ({n} / {n}) % {n}\nx:",
    '.include "bad.s"\n.incbin "bad.s", {n}, {n}',
    ".uleb128 {n}, x - y\nx: .sleb128 -{n}\ny:",
    "li a0, {n}\nla a1, x + {n}\nx: j {n}f\n1: beq a0, a1, {n}b",
    '.ascii "\\{n}\\x{n}"',
)
"""Statements that ask for much; `n` is a number, `s` another statement."""


class Assembler(Target):
    name = "assembler"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.isa = load("pg32")
        patterns = ("examples/*.s", "examples/os/*.s", "examples/lib/*.s", "tests/isa/bad/*.s", "bench/kernels/*.s")
        self.corpus = [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]
        self.path = str(folder / "bad.s")

    def make(self, r: Random) -> bytes:
        text = r.choice(self.corpus)
        lines = text.split(b"\n")
        begin = r.randrange(len(lines))
        made = b"\n".join(lines[begin : begin + r.choice((5, 20, 60))])
        for _ in range(r.choice((0, 0, 1, 2))):
            made += b"\n" + self.hostile(r, 0).encode()
        return mutated(r, made, self.corpus, TEXT) if r.random() < 0.95 else made

    def hostile(self, r: Random, depth: int) -> str:
        inner = self.hostile(r, depth + 1) if depth < 3 and r.random() < 0.4 else r.choice(("nop", ".word x", ""))
        text = r.choice(HOSTILE).replace("{s}", inner)
        while "{n}" in text:
            text = text.replace("{n}", r.choice(NUMBERS), 1)
        return text

    def feed(self, data: bytes) -> str:
        Path(self.path).write_bytes(data)
        try:
            with patch.multiple(expander, MOST_STATEMENTS=50_000, MOST_TEXT=1 << 21):  # a fifth of the time, too
                program = assemble_files(self.isa, [self.path])
        except AsmError as error:
            if not 0 < len(error.faults) <= MOST_FAULTS + 1 or not str(error):
                raise Undocumented("an error that tells nothing") from error
            return "refused"
        if len(program.image) < 1 << 16:
            listing(program)
            disassemble_image(self.isa, program.image)
        return "accepted"
