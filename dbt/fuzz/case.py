"""A case: a program, the machine that runs it, and the instruction counts at which the state is compared."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from random import Random

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz import blocks, changing, entries, flow, hot, kernels, mapping, peripherals, sharing, ticking
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.hypercalls import HYPERCALLS
from ring1.dbt.fuzz.layout import DATA, HANDLER, HANDLER_SIZE, NEXT, RAM, ROOTS, SUBROUTINES, WORDS
from ring1.dbt.fuzz.listing import CONSTANT, LABEL, ORG, Line, Lines, Listing
from ring1.dbt.fuzz.listing import DATA as DATA_WORDS
from ring1.dbt.fuzz.paravirtual import ParavirtualFacts, ParavirtualWriter
from ring1.dbt.fuzz.tables import choose_pages, tables
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.read import read
from ring1.isa.record import Record
from ring1.isa.source import IsaError

SHAPES: dict[str, tuple[tuple[type, ...], ...]] = {
    LABEL: ((str,),),
    CONSTANT: ((int, int), (int, str)),
    ORG: ((int,),),
}
"""Names of lines that are not instructions -> the types of their operands."""
SECTORS = 8
TIMES = (1 << 32, 1 << 64, 1 << 64, (1 << 64) + 1000)
"""Some cases begin at a time just before one of these."""
MOST_INSTRUCTIONS, MOST_STOPS, MOST_BYTES, MOST_MACHINES = 1_000_000, 1000, 1 << 22, 32
"""Limits on what is run and read, and the number of machines kept in memory."""
ROOM = SUBROUTINES - 0x600
"""Bytes of code after which no further piece is begun."""
LIMITS = (300, 400, 600, 800, 1600)
"""The most instructions that a case runs. A disk transfer takes 1000, unless the program waits for it."""
LIMITED, LIMITED_ROOM = 6, 7
"""The console's output is limited in one of so many cases, to less than so many bytes."""
Piece = Callable[[Writer], None]


class Case(Record):
    isa: str
    """The name of the machine, the file that describes it, or the description itself."""
    lines: Lines
    registers: tuple[tuple[int, int], ...] = ()
    """Initial contents of general registers, for machines whose programs cannot load constants."""
    source: bytes = b""
    """Console input."""
    disk: bool = False
    seed: int = 0
    """Seed of the entropy device, and of the contents of the disk."""
    stops: tuple[int, ...] = LIMITS[-1:]
    time: int = 0
    """Virtual time at which the machine begins, as if it had waited until then."""
    build: str = ""
    """The build of the program, as techniques name theirs: empty for the machine itself, else for a paravirtualized
    one."""

    def checked(self) -> Case:
        """Return the same case after checks, since it may come from anywhere. Raises ValueError if no machine can run
        it."""
        built = {technique.build: technique for technique in ENGINES.values()}.get(self.build)
        missing = built.cannot(facts(self.isa).isa) if built and self.build else "" if built else "such a build"
        if missing:
            raise ValueError(f"build {self.build!r:.40}: {missing}")
        f = self.facts
        for number, value in self.registers:
            if not (number in f.free and 0 <= value <= ONES):
                raise ValueError(f"there is no register {number} that could hold {value:#x}")
        if not self.stops or self.stops[0] < 1 or self.stops[-1] > MOST_INSTRUCTIONS:
            raise ValueError(f"the stops must be from 1 to {MOST_INSTRUCTIONS:,}")
        if any(a >= b for a, b in pairwise(self.stops)) or len(self.stops) > MOST_STOPS:
            raise ValueError(f"the stops must ascend, and be {MOST_STOPS} at most")
        if not (0 <= self.time < 1 << 65 and 0 <= self.seed < 1 << 64 and len(self.source) <= RAM):
            raise ValueError("time, entropy or the console's input is beyond all bounds")
        for line in self.lines:
            kinds = tuple(type(operand) for operand in line.operands)
            known = kinds in SHAPES.get(line.name, ()) or (line.name == DATA_WORDS and {*kinds} <= {int, str})
            form = f.forms.get(line.name)
            if not known and (form is None or len(kinds) != len(form.insn.operands) or not {*kinds} <= {int, str}):
                raise ValueError(f"{line.name!r:.40} is no line with operands such as {line.operands!r:.60}")
            if line.name == CONSTANT and line.operands[0] not in f.registers:
                raise ValueError(f"there is no register {line.operands[0]}")
        Listing(f, self.lines)
        return self

    def to_bytes(self) -> bytes:
        """Return the case in the form that `from_bytes` reads."""
        lines = [[line.name, *line.operands] for line in self.lines]
        fields = [self.isa, lines, self.registers, self.source.hex(), self.disk, self.seed, self.stops, self.time]
        fields += [self.build] if self.build else []
        return zlib.compress(json.dumps(fields, separators=(",", ":")).encode())

    @staticmethod
    def from_bytes(data: bytes) -> Case:
        """Raises ValueError for anything but a case."""
        try:
            text = zlib.decompressobj().decompress(data, MOST_BYTES)
            isa, lines, registers, source, disk, seed, stops, time, *build = json.loads(text)
            made = tuple(Line(str(name), tuple(operands)) for name, *operands in lines)
            pairs = tuple((whole(n), whole(value)) for n, value in registers)
            console, times = bytes.fromhex(source), tuple(map(whole, stops))
            for_build = str(*build)
            return Case(
                str(isa), made, pairs, console, bool(disk), whole(seed), times, whole(time), for_build
            ).checked()
        except (zlib.error, TypeError, KeyError, RecursionError, IsaError) as error:
            raise ValueError(f"no case: {error}") from None

    def sectors(self) -> bytes:
        """Return the contents of the disk."""
        return Random(self.seed).randbytes(SECTORS * 512)

    @property
    def room(self) -> int | None:
        """How many bytes of console output the machine may show; None for any number."""
        return self.seed % LIMITED_ROOM if self.seed % LIMITED == LIMITED - 1 else None

    @property
    def facts(self) -> Facts:
        return facts(self.isa, self.build)


