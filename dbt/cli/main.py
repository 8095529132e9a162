"""The command `ring1`: the table of commands, and how errors are reported to the user."""

from __future__ import annotations

import argparse
import atexit
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from ring1.dbt.cli import streams
from ring1.dbt.cli.outcome import USAGE, Failure
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.isa import store

COMMANDS = {
    "run": "run a program on a virtual machine",
    "resume": "go on with a machine from a snapshot",
    "debug": "debug a program, forward and back",
    "explore": "look into a machine on a local page: source, guest and host code, time, engines, its description",
    "dap": "debug from an editor, by the Debug Adapter Protocol",
    "lsp": "help an editor with assembly and descriptions, by the Language Server Protocol",
    "test": "grade programs by cases, and cases by mutants",
    "host": "run many machines in one process",
    "compare": "run a program under several engines in lock step: equivalent, or the first divergence",
    "cc": "compile C for the toy machine",
    "asm": "assemble a program",
    "disasm": "disassemble a raw image",
    "translate": "show the host code that an engine makes of a program",
    "classify": "classify the instructions of a machine as Popek and Goldberg did, and try them",
    "fuzz": "make programs by chance, and compare the engines on them",
    "bench": "measure the engines against each other",
    "engines": "list the engines, and say which can run here",
    "isa": "show, check and list descriptions of machines",
    "grammar": "print what editors colour assembly and descriptions by",
    "completion": "print what bash, zsh or fish completes the command line by",
    "man": "print the manual page",
}
"""Command -> its help. Each is a file dbt/cli/COMMAND.py with `options(parser)` and `main(arguments) -> status`. One
that passes on to a program what follows `--` sets a default called `separate` (see ring1.dbt.cli.run)."""

YOUNG = 2_000_000
"""The number of objects after which Python's collector runs. The data of translations have no cycles, and with the
default of 700 it would take a tenth of the time of a run that translates everything anew."""

DESCRIPTION = """\
A laboratory of virtualization: one guest, unmodified, under every technique that has been used to virtualize a machine.
"""

EPILOG = """\
ring1 COMMAND --help tells the rest. To begin with: ring1 run examples/hello.s

exit status:
  0-255  the guest's exit code      2  wrong usage, or a program, description or snapshot with errors
  120    an unhandled trap          121  a limit was reached      122  halted with nothing to wait for
  123    the engine cannot run here, or the host refuses memory or files
  124    output could not be written            125  ring1 itself failed
  130    stopped by Ctrl-C                      143  stopped by SIGTERM
  1      ring1 compare, ring1 fuzz: an engine diverges; ring1 debug: a command of a script has failed;
         ring1 test: a case has failed
A guest's exit code of 120 or more is the exit status as well, and a line on stderr says that it is the guest's.
"""


class Parser(argparse.ArgumentParser):
    """An argument parser that reports errors in one line."""

    def __init__(self, **options: object) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)  # type: ignore[arg-type]

    def format_help(self) -> str:
        from ring1.dbt.share import located

        return located(super().format_help())

    def error(self, message: str) -> NoReturn:
        raise Failure(f"{message} ({self.prog} --help explains)", USAGE)


class Version(argparse.Action):
    """The option --version, which looks the version up only when it is given."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        streams.write(f"ring1 {version()}\n")
        parser.exit()


def version() -> str:
    """Return the version of the installed distribution, or that of the sources."""
    from importlib import metadata

    try:
        return metadata.version("ring1")
    except metadata.PackageNotFoundError:
        import tomllib

        from ring1.dbt.share import share

        try:
            project = tomllib.loads(share("pyproject.toml").read_text())
            return str(project["project"]["version"])
        except (OSError, KeyError, ValueError):
            return "(version unknown)"


def parsers(chosen: str | None, registry: Registry) -> tuple[Parser, Parser]:
    """Return the parser of the command line, and that of the command. Only the command `chosen` is imported and has its
    options; it is given the available techniques as `registry`."""
    of_chosen = top = Parser(prog="ring1", description=DESCRIPTION, epilog=EPILOG)
    top.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=Parser)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name == chosen:
            of_chosen = command
            command.set_defaults(registry=registry)
            importlib.import_module(f"ring1.dbt.cli.{name}").options(command)
    return top, of_chosen


def parse(top: Parser, handing_on: bool, words: list[str]) -> argparse.Namespace:
    """Parse a command line. If a command passes on to a program what follows `--`, and there is no program before that,
    the program follows it, since its name looks like an option; a second `--` then separates its arguments."""
    if not handing_on or "--" not in words:
        return top.parse_args(words)
    at = words.index("--")
    parsed = top.parse_args(words[:at])
    if not parsed.separate(parsed, words[at + 1 :]):
        at = words.index("--", at + 1) if "--" in words[at + 1 :] else len(words)
        parsed = top.parse_args(words[:at])
        parsed.separate(parsed, words[at + 1 :])
    return parsed


def dispatch(arguments: Sequence[str], registry: Registry) -> int:
    """Execute a command line. Returns the exit status."""
    chosen = next((a for a in arguments if not a.startswith("-")), None)
    if chosen is not None and chosen not in COMMANDS:
        hint = f"did you mean ring1 run {chosen}?" if os.path.exists(chosen) else f"there are {', '.join(COMMANDS)}"
        raise Failure(f"there is no command {chosen}; {hint}")
    top, command = parsers(chosen, registry)
    parsed = parse(top, command.get_default("separate") is not None, list(arguments))
    if parsed.command is None:
        raise Failure(f"which command? There are {', '.join(COMMANDS)} (ring1 --help explains)")
    reason = store.why_not()
    if reason:
        streams.say(f"the cache is not used: {reason}")
    run: Callable[[argparse.Namespace], int] = importlib.import_module(f"ring1.dbt.cli.{parsed.command}").main
    return run(parsed)


def explain(error: BaseException) -> int:
    """Tell the user why there is no result. Returns the exit status."""
    from ring1.dbt.cli.complaint import complaint

    made = complaint(error)
    for line in made.lines:
        streams.tell(line)
    return made.status


def main(argv: Sequence[str] | None = None, registry: Registry = ENGINES) -> int:
    """Run `ring1` with these arguments (the process's own by default) and techniques. Returns the exit status."""
    gc.set_threshold(YOUNG)
    atexit.register(gc.freeze)  # what the process ends with is not searched for cycles
    try:
        streams.occupy()
        try:
            status = dispatch(sys.argv[1:] if argv is None else argv, registry)
        except SystemExit as done:  # argparse exits for --help
            status = done.code if isinstance(done.code, int) else USAGE
        streams.Output().flush()
        return status
    except (Exception, KeyboardInterrupt) as error:
        return explain(error)


if __name__ == "__main__":
    sys.exit(main())
