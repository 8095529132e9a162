"""Charts of modelled cycles by processor generation, in SVG, with the points where techniques are equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape

from ring1.dbt.engines.technique import NATIVE, SOFTWARE
from ring1.dbt.report.bench.agreement import native_cycles, software_cycles
from ring1.dbt.report.bench.figures import Object, colour, playing, shown
from ring1.isa.record import Record

ORDER = ("Prescott", "Merom", "Penryn", "Nehalem", "Westmere", "Sandy Bridge")
"""In order of release, 2004 to 2011."""
WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 8, 24
"""Margins of the drawing."""


class Curve(Record):
    """Cycles by generation; None where a figure needed has not been published."""

    name: str
    colour: str
    values: tuple[float | None, ...]
    base: bool = False
    """Is this the curve of binary translation, with which the others are compared?"""


class Crossing(Record):
    """A point at which a technique costs as much as binary translation."""

    name: str
    place: float
    """Position among the generations, counted from 0."""
    cycles: float


def curves(found: Object, row: Object) -> list[Curve]:
    """Return the curves: binary translation as measured here, in cycles of this host; for techniques with VM exits, the
    native time here and their events at published costs."""
    cells: Mapping[str, Object] = row["cells"]
    base = playing(found, SOFTWARE)
    software = software_cycles(found, cells.get(base, {}))
    native = native_cycles(found, cells.get(playing(found, NATIVE), {}))
    made = [] if software is None else [Curve(base, colour(found, base), (software,) * len(ORDER), True)]
    for name, cell in cells.items():
        exits = cell.get("modelled_cycles")
        if not exits or name == base or native is None:
            continue
        values = [exits.get(generation) for generation in ORDER]
        made.append(
            Curve(name, colour(found, name), tuple(None if value is None else native + value for value in values))
        )
    return made


def crossings(found: list[Curve]) -> list[Crossing]:
    """Return where curves cross that of binary translation, between generations whose figures are both published."""
    base = next((curve for curve in found if curve.base), None)
    if base is None or base.values[0] is None:
        return []
    level, made = math.log(base.values[0]), []
    for curve in found:
        for n, (a, b) in enumerate(zip(curve.values, curve.values[1:], strict=False)):
            if curve is base or not a or not b or (math.log(a) > level) == (math.log(b) > level):
                continue
            share = (level - math.log(a)) / (math.log(b) - math.log(a))
            made.append(Crossing(curve.name, n + share, base.values[0]))
    return made


class Axes:
    """Maps points to positions in a drawing."""

    def __init__(self, found: list[Curve], count: int = len(ORDER)) -> None:
        """`count`: of the places along the axis."""
        self.last = count - 1
        values = [value for curve in found for value in curve.values if value]
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)

    def x(self, place: float) -> float:
        return LEFT + 10 + place * (WIDTH - LEFT - RIGHT - 30) / self.last

    def y(self, cycles: float) -> float:
        share = (math.log10(cycles) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def chart(found: Object, row: Object) -> str:
    """Return a figure of one benchmark; empty if nothing is modelled."""
    drawn = curves(found, row)
    if len(drawn) < 2:
        return ""
    lines = "\n".join(drawing(drawn))
    words = described(drawn)
    name = f"{row['name']}: {words}"
    return f"""<div class="group"><h3>{escape(row["name"])}</h3>
<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(name)}">
{lines}
</svg><small>{escape(words)}</small></div>"""


def described(drawn: list[Curve]) -> str:
    """Describe where the curves cross."""
    found = crossings(drawn)
    if not found:
        return "no crossing"
    base = next(curve.name for curve in drawn if curve.base)
    return "; ".join(
        f"{base} and {each.name} are equal between {ORDER[int(each.place)]} and {ORDER[int(each.place) + 1]}"
        for each in found
    )


def drawing(drawn: list[Curve]) -> Iterator[str]:
    frame = Axes(drawn)
    for decade in range(frame.low, frame.high + 1):
        y = frame.y(10.0**decade)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{shown_decade(decade)}</text>'
    for n, generation in enumerate(ORDER):
        short = generation.replace("Sandy Bridge", "Sandy B.")
        yield f'<text x="{frame.x(n):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{short}</text>'
    for curve in drawn:
        points = [(frame.x(n), frame.y(value)) for n, value in enumerate(curve.values) if value]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = ' stroke-dasharray="5 3"' if curve.base else ""
        yield f'<polyline points="{path}" fill="none" stroke="{curve.colour}" stroke-width="1.8"{dashes}/>'
        if not curve.base:
            for x, y in points:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{curve.colour}"/>'
    for each in crossings(drawn):
        yield f'<circle class="crossing" cx="{frame.x(each.place):.1f}" cy="{frame.y(each.cycles):.1f}" r="6"/>'


def shown_decade(decade: int) -> str:
    """Write a power of ten in few letters."""
    if decade < 3:
        return shown(10.0**decade) if decade < 0 else str(10**decade)
    return f"{10 ** (decade % 3)}{'kMGT'[decade // 3 - 1]}"