def whole(value: object) -> int:
    """Return a value that must be an integer. Raises TypeError."""
    if type(value) is not int:
        raise TypeError(f"{value!r:.40} is no whole number")
    return value


@lru_cache(MOST_MACHINES)
def facts(name: str, build: str = "") -> Facts:
    """Return the facts of a machine for a build of programs, given its name, the file that describes it, or its
    description. Raises IsaError."""
    isa = described(name) if is_text(name) else load(name)
    return ParavirtualFacts(isa) if build else Facts(isa)


def is_text(name: str) -> bool:
    """Is this a description itself?"""
    return "\n" in name


def described(text: str) -> Isa:
    """Return the machine that a text describes. Raises IsaError."""
    with tempfile.TemporaryDirectory(prefix="ring1-fuzz-") as folder:
        path = Path(folder, "generated.isa")
        path.write_text(text)
        return read(str(path))


COMPUTING: tuple[Piece, ...] = (
    blocks.alu,
    blocks.edges,
    blocks.edges,
    *(blocks.combined,) * 3,
    blocks.every,
    blocks.access,
    blocks.matching,
)
FLOW: tuple[Piece, ...] = (
    *COMPUTING,
    flow.branch,
    flow.short_loop,
    hot.hot_loop,
    flow.twice,
    flow.call,
    flow.indirect,
    flow.astray,
)
KERNEL: tuple[Piece, ...] = (
    *FLOW,
    flow.short_loop,
    hot.hot_loop,
    blocks.edges,
    blocks.every,
    blocks.every,
    blocks.access,
    kernels.trap,
    kernels.ring,
    kernels.ring,
    kernels.home,
    kernels.system,
    kernels.timer,
    kernels.halt,
    peripherals.ports,
    kernels.command,
    kernels.interrupts,
    *(kernels.late,) * 3,
    changing.patch,
    changing.rewrite,
    changing.beside,
    changing.rewritten,
    changing.rewritten,
    mapping.paging,
    mapping.remap,
    mapping.remapped,
    mapping.remapped,
    mapping.moved,
)
MAPPED: tuple[Piece, ...] = (
    *(sharing.shared,) * 4,
    *(sharing.aged,) * 2,
    *(sharing.faulting,) * 3,
    mapping.remapped,
    mapping.paging,
    mapping.moved,
    mapping.switch,
    kernels.timer,
    kernels.ring,
    blocks.access,
)
PROGRAMS: dict[str, tuple[tuple[Piece, ...], int]] = {
    "instructions": ((*(blocks.every,) * 8, blocks.edges, flow.indirect, kernels.ring), 30),
    "block": (COMPUTING, 8),
    "flow": (FLOW, 10),
    "kernel": (KERNEL, 20),
    "mapped": (MAPPED, 4),
    "ticking": ((*(ticking.ticking,) * 6, kernels.late, kernels.interrupts, blocks.access, flow.short_loop), 4),
    "changing": ((*(changing.rewritten,) * 4, changing.rewrite, blocks.access), 4),
    "hot": ((*hot.HOT, flow.twice, blocks.access, kernels.ring), 4),
    "hypercalls": (HYPERCALLS, 8),
    "entries": ((*(entries.enter,) * 5, blocks.access, kernels.timer, kernels.home, changing.rewrite), 6),
}
"""Kind of program -> the pieces that it is made of, and the most of them."""
WEIGHTS = (6, 2, 3, 7, 5, 9, 14, 7, 40, 30)
"""How often each kind is drawn."""
NEEDS: dict[str, Callable[[Facts], bool]] = {
    "changing": changing.patches,
    "hot": flow.counts,
    "entries": lambda f: f.entering is not None,
    "hypercalls": lambda f: isinstance(f, ParavirtualFacts),
}
"""Kind of program -> can a machine have it?"""


