"""`ring1 man`: prints the manual page ring1(1), which is what --help tells of every command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from ring1.dbt.cli import streams
from ring1.dbt.cli.interface import Interface, Option, whole

DESCRIPTION = """\
Print the manual page ring1(1), in roff: what --help tells of every command. `ring1 man | man -l -` shows it.
"""
STATUS = "exit status:"


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.cli.main import version

    streams.write(page(whole(arguments.registry), version()))
    return 0


def text(words: str) -> str:
    """Return a text as roff takes it."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^\.", "\\\\&.", escaped, flags=re.MULTILINE)


def paragraph(words: str) -> str:
    return f".PP\n{text(' '.join(words.split()))}\n"


def verbatim(words: str) -> str:
    """Return lines that are shown as they are."""
    return f".PP\n.nf\n{text(words.rstrip())}\n.fi\n"


def term(option: Option) -> str:
    """Return how an option is written."""
    value = option.value
    if value is None:
        return ", ".join(f"\\fB{text(flag)}\\fR" for flag in option.flags)
    shown = f"\\fI{text(value.shown)}\\fR"
    if not option.flags:
        return shown
    joined = [("=" if flag.startswith("--") else " ", f"\\fB{text(flag)}\\fR") for flag in option.flags]
    return ", ".join(f"{flag}[={shown}]" if option.optional else f"{flag}{sign}{shown}" for sign, flag in joined)


def listed(found: tuple[Option, ...]) -> Iterator[str]:
    for option in found:
        yield f".TP\n{term(option)}\n{text(option.text)}\n"


def command(each: Interface) -> Iterator[str]:
    """Yield the section of a command, and those of its own commands."""
    yield f'.SS "{text(each.name)}"\n'
    yield f".PP\n.B {text(each.usage)}\n"
    if each.description:
        yield paragraph(each.description)
    yield from listed(each.operands)
    yield from listed(tuple(option for option in each.options if "--help" not in option.flags))
    if each.epilog:
        yield verbatim(each.epilog)
    for inner in each.commands:
        yield from command(inner)


def page(top: Interface, version: str) -> str:
    """Return the manual page."""
    head, _, status = top.epilog.partition(STATUS)
    parts = [
        f'.TH RING1 1 "" "ring1 {text(version)}" "User Commands"\n.nh\n.ad l\n',
        f".SH NAME\nring1 \\- {text(top.text)}\n",
        f".SH SYNOPSIS\n.B {text(top.usage)}\n",
        f".SH DESCRIPTION\n{paragraph(top.description)}{verbatim(head.strip())}",
    ]
    parts += [f".TP\n.B {text(each.name)}\n{text(each.text)}\n" for each in top.commands]
    parts += [".SH OPTIONS\n", *listed(top.options), ".SH COMMANDS\n"]
    for each in top.commands:
        parts += command(each)
    parts.append(f".SH EXIT STATUS\n{verbatim(status.strip(chr(10)))}")
    return "".join(parts)
