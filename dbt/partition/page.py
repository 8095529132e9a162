"""What partitions have done, as one web page: slots, doorbells and failures, on screens light or dark, of any width."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from statistics import median

from ring1.dbt.partition.channel import Channel
from ring1.dbt.partition.partitions import Failure, Partitions, Ran
from ring1.dbt.report.bench.style import STYLE
from ring1.isa.record import Record

DETAILED = 3
"""Major frames that are drawn slot by slot."""
BINS = 160
"""Parts into which the whole run is divided."""
BARS = 24
"""Bars of a histogram, at most."""
TOLD = 200
"""Failures that are listed, at most."""
ARROWS = 400
"""Doorbells that are drawn, at most."""
COLOURS = ("#3b7dd8", "#d9822b", "#2f9e6e", "#b0529f", "#8a7a1f", "#c8464a", "#5f6fb3", "#3f98a5")
ROW = 26
"""Pixels of a row."""
OWN = f"""\
.lane {{ display: grid; grid-template-columns: fit-content(9rem) 1fr; gap: .5rem; font-size: 12px; }}
.lane b {{ display: block; font-weight: normal; line-height: {ROW}px; height: {ROW}px; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; }}
.lanes {{ position: relative; }} .lanes .row {{ position: relative; height: {ROW}px;
  border-top: 1px solid var(--line); }}
.slot {{ position: absolute; top: 4px; height: {ROW - 8}px; border-radius: 2px; min-width: 1px; }}
.bin {{ position: absolute; top: 4px; height: {ROW - 8}px; }}
.failed {{ position: absolute; top: 1px; height: {ROW - 2}px; width: 2px; margin-left: -1px; background: var(--bad); }}
.lanes svg {{ position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }}
.lanes line {{ stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; opacity: .6; }}
.scale {{ position: relative; height: 1.4em; color: var(--dim); border-top: 1px solid var(--line); }}
.scale span {{ position: absolute; transform: translateX(-50%); white-space: nowrap; }}
@media (max-width: 40rem) {{ .scale span:nth-child(even) {{ display: none; }} }}
.scale span:first-child {{ transform: none; }} .scale span:last-child {{ transform: translateX(-100%); }}
.histogram {{ display: grid; grid-template-columns: fit-content(10rem) 1fr 4rem; gap: .1rem .5rem; font-size: 12px; }}
.histogram span {{ white-space: nowrap; }} .histogram i {{ background: #3b7dd8; height: .8em; align-self: center;
  border-radius: 0 2px 2px 0; min-width: 1px; }} .histogram .n {{ text-align: right; color: var(--dim); }}
"""


class Span(Record):
    """A stretch of virtual time that is drawn."""

    begin: int
    end: int

    def percent(self, at: int) -> float:
        return 100 * (min(max(at, self.begin), self.end) - self.begin) / max(self.end - self.begin, 1)


def page(made: Partitions, slots: Sequence[Ran]) -> str:
    """Return the page of a run."""
    names, end = list(made.parts), made.now
    frame = sum(slot.length for slot in next(iter(made.plan.schedules.values())))
    first = Span(begin=0, end=min(end, DETAILED * frame))
    colours = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(names)}
    parts = [
        heading("Slots", f"The first {first.end:,} of {end:,} units of virtual time, an instruction each. Where it is "
                "pale, the partition has waited. Lines lead from a doorbell to its answer."),
        lanes(names, first, [drawn(ran, first, colours) for ran in slots if ran.begin < first.end], made.failures,
              arrows(names, made.channels, first)),
        heading("The whole run", "How much of its slots each partition has executed in, by depth of colour. "
                "A line is a failure."),
        lanes(names, Span(begin=0, end=end), list(binned(slots, end, colours)), made.failures, ""),
        heading("Partitions", "Late and over: by how much slots began and ended late, at most. Wall time is the "
                "host's, whose caches and buses partitions share."),
        table(("partition", "state", "slots", "virtual time", "instructions", "late", "over", "failures", "us a slot"),
              (figures(made, slots, name) for name in names)),
    ]  # fmt: skip
    for channel in made.channels:
        parts += [
            heading(f"Channel {channel.name}", f"From {channel.sender} to {channel.receiver}, {channel.kind}. From "
                    f"doorbell to answer, in units of virtual time; {channel.lost:,} words were lost."),
            histogram([answered - rung for rung, answered in channel.answered]),
        ]  # fmt: skip
    if made.failures:
        more = f" The first {TOLD} of {len(made.failures):,}." if len(made.failures) > TOLD else ""
        rows = ((f"{f.at:,}", f.machine, f.why, f.action) for f in made.failures[:TOLD])
        parts += [heading("Failures", f"What the monitor has seen, and done.{more}"),
                  table(("at", "partition", "why", "action"), rows)]  # fmt: skip
    title = f"Partitions: {escape(made.plan.machines.path.rpartition('/')[2])}"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE}{OWN}</style></head>\n<body>\n<h1>{title}</h1>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def heading(name: str, text: str) -> str:
    return f'<h2>{escape(name)}</h2>\n<p class="dim">{escape(text)}</p>'


def table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a table whose figures are at the right."""
    lines = ["".join(cell("td", text) for text in row) for row in rows]
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    return f'<div class="table"><table><tr>{head}</tr>\n<tr>' + "</tr>\n<tr>".join(lines) + "</tr></table></div>"


def cell(tag: str, text: str) -> str:
    number = ' class="number"' if text[:1].isdigit() else ""
    return f"<{tag}{number}>{escape(text)}</{tag}>"


