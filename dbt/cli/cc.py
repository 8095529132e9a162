"""`ring1 cc`: compile C for the toy machine, and link it with the C library of examples/c/rt."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dbt.cli import cflags, streams
from dbt.cli.outcome import Failure

DESCRIPTION = """\
Compile C (.c) and assembly (.s) files for PG32 and link them with the C library into a raw image, which
`ring1 run IMAGE.bin` runs. `ring1 run FILE.c` does both at once.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    parser.add_argument("files", nargs="+", metavar="FILE", help="C and assembly files")
    parser.add_argument(
        "-o", metavar="OUT", dest="output", help="the image, or with -S the assembly (default: FILE.bin)"
    )
    parser.add_argument(
        "-S", action="store_true", dest="assembly", help="stop after compiling one C file: write its assembly"
    )
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    from dbt.cli.compiler import compile_all, compile_file

    for name in arguments.files:
        os.stat(name)
    first = arguments.files[0]
    if arguments.assembly:
        if len(arguments.files) > 1 or not first.lower().endswith(".c"):
            raise Failure("-S takes one C file")
        text, _ = compile_file(first, cflags.flags(arguments))
        return put(arguments.output or f"{Path(first).stem}.s", text.encode(errors="surrogateescape"))
    from isa.asm.assemble import assemble
    from isa.load import load

    program = assemble(load("pg32"), compile_all(arguments.files, cflags.flags(arguments)).sources)
    return put(arguments.output or f"{Path(first).stem}.bin", program.image)


def put(output: str, data: bytes) -> int:
    if output == "-":
        streams.write(data)
        return 0
    Path(output).write_bytes(data)
    return 0
