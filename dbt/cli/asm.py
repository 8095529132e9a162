"""`ring1 asm`: assembles files to a raw image."""

from __future__ import annotations

import argparse
from pathlib import Path

from ring1.dbt.cli import cflags, confine, streams, symbols
from ring1.dbt.cli.files import open_bytes, put
from ring1.dbt.cli.outcome import Failure

DESCRIPTION = """\
Assemble files and link them, in this order, to a raw image that begins where RAM does, on PG32 at address 0. Mistakes
are reported all at once, with file, line, column and the source line, and status 2. The names of the image's addresses
go to a file beside it, OUT.sym, from which `run`, `translate` and `disasm` have them.
"""

EPILOG = """\
examples:
  ring1 asm examples/hello.s                    (makes hello.bin)
  ring1 asm examples/hello.s -o - --isa pg32v | ring1 disasm /dev/stdin
  ring1 asm kernel.s user.s -o both.bin --listing > both.lst
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", help="assembly files")
    add("-o", dest="output", metavar="OUT", help="the image; - is stdout (default: the first file's name with .bin)")
    add(
        "--listing", action="store_true", help="print addresses and bytes beside the source, and the symbols, to stdout"
    )
    add("-D", metavar="NAME[=VALUE]", dest="define", action="append", default=[], help="define a symbol, as 1 or VALUE")
    cflags.confining(parser)
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")


def main(arguments: argparse.Namespace) -> int:
    output = arguments.output or Path(arguments.files[0]).stem + ".bin"
    if output == "-" and arguments.listing:
        raise Failure("the image and the listing cannot both go to stdout")
    from ring1.isa.asm.assemble import assemble_files
    from ring1.isa.load import load

    reach = confine.reach(arguments.files, arguments.confined)
    isa = load(arguments.isa)
    program = assemble_files(isa, arguments.files, definitions=arguments.define, reach=reach, keep=True)
    if program.entry != program.base:
        begin = f"{program.base:#x}" if program.base else "0"
        streams.say(f"note: _start is at {program.entry:#x}; as a raw image the program will begin at {begin}")
    if output == "-":
        streams.write(program.image)
    else:
        with open_bytes(output, arguments.files) as file:
            put(file, program.image)
        symbols.write(output, program, arguments.files)
    if arguments.listing:
        from ring1.isa.asm.listing import listing

        streams.write(listing(program))
    return 0
