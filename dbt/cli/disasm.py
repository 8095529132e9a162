"""`ring1 disasm`: disassembles a raw image."""

from __future__ import annotations

import argparse
from pathlib import Path

from ring1.dbt.cli import streams, symbols
from ring1.dbt.cli.files import open_text, put
from ring1.dbt.cli.numbers import size
from ring1.dbt.cli.outcome import Failure

DESCRIPTION = """\
Print a raw image as assembly text that assembles to the same bytes, with the names that are beside it (FILE.sym).
Every word that is a legal instruction is shown
as one; what is data nobody can tell.
"""

MOST = 1 << 32


def options(parser: argparse.ArgumentParser) -> None:
    parser.description = DESCRIPTION
    add = parser.add_argument
    add("file", metavar="FILE", help="the image")
    add("--base", metavar="N", type=size, help="the address of its first byte (default: where RAM begins, 0 on PG32)")
    add("-o", dest="output", metavar="OUT", default="-", help="where the text goes (default: stdout)")
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")


def main(arguments: argparse.Namespace) -> int:
    from ring1.isa.asm.disassemble import disassemble_image
    from ring1.isa.files import contents
    from ring1.isa.load import load

    isa = load(arguments.isa)
    path = Path(arguments.file)
    if path.stat().st_size > MOST:
        raise Failure(f"{path}: larger than any RAM")
    data = contents(path)
    base = isa.memory if arguments.base is None else arguments.base
    named = symbols.read(arguments.file, data, base) if base == isa.memory and path.is_file() else None
    try:
        text = disassemble_image(isa, data, base, named.labels if named else ())
    except ValueError as error:
        raise Failure(f"--base: {error}") from None
    if arguments.output == "-":
        streams.write(text)
        return 0
    with open_text(arguments.output, [arguments.file]) as file:
        put(file, text)
    return 0
