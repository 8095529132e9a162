"""A translation as a self-contained web page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from ring1.dbt.report.translation import BlockReport, HostLine
from ring1.dbt.report.translation_text import PUT_OFF, Whole, heated, labelled, legend

STYLE = """\
:root { color-scheme: light dark; --line: #8884; --dim: #888; --inline: #2a82; --callout: #d902; --trap: #d332; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem; }
table { border-collapse: collapse; width: 100%; font: 13px/1.45 ui-monospace, monospace; }
td { border-top: 1px solid var(--line); padding: .1rem .6rem; vertical-align: top; white-space: pre-wrap; }
td:first-child { width: 42%; } td:last-child { width: 24%; } td:last-child, .dim td { color: var(--dim); }
.inline { background: var(--inline); } .callout { background: var(--callout); } .trap { background: var(--trap); }
.why { font: 12px/1.4 system-ui, sans-serif; } .address { color: var(--dim); }
.key span { padding: .1rem .5rem; margin-right: .5rem; } @media (max-width: 40rem) { td:last-child { display: none; } }
"""


def as_html(whole: Whole) -> str:
    """Return the page: a table for each block, with rewritten instructions coloured and explained."""
    key = "".join(f'<span class="{name}">{name}</span>' for name in ("inline", "callout", "trap"))
    body = "\n".join(line for block in whole.blocks for line in section(block))
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(whole.title)}</title>
<style>
{STYLE}</style></head>
<body>
<h1>{escape(whole.title)}</h1>
<p>{escape(whole.summary)}</p>
<p>{escape(whole.registers)}<br>{escape(legend())}<br>{escape(PUT_OFF)}</p>
<p class="key">{key}</p>
{body}
<p>{escape(whole.lost)}</p>
</body>
</html>
"""


def section(block: BlockReport) -> Iterator[str]:
    heat = f": {heated(block)}" if block.share is not None else ""
    yield f'<h2 id="b{block.pc:x}">{escape(f"{block.pc:08x} {block.symbol}{heat}")}</h2>'
    yield "<table>"
    yield row("dim", "entry", block.entry)
    for guest in block.guests:
        left = f'<span class="address">{guest.pc:08x}</span>  {escape(labelled(guest))}'
        if guest.rewritten:
            left += f'\n<span class="why">{escape(f"{guest.action} {guest.why}")}</span>'
        yield row(guest.action, left, guest.host)
    if block.end:
        yield row("dim", "end", block.end)
    for way in block.exits:
        target = "" if way.pc is None else f" at {way.pc:08x}"
        yield row("dim", escape(f"exit: {way.kind} {way.reason}{target}"), way.host)
    yield row("dim", "not this block", block.miss)
    yield "</table>"


def row(kind: str, left: str, host: Iterable[HostLine]) -> str:
    """Return a row; `left` is HTML already."""
    lines = list(host)
    code, notes = (escape("\n".join(texts)) for texts in ([h.text for h in lines], [h.note for h in lines]))
    return f'<tr class="{kind}"><td>{left}</td><td>{code}</td><td>{notes}</td></tr>'
