"""The options of commands that compile C, which GCC gets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise

DEFINE = "define a macro; in a program of assembly files only, a symbol, which is 1 without a VALUE"


def options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("C files")
    add = group.add_argument
    add("-O", metavar="LEVEL", dest="level", default="2", help="GCC's optimization level (default: 2)")
    add("-I", metavar="DIR", dest="include", action="append", default=[], help="look for headers there")
    add("-D", metavar="NAME[=VALUE]", dest="define", action="append", default=[], help=DEFINE)


def flags(arguments: argparse.Namespace) -> tuple[str, ...]:
    """What GCC is told."""
    includes = (word for folder in arguments.include for word in ("-I", folder))
    defines = (word for macro in arguments.define for word in ("-D", macro))
    return (f"-O{arguments.level}", *includes, *defines)


def definitions(flags: Sequence[str]) -> list[str]:
    """The macros that are defined among them."""
    return [macro for flag, macro in pairwise(flags) if flag == "-D"]
