"""`ring1 dap`: the debugger for editors, by the Debug Adapter Protocol."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ring1.dbt.cli import streams
from ring1.dbt.cli.numbers import port
from ring1.dbt.cli.outcome import USAGE, Failure

if TYPE_CHECKING:
    from ring1.dbt.api.machine import Machine
    from ring1.dbt.engines.registry import Registry

DESCRIPTION = """\
Serve an editor that speaks the Debug Adapter Protocol, as VS Code, Neovim and Emacs do: breakpoints, steps and
`continue`, each also backwards, registers, control registers and page tables as variables, instructions, memory. The
program is in the launch configuration, whose keys are options of ring1 debug.
"""
EPILOG = """\
a launch configuration, with all that it may have:
  {"program": "prog.s", "arguments": ["a", "b"], "stopOnEntry": true, "stopAtEnd": true,
   "isa": "pg32", "engine": "bt", "mem": "16M", "disk": "disk.img", "seed": 7, "input": "typed.txt",
   "options": ["-O3", "-DNAME=7"]}
`program` may be a list of files. Paths are relative to where ring1 was started. (docs/debug.md tells the rest.)
"""
OPTIONS = {"isa": "--isa", "engine": "--engine", "mem": "--mem", "disk": "--disk", "seed": "--seed", "input": "--input"}
"""Keys of a configuration -> options of `ring1 debug`."""
OWN = {"program", "arguments", "options", "stopOnEntry", "stopAtEnd", "noDebug"}
BUILDING = ("-O", "-I", "-D", "--stack=", "--no-host-files")
"""Beginnings of the words that `options` may have."""
EDITORS = {
    "type", "request", "name", "debugServer", "presentation", "preLaunchTask", "postDebugTask", "serverReadyAction",
    "internalConsoleOptions", "suppressMultipleSessionWarning", "windows", "linux", "osx",
}  # fmt: skip
"""Keys that are the editor's own."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.add_argument("--port", metavar="[HOST:]PORT", help="serve there instead of on stdin and stdout; 0: any port")


def main(arguments: argparse.Namespace) -> int:
    registry = arguments.registry
    launch = launcher(registry)
    if arguments.port is None:
        from ring1.dbt.dap.adapter import Adapter
        from ring1.dbt.debug.link import Link

        wrong = Adapter(Link(0, 1), launch).serve()
        if wrong:
            raise Failure(f"the client speaks no Debug Adapter Protocol: {wrong}", USAGE)
        return 0
    from ring1.dbt.dap.server import Server

    host, _, behind = arguments.port.rpartition(":")
    try:
        number = port(behind)
    except ValueError:
        raise Failure(f"--port {arguments.port}: write PORT or HOST:PORT") from None
    try:
        server = Server(host, number, launch)
    except OSError as error:
        raise Failure(f"--port {arguments.port}: {error.strerror or error}") from None
    with contextlib.closing(server):
        streams.say(f"waiting for an editor at {server.host}:{server.port}")
        server.serve()
    return 0


def words(given: Mapping[str, Any]) -> list[str]:
    """Return the words behind `ring1 debug` that a launch configuration stands for. Raises Failure."""
    unknown = [key for key in given if key not in OWN | EDITORS | OPTIONS.keys() and not key.startswith("_")]
    if unknown:
        from ring1.isa.asm.near import suggestion

        raise Failure(f"a launch has no {unknown[0]!r}{suggestion(unknown[0], sorted(OWN | OPTIONS.keys()))}")
    program = given.get("program")
    files = [program] if isinstance(program, str) else program
    if not isinstance(files, list) or not files or not all(isinstance(file, str) and file for file in files):
        raise Failure("a launch has a program: a file, or a list of files")
    found: list[str] = []
    for key, option in OPTIONS.items():
        value = given.get(key)
        if value is not None:
            if not isinstance(value, str | int) or isinstance(value, bool):
                raise Failure(f"{key} in a launch is a text or a number")
            found.append(f"{option}={value}")
    more, arguments = given.get("options", []), given.get("arguments", [])
    for name, value in (("options", more), ("arguments", arguments)):
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise Failure(f"{name} in a launch is a list of texts")
    for word in more:
        if not word.startswith(BUILDING):
            raise Failure(f"{word!r} in a launch is none of the options that build a program: {' '.join(BUILDING)}")
    return [*found, *more, *files, *(["--", *arguments] if arguments else [])]


def launcher(registry: Registry) -> Callable[[Mapping[str, Any], Callable[[bytes], None]], Machine]:
    """Return what makes the machine of a launch configuration, as `ring1 debug` does."""

    def launch(given: Mapping[str, Any], show: Callable[[bytes], None]) -> Machine:
        from ring1.dbt.api.errors import MachineError
        from ring1.dbt.cli import debug
        from ring1.dbt.cli.complaint import complaint
        from ring1.dbt.cli.main import parse, parsers
        from ring1.dbt.cli.outcome import INTERNAL

        try:
            top, _ = parsers("debug", registry)
            arguments = parse(top, True, ["debug", "--quiet", *words(given)])
            machine = debug.made(arguments, show)
            if arguments.input is not None:
                machine.console.feed(debug.typed(arguments.input))
                machine.console.close()
            return machine
        except MachineError:
            raise
        except Exception as error:
            told = complaint(error)
            if told.status == INTERNAL:
                raise
            raise MachineError("\n".join(line.removeprefix("ring1: ") for line in told.lines)) from None

    return launch
