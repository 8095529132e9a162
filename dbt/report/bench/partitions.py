"""What was measured of static partitioning, as tables for a terminal and as part of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from rich.table import Table
from rich.text import Text

from ring1.dbt.report.bench import bars
from ring1.dbt.report.bench.figures import Object, colour, shown

TITLE = "Static partitioning"
FIGURES = {"p0": "least", "p50": "median", "p90": "90 %", "p99": "99 %", "p100": "most"}
ISOLATION = (
    "Virtual time is exact: a line is seen, and a slot ends, between the same two instructions under every technique."
    " Wall time is not: caches, buses and memory are the host's, all partitions and its other work share them, and"
    " nothing isolates them here (no colouring, no partitioning of caches, no regulation of bandwidth)."
)
HISTOGRAMS = ("line ns", "doorbell ns", "doorbell")
"""The rows of which the page shows all samples."""
OWN = """\
.spread { display: flex; align-items: flex-end; height: 3rem; gap: 1px; border-bottom: 1px solid var(--line); }
.spread i { flex: 1; min-height: 0; } .ends { display: flex; justify-content: space-between; font-size: 12px;
  color: var(--dim); }
"""
"""Added to the style sheet."""


def tables(found: Object) -> Iterator[Table | Text]:
    """Yield tables for a terminal."""
    made = titled("Partitions: latencies and costs", ("", "technique", *FIGURES.values(), "samples"))
    for row in found["rows"]:
        first = True
        for name, cell in row["cells"].items():
            if "why_not" not in cell:
                label = f"{row['name']}, {row['unit']}" if first and not row["name"].endswith(row["unit"]) else ""
                made.add_row(label or (row["name"] if first else ""), name, *figures(cell), f"{cell['samples']:,}")
                first = False
    yield made
    near = found["neighbours"]
    if near["cells"]:
        made = titled(f"Partitions: {near['text']}, us under {near['technique']}",
                      ("", "", *FIGURES.values(), "median to alone"))  # fmt: skip
        for name, cell in near["cells"].items():
            made.add_row(name, "", *figures(cell), f"{cell['slowdown']:.2f}")
        yield made
    made = titled("Partitions: code", ("", "guest instructions", "host bytes", "bytes each"))
    for name, cell in found["size"].items():
        if cell["guest_insns"]:
            made.add_row(name, *sizes(cell))
    yield made
    yield Text(f"{lines(found)} {ISOLATION}", "dim")


def titled(title: str, columns: Sequence[str]) -> Table:
    made = Table(title=title, title_justify="left", pad_edge=False, box=None)
    for n, column in enumerate(columns):
        made.add_column(column, justify="left" if n < 2 and column in ("", "technique") else "right")
    return made


def figures(cell: Object) -> Iterator[str]:
    return (shown(cell[key]) if cell[key] else "0" for key in FIGURES)


def sizes(cell: Object) -> tuple[str, str, str]:
    each = cell["host_bytes"] / max(cell["guest_insns"], 1)
    return f"{cell['guest_insns']:,}", f"{cell['host_bytes']:,}", f"{each:.1f}"


def lines(found: Object) -> str:
    count = found["lines"]
    return (
        f"{count['partitions']:,} lines of Python are there for partitions alone, {count['base']:,} with all that runs"
        " their machines."
    )


# --- The page ----------------------------------------------------------------------


def sections(result: Object) -> Iterator[str]:
    """Yield the parts of the page; `result` is the whole one, for its colours."""
    found = result["partitions"]
    yield f"<h2>Partitions</h2><p>{escape(ISOLATION)} {escape(lines(found))}</p>"
    for unit, name in (("ns", "nanoseconds"), ("us", "microseconds"), ("ms", "milliseconds")):
        groups = [group(result, row) for row in found["rows"] if row["unit"] == unit]
        yield bars.chart(
            f"partitions-{unit}", f"Medians, in {name}.", groups, shown, "goes from the least sample to the 90 % one"
        )
    for row in found["rows"]:
        if row["name"] in HISTOGRAMS:
            yield f"<h3>{escape(row['name'])} <small>{escape(row['text'])}, in {row['unit']}</small></h3>"
            cells = ((name, cell) for name, cell in row["cells"].items() if "bins" in cell)
            yield '<div class="groups">' + "".join(spread(result, name, cell) for name, cell in cells) + "</div>"
    near = found["neighbours"]
    if near["cells"]:
        yield f"<h3>Neighbours <small>{escape(near['text'])}, under {near['technique']}</small></h3>"
        rows = [
            (f"{name}: {cell['text']}", *figures(cell), f"{cell['slowdown']:.2f}")
            for name, cell in near["cells"].items()
        ]
        yield table(("us", *FIGURES.values(), "median to alone"), rows)
    yield "<h3>All figures</h3>"
    rows = [
        (f"{row['text']}, {row['unit']}", name, *figures(cell), f"{cell['samples']:,}")
        for row in found["rows"]
        for name, cell in row["cells"].items()
        if "why_not" not in cell
    ]
    yield table(("", "technique", *FIGURES.values(), "samples"), rows)
    yield "<h3>Code <small>of an example that is interrupted</small></h3>"
    rows = [(name, *sizes(cell)) for name, cell in found["size"].items() if cell["guest_insns"]]
    yield table(("", "guest instructions", "host bytes", "bytes each"), rows)


def group(result: Object, row: Object) -> bars.Group:
    """Return the bars of a row."""
    made = [
        bars.Bar(name, cell["p50"], cell["p0"], cell["p90"], shown(cell["p50"]), colour(result, name))
        for name, cell in row["cells"].items()
        if "why_not" not in cell
    ]
    return bars.Group(row["name"], row["text"], made)


def spread(result: Object, name: str, cell: Object) -> str:
    """Return how the samples are spread, as columns; the last one has all beyond the 90 % one."""
    bins, most = cell["bins"], max(cell["bins"]["counts"])
    columns = "".join(
        f'<i style="height:{100 * count / most:.1f}%;background:{colour(result, name)}" title="{count}"></i>'
        for count in bins["counts"]
    )
    end = bins["from"] + bins["width"] * (len(bins["counts"]) - 1)
    ends = f"<span>{number(bins['from'])}</span><span>{escape(name)}</span><span>{number(end)} and more</span>"
    return f'<div class="group"><div class="spread">{columns}</div><div class="ends">{ends}</div></div>'


def number(value: float) -> str:
    return shown(value) if value else "0"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    lines = ["".join(cell(text) for text in row) for row in rows]
    return f'<div class="table"><table><tr>{head}</tr>\n<tr>' + "</tr>\n<tr>".join(lines) + "</tr></table></div>"


def cell(text: str) -> str:
    number = ' class="number"' if text[:1].isdigit() else ""
    return f"<td{number}>{escape(text)}</td>"
