"""The option for programs of courses, which want the environment of RARS or Venus."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ring1.dbt.cli.outcome import Failure

if TYPE_CHECKING:
    from ring1.dbt.cli.cflags import Build
    from ring1.dbt.cli.program import Guest
    from ring1.isa.asm.program import Program
    from ring1.isa.board import Board
    from ring1.isa.model import Isa

NAMES = ("rars", "venus")
MAIN = "main"


def option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--environment",
        choices=NAMES,
        help="run assembly (.s) as RARS or Venus would, in their memory and with their environment calls, on rv32"
        " (docs/rv32.md)",
    )


def check(arguments: argparse.Namespace) -> None:
    """Raise Failure if the options make no sense together."""
    from ring1.dbt.cli.program import ASSEMBLY, kind_of

    if arguments.environment and not all(kind_of(name) in ASSEMBLY for name in arguments.files):
        raise Failure(f"--environment {arguments.environment}: its programs are assembly (.s)")


def guest(isa: Isa, board: Board | None, arguments: argparse.Namespace, build: Build, words: Sequence[str]) -> Guest:
    """Return firmware and program. Raises Failure, AsmError, OSError."""
    import os

    from ring1.dbt.cli import confine
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.vmm.environment import ENVIRONMENTS, MACHINE, PROGRAMS, Unservable, served
    from ring1.isa.asm.assemble import assemble_files
    from ring1.isa.load import load

    environment = ENVIRONMENTS[arguments.environment]
    if isa.name != MACHINE or board is None:
        raise Failure(f"--environment {environment.name}: it is for the machine {MACHINE}, not for {isa.name}")
    reach = confine.reach(arguments.files, build.confined)
    program = assemble_files(
        load(PROGRAMS),
        arguments.files,
        environment.text,
        build.definitions,
        reach,
        loose=True,
        data=environment.data,
    )
    begin = entry(program, arguments.files)
    given = tuple(map(os.fsencode, words))
    try:
        made = served(isa, board, arguments.mem, environment, program, begin, given)
    except Unservable as error:
        raise Failure(f"--environment {environment.name}: {error}") from None
    return Guest(made.image, made.entry, made.room, lambda: made, base=made.base)


def entry(program: Program, files: Sequence[str]) -> int:
    """Return where a program begins: at `_start`, at `main` if that is global, else with its first instruction."""
    from ring1.dbt.cli.program import GLOBAL_MAIN, START
    from ring1.isa.files import contents

    if START not in program.symbols and any(GLOBAL_MAIN.search(contents(name)) for name in files):
        return program.symbols.get(MAIN, program.entry)
    return program.entry
