"""`ring1 isa`: shows, checks and lists descriptions of machines."""

from __future__ import annotations

import argparse

from ring1.dbt.cli import streams

DESCRIPTION = """\
A machine is a text file. `show` prints the manual that the file amounts to, `check` says what is wrong with it,
`list` names the machines that come with ring1.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    show = actions.add_parser(
        "show",
        help="print the manual of a machine",
        description="Print the manual of a machine from its file: registers, encodings, semantics, traps, paging.",
    )
    show.add_argument("machine", metavar="NAME|FILE", help="a machine that comes with ring1, or a description file")
    check = actions.add_parser(
        "check",
        help="report the faults of a description",
        description="Report every fault of a description with file, line, column and source line. Status 2 if any.",
    )
    check.add_argument("machine", metavar="FILE", help="a description file, or the name of a machine")
    actions.add_parser("list", help="name the machines that come with ring1")


def main(arguments: argparse.Namespace) -> int:
    if arguments.action == "show":
        from ring1.isa.load import load
        from ring1.isa.manual import manual

        streams.write(manual(load(arguments.machine)))
    elif arguments.action == "check":
        streams.write(check(arguments.machine))
    else:
        streams.write(listing())
    return 0


def check(name: str) -> str:
    """Read a description anew, and summarize it. Raises IsaError with all its faults, OSError."""
    from ring1.isa.load import find
    from ring1.isa.read import read

    isa = read(find(name))
    parts = (
        (len(isa.instructions), "instructions"),
        (len(isa.aliases), "pseudo-instructions"),
        (len(isa.registers), "registers"),
        (len(isa.controls), "control registers"),
        (len(isa.causes), "causes of traps"),
    )
    return f"{isa.name}: no faults, {', '.join(f'{n} {what}' for n, what in parts)}\n"


def listing() -> str:
    from ring1.isa.load import load, shipped

    machines = [load(name) for name in shipped()]
    width = max(len(m.name) for m in machines)
    return "".join(f"{m.name:<{width}}  {m.text}\n" for m in machines)
