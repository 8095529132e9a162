"""`ring1 engines`: what can run on this host, and why another engine cannot."""

from __future__ import annotations

import argparse

from ring1.dbt.cli import streams
from ring1.dbt.engines.table import ENGINES

DESCRIPTION = """\
List the engines: the techniques under which ring1 can run a guest. Where one cannot run on this host, say why.
The others' names are values for --engine.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION


def main(arguments: argparse.Namespace) -> int:
    width = max(map(len, ENGINES))
    lines = []
    for name, technique in ENGINES.items():
        reason = technique.why_not()
        lines.append(f"{name:<{width}}  {'no ' if reason else 'yes'}  {technique.text}")
        if reason:
            lines.append(f"{'':<{width}}       cannot run here: {reason}")
        elif technique.kind():
            lines.append(f"{'':<{width}}       this host: {technique.kind()}")
    streams.write("\n".join(lines) + "\n")
    return 0
