"""The options of commands that compile C, which GCC gets."""

from __future__ import annotations

import argparse


def options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("C files")
    add = group.add_argument
    add("-O", metavar="LEVEL", dest="level", default="2", help="GCC's optimization level (default: 2)")
    add("-I", metavar="DIR", dest="include", action="append", default=[], help="look for headers there")
    add("-D", metavar="NAME[=VALUE]", dest="define", action="append", default=[], help="define a macro")


def flags(arguments: argparse.Namespace) -> tuple[str, ...]:
    """What GCC is told."""
    includes = (word for folder in arguments.include for word in ("-I", folder))
    defines = (word for macro in arguments.define for word in ("-D", macro))
    return (f"-O{arguments.level}", *includes, *defines)
