"""The chart of bench.recursion: instructions by depth, as multiples of those without a hypervisor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from ring1.dbt.report.bench.generations import HEIGHT, LEFT, RIGHT, WIDTH, Axes, Curve, shown_decade

COLOURS = {"trap": "#c0392b", "vt": "#2471a3", "direct": "#1e8449"}
LINE, TEXT = "#cccccc", "#666666"
DASHES = ("", "5 3")
"""Of the kinds of work, in order."""


class Row(NamedTuple):
    """What one tower has taken."""

    work: str
    build: str
    depth: int
    instructions: int
    exits: tuple[int, ...]


def curves(rows: Sequence[Row]) -> list[Curve]:
    """Return a curve for each kind of work and build."""
    made = []
    for work, build in dict.fromkeys((row.work, row.build) for row in rows):
        found = {row.depth: row.instructions for row in rows if (row.work, row.build) == (work, build)}
        values = tuple(count / found[0] for _, count in sorted(found.items()))
        made.append(Curve(f"{work}, {build}", COLOURS[build], values))
    return made


def chart(rows: Sequence[Row]) -> str:
    """Return the chart as an SVG file."""
    lines = "\n".join(drawing(rows, curves(rows)))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 110} {HEIGHT}" width="720" role="img"
 font-family="system-ui, sans-serif" font-size="9">
<title>Instructions by depth, as multiples of those at depth 0</title>
{lines}
</svg>
"""


def drawing(rows: Sequence[Row], drawn: list[Curve]) -> Iterator[str]:
    kinds, most = list(dict.fromkeys(row.work for row in rows)), max(row.depth for row in rows)
    frame = Axes(drawn, most + 1)
    for decade in range(frame.low, frame.high + 1):
        y = frame.y(10.0**decade)
        yield f'<line stroke="{LINE}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text fill="{TEXT}" x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{shown_decade(decade)}</text>'
    for depth in range(most + 1):
        yield f'<text fill="{TEXT}" x="{frame.x(depth):.1f}" y="{HEIGHT - 8}" text-anchor="middle">depth {depth}</text>'
    for n, curve in enumerate(drawn):
        points = [(frame.x(depth), frame.y(value)) for depth, value in enumerate(curve.values) if value]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = DASHES[kinds.index(curve.name.split(",")[0]) % len(DASHES)]
        style = f'fill="none" stroke="{curve.colour}" stroke-width="1.8" stroke-dasharray="{dash}"'
        yield f'<polyline points="{path}" {style}/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{curve.colour}"/>'
        at = 20 + 14 * n
        yield f'<line x1="{WIDTH}" x2="{WIDTH + 24}" y1="{at - 3}" y2="{at - 3}" {style}/>'
        yield f'<text fill="{TEXT}" x="{WIDTH + 28}" y="{at}">{escape(curve.name)}</text>'
