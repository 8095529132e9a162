"""Ways to run a program: an engine, how it translates addresses and keeps code, and how the run is interrupted.

A way has a name, such as `bt/softtlb/traced/blocks=1/unchained/steps`: what is left out is as usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from dbt.engines import table
from dbt.mmu.choice import TECHNIQUES, Mmu
from dbt.vmm.heat import Sampling
from isa.record import Record

HOT = Sampling(9, 256, 1, (2, 7, 30))
"""What makes traces and a new choice of host registers come within hundreds of instructions."""
REFERENCE = "interp"
SMALL_CODE = 1 << 16


class Way(Record):
    engine: str
    mmu: Mmu = Mmu()
    code: tuple[tuple[str, int], ...] = ()
    """How code is kept, other than usual: names of dbt.vmm.options.Options with their values."""
    hot: bool = False
    """Code is hot after a few rounds."""
    steps: bool = False
    """It stops after each instruction."""
    heirs: tuple[str, ...] = ()
    """At each stop a snapshot is taken, and the next of these engines goes on from it."""

    @property
    def name(self) -> str:
        parts = [self.engine]
        parts += [self.mmu.technique] * (self.mmu.technique != "shadow") + ["traced"] * self.mmu.traced
        parts += [f"{name}={value}" for name, value in self.code]
        parts += ["hot"] * self.hot + ["steps"] * self.steps + [f"then={heir}" for heir in self.heirs]
        return "/".join(parts)


def way(name: str) -> Way:
    """The way called so. Raises ValueError."""
    engine, *parts = name.split("/")
    pairs = [part.split("=", 1) for part in parts if "=" in part]
    words = {part for part in parts if "=" not in part}
    if engine not in table.ENGINES or not words <= {*TECHNIQUES, "traced", "hot", "steps"}:
        raise ValueError(f"{name!r} is no way to run a program")
    heirs = tuple(value for key, value in pairs if key == "then")
    code = tuple((key, int(value)) for key, value in pairs if key != "then")
    mmu = Mmu("softtlb" if "softtlb" in words else "shadow", "traced" in words)
    return Way(engine, mmu, code, "hot" in words, "steps" in words, heirs)


def engines() -> list[str]:
    """The engines of this host that run programs which know nothing of them."""
    return [name for name, technique in table.ENGINES.items() if not technique.why_not() and technique.unmodified]


def draw(r: Random, names: Sequence[str], paged: bool, most_stops: int = 0) -> Way:
    """A way by chance, with one of these engines."""
    engine = r.choice(names)
    steps, heirs = r.random() < 0.05, tuple[str, ...]()
    if most_stops and r.random() < 0.25:
        heirs = tuple(r.choice(names) for _ in range(most_stops))
    if engine == REFERENCE:
        return Way(engine, steps=steps, heirs=heirs or (r.choice(names),) * bool(most_stops))
    code: list[tuple[str, int]] = []
    if r.random() < 0.15:
        code.append(("most_blocks", r.choice((1, 2, 3, 6))))
    if r.random() < 0.1:
        code.append(("code_size", SMALL_CODE))
    if r.random() < 0.2:
        code.append(("most_instructions", r.choice((1, 2, 3, 7))))
    if r.random() < 0.2:
        code.append(("most_pinned", r.choice((0, 1, 4))))
    if r.random() < 0.2:
        code.append(("chain", 0))
    if r.random() < 0.1:
        code.append(("trace", 0))
    mmu = Mmu(r.choice(list(TECHNIQUES)), r.random() < 0.6) if paged else Mmu()
    return Way(engine, mmu, tuple(code), r.random() < 0.6, steps, heirs)
