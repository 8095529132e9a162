"""Random guest programs that do everything at once, from ring1.dbt.fuzz: what the engines and the independent model are
compared on.

A program is a plan: a seed for the machine's set-up, and a list of pieces, each a kind and a seed of its own. So a
program that shows a difference shrinks by dropping pieces, whoever does the dropping.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from ring1.dbt.fuzz.case import FLOW, KERNEL, made
from ring1.dbt.fuzz.compare import Observed
from ring1.dbt.fuzz.layout import RAM as SIZE
from ring1.dbt.vmm.options import Options

PIECES = {piece.__name__: piece for piece in (*FLOW, *KERNEL)}
KINDS = tuple(sorted(PIECES))
"""Kinds of pieces."""
WEIGHTED = tuple(piece.__name__ for piece in KERNEL)

__all__ = ["KINDS", "SIZE", "Case", "Plan", "case", "plan"]


@dataclass(frozen=True)
class Plan:
    seed: int
    pieces: tuple[tuple[str, int], ...]
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


def case(plan: Plan) -> Case:
    """The program of a plan: the first one that relies on no stale translation, which engines may differ on."""
    seed = plan.seed
    while True:
        observed = Observed(made(plan.isa, seed, [(PIECES[kind], own) for kind, own in plan.pieces]))
        if not observed.tape.taken:
            break
        seed += 1
    r, found, hot = Random(seed), observed.case, seed % 2 == 0
    options = Options(
        code_size=r.choice((1 << 16, 1 << 20)),
        most_blocks=r.choice((None, None, None, 6) if hot else (None, None, 1, 2, 5)),
        most_instructions=r.choice((1, 2, 3, 7, 64, 64)),
        chain=r.random() < 0.8,
        trace=r.random() < 0.9,
        remember=r.random() < 0.1,
    )
    disk = found.sectors() if found.disk else None
    return Case(plan, observed.guest.image, found.stops, found.source, disk, found.seed, options, hot)


def plan(r: Random, isa: str = "pg32") -> Plan:
    """A random plan."""
    return Plan(r.getrandbits(32), tuple((r.choice(WEIGHTED), r.getrandbits(32)) for _ in range(r.randint(1, 25))), isa)
