"""Look-up and formatting of a result's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import result
from ring1.dbt.measure.statistics import Interval, ratio

Object = dict[str, Any]
OTHER = "#777777"


def playing(found: Object, part: str) -> str:
    """Return the engine that plays a part in published comparisons; empty if none does. For a result that does not
    record the parts, those of the table are used."""
    parts: Object = found.get("parts", result.parts(ENGINES.values()))
    return str(parts.get(part, ""))


def colour(found: Object, name: str) -> str:
    """Return the colour of a subject, as CSS writes it (see `playing`)."""
    colours: Object = found.get("colours", result.colours(ENGINES.values()))
    return str(colours.get(name, OTHER))


def shown(value: float) -> str:
    """Format with three significant digits, or all digits before the point."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value < 0.01:
        return f"{value:.1g}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def time(ns: float) -> str:
    """Format a duration with its unit."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if ns >= size:
            return f"{shown(ns / size)} {unit}"
    return f"{shown(ns)} ns"


def spread(found: Mapping[str, float]) -> float:
    """Return half of the width of an interval, as a share of its quartile."""
    return (found["high"] - found["low"]) / 2 / found["quartile"] if found["quartile"] else 0.0


def cell(found: Object, suite: str, benchmark: str, name: str) -> Object:
    """Return the measurement of a subject; empty if it was not measured."""
    for row in found["suites"].get(suite, ()):
        if row["name"] == benchmark:
            return dict(row["cells"].get(name, {}))
    return {}


def columns(rows: Sequence[Object], key: str) -> list[str]:
    """Return the subjects that have a figure in any of the rows."""
    names = dict.fromkeys(name for row in rows for name in row["cells"])
    return [name for name in names if any(row["cells"].get(name, {}).get(key) for row in rows)]


def quotient(mine: Object, other: Object, seed: int) -> Interval | None:
    """Return the ratio of an operation's time to another subject's, round by round; None if one was not measured."""
    if "samples" not in mine or len(mine["samples"]) != len(other.get("samples", ())):
        return None
    return ratio(mine["samples"], other["samples"], seed)


def absent(found: Object) -> dict[tuple[str, str], list[str]]:
    """Return subject and why it was not measured -> in which benchmarks."""
    made: dict[tuple[str, str], list[str]] = {}
    for rows in found["suites"].values():
        for row in rows:
            for name, each in row["cells"].items():
                if "why_not" in each:
                    made.setdefault((name, each["why_not"]), []).append(row["name"])
    return made


def noisy(found: Object) -> list[str]:
    """Return the measurements whose intervals are too wide."""
    return [
        f"{row['name']} {name}"
        for rows in found["suites"].values()
        for row in rows
        for name, each in row["cells"].items()
        if each.get("noisy")
    ]


def host(found: Object) -> list[tuple[str, str]]:
    """Return the environment of the measurement."""
    facts = found["host"]
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    pinned = facts["pinned_to_cpu"]
    return [
        ("processor", f"{facts['cpu']}; {facts['cpus']} CPUs"),
        ("kernel", facts["kernel"]),
        ("a virtual machine itself", facts["hypervisor"]),
        *((name.upper(), facts[f"{name}_is"]) for name in facts if f"{name}_is" in facts),
        ("load when it began", "unknown" if facts["load"] is None else str(facts["load"])),
        ("pinned to a CPU", "no" if pinned is None else f"number {pinned}"),
        ("Python", facts["python"]),
        ("packages", packages),
        *facts.get("peers", {}).items(),
        ("commit", facts["commit"] or "unknown"),
        ("seed", str(found["seed"])),
        ("machine", found["isa"]),
        ("measured", f"{found['began']}, {found['seconds']} s{', quick' if found['quick'] else ''}"),
    ]