Pieces = Sequence[tuple[Piece, int]]
"""The pieces of a program, each with a seed of its own: dropping one leaves the others unchanged."""


def program(
    f: Facts,
    seed: int,
    pieces: Pieces,
    avoid: frozenset[str] = frozenset(),
    time: int = 0,
    end: Piece = kernels.off,
) -> Lines:
    """Return a program for a machine: its set-up, the pieces, and what all programs end with."""
    r = Random(seed)
    w = ParavirtualWriter(f, r, avoid, time) if isinstance(f, ParavirtualFacts) else Writer(f, r, avoid, time)
    choose_pages(w)
    beginning(w)
    for piece, own in pieces:
        w.random = Random(own)
        piece(w)
        if 8 * len(w.lines) > ROOM or (f.pool and 8 * len(w.lines) > f.pool[0] - 0x200):
            break
    w.random = r
    w.place("end")
    end(w)
    flow.routines(w)
    if f.handling and f.constants:
        kernels.handlers(w, "end")
    tables(w)
    entries.block(w)
    w.org(DATA)
    w.word(*(w.edge() for _ in range(WORDS)))
    w.org(NEXT)
    w.word(kernels.status(w) if f.previous else 0)
    return tuple(w.lines)


def beginning(w: Writer) -> None:
    """Write the machine's set-up: trap handler, timer, paging, registers, processor mode."""
    f = w.facts
    if not f.constants:
        return
    by = w.one(f.spare)
    if f.handling and (f.flushing or w.chance(0.95)):
        for n, h in enumerate(f.handlings):
            w.control(h.vector, w.at(HANDLER + n * HANDLER_SIZE) if f.flushing or w.chance(0.98) else w.edge(), by)
            if h is not f.handling:
                kernels.delegate(w, h, by)
    if f.deadline and w.chance(0.8):
        due = w.time + w.one((1, 2, 3, 5, 7, 20, 50, 200, 1000)) + w.random.randrange(40)
        for n, part in enumerate(reversed(f.deadline)):
            w.constant(by, due >> 32 * n & ONES)
            kernels.due(w, part, by, f.scratch[0])
    for name in f.lines[:1]:
        w.control(name, w.one((0, 1, 9, ONES)), by)
    for register in w.random.sample(f.free, w.random.randint(0, len(f.free))):
        w.constant(register, w.edge())
    if w.chance(0.5):
        for name, word in f.paged(ROOTS[0]).items():
            w.control(name, word, by)
    if f.allowances and w.chance(0.5):
        w.allow(w.one(f.allowances))
    if w.chance(0.75):
        kernels.ring(w)


def case(isa: str, r: Random, kind: str | None = None, avoid: frozenset[str] = frozenset(), build: str = "") -> Case:
    """Draw a case for a machine, given by name, file or description, and for a build of programs."""
    chosen = pieces(facts(isa, build), r, kind)
    return made(isa, r.getrandbits(32), chosen, avoid, build)


def pieces(f: Facts, r: Random, kind: str | None = None) -> list[tuple[Piece, int]]:
    """Draw the pieces of a program."""
    weights = [
        weight if name not in NEEDS or NEEDS[name](f) else 0 for name, weight in zip(PROGRAMS, WEIGHTS, strict=True)
    ]
    some, most = PROGRAMS[kind or r.choices(list(PROGRAMS), weights)[0]]
    return [(r.choice(some), r.getrandbits(32)) for _ in range(r.randint(1, most))]


def register(w: Writer, number: int) -> int:
    """Draw the initial contents of a register: an address of data, or anything."""
    return (
        blocks.address(w, (1, 0, 0, 0) if number in w.facts.counters else (20, 5, 1, 1)) if w.chance(0.9) else w.edge()
    )


def made(isa: str, seed: int, pieces: Pieces, avoid: frozenset[str] = frozenset(), build: str = "") -> Case:
    """Return the case made of these pieces."""
    f, r = facts(isa, build), Random(f"machine {seed}")
    time = max(0, r.choice(TIMES) - r.randrange(150)) if r.random() < 0.2 else 0
    lines = program(f, seed, pieces, avoid, time)
    w = Writer(f, r)
    registers = () if f.constants else tuple((n, register(w, n)) for n in f.free)
    limit = r.choice(LIMITS)
    stops = sorted({r.randrange(1, min(limit, 300)) for _ in range(r.choice((0, 0, 1, 2)))})
    source, disk, entropy = r.randbytes(r.randrange(6)), r.random() < 0.4 and f.devices.disk, r.getrandbits(16)
    return Case(isa, lines, registers, source, disk, entropy, (*stops, limit), time, build)
