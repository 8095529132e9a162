"""`ring1 isa`: shows, checks and lists descriptions of machines."""

from __future__ import annotations

import argparse

from ring1.dbt.cli import streams
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.engines.registry import Registry

DESCRIPTION = """\
A machine is a text file. `show` prints the manual that the file amounts to, `check` says what is wrong with it,
`list` names the machines that come with ring1, `stencils` lists what new code is made of.
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
    stencils = actions.add_parser(
        "stencils",
        help="list the stencils of a machine, and check them",
        description="Derive the stencils that new code of a machine is made of, keep them for later runs, and say how"
        " many there are of each instruction. They are patterns for each processor mode and each kind of places of"
        " operands; those whose constants lead to other host instructions are counted apart.",
    )
    stencils.add_argument("machine", metavar="NAME|FILE", help="a machine that comes with ring1, or a description file")
    registry: Registry = parser.get_default("registry")
    usual = registry.default.name
    stencils.add_argument("--engine", choices=tuple(registry), default=usual, help=f"whose code (default: {usual})")
    stencils.add_argument(
        "--check",
        action="store_true",
        help="execute sample words by stencils and by the interpreter, on edge values; status 1 if any differs",
    )


def main(arguments: argparse.Namespace) -> int:
    if arguments.action == "show":
        from ring1.isa.load import load
        from ring1.isa.manual import manual

        streams.write(manual(load(arguments.machine)))
    elif arguments.action == "check":
        streams.write(check(arguments.machine))
    elif arguments.action == "stencils":
        return stencils(arguments)
    else:
        streams.write(listing())
    return 0


def stencils(arguments: argparse.Namespace) -> int:
    """List the stencils of a machine under an engine; with --check, try them. Raises Failure, IsaError, OSError."""
    from ring1.dbt.compare.certificate import Certificate
    from ring1.dbt.report.stencils import certificate, listing
    from ring1.isa.load import load

    registry: Registry = arguments.registry
    technique = registry[arguments.engine]
    isa = load(arguments.machine)
    why = technique.cannot(isa) or ("" if technique.policy else "it translates nothing")
    if arguments.check and technique.theorem is not None:
        why = why or "its guest can tell it from the bare machine where the theorem does not hold"
    if why:
        raise Failure(f"--engine {technique.name}: {why}")
    streams.write(listing(isa, technique))
    if not arguments.check:
        return 0
    made = Certificate(isa, technique, registry.reference)
    made.make()
    streams.write(certificate(made))
    return int(bool(made.differences))


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
