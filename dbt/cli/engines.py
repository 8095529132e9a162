"""`ring1 engines`: lists what can run on this host, and why the others cannot."""

from __future__ import annotations

import argparse

from ring1.dbt.cli import streams
from ring1.dbt.engines.registry import Registry

DESCRIPTION = """\
List the engines: the techniques under which ring1 can run a guest. Where one cannot run on this host, say why.
The others' names are values for --engine.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION


def main(arguments: argparse.Namespace) -> int:
    registry: Registry = arguments.registry
    width = max(map(len, registry))
    lines = []
    for name, technique in registry.items():
        reason = technique.why_not()
        lines.append(f"{name:<{width}}  {'no ' if reason else 'yes'}  {technique.text}")
        if reason:
            lines.append(f"{'':<{width}}       cannot run here: {reason}")
        elif technique.host is not None:
            lines.append(f"{'':<{width}}       this host: {technique.host().text}")
    streams.write("\n".join(lines) + "\n")
    return 0
