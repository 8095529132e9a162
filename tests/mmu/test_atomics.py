"""An instruction that loads and stores goes by one translation, between a change of its entry and the flush too."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ring1.isa.load import load
from ring1.isa.model import Isa
from tests.machine.builder import Program, run
from tests.machine.tables import A, D, R, U, V, W, X
from tests.mmu.test_flushes import EACH, ENGINES

ROOT, TABLE, RAM = 0x10000, 0x11000, 0x20000
FRAMES = 0x14000, 0x15000
PAGES = 0x400000, 0x401000
"""The first is shown by the entry that changes."""
ALL = V | R | W | U
DESCRIBED = """
insn fetchadd : A(0x52) { let old = mem[rs1, 4]; mem[rs1, 4] = old + rs2; rd = old; }
insn fetchor  : A(0x53) { let old = mem[rs1, 4, write]; mem[rs1, 4] = old | rs2; rd = old; }
insn setbyte  : A(0x54) { let old = mem[rs1, 4]; mem[rs1, 1] = rs2[7:0]; rd = old; }
insn accumulate : XX(0x55) { mem[rs1, 4] = mem[rs1, 4] + rs2; }
insn turn : XX(0x56) { if mem[rs1, 4] != rs2 { mem[rs1, 4] = rs2; } }
"""
MEANING = {
    "swap": lambda old, new: new,
    "cas": lambda old, new: new,
    "fetchadd": lambda old, new: old + new & 0xFFFFFFFF,
    "fetchor": lambda old, new: old | new,
    "setbyte": lambda old, new: old & ~0xFF | new & 0xFF,
    "accumulate": lambda old, new: old + new & 0xFFFFFFFF,
    "turn": lambda old, new: new,
}
WORDS = 0x1111_0100, 0x2222_0203
ADDED = 0x0404_0408


@cache
def described(directory: Path, base: str) -> Isa:
    path = directory / f"atomic_{base}.isa"
    path.write_text(f'isa atomic extends {base} "with more that loads and stores";\n{DESCRIBED}')
    return load(str(path))


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("atomics")


def program(isa: Isa, name: str, before: str, mark: int) -> Program:
    """The page is used by `before`; its entry changed, with or without a mark; the instruction executed; flushed."""
    p = Program(isa)
    p.li("t0", ROOT | 1)
    p("setptb", "t0")
    for register, value in (("a1", PAGES[0]), ("a2", ADDED), ("a4", TABLE), ("a5", FRAMES[1] | ALL | mark)):
        p.li(register, value)
    if before == "load":
        p("lw", "a0", 0, "a1")
    elif before:
        p("lw", "a0", 0, "a1")
        p("sw", "a0", 0, "a1")
        if before == "swap":
            p("swap", "a0", "a0", "a1")
    p("sw", "a5", 0, "a4")
    for register in ("a0", "t2"):
        p.li(register, WORDS[0])
    operands = ("a1", "a2") if name in ("accumulate", "turn") else ("a0", "a2", "a1")
    p(name, *operands)
    p("tlbflush")
    p.off()
    for n, frame in enumerate(FRAMES):
        p.org(frame)
        p.word(WORDS[n])
    p.org(ROOT)
    p.word(V | R | W | X | U | A | D, TABLE | V)
    p.org(TABLE)
    p.word(FRAMES[0] | ALL)
    return p


@pytest.mark.parametrize("name", MEANING)
@pytest.mark.parametrize("engine", EACH)
def test_one_translation(engine: str, name: str, directory: Path) -> None:
    isa = described(directory, ENGINES[engine])
    for before in ("", "load", "store", "swap"):
        for mark in (0, A, A | D):
            p = program(isa, name, before, mark)
            got = run(engine, p, 1000, memory=RAM)
            words = tuple(got.word(frame) for frame in FRAMES)
            made = [MEANING[name](old, ADDED) for old in WORDS]
            # Nothing is stored by a cas in the second frame.
            second = WORDS[1] if name == "cas" else made[1]
            allowed = {(made[0], WORDS[1]): WORDS[0], (WORDS[0], second): WORDS[1]}
            assert words in allowed, (before, mark, [hex(word) for word in words])
            if name not in ("accumulate", "turn"):
                assert got["a0"] == allowed[words], (before, mark)
