"""`ring1 explore`: a local page to look into a machine."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ring1.dbt.cli import boot, cflags, run, streams
from ring1.dbt.cli.numbers import MOST_PORT
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure
from ring1.dbt.share import located

if TYPE_CHECKING:
    from ring1.dbt.explore.subject import Subject
    from ring1.isa.model import Isa

USUAL = "examples/fib.s"
"""The program if none is named."""
ASSEMBLY = (".s", ".asm")

DESCRIPTION = """\
Serve one page that shows a machine and what runs it: its source, guest instructions and the host code that an engine
makes of them, side by side; run, step, back, a timeline; registers, memory, page tables and TLB, console, exits and
where they come from, heat; two engines compared; the description, with what a change of it changes. The page is served
to this host alone, at an address with a secret token, and needs no network. Files are read when ring1 starts or when
they are opened on the page, and nothing is written but what the browser downloads. Ctrl-C ends it.
"""

EPILOG = """\
examples:
  ring1 explore
  ring1 explore examples/sieve.s --engine trap
  ring1 explore --disk build/os.img examples/os/kernel.s --no-browser --port 8000
  (docs/explore.md shows the page and lists its keys)
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    run.machine_options(parser)
    add, registry = parser.add_argument, run.registered(parser)
    add("--engine", choices=tuple(registry), help=f"how the guest is run (default: {registry.default.name})")
    add("--port", metavar="N", type=int, default=0, help="the port of the loopback device (default: 0, any)")
    add("--no-browser", action="store_true", help="open no browser: the address is printed, as always")
    parser.set_defaults(json=None)
    cflags.options(parser)


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.api.errors import EngineUnavailable, MachineError
    from ring1.dbt.explore.desk import Desk
    from ring1.dbt.explore.server import Server

    if not 0 <= arguments.port <= MOST_PORT:
        raise Failure(f"--port {arguments.port}: ports are numbers up to {MOST_PORT}")
    try:
        desk = Desk(subject(arguments), arguments.registry, arguments.engine)
    except EngineUnavailable as error:
        raise Failure(str(error), UNAVAILABLE) from None
    except MachineError as error:
        raise Failure(str(error)) from None
    with contextlib.closing(desk):
        try:
            server = Server(desk, arguments.port)
        except OSError as error:
            raise Failure(f"--port {arguments.port}: {error.strerror or error}") from None
        with server:
            streams.say(f"until Ctrl-C, the page is at {server.url}")
            with contextlib.nullcontext() if arguments.no_browser else browsed(server.url):
                server.serve_forever()
    return 0


@contextlib.contextmanager
def browsed(url: str) -> Iterator[None]:
    """Show the page in the user's browser, if there is one that needs no terminal. It is given a file that leads there:
    everybody on the host can read a command line, and the token would be on it."""
    import tempfile
    import webbrowser

    graphical = sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    with tempfile.NamedTemporaryFile("w", suffix=".html", prefix="ring1-") as file:  # which its user alone can read
        file.write(f'<!doctype html><meta http-equiv="refresh" content="0; url={url}"><title>ring1</title>')
        file.flush()
        found = False
        with contextlib.suppress(webbrowser.Error, OSError):
            found = graphical and webbrowser.open(f"file://{file.name}")
        if not found:
            streams.say("no browser was found: open the address in one")
        yield


def subject(arguments: argparse.Namespace) -> Subject:
    """Return what the options describe. Raises Failure, SourceError, OSError."""
    from ring1.dbt.explore.subject import Subject, described
    from ring1.isa.asm.sources import text
    from ring1.isa.files import contents
    from ring1.isa.record import replace

    snapshots = [name for name in arguments.files if name.endswith(".snap")]
    names = [name for name in arguments.files if not name.endswith(".snap")]
    if len(snapshots) > 1:
        raise Failure("one snapshot at a time")
    if not arguments.files and not boot.boots(arguments):
        names = [located(USUAL)]
    arguments.files = names
    boot.check(arguments)
    run.name_machine(arguments)
    about = described(arguments.isa)
    isa = about.read()
    board = boot.board(isa, arguments)
    made = Subject(about, ram=arguments.mem, seed=arguments.seed, board=board if arguments.board else None)
    if arguments.disk is not None:
        made = replace(made, disk=contents(arguments.disk))
    if snapshots:
        made = replace(made, snapshot=contents(snapshots[0]))
    if names and is_assembly(isa, names):
        return replace(made, files=tuple((name, text(name)) for name in names), main=len(names))
    return built(arguments, made, isa)


def is_assembly(isa: Isa, names: list[str]) -> bool:
    """Are these files assembly that is linked with nothing else?"""
    from ring1.dbt.cli.program import begins_like_c, kind_of

    if any(kind_of(name) not in ASSEMBLY for name in names):
        return False
    return not begins_like_c(isa, names)


def built(arguments: argparse.Namespace, made: Subject, isa: Isa) -> Subject:
    """Return a subject with a program that is built of something else than assembly, or booted, or with none."""
    from ring1.dbt.api.loading import raw
    from ring1.isa.record import replace

    if not arguments.files and not boot.boots(arguments):
        return replace(made, given=raw(b""))
    guest = boot.guest(isa, arguments, cflags.build(arguments), arguments.words)
    words = tuple(os.fsdecode(word) for word in guest.arguments)
    return replace(made, given=guest.program, arguments=() if made.snapshot else words)
