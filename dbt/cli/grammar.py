"""`ring1 grammar`: prints what editors colour assembly and descriptions by."""

from __future__ import annotations

import argparse

from ring1.dbt.cli import streams
from ring1.dbt.cli.outcome import UNWRITTEN, Failure, because

DESCRIPTION = """\
Print a TextMate grammar of a machine's assembly language, derived from its description: mnemonics, registers, control
registers and modifiers are those that it has. With --descriptions, of the language of descriptions. With --vscode,
write an extension for VS Code: both languages, and ring1's debugger.
"""
EPILOG = """\
examples:
  ring1 grammar --isa my.isa > my.tmLanguage.json
  ring1 grammar --vscode ~/.vscode/extensions/ring1
  pygmentize -l pg32 examples/fib.s          (Pygments finds the same as the lexers pg32 and ring1-isa)
  pygmentize -l ring1-asm -P isa=my.isa prog.s
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")
    add("--descriptions", action="store_true", help="of the language of descriptions instead")
    add("--vscode", metavar="DIR", help="write an extension there instead")


def main(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from ring1.dbt.cli.main import version
    from ring1.dbt.highlight.language import assembly, description
    from ring1.dbt.highlight.textmate import extension, grammar, text
    from ring1.isa.load import load

    if arguments.vscode is not None:
        try:
            extension([assembly(load(arguments.isa)), description()], version(), Path(arguments.vscode))
        except OSError as error:
            raise Failure(because(error), UNWRITTEN) from None
        return 0
    language = description() if arguments.descriptions else assembly(load(arguments.isa))
    streams.write(text(grammar(language)))
    return 0
