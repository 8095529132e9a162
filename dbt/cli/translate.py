"""`ring1 translate`: shows the host code that an engine makes of a program, beside the program."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ring1.dbt.cli import boot, cflags, hot, run, streams
from ring1.dbt.cli.files import open_text, put
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure
from ring1.dbt.engines.technique import Technique

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.report.translation_text import Whole
    from ring1.isa.model import Isa

DESCRIPTION = """\
Show what an engine makes of a program: every block that can be reached from its entry and its labels by direct jumps
and falling through, each guest instruction beside its host code. Instructions that the engine does not run as they are
are marked with how and why: INLINE acts on the virtual CPU inside the code cache, CALLOUT leaves for the VMM, TRAP
traps. Which they are depends on the ring. A value is computed where it is needed: an instruction whose result can wait
shows no host code, and that of a later instruction or of a way out has its work, or nobody has if nobody needs it.
Nothing is run: what only a run makes of hot code (traces along the paths
that it takes, other registers pinned) is shown by --hot. It runs the program, with stdin as its console's input and
the console's output on stderr, and shows the blocks that samples of the run found most often, the hottest first.
"""

EPILOG = """\
json: {"isa", "engine", "ring", "registers": {guest: host}, "blocks": [block]}
  block        {"pc", "symbol", "host_bytes", "entry": [host], "instructions": [instruction], "end": [host],
                "exits": [{"kind", "pc", "reason", "host": [host]}], "miss": [host]}
               with --hot also "share" (of the run), "trace" (does it follow a path that was taken?) and "ring"
  gone         with --hot: [{"symbol", "share"}], hot blocks that were no longer translated when the run ended
  instruction  {"pc", "word", "symbol", "text", "action", "reason", "why", "host": [host]}
               action: ident, inline, callout or trap
  host         {"offset", "bytes", "text", "note"}: offset from the block's start, bytes in hexadecimal

examples:
  ring1 translate examples/holes.s | less
  ring1 translate examples/holes.s --engine bare --ring 3
  ring1 translate examples/fib.s --format html -o fib.html
  ring1 translate --hot examples/mandelbrot.s | less
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    registry = run.registered(parser)
    names = [name for name, technique in registry.items() if technique.policy is not None]
    default = registry.default.name
    add = parser.add_argument
    add("files", metavar="FILE", nargs="+", help="the program")
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")
    add("--engine", choices=names, default=default, help=f"whose translation (default: {default})")
    add("--ring", metavar="N", type=int, help="the processor mode to translate for (default: the supervisor's)")
    add("--format", choices=("text", "json", "html"), default="text", help="default: text")
    hot.options(parser)
    cflags.options(parser)
    add("-o", dest="output", metavar="OUT", default="-", help="where it goes (default: stdout)")


def main(arguments: argparse.Namespace) -> int:
    technique: Technique = arguments.registry[arguments.engine]
    reason = technique.why_not()
    if reason:
        raise Failure(f"the engine {arguments.engine} cannot run here: {reason}", UNAVAILABLE)
    from ring1.dbt.cli.program import load as load_program
    from ring1.dbt.cli.program import warn
    from ring1.isa.load import load as load_isa

    isa = load_isa(arguments.isa)
    if reason := technique.cannot(isa):
        raise Failure(f"the engine {arguments.engine} cannot run this machine: {reason}", UNAVAILABLE)
    guest = load_program(isa, arguments.files, cflags.build(arguments), board=boot.board_of(isa, None))
    warn(guest)
    if arguments.hot:
        if arguments.ring is not None:
            raise Failure("--ring: with --hot, blocks are shown for the modes in which they were run")
        made = hot.hottest(isa, guest, arguments)
    else:
        made = translation(isa, guest, technique, ring(isa, arguments.ring))
    text = formatted(made, arguments.format, arguments.output == "-" and streams.coloured())
    if arguments.output == "-":
        streams.write(text)
    else:
        inputs = [*arguments.files, arguments.disk] if arguments.disk else arguments.files
        with open_text(arguments.output, inputs) as file:
            put(file, text)
    return 0


def ring(isa: Isa, wanted: int | None) -> int:
    """Return the processor mode to translate for. Raises Failure if the machine has no such mode."""
    modes = isa.mode.count if isa.mode else 1
    if wanted is None:
        return isa.mode.supervisor if isa.mode else 0
    if not 0 <= wanted < modes:
        raise Failure(f"--ring {wanted}: {isa.name} has the modes 0 to {modes - 1}")
    return wanted


def translation(isa: Isa, guest: Guest, technique: Technique, mode: int) -> Whole:
    """Translate a program statically, without running it."""
    from ring1.dbt.report.translating import Interprets, Translating
    from ring1.dbt.report.translation_text import Whole

    try:
        made = Translating(isa, guest.program, technique, mode)
    except Interprets as error:
        raise Failure(f"{error}; --ring names another") from None
    blocks = made.reporter.blocks()
    made.supply.save()
    return Whole(isa.name, technique.name, made.mode, made.called, made.names, tuple(blocks))


def formatted(made: Whole, form: str, colours: bool) -> str:
    if form == "html":
        from ring1.dbt.report.translation_html import as_html

        return as_html(made)
    from ring1.dbt.report.translation_text import as_object, as_text

    if form == "json":
        import json

        return json.dumps(as_object(made), indent=1) + "\n"
    return as_text(made, colours)
