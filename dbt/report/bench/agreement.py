"""The published shape of seven nanobenchmarks: whether the measurements here show the same relations.

(Adams, Agesen, "A comparison of software and hardware techniques for x86 virtualization", ASPLOS 2006: cycles on a
Pentium 4, of the native machine, VMware's binary translator, and a VMM that used the first VT-x.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.engines.technique import HARDWARE, MODEL, NATIVE, SOFTWARE
from ring1.dbt.report.bench.figures import Object, cell, playing, quotient
from ring1.isa.record import Record

GENERATION = "Prescott"
"""The paper's processor."""
ALIKE = 1.15
"""Two times with a smaller quotient are called equal."""
EVENTFUL = 0.1
"""Events of an operation that are more than leftovers of warming up."""
NOT_MEASURED = "not measured"
LESS, EQUAL, MORE = "<", "=", ">"


class Published(Record):
    """The paper's result for a benchmark: relations between its columns, and its figures in words."""

    software_to_hardware: str
    software_to_native: str
    hardware_to_native: str
    words: str


PAPER = {
    "syscall": Published(MORE, MORE, EQUAL, "hardware as native, software about 2,000 more"),
    "in": Published(LESS, LESS, MORE, "software 15 times faster than native, hardware 15,826"),
    "cr8wr": Published(LESS, LESS, "", "software 35, 4 times faster than native"),
    "callret": Published(MORE, "", "", "hardware 11, software 51"),
    "pgfault": Published(LESS, MORE, MORE, "native 1,093, software 3,927, hardware 11,242"),
    "divzero": Published(MORE, MORE, EQUAL, "native 889, hardware 1,014, software 3,223"),
    "ptemod": Published(LESS, "", "", "software 391, hardware 12,733"),
}


class Relation(Record):
    """A relation that the paper states, and what was found here."""

    benchmark: str
    relation: str
    published: str
    found: str
    """LESS, EQUAL, MORE, or why nothing was found."""
    quotient: float | None
    kind: str
    """Whether both sides are measured, or one is modelled."""

    @property
    def verdict(self) -> str:
        if self.quotient is None:
            return NOT_MEASURED
        return "agrees" if self.found == self.published else "disagrees"


def checks(found: Object) -> list[Relation]:
    """Check all relations that the paper states."""
    return [each for name, published in PAPER.items() for each in benchmark(found, name, published)]


def benchmark(found: Object, name: str, published: Published) -> list[Relation]:
    native, software, hardware, modelled = (
        cell(found, "nano", name, playing(found, part)) for part in (NATIVE, SOFTWARE, HARDWARE, MODEL)
    )
    made = []
    stated = (
        ("software to hardware", published.software_to_hardware, software, hardware),
        ("software to native", published.software_to_native, software, native),
        ("hardware to native", published.hardware_to_native, hardware, native),
    )
    for text, relation, mine, other in stated:
        if relation:
            made.append(Relation(name, text, relation, *measured(mine, other, found["seed"]), "measured"))
    ours, theirs = software_cycles(found, software), hardware_cycles(found, native, modelled)
    value = None if ours is None or not theirs else ours / theirs
    text = f"software to hardware modelled on {GENERATION}"
    here = why(modelled) if value is None else relation_of(value)
    made.append(Relation(name, text, published.software_to_hardware, here, value, "modelled"))
    return made


def measured(mine: Object, other: Object, seed: int) -> tuple[str, float | None]:
    """Compare two subjects' times: equal if the interval of their quotient allows that."""
    found = quotient(mine, other, seed)
    if found is None:
        return why(mine if "samples" not in mine else other), None
    if found.low <= ALIKE and found.high >= 1 / ALIKE:
        return EQUAL, found.quartile
    return relation_of(found.quartile), found.quartile


def relation_of(value: float) -> str:
    return LESS if value < 1 / ALIKE else MORE if value > ALIKE else EQUAL


def why(empty: Mapping[str, Any]) -> str:
    return str(empty.get("why_not", NOT_MEASURED))


def software_cycles(found: Object, cell: Object) -> float | None:
    """Return the time of an operation here, in cycles of this host."""
    mhz = found["host"]["mhz"]
    return cell["ns"]["quartile"] * mhz / 1000 if mhz and "ns" in cell else None


def native_cycles(found: Object, native: Object) -> float | None:
    """Return the native time of an operation here, in cycles of this host. What ring1 does for the bare machine outside
    of generated code, for devices and mappings, a processor would not do: an operation with such events counts as 0."""
    return 0.0 if native.get("events_total", 0) > EVENTFUL else software_cycles(found, native)


def hardware_cycles(found: Object, native: Object, modelled: Object, generation: str = GENERATION) -> float | None:
    """Return the modelled time of an operation with hardware assistance: its native time here, and its VM exits."""
    base = native_cycles(found, native)
    exits = modelled.get("modelled_cycles", {}).get(generation)
    return None if base is None or exits is None else base + exits
