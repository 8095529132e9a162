"""The result of `ring1 bench` as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ring1.dbt.engines.technique import SOFTWARE
from ring1.dbt.report.bench import partitions
from ring1.dbt.report.bench.agreement import NOT_MEASURED, PAPER, checks
from ring1.dbt.report.bench.baseline import FASTER, SLOWER, Change
from ring1.dbt.report.bench.figures import Object, absent, columns, host, noisy, playing, shown, spread, time
from ring1.dbt.report.bench.targets import targets

TITLES = {
    "nano": ("Nanobenchmarks: nanoseconds an operation", "ns"),
    "macro": ("Macrobenchmarks: slowdown against bare", "slowdown"),
    "kernels": ("Kernels: ratio to native code", "slowdown"),
}
GENERATIONS = ("Prescott", "Sandy Bridge")
"""The first and the last generation with figures; the page of --html has all."""
STYLES = {"agrees": "green", "disagrees": "red", NOT_MEASURED: "dim"}


def report(found: Object, changes: Sequence[Change] | None = None) -> RenderableType:
    """Return everything, in reading order."""
    return Group(*(piece for part in parts(found, changes) for piece in untied(part)))


def untied(part: RenderableType) -> Iterator[RenderableType]:
    """Yield a table's title apart from it, since it may be wider than the table."""
    if isinstance(part, Table) and part.title:
        yield Text(f"\n{part.title}", "bold")
        part.title = None
    yield part


def parts(found: Object, changes: Sequence[Change] | None) -> Iterator[RenderableType]:
    for suite, rows in found["suites"].items():
        if rows:
            yield times(rows, *TITLES[suite])
    if "partitions" in found:
        yield from partitions.tables(found["partitions"])
    if rows := found["suites"].get("nano"):
        yield events(rows)
        yield cycles(rows)
        yield agreement(found)
    if found["suites"]:
        yield reached(found)
    if changes is not None:
        yield changed(changes)
    yield from notes(found)


def table(title: str, names: Sequence[str], justify: str = "right") -> Table:
    made = Table(title=title, pad_edge=False, box=None)
    made.padding = (0, 2, 0, 0)
    made.add_column("", no_wrap=True)
    for name in names:
        made.add_column(name, justify="left" if justify == "left" else "right", no_wrap=justify != "left")
    return made


def times(rows: Sequence[Object], title: str, key: str) -> Table:
    """Return a table of lower quartiles with half of the width of their intervals."""
    names = columns(rows, key)
    made = table(title, names)
    for row in rows:
        made.add_row(row["name"], *(figure(row["cells"].get(name, {}), key) for name in names))
    return made


def figure(cell: Object, key: str) -> Text:
    if key not in cell:
        return Text("-", style="dim")
    text = Text(shown(cell[key]["quartile"]))
    text.append(f" ±{spread(cell[key]):.0%}{' noisy' if cell['noisy'] else ''}", "yellow" if cell["noisy"] else "dim")
    return text


def events(rows: Sequence[Object]) -> Table:
    names = columns(rows, "operations")
    made = table("VMM events an operation (counted)", names)
    for row in rows:
        cells = [row["cells"].get(name, {}) for name in names]
        made.add_row(row["name"], *(f"{cell['events_total']:.2f}" if "events" in cell else "-" for cell in cells))
    return made


def cycles(rows: Sequence[Object]) -> Table:
    names = columns(rows, "modelled_cycles")
    heads = [f"{name} {generation}" for generation in GENERATIONS for name in names]
    made = table("Cycles an operation, modelled: its events as VM exits of that generation", heads)
    for row in rows:
        cells = [row["cells"].get(name, {}).get("modelled_cycles", {}) for name in names]
        values = [cell.get(generation) for generation in GENERATIONS for cell in cells]
        made.add_row(row["name"], *("-" if value is None else f"{value:,}" for value in values))
    return made


def agreement(found: Object) -> Table:
    title = "Agreement with Adams and Agesen (2006), whose cycles are a Pentium 4's"
    made = table(title, ("relation", "published", "here", "quotient", "verdict"), "left")
    last = ""
    for each in checks(found):
        name = "" if each.benchmark == last else f"{each.benchmark}: {PAPER[each.benchmark].words}"
        if name:
            made.add_row(Text(name))
            last = each.benchmark
        value = "" if each.quotient is None else shown(each.quotient)
        verdict = Text(each.verdict, style=STYLES[each.verdict])
        made.add_row("", each.relation, each.published, each.found, value, verdict)
    return made


def reached(found: Object) -> Table:
    made = table(f"Speed to reach ({playing(found, SOFTWARE)})", ("wanted", "found", ""), "left")
    for each in targets(found):
        verdict = Text("not measured", "dim") if each.met is None else Text("reached", "green")
        if each.met is False:
            verdict = Text("falls short", "red")
        made.add_row(each.what, each.wanted, each.found, verdict)
    return made


def changed(changes: Sequence[Change]) -> RenderableType:
    """Return what has changed since the baseline."""
    styles = {FASTER: "green", SLOWER: "red"}
    rows = [each for each in changes if each.kind in styles]
    made = table(f"Against the baseline: {len(rows)} of {len(changes)} figures changed beyond noise", ("before", "now"))
    made.add_column("")
    for each in rows:
        name = f"{each.suite} {each.benchmark} {each.name}"
        made.add_row(name, time(each.before), time(each.after), Text(each.kind, styles[each.kind]))
    return made


def notes(found: Object) -> Iterator[RenderableType]:
    """Yield why cells are empty, and the environment of the measurement."""
    yield Text()
    for (name, reason), benchmarks in absent(found).items():
        yield Text(f"{name}: {reason} ({', '.join(benchmarks)})", style="dim")
    if names := noisy(found):
        yield Text(f"noisy, the interval is wider than 10 % of the figure: {', '.join(names)}", style="yellow")
    yield Text("; ".join(f"{name} {text}" for name, text in host(found)), style="dim")
    if found["partial"]:
        yield Text("partial: the run was interrupted; what was measured until then is above", style="bold red")
