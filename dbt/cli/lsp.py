"""`ring1 lsp`: faults, explanations, definitions and completions for editors, by the Language Server Protocol."""

from __future__ import annotations

import argparse

from ring1.dbt.cli.outcome import USAGE, Failure

DESCRIPTION = """\
Serve an editor that speaks the Language Server Protocol, on stdin and stdout, for assembly (.s) and descriptions
(.isa): faults as you type, the manual's paragraph for a word, where a name is defined, and what may follow. The machine
is that of --isa, or `isa` in the editor's initializationOptions. Symbols that a file does not define may be another
file's, and are told as information.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    add = parser.add_argument
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.debug.link import Link
    from ring1.dbt.lsp.server import Server

    server = Server(Link(0, 1), arguments.isa)
    status = server.serve()
    if server.messages.wrong:
        raise Failure(f"the editor speaks no Language Server Protocol: {server.messages.wrong}", USAGE)
    return status
