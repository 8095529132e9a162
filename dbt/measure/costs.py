"""A cost model of a run's events on a processor: the published cycles of each kind of event, times their number.

It covers VM exits and page walks, not the rest of a run, and gives nothing where nothing has been published.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ring1.dbt.share import share
from ring1.isa.record import Record

FOLDER = share("bench", "costs")
"""Holds a file for each generation of processors."""

EVENTS = {
    "exits": "VM exits",
    "page faults": "VM exits for page faults",
    "walks": "nested page walks",
}
"""Kinds of events that are modelled (Engine.events) -> what each would be on the processor. Calls and traps count as VM
exits; pages shown in a shadow page table, and faults that show none, count as page faults; walks in software are not
nested walks."""

PRICES = {"exits": ("round_trip",), "page faults": ("page_fault_exit", "entry")}
"""Kind of event -> the figures that make up its cost."""


class Figure(Record):
    """A published number."""

    value: int
    source: str
    processor: str
    """The processor on which it was measured, if a more specific one than the generation is known."""


class Costs(Record):
    """The published figures of a generation of processors."""

    generation: str
    figures: dict[str, Figure]


class Modelled(Record):
    """The modelled cost of the events of one kind."""

    event: str
    count: int
    cycles: int | None
    """None without a published figure."""
    formula: str
    sources: tuple[str, ...]


def generations() -> list[str]:
    """Return the names of the generations with figures."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(name: str) -> Costs:
    """Read the figures of a generation, or of a file. Raises OSError; ValueError if the file is malformed."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    try:
        found = tomllib.loads(path.read_text())
        generation = found.pop("generation")
        return Costs(str(generation), {kind: figure(values) for kind, values in found.items()})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: makes no sense as costs: {error}") from None


def figure(values: Mapping[str, Any]) -> Figure:
    """Parse a figure. Raises KeyError, ValueError: a number is not accepted without its source."""
    value = values["levels"] if "levels" in values else values["cycles"]
    if type(value) is not int or value <= 0 or not values["source"]:
        raise ValueError(f"{value!r:.40} is no figure with a source")
    return Figure(value, str(values["source"]), str(values.get("processor", "")))


def nested_references(guest: int, nested: int) -> int:
    """Return the number of memory references in a walk of `guest` levels each of whose addresses goes through `nested`
    levels.

    (Bhargava, Serebrin, Spadini, Manne, "Accelerating two-dimensional page walks for virtualized systems", 2008.)
    """
    return (guest + 1) * (nested + 1) - 1


def model(costs: Costs, counts: Mapping[str, int], levels: int) -> list[Modelled]:
    """Return what the counted events would cost; the guest's page tables have `levels` levels."""
    figures = costs.figures
    made = []
    for event, count in counts.items():
        if not count:
            continue
        kinds = PRICES.get(event, ())
        used = [figures[kind] for kind in kinds if kind in figures]
        sources = tuple(dict.fromkeys(each.source for each in used))
        if used and len(used) == len(kinds):
            each = sum(figure.value for figure in used)
            made.append(Modelled(event, count, count * each, f"{each:,} cycles each", sources))
        elif event == "walks" and "nested_levels" in figures:
            nested = figures["nested_levels"]
            each = nested_references(levels, nested.value)
            text = f"up to {each} references each, {count * each:,} in all, whose cycles are not published"
            made.append(Modelled(event, count, None, text, (nested.source,)))
        else:
            made.append(Modelled(event, count, None, "no published figure", ()))
    return made
