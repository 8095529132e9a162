"""What partitions have had, and how exactly, as text."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from ring1.dbt.partition.partitions import Partitions, Ran

SHOWN = 200
"""Bytes of console output, the last ones."""


def report(made: Partitions, slots: Sequence[Ran]) -> str:
    """Return tables of partitions and channels, and the failures by kind."""
    file = io.StringIO()
    console = Console(file=file, width=120)
    console.print(partitions(made, slots))
    if made.channels:
        console.print()
        console.print(channels(made))
    kinds = Counter((failure.machine, failure.why, failure.action) for failure in made.failures)
    for (machine, why, action), times in kinds.items():
        console.print(f"{machine}: {why}, {times} times: {action}")
    for name, part in made.parts.items():
        if part.output:
            last = part.output[-SHOWN:].decode(errors="replace").splitlines()[-4:]
            console.print(f"{name} says, lastly:", *(f"  {line}" for line in last), sep="\n", markup=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def partitions(made: Partitions, slots: Sequence[Ran]) -> Table:
    """Late and over: units of virtual time, at most. us/SLOT: wall time of a slot, the median."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("PARTITION", "STATE", "SLOTS", "TIME", "INSNS", "LATE", "OVER", "FAILURES", "us/SLOT"):
        table.add_column(name, justify="left" if name in ("PARTITION", "STATE") else "right")
    for name, part in made.parts.items():
        own = [ran for ran in slots if ran.machine == name]
        failures = sum(failure.machine == name for failure in made.failures)
        table.add_row(
            name,
            part.machine.state,
            f"{len(own):,}",
            f"{sum(ran.length for ran in own):,}",
            f"{sum(ran.instructions for ran in own):,}",
            str(max((ran.late for ran in own), default=0)),
            str(max((ran.over for ran in own if ran.over > 0), default=0)),
            str(failures),
            f"{median(ran.seconds for ran in own) * 1e6:.1f}" if own else "",
        )
    return table


def channels(made: Partitions) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("CHANNEL", "FROM", "TO", "RUNG", "LATENCY: LEAST", "MEDIAN", "99 %", "MOST", "LOST"):
        table.add_column(name, justify="left" if name in ("CHANNEL", "FROM", "TO") else "right")
    for channel in made.channels:
        took = sorted(answered - rung for rung, answered in channel.answered)
        most = [int(quantiles(took, n=100)[98]) if len(took) > 1 else took[0], took[-1]] if took else []
        figures = [took[0], int(median(took)), *most] if took else []
        shown = [f"{figure:,}" for figure in figures] if took else [""] * 4
        rung = len(channel.answered) + len(channel.rung)
        table.add_row(channel.name, channel.sender, channel.receiver, f"{rung:,}", *shown, f"{channel.lost:,}")
    return table
