"""The result of `ring1 bench` as one self-contained web page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from ring1.dbt.engines.technique import HARDWARE, NATIVE, SOFTWARE
from ring1.dbt.report.bench import bars, generations, partitions
from ring1.dbt.report.bench.agreement import PAPER, checks
from ring1.dbt.report.bench.baseline import FASTER, SLOWER, Change
from ring1.dbt.report.bench.figures import Object, absent, colour, columns, host, noisy, playing, shown, spread, time
from ring1.dbt.report.bench.style import STYLE
from ring1.dbt.report.bench.targets import targets

TITLE = "Software against hardware virtualization"
INTRODUCTION = (
    "One guest, the same instructions, under each technique of virtualization that ring1 has. Nanoseconds are"
    " processor time of this host, measured; events are counted; cycles of other processors are modelled from published"
    " figures, and say so wherever they stand."
)
METHOD = (
    "A benchmark is a guest that repeats one operation without end. Each engine has a machine of its own, which runs"
    " until nothing is left to translate; then all take turns, a stretch of instructions each, so that what the host"
    " does besides meets all of them. A sample is the processor time, user and system, of a stretch, divided by the"
    " operations in it. Given are lower quartiles of the samples, which what the host does besides hardly moves, and"
    " their 95 % intervals; slowdowns are quotients of quartiles. Rounds go on until all intervals are narrow, or the"
    " time for a benchmark is over. That the same work was done is proved by the number of"
    " instructions that an operation takes, which must be the same under all engines that run the same guest: what"
    " differs is not shown. A paravirtualized kernel is another build of the same source. Kernels and their peers are"
    " whole runs, translation included. A figure whose interval is wider than 10 % is marked noisy."
)
MODEL = (
    "Solid: what an operation takes natively here, in this host's cycles, if that is generated code alone, and for"
    " each of its events a VM exit and entry as published for the generation. Dashed: binary translation, measured"
    " here. What has not been published, and what costs nothing, is not drawn. Circles mark where they are equal. The"
    " two come from different processors: read the order of magnitude, not the digits."
)


def page(found: Object, changes: Sequence[Change] | None = None) -> str:
    """Return the page of a result and, with `changes`, its differences from an earlier one."""
    body = "\n".join(part for part in sections(found, changes) if part)
    title = TITLE if found["suites"] else partitions.TITLE
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>ring1 bench: {title}</title>
<style>
{STYLE}{partitions.OWN}</style></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def sections(found: Object, changes: Sequence[Change] | None) -> Iterator[str]:
    if found["suites"]:
        yield paragraph(INTRODUCTION)
    if found["partial"]:
        yield '<p class="warning">Partial: the run was interrupted. What was measured until then is here.</p>'
    yield from partitions.sections(found) if "partitions" in found else ()
    if not found["suites"]:
        yield table(("host", ""), host(found))
        return
    yield bars.key([(colour(found, name), name, each["technique"]) for name, each in found["engines"].items()])
    suites = found["suites"]
    nano, macro, kernels = (suites.get(name, []) for name in ("nano", "macro", "kernels"))
    if nano:
        yield heading("Nanobenchmarks")
        yield bars.chart("nano", "Time of one operation.", groups(found, nano, "ns", time), time)
    if macro:
        yield heading("An operating system's work")
        yield bars.chart(
            "macro", f"Slowdown against {playing(found, NATIVE)}.", groups(found, macro, "slowdown", times), times
        )
        yield bars.chart("events", "VMM events a second.", rates(found, macro), shown)
    if kernels:
        yield heading("Kernels and peers")
        yield bars.chart(
            "kernels", "Time, as a multiple of native code's.", groups(found, kernels, "slowdown", times), times
        )
    if drawn := [chart for row in nano if (chart := generations.chart(found, row))]:
        yield heading("Cycles by processor generation, modelled")
        yield f'<figure id="generations" class="chart"><figcaption>Cycles of one operation. {MODEL}</figcaption>'
        yield f'<div class="groups">{"".join(drawn)}</div></figure>'
    if nano:
        yield heading("Agreement with Adams and Agesen (ASPLOS 2006)")
        yield agreement(found)
    yield heading("Speed to reach")
    yield reached(found)
    if changes is not None:
        yield heading("Against the baseline")
        yield changed(changes)
    yield heading("All figures")
    for name, rows in suites.items():
        yield figures(name, rows)
    yield heading("Not measured")
    yield table(("subject", "why", "benchmarks"), ((n, r, ", ".join(b)) for (n, r), b in absent(found).items()))
    if names := noisy(found):
        yield paragraph(f"Noisy: {', '.join(names)}.")
    yield heading("Method")
    yield paragraph(METHOD)
    yield table(("host", ""), host(found))
    yield heading("The cost model")
    yield sources(found)


def heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def times(value: float) -> str:
    return f"{shown(value)} x"


def groups(found: Object, rows: Sequence[Object], key: str, text: Callable[[float], str]) -> list[bars.Group]:
    """Return a group of bars for each benchmark."""
    return [
        bars.Group(
            row["name"],
            row["operation"],
            [
                bars.Bar(name, middle, value["low"], value["high"], text(middle), colour(found, name))
                for name, cell in row["cells"].items()
                if (value := cell.get(key))
                for middle in (value["quartile"],)
            ],
        )
        for row in rows
    ]


def rates(found: Object, rows: Sequence[Object]) -> list[bars.Group]:
    """Return bars of events per second of processor time."""
    made = []
    for row in rows:
        drawn = []
        for name, cell in row["cells"].items():
            if cell.get("events_total") and "ns" in cell:
                ns = cell["ns"]
                value, low, high = (cell["events_total"] / ns[key] * 1e9 for key in ("quartile", "high", "low"))
                drawn.append(bars.Bar(name, value, low, high, f"{value:,.0f}", colour(found, name)))
        made.append(bars.Group(row["name"], "", drawn))
    return made


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> str:
    """Return a table. Cells that begin with < are taken to be HTML."""
    kind = ' class="number"' if numbers else ""
    head = "".join(f"<th{kind if n else ''}>{escape(text)}</th>" for n, text in enumerate(heads))
    lines = [
        "<tr>" + "".join(f"<td{kind if n else ''}>{html(text)}</td>" for n, text in enumerate(row)) + "</tr>"
        for row in rows
    ]
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def html(text: str) -> str:
    return text if text.startswith("<span ") else escape(text)


def coloured(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>'


def agreement(found: Object) -> str:
    kinds = {"agrees": "good", "disagrees": "bad"}
    rows, last = [], ""
    for each in checks(found):
        words = "" if each.benchmark == last else f"{each.benchmark}: {PAPER[each.benchmark].words}"
        last = each.benchmark
        value = "" if each.quotient is None else shown(each.quotient)
        verdict = coloured(kinds.get(each.verdict, "dim"), each.verdict)
        rows.append((words, each.relation, each.published, each.found, value, verdict))
    here = ", ".join(f"{part} is {name}" for part in (SOFTWARE, HARDWARE, NATIVE) if (name := playing(found, part)))
    text = f"Cycles of a Pentium 4 there, processor time of this host here{'; ' * bool(here)}{here}."
    return paragraph(text) + table(("published", "relation", "there", "here", "quotient here", "verdict"), rows)


def reached(found: Object) -> str:
    verdicts = {True: coloured("good", "reached"), False: coloured("bad", "falls short"), None: "not measured"}
    rows = [(each.what, each.wanted, each.found, verdicts[each.met]) for each in targets(found)]
    return table((f"of {playing(found, SOFTWARE)}", "wanted", "found", "verdict"), rows)


def changed(changes: Sequence[Change]) -> str:
    kinds = {FASTER: "good", SLOWER: "bad"}
    told = [each for each in changes if each.kind in kinds]
    rows = [
        (e.suite, e.benchmark, e.name, time(e.before), time(e.after), coloured(kinds[e.kind], e.kind)) for e in told
    ]
    if not rows:
        return paragraph(f"Of {len(changes)} figures none has changed beyond its noise.")
    return table(("suite", "benchmark", "subject", "before", "now", ""), rows)


def figures(suite: str, rows: Sequence[Object]) -> str:
    """Return lower quartiles, events and modelled cycles of a suite, in tables."""
    names = columns(rows, "ns")
    made = f"<h3>{escape(suite)}: nanoseconds an operation</h3>" + table(
        ("", *names), ((row["name"], *(number(row["cells"].get(name, {})) for name in names)) for row in rows), True
    )
    names = columns(rows, "events")
    if names:
        made += f"<h3>{escape(suite)}: VMM events an operation, and instructions</h3>" + table(
            ("", *names, "instructions"), ((row["name"], *counted(row, names)) for row in rows), True
        )
    names = columns(rows, "modelled_cycles")
    for generation in generations.ORDER if suite == "nano" else ():
        made += f"<h3>{suite}: cycles of the events of an operation as VM exits, modelled on {generation}</h3>" + table(
            ("", *names), ((row["name"], *(cycles(row, name, generation) for name in names)) for row in rows), True
        )
    return made


def number(cell: Object) -> str:
    if "ns" not in cell:
        return "-"
    return f"{shown(cell['ns']['quartile'])} ±{spread(cell['ns']):.0%}{' noisy' if cell['noisy'] else ''}"


def counted(row: Object, names: Sequence[str]) -> Iterator[str]:
    cells = [row["cells"].get(name, {}) for name in names]
    for cell in cells:
        yield f"{cell['events_total']:,.2f}" if "events_total" in cell else "-"
    yield next((f"{cell['instructions']:,.1f}" for cell in cells if cell.get("instructions")), "-")


def cycles(row: Object, name: str, generation: str) -> str:
    value = row["cells"].get(name, {}).get("modelled_cycles", {}).get(generation)
    return "-" if value is None else f"{value:,}"


def sources(found: Object) -> str:
    rows = [
        (generation, kind.replace("_", " "), f"{figure['value']:,}", figure["processor"], figure["source"])
        for generation in generations.ORDER
        for kind, figure in found["costs"].get(generation, {}).items()
    ]
    return table(("generation", "event", "cycles or levels", "on", "source"), rows)
