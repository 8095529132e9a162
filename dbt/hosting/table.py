"""The machines of a host as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

STYLES = {"ready": "green", "running": "green", "input": "cyan", "paused": "yellow", "ended": "dim"}
Figures = Mapping[str, Any]
"""A host.Row as a mapping."""


def scaled(number: float, step: int = 1000, unit: str = "") -> str:
    """Return a number with a prefix, in few digits."""
    prefixes = ["", "k", "M", "G", "T"]
    while number >= step and len(prefixes) > 1:
        number /= step
        del prefixes[0]
    return f"{number:.{0 if number >= 100 or number == int(number) else 1}f} {prefixes[0]}{unit}".strip()


COLUMNS = ("MACHINE", "STATE", "ENGINE", "SHARE", "GOT", "INSNS/S", "EVENTS/S", "CPU s", "INSNS", "RAM", "OUTPUT")
WORDS = COLUMNS[:3]


def table(rows: Sequence[Figures], before: Mapping[str, Figures], seconds: float) -> Table:
    """Return the table; rates are since the rows `before`, so many seconds ago."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in COLUMNS:
        made.add_column(name, justify="left" if name in WORDS else "right", no_wrap=True)
    used = {row["name"]: row["seconds"] - before.get(row["name"], row)["seconds"] for row in rows}
    whole = sum(used.values()) or 1
    for row in rows:
        old = before.get(row["name"], row)
        state = f"{row['state']} ({row['why']})" if row["why"] else row["state"]
        made.add_row(
            row["name"],
            f"[{STYLES.get(row['state'], '')}]{state}[/]",
            row["engine"],
            str(row["share"]),
            f"{used[row['name']] / whole:.0%}",
            scaled((row["instructions"] - old["instructions"]) / seconds),
            scaled((row["events"] - old["events"]) / seconds),
            f"{row['seconds']:.2f}",
            scaled(row["instructions"]),
            scaled(row["resident"], 1024, "B"),
            scaled(row["output"], 1024, "B"),
        )
    return made


def figures(found: Figures) -> str:
    """Return the answer to the verb `stats` as text, one figure a line."""
    lines = list[str]()

    def tell(values: Figures, depth: int) -> None:
        for name, value in values.items():
            if isinstance(value, Mapping):
                lines.append(f"{'  ' * depth}{name}")
                tell(value, depth + 1)
            else:
                shown = f"{value:,}" if isinstance(value, int) else str(value)
                lines.append(f"{'  ' * depth + name:32} {shown}".rstrip())

    tell({"host": found["host"], **found["machines"]}, 0)
    return "\n".join(lines) + "\n"
