"""`ring1 debug`: a debugger that runs forward and back."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ring1.dbt.cli import boot, cflags, run, streams
from ring1.dbt.cli.numbers import port, size
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure
from ring1.dbt.devices.arrival import arrival

if TYPE_CHECKING:
    from ring1.dbt.api.machine import Machine
    from ring1.dbt.debug.debugger import Debugger
    from ring1.dbt.gdb.stub import Stub
    from ring1.isa.asm.program import Program

FAILED = 1
"""Exit status if a command of a script has failed."""
PROMPT = "(ring1) "
HISTORY = "debug-history"
MOST_HISTORY = 1000
BEAT = 0.05
"""Seconds between two looks whether the user has pressed Ctrl-C."""

DESCRIPTION = """\
Debug a program (as for ring1 run, or a snapshot, .snap) under any engine: breakpoints, watchpoints, single steps, and
all of them backwards. Commands are gdb's where gdb has one; `help` lists them. They come from the terminal, from
scripts (-x), or from stdin where that is no terminal. The guest's console is then --input; on a terminal, what is typed
while the guest waits for it. The disk is a copy: its file is not written to.
"""

EPILOG = """\
examples:
  ring1 debug examples/fib.s
  ring1 debug --engine interp -x script.gdb examples/c/lisp.c --input examples/c/lisp.txt
  printf 'break fib\\ncontinue\\nreverse-finish\\nwho wrote *0x1000\\n' | ring1 debug examples/fib.s
  (docs/debug.md has a session)
exit status: 0, or 1 if a command of a script has failed; 2 and more as for ring1 run.
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    run.machine_options(parser)
    add, registry = parser.add_argument, run.registered(parser)
    add("--engine", choices=tuple(registry), help=f"how the guest is run (default: {registry.default.name})")
    add("-x", "--command", dest="scripts", metavar="FILE", action="append", default=[], help="execute a script first")
    add("--batch", action="store_true", help="leave when the scripts are done")
    add("--input", metavar="FILE", help="what is typed on the guest's console")
    add("--history-memory", metavar="SIZE", type=size, default=256 << 20, help="memory for going back (default: 256M)")
    add("--gdb", metavar="[HOST]:PORT|-", help="serve gdb there instead (- is stdin and stdout); port 0 is a free one")
    add("--gdb-script", action="store_true", help="print a script for gdb, with the machine's own mnemonics, and leave")
    add("--full-screen", action="store_true", help="show source, registers, stack, memory and more (wants Textual)")
    add("--quiet", action="store_true", help="do not say at first where the machine is")
    parser.set_defaults(json=None)
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    if arguments.gdb_script:
        from ring1.dbt.gdb.description import SCRIPT

        streams.write(SCRIPT)
        return 0
    if not arguments.files and not boot.boots(arguments):
        raise Failure("which program? (ring1 debug --help explains)")
    from ring1.dbt.api.errors import EngineUnavailable, MachineError
    from ring1.dbt.debug.debugger import Debugger
    from ring1.dbt.debug.session import Session

    terminal = sys.stdin is not None and sys.stdin.isatty() and arguments.gdb is None
    if arguments.full_screen:
        full_screen(terminal)
    screen = Screen() if arguments.gdb != "-" else Remote()
    try:
        machine = made(arguments, (lambda data: None) if arguments.full_screen else screen.show)
    except EngineUnavailable as error:
        raise Failure(str(error), UNAVAILABLE) from None
    except MachineError as error:
        raise Failure(str(error)) from None
    with machine:
        if arguments.input is not None:
            machine.console.feed(typed(arguments.input))
        if arguments.full_screen:
            return show(machine, arguments)
        interactive = terminal and not arguments.batch
        if arguments.input is not None or not interactive:
            machine.console.close()
        session = Session(machine, screen.say, keyboard(machine) if interactive else no_input)
        debugger = Debugger(session)
        if arguments.gdb is not None:
            return serve(debugger, arguments.gdb, screen)
        if not arguments.quiet:
            session.show_place()
        return carry_out(debugger, arguments, interactive)


def full_screen(terminal: bool) -> None:
    """Raise Failure if there can be no full-screen view."""
    from importlib.util import find_spec

    if find_spec("textual") is None:
        raise Failure("--full-screen wants the package Textual: pip install 'ring1[screen]'", UNAVAILABLE)
    if not (terminal and streams.terminal(sys.stdout) and streams.terminal(sys.stderr)):
        raise Failure("--full-screen wants a terminal", UNAVAILABLE)


def show(machine: Machine, arguments: argparse.Namespace) -> int:
    """Show a machine on the full screen. Returns the exit status."""
    from ring1.dbt.screen.app import run

    if arguments.input is not None:
        machine.console.close()
    run(machine, arguments.scripts)
    return 0


class Screen:
    """Stdout, for the guest's console and the debugger by turns: what the debugger says begins a line."""

    def __init__(self) -> None:
        self.open = False
        """Has the guest begun a line?"""

    def show(self, data: bytes) -> None:
        """Show console output of the guest."""
        streams.write(data)
        self.open = not data.endswith(b"\n")

    def say(self, text: str) -> None:
        """Show a text of the debugger's."""
        streams.write(("\n" if self.open else "") + text + "\n")
        self.open = False


