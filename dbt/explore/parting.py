"""Two engines in lock step, for a page: equivalent, or where one parts from the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from ring1.dbt.api.errors import EngineUnavailable
from ring1.dbt.compare.contender import Setup
from ring1.dbt.compare.difference import Divergence
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.engines.technique import Technique
from ring1.dbt.explore.opened import Opened
from ring1.dbt.explore.subject import Subject
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.report import comparison
from ring1.dbt.report.place import describe
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa
from ring1.isa.record import replace
from ring1.isa.source import SourceError

ROOM = 1 << 24
"""Bytes of console output that are accepted."""
Object = dict[str, Any]


def setup(isa: Isa, program: Program, subject: Subject, source: bytes) -> Setup:
    """Return the guest of a comparison, which reads `source` and then the end of its input."""

    def place(cpu: Cpu) -> str:
        return describe(cpu, program, cpu.pc)

    words = tuple(word.encode() for word in subject.arguments)
    traced = Mmu(traced=True)
    return Setup(
        isa,
        program.image,
        program.entry,
        subject.ram,
        source,
        subject.disk,
        subject.seed,
        traced,
        place,
        ROOM,
        words,
        subject.board,
    )


def compared(
    made: Setup,
    pair: tuple[Technique, Technique],
    build: Callable[[str], Program | None],
    limit: int,
    tell: Callable[[int], None],
    enough: Callable[[], bool],
) -> Object:
    """Run a guest under two techniques, the first of which is the reference. `build` returns the program as it is built
    for a technique that wants that. Raises EngineUnavailable."""
    reference, other = pair
    for technique in pair:
        reason = technique.cannot(made.isa)
        if reason:
            raise EngineUnavailable(f"the engine {technique.name} cannot run here: {reason}")
    if not reference.unmodified:
        raise EngineUnavailable(f"{reference.name} runs a build of the guest for itself: it cannot be the first")
    builds = {}
    if other.build:
        own = build(other.build)
        builds = {other.name: made if own is None else replace(made, image=own.image, entry=own.entry)}
    try:
        done = Lockstep(made, pair, builds)
    except (OSError, ValueError) as error:
        raise EngineUnavailable(f"the host gives no two machines: {error}") from None
    with closing(done):
        done.run(limit, tell, enough)
        return {
            "engines": [reference.name, other.name],
            "equivalent": comparison.equivalent(done),
            "equal": done.equal,
            "cancelled": enough(),
            "divergences": [divergence(each) for each in done.divergences.values()],
            "text": comparison.describe(done, {}, None),
        }


def divergence(found: Divergence) -> Object:
    return {
        "engine": found.engine,
        "low": found.low,
        "high": found.high,
        "place": found.place,
        "rows": [list(row) for row in found.apart.rows],
    }


def builder(isa: Isa, subject: Subject, opened: Opened) -> Callable[[str], Program | None]:
    """Return what builds a program with a symbol defined; None is returned where it cannot be."""

    def build(symbol: str) -> Program | None:
        if not subject.files:
            return None
        try:
            return subject.program(isa, opened, (symbol,))
        except SourceError:
            return None

    return build
