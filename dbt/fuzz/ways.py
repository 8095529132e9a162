"""Ways to run a program: a technique, how it translates addresses and keeps code, and how the run is interrupted.

A way has a name, such as `bt/softtlb/traced/most_blocks=1/chain=0/steps`; what the name omits has its default.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.mmu.choice import TECHNIQUES, Limits, Mmu
from ring1.dbt.vmm.heat import Sampling
from ring1.dbt.vmm.look_ups import Pressing
from ring1.isa.record import Record

HOT = Sampling(9, 256, 1, (2, 7, 30), paths=1000, path=120)
"""Sampling so frequent that traces and new pinning occur within hundreds of instructions."""
PRESSING = Pressing(1, 1 << 20, 40, 16)
"""An instruction looks its addresses up once it has missed, and goes back soon."""
SMALL_CODE = 1 << 16
WORDS = ("hot", "steps", "checked")
CODE = (
    *("most_blocks", "code_size", "most_instructions", "most_pinned", "most_versions"),
    *("chain", "trace", "routines", "post"),
)
"""Options of the code cache that a name may set ..."""
ROOM = (0, 4, 16, 60)
LOWERED = {"views": (4, 5), "known": (1, 3), "uses": (2, 5, 20), "shown": (1, 3, 9), "neighbours": (1, 2)}
"""... and limits on what is kept of address spaces, with lowered values."""


class Way(Record):
    engine: Technique
    mmu: Mmu = Mmu()
    code: tuple[tuple[str, int], ...] = ()
    """Options of the code cache other than defaults: names of ring1.dbt.vmm.options.Options with their values."""
    hot: bool = False
    """Code becomes hot after a few rounds."""
    steps: bool = False
    """The run stops after each instruction."""
    checked: bool = False
    """The follower executes all that generated code does (`ring1 run --check`)."""
    room: int | None = None
    """Mappings left to the process whenever the machine runs; all others are taken meanwhile."""
    heirs: tuple[Technique, ...] = ()
    """At each stop a snapshot is taken, from which the next of these techniques continues."""

    @property
    def name(self) -> str:
        parts = [self.engine.name]
        parts += [self.mmu.technique] * (self.mmu.technique != Mmu().technique) + ["traced"] * self.mmu.traced
        parts += [f"{name}={value}" for name, value in self.code]
        limits, usual = self.mmu.limits, Limits()
        lowered = {name: getattr(limits, name) for name in LOWERED if getattr(limits, name) != getattr(usual, name)}
        parts += [f"{name}={value}" for name, value in lowered.items()]
        parts += [f"room={self.room}"] * (self.room is not None)
        parts += [word for word in WORDS if getattr(self, word)] + [f"then={heir.name}" for heir in self.heirs]
        return "/".join(parts)


def way(name: str, registry: Registry = ENGINES) -> Way:
    """Return the way with this name, for one of these techniques. Raises ValueError."""
    engine, *parts = name.split("/")
    pairs = [(key, value) for key, equals, value in (part.partition("=") for part in parts) if equals]
    words = {part for part in parts if "=" not in part}
    heirs = tuple(value for key, value in pairs if key == "then")
    numbers = [(key, int(value)) for key, value in pairs if key != "then" and value.isdecimal() and len(value) < 10]
    known = {engine, *heirs} <= registry.keys() and words <= {*TECHNIQUES, "traced", *WORDS}
    known = known and {key for key, _ in numbers} <= {*CODE, *LOWERED, "room"}
    if not known or len(numbers) + len(heirs) < len(pairs):
        raise ValueError(f"{name!r:.80} is no way to run a program")
    code = tuple((key, value) for key, value in numbers if key in CODE)
    limits = Limits(**{key: max(1, value) for key, value in numbers if key in LOWERED})
    mmu = Mmu(next((word for word in TECHNIQUES if word in words), Mmu().technique), "traced" in words, limits)
    hot, steps, checked = (word in words for word in WORDS)
    room, after = dict(numbers).get("room"), tuple(registry[heir] for heir in heirs)
    return Way(registry[engine], mmu, code, hot, steps, checked, room, after)


def engines(registry: Registry = ENGINES) -> list[Technique]:
    """Return the techniques available on this host that run unmodified programs."""
    return running(registry.here(), "")


def builds(techniques: Sequence[Technique]) -> list[str]:
    """Return the builds of programs that these techniques are for; empty for programs that are not modified."""
    return list(dict.fromkeys(technique.build for technique in techniques if technique.policy is not None)) or [""]


def running(techniques: Sequence[Technique], build: str) -> list[Technique]:
    """Return those of these techniques that run a build; what interprets runs any."""
    return [technique for technique in techniques if technique.build == build or technique.policy is None]


def draw(r: Random, techniques: Sequence[Technique], paged: bool, most_stops: int = 0) -> Way:
    """Draw a way with some of these techniques. Those that deprivilege are checked more often: what a program with
    holes does under them may differ from the reference, but not from the interpreter under the same technique."""
    engine = r.choice(techniques)
    steps, heirs = r.random() < 0.05, tuple[Technique, ...]()
    if most_stops and r.random() < 0.25:
        heirs = tuple(r.choice(techniques) for _ in range(most_stops))
    if engine.policy is None:
        return Way(engine, steps=steps, heirs=heirs or (r.choice(techniques),) * bool(most_stops))
    code: list[tuple[str, int]] = []
    if r.random() < 0.15:
        code.append(("most_blocks", r.choice((1, 2, 3, 6))))
    if r.random() < 0.1:
        code.append(("code_size", SMALL_CODE))
    if r.random() < 0.2:
        code.append(("most_instructions", r.choice((1, 2, 3, 7))))
    if r.random() < 0.2:
        code.append(("most_pinned", r.choice((0, 1, 4))))
    if r.random() < 0.8:
        code.append(("most_versions", r.choice((1, 2, 2, 2, 3))))
    if r.random() < 0.2:
        code.append(("chain", 0))
    if r.random() < 0.1:
        code.append(("trace", 0))
    if r.random() < 0.1:
        code.append(("routines", 0))
    if r.random() < 0.1:
        code.append(("post", 0))
    limits = Limits()
    if r.random() < 0.2:
        name = r.choice(list(LOWERED))
        limits = Limits(**{name: r.choice(LOWERED[name])})
    mmu = Mmu(r.choice(list(TECHNIQUES)), r.random() < 0.5, limits) if paged else Mmu()
    checked, hot = r.random() < (0.2 if engine.deprivileges else 0.06), r.random() < 0.6
    room = r.choice(ROOM) if r.random() < 0.02 and paged and not heirs else None
    if room is not None:
        room = max(room, engine.mappings)
    return Way(engine, mmu, tuple(code), hot, steps, checked, room, heirs)