# --- Lanes -------------------------------------------------------------------------


def lanes(
    names: Sequence[str], span: Span, marks: Sequence[tuple[str, str]], failures: Sequence[Failure], over: str
) -> str:
    """Return a row for each partition: `marks` are its name and the HTML of something in its row, `over` is drawn over
    all of them."""
    inside: dict[str, list[str]] = {name: [] for name in names}
    for name, mark in marks:
        inside[name].append(mark)
    for failure in failures:
        if span.begin <= failure.at <= span.end:
            text = escape(f"{failure.at:,}: {failure.why}, {failure.action}")
            left = span.percent(failure.at)
            inside[failure.machine].append(f'<span class="failed" style="left:{left:.3f}%" title="{text}"></span>')
    labels = "".join(f"<b>{escape(name)}</b>" for name in names)
    rows = "".join(f'<div class="row">{"".join(inside[name])}</div>' for name in names)
    ticks = [span.begin + (span.end - span.begin) * n // 4 for n in range(5)]
    scale = "".join(f'<span style="left:{25 * n}%">{tick:,}</span>' for n, tick in enumerate(ticks))
    drawing = f'<div class="lanes">{rows}{over}</div><div class="scale">{scale}</div>'
    return f'<div class="lane"><div>{labels}</div><div>{drawing}</div></div>'


def drawn(ran: Ran, span: Span, colours: dict[str, str]) -> tuple[str, str]:
    """Return a slot: its whole length pale, and as much of it full as instructions were executed."""
    begin, end = ran.begin + ran.late, ran.begin + ran.length + ran.over
    left, width = span.percent(begin), span.percent(end) - span.percent(begin)
    share = 100 * ran.instructions / max(end - begin, 1)
    text = escape(f"{ran.machine}: {begin:,} to {end:,}, {ran.instructions:,} instructions, {ran.seconds * 1e6:.1f} us")
    colour = colours[ran.machine]
    fill = f"linear-gradient(90deg,{colour} {share:.1f}%,{colour}44 {share:.1f}%)"
    return (
        ran.machine,
        f'<span class="slot" style="left:{left:.3f}%;width:{width:.3f}%;background:{fill}" title="{text}"></span>',
    )


def binned(slots: Sequence[Ran], end: int, colours: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield for each part of the run, and each partition that had slots in it, how much of them it executed in."""
    had, used = Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for ran in slots:
        key = ran.machine, ran.begin * BINS // max(end, 1)
        had[key] += ran.length
        used[key] += ran.instructions
    for (name, n), length in had.items():
        share = used[name, n] / length
        opacity = 0.25 + 0.75 * min(share, 1.0)
        text = escape(f"{name}: {share:.0%} of {length:,} units from {end * n // BINS:,} on")
        yield (
            name,
            (
                f'<span class="bin" style="left:{100 * n / BINS:.3f}%;width:{100 / BINS:.3f}%;'
                f'background:{colours[name]};opacity:{opacity:.2f}" title="{text}"></span>'
            ),
        )


def arrows(names: Sequence[str], channels: Sequence[Channel], span: Span) -> str:
    """Return lines from each doorbell to its answer."""
    height, lines = ROW * len(names), list[str]()
    middle = {name: ROW * n + ROW // 2 for n, name in enumerate(names)}
    for channel in channels:
        for rung, answered in channel.answered:
            if answered <= span.end and len(lines) < ARROWS:
                x1, x2 = 10 * span.percent(rung), 10 * span.percent(answered)
                y1, y2 = middle[channel.sender], middle[channel.receiver]
                lines.append(f'<line x1="{x1:.2f}" y1="{y1}" x2="{x2:.2f}" y2="{y2}"/>')
    return f'<svg viewBox="0 0 1000 {height}" preserveAspectRatio="none" aria-hidden="true">{"".join(lines)}</svg>'


# --- Figures -----------------------------------------------------------------------


def figures(made: Partitions, slots: Sequence[Ran], name: str) -> Sequence[str]:
    own = [ran for ran in slots if ran.machine == name]
    return (
        name,
        made.parts[name].machine.state,
        f"{len(own):,}",
        f"{sum(ran.length for ran in own):,}",
        f"{sum(ran.instructions for ran in own):,}",
        str(max((ran.late for ran in own), default=0)),
        str(max((ran.over for ran in own if ran.over > 0), default=0)),
        f"{sum(failure.machine == name for failure in made.failures):,}",
        f"{median(ran.seconds for ran in own) * 1e6:.1f}" if own else "",
    )


def histogram(took: Sequence[int]) -> str:
    """Return bars of how often each length of time was taken."""
    if not took:
        return "<p>No doorbell was answered.</p>"
    ordered = sorted(took)
    step = max(1, -(-(ordered[-1] - ordered[0] + 1) // BARS))
    lines, most, counts = list[str](), 0, list[tuple[int, int]]()
    for low in range(ordered[0], ordered[-1] + 1, step):
        number = bisect_right(ordered, low + step - 1) - bisect_left(ordered, low)
        counts.append((low, number))
        most = max(most, number)
    for low, number in counts:
        label = f"{low:,}" if step == 1 else f"{low:,} to {low + step - 1:,}"
        lines.append(
            f'<span>{label}</span><i style="width:{100 * number / most:.2f}%"></i><span class="n">{number:,}</span>'
        )
    return f'<div class="histogram">{"".join(lines)}</div>'
