"""Programs by chance for a generated machine: a few sequences of instructions in one image, each run over and over with
registers of its own. A handler notes their traps and steps over them. What is in the registers at the end of each run
is put where they came from, so that one look at the end sees all."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ring1.isa.model import Isa
from tests.isolation.descriptions import MOST
from tests.machine.builder import Program

FREE = ("tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5")
"""Registers of the programs'. `gp` is where the present instruction is, `sp` and `ra` are the handler's."""
SEQUENCES = 10
BASE = 0x1234000
"""Where the image begins: where small numbers do not lead as addresses."""
PLACE, NOTE, ROUNDS, HANDLER, CODE, DATA = 0x0, 0x4, 0xC, 0x40, 0x100, 0x10000
"""Offsets in it."""
TABLE = 0x1800000
"""Where the page table is, in a large page that nobody may write to: who does not flush may see changes or not."""
ENTRY, READ_ONLY = 0xDF, 0x5B
"""A leaf with every right, accessed and dirty; one that forbids writing."""
TABLES = b"".join((n << 22 | (READ_ONLY if n == TABLE >> 22 else ENTRY)).to_bytes(4, "little") for n in range(1024))
"""The page table: every address is itself."""
EDGES = (0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 0x7F, 0x80, 0xFF, 0x400, 0x8000, 0xFFFF, 0x10000, 0x40004000, 0x7FFFFFFF)


@dataclass(frozen=True)
class Image:
    """A machine's memory from BASE on, and what the machine is to be."""

    data: bytes
    runs: int
    """Programs in it: a sequence with its registers."""
    paged: bool
    limit: int


def value(r: Random) -> int:
    edge = r.choice(EDGES)
    return r.choice((edge, edge, -edge & 0xFFFFFFFF, ~edge & 0xFFFFFFFF, r.getrandbits(32), 1 << r.randrange(32)))


def image(isa: Isa, r: Random, runs: int) -> Image:
    """About `runs` programs for a machine with the instructions i0, i1 ..."""
    p, paged, ring, rounds = Program(isa), r.random() < 0.6, r.choice((0, 0, 3)), -(-runs // SEQUENCES)
    p.org(BASE + HANDLER)
    p("rdcr", "ra", "cause")
    p("addi", "sp", "zero", 3)
    p("beq", "ra", "sp", "end")
    p("rdcr", "sp", "tval")
    p("xor", "ra", "ra", "sp")
    p("lui", "sp", BASE >> 12)
    p("sw", "ra", NOTE + 4, "sp")
    p("lw", "ra", NOTE, "sp")
    p("slli", "ra", "ra", 1)
    p("lw", "sp", NOTE + 4, "sp")
    p("add", "ra", "ra", "sp")
    p("lui", "sp", BASE >> 12)
    p("sw", "ra", NOTE, "sp")
    p("addi", "ra", "gp", 8)
    p("wrcr", "epc", "ra")
    p("rfe")
    p.label("end")
    p.off(0)
    p.org(BASE + CODE)
    p.control("tvec", BASE + HANDLER)
    p("lui", "sp", BASE >> 12)
    p.li("ra", rounds)
    p("sw", "ra", ROUNDS, "sp")
    p.li("ra", BASE + DATA)
    p("sw", "ra", PLACE, "sp")
    if paged:
        p.li("ra", TABLE | 1)
        p("setptb", "ra")
        p("tlbflush")
    if ring:
        p.li("ra", "again")
        p("jru", "ra")
    p.label("again")
    for _ in range(SEQUENCES):
        p("lui", "sp", BASE >> 12)
        p("lw", "sp", PLACE, "sp")
        for i, name in enumerate(FREE):
            p("lw", name, 4 * i, "sp")
        for _ in range(r.randint(1, 8)):
            number, names = r.randrange(MOST), [r.choice(FREE) for _ in range(3)]
            operands = isa.instructions[f"i{number}"].operands
            given = [r.randint(-0x8000, 0x7FFF) if o.kind == "signed" else names.pop() for o in operands]
            p("auipc", "gp", 0)
            p(f"i{number}", *given)
        p("lui", "sp", BASE >> 12)
        p("lw", "sp", PLACE, "sp")
        for i, name in enumerate(FREE):
            p("sw", name, 4 * i, "sp")
        p("addi", "ra", "sp", 4 * len(FREE))
        p("lui", "sp", BASE >> 12)
        p("sw", "ra", PLACE, "sp")
    p("lw", "ra", ROUNDS, "sp")
    p("addi", "ra", "ra", -1)
    p("sw", "ra", ROUNDS, "sp")
    p("beq", "ra", "zero", "done")
    p("jal", "zero", "again")
    p.label("done")
    p("syscall", 0)
    length = p.at - BASE
    assert length < DATA
    p.org(BASE + DATA)
    p.word(*(value(r) for _ in range(len(FREE) * SEQUENCES * rounds)))
    return Image(p.image()[BASE:], SEQUENCES * rounds, paged, rounds * length)
