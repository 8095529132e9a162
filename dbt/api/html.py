"""A machine as HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

COLUMNS = 4
MOST_OUTPUT = 2000
"""Characters of console output that are shown, the last ones."""


def page(title: str, where: str, registers: Mapping[str, int], output: str) -> str:
    """Return a title, where a machine is, its registers, and the end of its console output."""
    cells = [f"<th>{escape(name)}</th><td><code>{value:08x}</code></td>" for name, value in registers.items()]
    rows = ["".join(cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
    shown = output[-MOST_OUTPUT:]
    return "".join(
        (
            f"<div><p><b>{escape(title)}</b><br><code>{escape(where)}</code></p><table>",
            *(f"<tr>{row}</tr>" for row in rows),
            "</table>",
            f"<pre>{escape(shown)}</pre>" if shown else "",
            "</div>",
        )
    )
