"""The result of a run of the benchmarks: the object that `ring1 bench --json` writes (docs/bench.md).

Reports are made from it alone, so that they can be made again from the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ring1.dbt.engines.technique import Technique
from ring1.dbt.measure import costs
from ring1.dbt.measure.peers.table import PEERS
from ring1.dbt.measure.sampling import Cell
from ring1.dbt.measure.statistics import Interval, interval, ratio
from ring1.dbt.measure.trial import Trial

SCHEMA, VERSION = "ring1 bench", 2
PAGE_FAULTS = ("page shown", "guest page fault")
"""Reasons of exits that are page faults."""
UNKNOWN = Cell("not counted")
NESTED = "nested_levels"
"""The figure that only generations with nested paging have."""

Object = dict[str, Any]


def engines(techniques: Iterable[Technique]) -> Object:
    return {
        each.name: {"technique": each.text, "why_not": each.why_not(), "modelled": each.modelled} for each in techniques
    }


def parts(techniques: Iterable[Technique]) -> Object:
    """Return part -> the technique that plays it in published comparisons."""
    return {each.part: each.name for each in techniques if each.part}


def colours(techniques: Iterable[Technique]) -> Object:
    """Return the colours of all subjects in charts."""
    return {each.name: each.colour for each in techniques} | {name: peer.colour for name, peer in PEERS.items()}


def generations() -> Object:
    """Return the cost model: cycles of each kind of event, by processor generation, with their sources."""
    found = map(costs.read, costs.generations())
    return {
        each.generation: {
            kind: {"value": figure.value, "processor": figure.processor, "source": figure.source}
            for kind, figure in each.figures.items()
        }
        for each in found
    }


def row(
    trial: Trial, cells: Mapping[str, Cell], techniques: Iterable[Technique], seed: int, shadow: Cell | None = None
) -> Object:
    """Return the row of a benchmark. Subjects that are not techniques are peers. `shadow` has the events of a shadow
    page table."""
    reference, known = cells.get(trial.reference), {each.name: each for each in techniques}
    return {
        "name": trial.name,
        "operation": trial.operation,
        "reference": trial.reference,
        "cells": {name: cell_object(known.get(name), cell, reference, seed, shadow) for name, cell in cells.items()},
    }


def cell_object(
    technique: Technique | None, cell: Cell, reference: Cell | None, seed: int, shadow: Cell | None
) -> Object:
    is_model = technique is not None and technique.modelled
    if cell.why_not:
        return {"why_not": cell.why_not}
    made: Object = {"operations": round(cell.operations, 3), "instructions": round(cell.instructions, 3)}
    if cell.instructions:
        made["events"] = {reason: round(n, 4) for reason, n in cell.events.items()}
        made["events_total"] = round(sum(cell.events.values()), 4)
        priced = technique is not None and technique.priced
        made["modelled_cycles"] = modelled(cell, (shadow or UNKNOWN) if is_model else None) if priced else {}
    if is_model:
        return made
    found = interval(cell.ns)
    made |= {"ns": numbers(found), "samples": [float(f"{ns:.6g}") for ns in cell.ns], "noisy": found.noisy}
    if reference is not None and len(reference.ns) == len(cell.ns):
        made["slowdown"] = numbers(ratio(cell.ns, reference.ns, seed))
    return made


def numbers(found: Interval) -> Object:
    return {
        name: float(f"{value:.6g}")
        for name, value in zip(
            ("quartile", "low", "high", "median"), (found.quartile, found.low, found.high, found.median), strict=True
        )
    }


def modelled(cell: Cell, shadow: Cell | None) -> dict[str, int | None]:
    """Return the cycles that the events of an operation would cost if each were a VM exit, by generation; None where a
    figure needed has not been published, or nobody has counted. On generations without nested paging, an engine that
    uses it would need a shadow page table instead: its events are those of `shadow`."""
    made: dict[str, int | None] = {}
    for name in costs.generations():
        found = costs.read(name)
        counts = counted(cell.events)
        if shadow is not None and NESTED not in found.figures:
            if shadow.why_not:
                made[found.generation] = None
                continue
            for kind, n in counted({why: n for why, n in shadow.events.items() if of_paging(why)}).items():
                counts[kind] += n
        prices = {
            kind: sum(found.figures[each].value for each in needed)
            for kind, needed in costs.PRICES.items()
            if all(each in found.figures for each in needed)
        }
        used = [kind for kind, n in counts.items() if n > LEAST]
        made[found.generation] = (
            round(sum(counts[kind] * prices[kind] for kind in used)) if all(kind in prices for kind in used) else None
        )
    return made


def counted(events: Mapping[str, float]) -> dict[str, float]:
    """Count the exits and page faults among these events."""
    faults = sum(n for why, n in events.items() if why in PAGE_FAULTS)
    return {"exits": sum(events.values()) - faults, "page faults": faults}


def of_paging(why: str) -> bool:
    """Is this an event caused by page tables?"""
    return why in PAGE_FAULTS or "flush" in why


LEAST = 0.01
"""Fewer events of an operation than this are not reported: they are left over from warming up."""
