"""The options of commands that build programs: most are for GCC."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise

CONFINED = "--no-host-files"
CONFINE = (
    "the program may include (.include, .incbin, #include) only what lies in or below the directories of its sources"
)
DEFINE = "define a macro; in a program of assembly files only, a symbol, which is 1 without a VALUE"


def options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("C files")
    add = group.add_argument
    add("-O", metavar="LEVEL", dest="level", default="2", help="GCC's optimization level (default: 2)")
    add("-I", metavar="DIR", dest="include", action="append", default=[], help="look for headers there")
    add("-D", metavar="NAME[=VALUE]", dest="define", action="append", default=[], help=DEFINE)
    confining(parser)


def confining(parser: argparse.ArgumentParser) -> None:
    """The option for programs of people whom the user does not trust."""
    parser.add_argument(CONFINED, dest="confined", action="store_true", help=CONFINE)


def flags(arguments: argparse.Namespace) -> tuple[str, ...]:
    """What a program is built with: what GCC is told, and CONFINED."""
    includes = (word for folder in arguments.include for word in ("-I", folder))
    defines = (word for macro in arguments.define for word in ("-D", macro))
    return (f"-O{arguments.level}", *includes, *defines, *([CONFINED] if arguments.confined else []))


def definitions(flags: Sequence[str]) -> list[str]:
    """The macros that are defined among them."""
    return [macro for flag, macro in pairwise(flags) if flag == "-D"]
