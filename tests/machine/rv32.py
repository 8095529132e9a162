"""Programs for RV32, assembled, under every engine alike."""

from __future__ import annotations

from ring1.isa.asm.assemble import assemble
from tests.machine.builder import Outcome, machine, run

ENGINES = ("bare", "bt", "bt/softtlb", "bt/traced", "trap", "hw")
BASE = 0x80000000
SIZE = 1 << 20
MACROS = """
        .macro la_ register, place
        lui \\register, %hi(\\place)
        addi \\register, \\register, %lo(\\place)
        .endm
_start:
"""


def assembled(text: str) -> tuple[bytes, dict[str, int]]:
    """Assemble a program; return its image and its symbols."""
    made = assemble(machine("rv32"), [("a.s", MACROS + text)])
    return made.image, made.symbols


def outcome(
    text: str, limit: int = 100_000, size: int = SIZE, engines: tuple[str, ...] = ENGINES, hot: bool = False
) -> tuple[Outcome, dict[str, int]]:
    """How interp ends a program, with its symbols; every engine ends it so."""
    image, symbols = assembled(text)
    isa = machine("rv32")
    first = run("interp", image, limit, isa=isa, memory=size, entry=BASE)
    for engine in engines:
        other = run(engine, image, limit, isa=isa, memory=size, entry=BASE, hot=hot)
        assert (other.stop, other.state) == (first.stop, first.state), engine
        assert other.memory == first.memory, engine
    return first, symbols