class Remote(Screen):
    """gdb's console, where its packets have stdout."""

    def __init__(self) -> None:
        super().__init__()
        self.stub: Stub | None = None

    def show(self, data: bytes) -> None:
        if self.stub is not None:
            self.stub.console(data)

    def say(self, text: str) -> None:
        self.show(text.encode() + b"\n")

    def to(self, stub: Stub | None) -> None:
        """Show what comes from now on to another client, or to nobody."""
        self.stub = stub


def serve(debugger: Debugger, where: str, screen: Screen) -> int:
    """Serve gdb. Returns the exit status."""
    from ring1.dbt.api.errors import MachineError
    from ring1.dbt.debug.link import Link
    from ring1.dbt.gdb.server import Server, attended

    try:
        if isinstance(screen, Remote):
            attended(debugger, Link(0, 1), screen.to)
            return 0
        host, colon, behind = where.rpartition(":")
        try:
            number = port(behind if colon else "")
        except ValueError:
            raise Failure(f"--gdb {where}: write :PORT, HOST:PORT, or -") from None
        server = Server(debugger, host, number)
    except MachineError as error:
        raise Failure(f"--gdb: {error}") from None
    except OSError as error:
        raise Failure(f"--gdb {where}: {error.strerror or error}") from None
    with contextlib.closing(server):
        streams.say(f"waiting for gdb: target remote {server.host}:{server.port}")
        server.serve()
    return 0


def no_input() -> bytes | None:
    return None


def keyboard(machine: Machine) -> Callable[[], bytes | None]:
    """Return a function that waits for a line that the user types for the guest; it returns None at the end of the
    input, and raises KeyboardInterrupt where the user wants no more of that."""

    def line() -> bytes | None:
        arrived = arrival(0)
        while not machine.now().body.asked:
            data = arrived(BEAT)
            if data is not None:
                return data or None
        raise KeyboardInterrupt

    return line


def typed(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def made(arguments: argparse.Namespace, show: Callable[[bytes], None]) -> Machine:
    """Return the machine that the options describe; `show` has its console output. Raises MachineError, Failure."""
    from ring1.dbt.api.machine import Machine
    from ring1.dbt.cli.program import warn
    from ring1.isa.load import load as load_isa

    options: dict[str, Any] = {
        "engine": arguments.engine,
        "disk": arguments.disk,
        "budget": arguments.history_memory,
        "tell": show,
        "registry": arguments.registry,
    }
    snapshots = [name for name in arguments.files if name.endswith(".snap")]
    files = [name for name in arguments.files if not name.endswith(".snap")]
    if len(snapshots) > 1:
        raise Failure("one snapshot at a time")
    boot.check(arguments)
    run.name_machine(arguments)
    isa = load_isa(arguments.isa)
    programs: list[Program] = []
    arguments.files = files
    options["board"] = boot.board(isa, arguments)
    if files or boot.boots(arguments):
        guest = boot.guest(isa, arguments, cflags.build(arguments), arguments.words)
        if not arguments.quiet and not snapshots:
            warn(guest)
        programs = [guest.program]
        options["tohost"] = guest.tohost
        options["arguments"] = [] if snapshots else [os.fsdecode(word) for word in guest.arguments]
    if snapshots:
        known = None if arguments.isa == "pg32" else isa
        return Machine(known, *programs, snapshot=snapshots[0], **options)
    return Machine(isa, *programs, ram=arguments.mem, seed=arguments.seed, **options)


def carry_out(debugger: Debugger, arguments: argparse.Namespace, interactive: bool) -> int:
    """Execute scripts, then what is typed or comes from stdin. Returns the exit status."""
    for script in arguments.scripts:
        debugger.execute(f"source {script}")
        if debugger.failed:
            return FAILED
        if debugger.session.over:
            return 0
    if arguments.batch:
        return 0
    lines = asked(debugger) if interactive else piped()
    failed = False
    for line in lines:
        debugger.execute(line)
        failed |= debugger.failed
        if debugger.session.over:
            break
    return FAILED if failed and not interactive else 0


def piped() -> Iterator[str]:
    """Yield the lines of stdin that are commands: an empty one repeats nothing there."""
    if sys.stdin is None:
        return
    for line in sys.stdin:
        if line.strip():
            yield line


def asked(debugger: Debugger) -> Iterator[str]:
    """Yield what the user types, with history and completion where Python has them."""
    with history(debugger):
        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                streams.write("\n")
                return
            except KeyboardInterrupt:
                streams.write("\n")


@contextlib.contextmanager
def history(debugger: Debugger) -> Iterator[None]:
    """Keep the lines that are typed from one session to the next, in the directory of the cache."""
    try:
        import readline
    except ImportError:
        yield
        return
    from ring1.isa import store

    def complete(begin: str, state: int) -> str | None:
        found = debugger.completions(readline.get_line_buffer(), begin)
        return found[state] if state < len(found) else None

    readline.set_completer_delims(" \t\n/*()+-,=")
    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
    path = "" if store.why_not() else os.path.join(store.directory(), HISTORY)
    if path:
        with contextlib.suppress(OSError):
            readline.read_history_file(path)
    try:
        yield
    finally:
        if path:
            readline.set_history_length(MOST_HISTORY)
            with contextlib.suppress(OSError):
                readline.write_history_file(path)
