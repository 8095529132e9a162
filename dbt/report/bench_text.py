"""The result of `ring1 bench` as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Object = dict[str, Any]

TITLES = {
    "nano": "Nanobenchmarks: nanoseconds an operation",
    "macro": "Macrobenchmarks: slowdown against bare",
    "kernels": "Kernels: ratio to native code",
}
GENERATIONS = ("Prescott", "Sandy Bridge")
"""The first and the last of which there are figures: the page of --html has all."""


def report(found: Object) -> RenderableType:
    """Everything, in the order in which it is to be read."""
    return Group(*parts(found))


def parts(found: Object) -> Iterator[RenderableType]:
    for suite, rows in found["suites"].items():
        if rows:
            yield times(suite, rows)
    if rows := found["suites"].get("nano"):
        yield events(rows)
        yield cycles(rows)
    yield from notes(found)


def shown(value: float) -> str:
    """Three digits, or all before the point."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def columns(rows: list[Object]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row["cells"]))


def table(title: str, names: list[str]) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", pad_edge=False, box=None, padding=(0, 2, 0, 0))
    made.add_column("", no_wrap=True)
    for name in names:
        made.add_column(name, justify="right", no_wrap=True)
    return made


def times(suite: str, rows: list[Object]) -> Table:
    """Medians with half of the width of their intervals; of macrobenchmarks and kernels, ratios."""
    key = "ns" if suite == "nano" else "slowdown"
    names = [name for name in columns(rows) if any(key in row["cells"].get(name, {}) for row in rows)]
    made = table(TITLES[suite], names)
    for row in rows:
        made.add_row(row["name"], *(figure(row["cells"].get(name, {}), key) for name in names))
    return made


def figure(cell: Object, key: str) -> Text:
    if key not in cell:
        return Text("-", style="dim")
    value = cell[key]
    text = Text(shown(value["median"]))
    spread = (value["high"] - value["low"]) / 2 / value["median"] if value["median"] else 0.0
    text.append(f" ±{spread:.0%}", style="yellow" if cell["noisy"] else "dim")
    if cell["noisy"]:
        text.append(" noisy", style="yellow")
    return text


def events(rows: list[Object]) -> Table:
    names = [name for name in columns(rows) if any("events" in row["cells"].get(name, {}) for row in rows)]
    made = table("VMM events an operation (counted)", names)
    for row in rows:
        cells = [row["cells"].get(name, {}) for name in names]
        made.add_row(row["name"], *(f"{cell['events_total']:.2f}" if "events" in cell else "-" for cell in cells))
    return made


def cycles(rows: list[Object]) -> Table:
    names = [name for name in columns(rows) if any(row["cells"].get(name, {}).get("modelled_cycles") for row in rows)]
    heads = [f"{name} {generation}" for generation in GENERATIONS for name in names]
    made = table("Cycles an operation, modelled: its events as VM exits of that generation", heads)
    for row in rows:
        texts = []
        for generation in GENERATIONS:
            for name in names:
                value = row["cells"].get(name, {}).get("modelled_cycles", {}).get(generation)
                texts.append("-" if value is None else f"{value:,}")
        made.add_row(row["name"], *texts)
    return made


def notes(found: Object) -> Iterator[RenderableType]:
    """Why cells are empty, and what it was measured on."""
    absent: dict[tuple[str, str], list[str]] = {}
    for rows in found["suites"].values():
        for row in rows:
            for name, cell in row["cells"].items():
                if "why_not" in cell:
                    absent.setdefault((name, cell["why_not"]), []).append(row["name"])
    for (name, reason), benchmarks in absent.items():
        yield Text(f"{name}: {reason} ({', '.join(benchmarks)})", style="dim")
    noisy = [
        f"{row['name']} {name}"
        for rows in found["suites"].values()
        for row in rows
        for name, cell in row["cells"].items()
        if cell.get("noisy")
    ]
    if noisy:
        yield Text(f"noisy, the interval is wider than 20 % of the median: {', '.join(noisy)}", style="yellow")
    yield Text(origin(found), style="dim")
    if found["partial"]:
        yield Text("partial: the run was interrupted; what was measured until then is above", style="bold red")


def origin(found: Object) -> str:
    """What it was measured on, in a line."""
    host = found["host"]
    return ", ".join(
        (
            host["cpu"],
            f"{host['cpus']} CPUs",
            f"load {host['load']}",
            host["kernel"],
            f"KVM: {host['kvm']}",
            host["python"],
            f"commit {host['commit'] or 'unknown'}",
            f"seed {found['seed']}",
            found["isa"],
            f"{found['seconds']} s",
        )
    )
