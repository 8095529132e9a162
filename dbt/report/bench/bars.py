"""Charts of grouped bars on a logarithmic scale, in HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape

from ring1.isa.record import Record


class Bar(Record):
    """A bar, with the interval of its value."""

    name: str
    value: float
    low: float
    high: float
    text: str
    colour: str


class Group(Record):
    """The bars of one benchmark."""

    name: str
    text: str
    bars: Sequence[Bar]


class Scale:
    """Maps values to percents of the width, logarithmically, by whole decades."""

    def __init__(self, groups: Sequence[Group]) -> None:
        values = [value for group in groups for bar in group.bars for value in (bar.low, bar.high) if value > 0]
        self.first = math.ceil(math.log10(min(values))) - 1  # the least value has some length as well
        self.last = max(math.ceil(math.log10(max(values))), self.first + 1)
        self.decades = self.last - self.first

    def percent(self, value: float) -> float:
        if value <= 0:
            return 0.0
        return min(max((math.log10(value) - self.first) / self.decades, 0.0), 1.0) * 100

    def ticks(self) -> list[float]:
        """Return the decades to label, no more than fit."""
        step = math.ceil(self.decades / 4)
        return [10.0**n for n in range(self.first, self.last + 1, step)]


def chart(
    identity: str,
    caption: str,
    groups: Sequence[Group],
    unit: Callable[[float], str],
    interval: str = "is the 95 % interval",
) -> str:
    """Return a figure; empty if there is nothing to show. `unit` formats a value on the axis, `interval` says what the
    thin lines are."""
    groups = [group for group in groups if group.bars]
    if not groups:
        return ""
    scale = Scale(groups)
    body = "\n".join(line for group in groups for line in drawn(group, scale, unit))
    longest = max(len(bar.name) for group in groups for bar in group.bars)
    return f"""<figure id="{identity}" class="chart" style="--name:{longest}ch">
<figcaption>{escape(caption)} Logarithmic scale; the thin line {interval}.</figcaption>
<div class="groups">
{body}
</div>
</figure>"""


def drawn(group: Group, scale: Scale, unit: Callable[[float], str]) -> Iterator[str]:
    label = "; ".join(f"{bar.name} {bar.text}" for bar in group.bars)
    yield f'<div class="group"><h3>{escape(group.name)} <small>{escape(group.text)}</small></h3>'
    yield f'<div role="img" aria-label="{escape(f"{group.name}: {label}")}">'
    size = f"background-size:{100 / scale.decades:.4f}% 100%"
    for bar in group.bars:
        low, high = scale.percent(bar.low), scale.percent(bar.high)
        yield (
            f'<div class="bar"><span>{escape(bar.name)}</span><span class="track" style="{size}">'
            f'<span class="fill" style="width:{scale.percent(bar.value):.2f}%;background:{bar.colour}"></span>'
            f'<span class="range" style="left:{low:.2f}%;width:{high - low:.2f}%"></span></span>'
            f'<span class="value">{escape(bar.text)}</span></div>'
        )
    ticks = "".join(
        f'<span style="left:{scale.percent(value):.2f}%">{escape(unit(value))}</span>' for value in scale.ticks()
    )
    yield f'<div class="bar axis"><span></span><span class="track">{ticks}</span><span></span></div></div></div>'


def key(names: Sequence[tuple[str, str, str]]) -> str:
    """Return the key of a chart: colour, name and explanation."""
    items = "".join(
        f'<li><span class="swatch" style="background:{colour}"></span>{escape(name)}'
        f' <span class="dim">{escape(text)}</span></li>'
        for colour, name, text in names
    )
    return f'<ul class="key">{items}</ul>'
