"""Random guest programs that do everything at once: what the engines and the independent model are compared on.

A program is a plan: a seed for the machine's set-up, and a list of fragments, each a kind and a seed of its own. So a
program that shows a difference shrinks by dropping fragments, whoever does the dropping. Nothing keeps a program from
going astray: wild stores may hit its code, its handler or its page tables. All it has to be is the same everywhere.

    0x0000  set-up, then the body          0x4000  data, 4 pages
    0x2000  subroutines                    0x8000  two page tables' roots, and a table for the first 4 MiB
    0x3000  trap handler                   0xb000  more data, up to the end of RAM at 0x10000
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from dbt.vmm.options import Options
from tests.machine.builder import Program, machine
from tests.machine.fragments import (
    DATA,
    EDGES,
    HANDLER,
    KINDS,
    OTHER_ROOT,
    REGISTERS,
    ROOT,
    SIZE,
    SUBROUTINES,
    TABLE,
    Writer,
    arithmetic,
    entry,
)


@dataclass(frozen=True)
class Plan:
    seed: int
    fragments: tuple[tuple[str, int], ...]
    isa: str = "pg32"


@dataclass(frozen=True)
class Case:
    """A program and everything that a run of it depends on; `limits` are the instruction counts at which to look."""

    plan: Plan
    image: bytes
    limits: tuple[int, ...]
    source: bytes
    disk: bytes | None
    seed: int
    options: Options
    hot: bool


def tables(p: Program, r: Random) -> None:
    """The first 4 MiB by TABLE, RAM where it is; then RAM again in one 4 MiB page; then everything that is amiss."""
    for root in (ROOT, OTHER_ROOT):
        p.org(root)
        p.word(
            TABLE | 1,
            0x1F,
            0x0F,
            0x1000 | 0x1F,
            0x00400000 | 0x1F,
            SIZE | 1,
            0x05,
            ROOT | 1,
            *(entry(r) for _ in range(8)),
        )
    p.org(OTHER_ROOT + 0xFFC)
    p.word(OTHER_ROOT | 1)
    p.org(TABLE)
    for page in range(16):
        p.word(page << 12 | (0x1F if r.random() < 0.95 else entry(r) & 0xFFF))
    p.word(*(entry(r) for _ in range(16)))


def handler(p: Program, r: Random, hot: bool) -> None:
    """Goes on behind what trapped, in the ring that a syscall asks for; comes home from beyond the code."""
    p.org(HANDLER)
    if r.random() < 0.5:
        p("wrcr", "scratch", "gp")
    p("rdcr", "gp", "cause")
    p("blt", "gp", "zero", "interrupt")
    p("addi", "gp", "gp", -3)
    p("bne", "gp", "zero", "skip")
    p("rdcr", "tp", "tval")
    p("andi", "tp", "tp", 3)
    p("slli", "tp", "tp", 3)
    p("getpsw", "gp")
    p("andi", "gp", "gp", -0x19)
    p("or", "gp", "gp", "tp")
    p("setpsw", "gp")
    p.label("skip")
    p("rdcr", "gp", "epc")
    p.li("tp", HANDLER)
    p("bgeu", "gp", "tp", "lost")
    p("addi", "gp", "gp", 4)
    p("wrcr", "epc", "gp")
    p("rfe")
    p.label("lost")
    p.control("epc", "end", "gp")
    p("rfe")
    p.label("interrupt")
    p("rdtime", "tp")
    p("addi", "tp", "tp", r.choice((200, 700, 3000) if hot else (13, 25, 60, 200, 1000, 5000)))
    p("wrcr", "timecmp", "tp")
    p("wrcr", "ip", "zero")
    p.out(0x14, 0, "gp", "tp")
    p.out(1, 0, "gp", "tp")
    p("rdcr", "gp", "scratch")
    p("rfe")


def case(plan: Plan) -> Case:
    """The program of a plan."""
    r = Random(plan.seed)
    p = Program(machine(plan.isa))
    hot = r.random() < 0.5
    first = r.choice((300, 1000)) if hot else r.choice((1, 2, 3, 5, 7, 20, 50, 200, 1000)) + r.randrange(40)
    if r.random() < 0.9:
        p.control("tvec", HANDLER if r.random() < 0.95 else r.choice((SIZE, 0x4000, HANDLER + 3)))
    p("wrcr", "timecmph", "zero")
    p.control("timecmp", first)
    p.control("ie", r.choice((0, 1, 9, 15)))
    for register in r.sample(REGISTERS[1:], r.randint(0, 15)):
        p.li(register, r.choice((*EDGES, r.getrandbits(32))))
    if r.random() < (0.1 if hot else 0.3):
        p.li("t0", ROOT | 1)
        p("setptb", "t0")
    if r.random() < 0.6:
        p("sti")
    writer = Writer(p)
    for kind, seed in plan.fragments:
        writer.fragment(kind, Random(seed))
        if p.at > SUBROUTINES - 0x400:
            break
    p.label("end")
    p("syscall", 0)
    p.off(r.randrange(256))
    p("jal", "zero", "end")
    p.org(SUBROUTINES)
    for number in range(4):
        p.label(f"sub{number}")
        for _ in range(r.randint(1, 70 if number == 3 else 6)):
            name, operands = arithmetic(r)
            p(name, *operands)
        p("jalr", "zero", 0, "ra")
    handler(p, r, hot)
    tables(p, r)
    p.org(DATA)
    p.word(*(r.choice((*EDGES, r.getrandbits(32))) for _ in range(16)))
    limits = sorted(r.randrange(1, 400) for _ in range(r.randrange(3)))
    options = Options(
        code_size=r.choice((1 << 16, 1 << 20)),
        most_blocks=r.choice((None, None, None, 6) if hot else (None, None, 1, 2, 5)),
        most_instructions=r.choice((1, 2, 3, 7, 64, 64)),
        chain=r.random() < 0.8,
        trace=r.random() < 0.9,
        remember=r.random() < 0.1,
    )
    return Case(
        plan,
        p.image(),
        (*limits, 2500),
        r.randbytes(r.randrange(6)),
        r.randbytes(8 * 512) if r.random() < 0.5 else None,
        r.getrandbits(16),
        options,
        hot,
    )


def plan(r: Random, isa: str = "pg32") -> Plan:
    """A random plan."""
    return Plan(r.getrandbits(32), tuple((r.choice(KINDS), r.getrandbits(32)) for _ in range(r.randint(1, 25))), isa)
