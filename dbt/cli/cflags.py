"""Options of commands that build programs, most of them GCC's."""

from __future__ import annotations

import argparse
from itertools import pairwise

from ring1.dbt.cli.numbers import size
from ring1.dbt.cli.outcome import Failure
from ring1.isa.record import Record

CONFINED = "--no-host-files"
CONFINE = (
    "the program may include (.include, .incbin, #include) only what lies in or below the directories of its sources"
)
DEFINE = "define a macro; in a program of assembly files only, a symbol, which is 1 without a VALUE"
STACK = 4 << 20
LEAST_STACK, MOST_STACK, UNIT = 4096, 128 << 20, 16
"""Bytes of the smallest and of the largest stack, and the unit of its size."""


class Build(Record):
    """How a program is built: GCC's options, the bytes of a C program's stack, and whether it is CONFINED."""

    gcc: tuple[str, ...] = ("-O2",)
    stack: int = STACK
    confined: bool = False

    @property
    def definitions(self) -> list[str]:
        """The macros that are defined."""
        return [macro for flag, macro in pairwise(self.gcc) if flag == "-D"]


def options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("C files")
    add = group.add_argument
    add("-O", metavar="LEVEL", dest="level", default="2", help="GCC's optimization level (default: 2)")
    add("-I", metavar="DIR", dest="include", action="append", default=[], help="look for headers there")
    add("-D", metavar="NAME[=VALUE]", dest="define", action="append", default=[], help=DEFINE)
    add("--stack", metavar="SIZE", type=size, default=STACK, help="bytes of a C program's stack (default: 4M)")
    confining(parser)


def confining(parser: argparse.ArgumentParser) -> None:
    """Add the option for programs whose authors the user does not trust."""
    parser.add_argument(CONFINED, dest="confined", action="store_true", help=CONFINE)


def build(arguments: argparse.Namespace) -> Build:
    """Return the build that the options ask for. Raises Failure."""
    stack = int(arguments.stack)
    if stack < LEAST_STACK or stack % UNIT or stack > MOST_STACK:
        raise Failure(f"--stack: {stack:,} bytes are no stack: from {LEAST_STACK} to 128M, a multiple of {UNIT}")
    includes = (word for folder in arguments.include for word in ("-I", folder))
    defines = (word for macro in arguments.define for word in ("-D", macro))
    return Build((f"-O{arguments.level}", *includes, *defines), stack, arguments.confined)
