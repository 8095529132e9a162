"""`%load_ext ring1`, and cells of assembly that begin with `%%ring1`."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING, Any, NoReturn

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.machine import Machine

if TYPE_CHECKING:
    from ring1.dbt.machine.stop import Stop

MAGIC = "ring1"


class Parser(argparse.ArgumentParser):
    """A parser that raises MachineError."""

    def error(self, message: str) -> NoReturn:
        raise MachineError(f"%%{MAGIC}: {message}")


def parser() -> Parser:
    made = Parser(prog=f"%%{MAGIC}", add_help=False, allow_abbrev=False)
    add = made.add_argument
    add("name", nargs="?", help="the variable that has the machine afterwards")
    add("--isa", default="pg32", help="the machine: a name or a description file")
    add("--engine", help="how it is run")
    add("--input", help="what is typed on its console")
    add("--until", action="append", help="run to this label; may be given again")
    add("--max-insns", type=int, metavar="N", help="stop after N instructions")
    add("--load", action="store_true", help="do not run")
    return made


class Cells:
    """Runs the cells of one notebook."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def __call__(self, line: str, cell: str) -> Machine | None:
        """Run a cell of assembly. Returns its machine, which the notebook shows; None if there are errors, which are
        told. Ctrl-C, or the kernel's interrupt, stops the machine between two instructions, and it can be gone on
        with."""
        try:
            given = parser().parse_args(shlex.split(line))
            typed = None if given.input is None else given.input.encode().decode("unicode_escape").encode("latin-1")
            machine = Machine(given.isa, text=cell, engine=given.engine, input=typed)
        except (MachineError, ValueError) as error:
            print(error)
            return None
        if given.name is not None:
            self.shell.push({given.name: machine})
        if not given.load:
            try:
                print(told(machine, machine.run(until=given.until, max_insns=given.max_insns)))
            except KeyboardInterrupt:
                print(f"interrupted after {machine.count:,} instructions")
            except MachineError as error:
                print(error)
                return None
        return machine


def told(machine: Machine, stop: Stop) -> str:
    """Say why a machine has stopped."""
    why = f"{stop.reason}, code {stop.code}" if stop.code is not None else stop.reason
    return f"{why}, after {machine.count:,} instructions"


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext ring1`."""
    shell.register_magic_function(Cells(shell), "cell", MAGIC)
