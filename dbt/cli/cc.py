"""`ring1 cc`: compiles C for a machine, and links it with the C library of examples/c/rt."""

from __future__ import annotations

import argparse
from pathlib import Path

from ring1.dbt.cli import cflags, confine, files, streams, symbols
from ring1.dbt.cli.outcome import Failure

DESCRIPTION = """\
Compile C (.c) and assembly (.s) files for PG32, or another machine, and link them with the C library into a raw image,
which `ring1 run IMAGE.bin` runs. `ring1 run FILE.c` does both at once.
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
    parser.add_argument("--isa", metavar="NAME|FILE", default="pg32", help="the machine (default: pg32)")
    parser.add_argument("--board", metavar="NAME|FILE", help="its board (default: the machine's own)")
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.cli.compiler import compile_all
    from ring1.dbt.cli.gcc import compile_kept
    from ring1.dbt.cli.program import ASSEMBLY

    for name in arguments.files:
        open(name, "rb").close()
        if not name.lower().endswith((".c", *ASSEMBLY)):
            raise Failure(f"{name}: neither C (.c) nor assembly (.s)")
    from ring1.dbt.cli.boot import board_of
    from ring1.dbt.cli.runtime import target_of
    from ring1.isa.load import load

    first, build = arguments.files[0], cflags.build(arguments)
    isa = load(arguments.isa)
    board, target = board_of(isa, arguments.board), target_of(isa)
    if arguments.assembly and target is not None:
        if len(arguments.files) > 1 or not first.lower().endswith(".c"):
            raise Failure("-S takes one C file")
        text, _ = compile_kept(target, first, build.gcc, build.confined)
        put(arguments, ".s", text.encode(errors="surrogateescape"))
        return 0
    from ring1.isa.asm.assemble import assemble

    compiled = compile_all(isa, board, arguments.files, build)
    reach = confine.reach(arguments.files, build.confined)
    program = assemble(isa, compiled.sources, definitions=compiled.definitions, reach=reach, keep=True)
    output = put(arguments, ".bin", program.image)
    symbols.write(output, program, arguments.files)
    return 0


def put(arguments: argparse.Namespace, kind: str, data: bytes) -> str:
    """Write the result where it is wanted, else in the working directory under the first file's name. Returns its
    path."""
    output = str(arguments.output or Path(arguments.files[0]).stem + kind)
    if output == "-":
        streams.write(data)
        return output
    with files.open_bytes(output, arguments.files, kind) as file:
        files.put(file, data)
    return output
