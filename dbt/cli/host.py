"""`ring1 host`: many machines in one process, and verbs for those who look after them."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ring1.dbt.cli import streams
from ring1.dbt.cli.numbers import integer, port
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.engines.registry import Registry

DESCRIPTION = """\
Run many machines in one process, by turns as their shares say. `run` takes a plan; the other verbs speak to the host
that listens on the socket.
"""
EPILOG = """\
a plan (docs/hosting.md tells the rest):
  [host]
  processors = 2
  [machine.unix]
  program = "examples/os/kernel.s"
  disk = "build/os.img"
  share = 200
  [machine.worker]
  program = "examples/sieve.s"
  count = 10

examples:
  ring1 host run plan.toml
  ring1 host ps
  ring1 host console unix
"""
PARTITIONS = """\
Run the machines of a plan in slots of virtual time, as its schedules say, and tell what each has had and how exactly.
"""
SOCKET = "ring1-host.sock"
VERBS: Mapping[str, str] = {
    "pause": "have a machine stop until it is to go on",
    "resume": "have a paused machine go on",
    "stop": "have a machine stop for good",
    "remove": "stop a machine and forget it",
}
"""Verbs with the name of a machine and nothing else."""
EVERY = 1.0
"""Seconds between two looks at the machines."""
LEAVE = 0x1D
"""Ctrl-]."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str, machine: bool = True) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        made.add_argument("--socket", metavar="FILE", default=SOCKET, help=f"the host's socket (default: {SOCKET})")
        if machine:
            made.add_argument("machine", metavar="NAME", help="the name of the machine")
        return made

    run = action("run", "run the machines of a plan, until all have ended or Ctrl-C", False)
    run.add_argument("plan", metavar="PLAN", help="a file in TOML")
    run.add_argument("--stay", action="store_true", help="go on when all machines have ended")
    run.add_argument("--quiet", action="store_true", help="show no table")
    run.add_argument("--listen", metavar="[HOST:]PORT", help="accept machines that migrate here; 0: any port")
    run.add_argument("--key", metavar="FILE", help="the key that hosts share, at least 16 bytes; for --listen")
    run.add_argument("--disks", metavar="DIR", help="where the disks of machines that migrate here are made")
    run.add_argument("--tls", metavar="FILE", help="certificate and private key (PEM), for TLS on --listen")
    ps = action("ps", "list the machines", False)
    ps.add_argument("--json", action="store_true", help="as a JSON array")
    stats = action("stats", "tell all figures of the host and of its machines", False)
    stats.add_argument("names", metavar="NAME", nargs="*", help="machines (default: all)")
    stats.add_argument("--json", action="store_true", help="as a JSON object")
    action("console", "show what a machine outputs, and type on its console; Ctrl-] leaves")
    for name, text in VERBS.items():
        action(name, text)
    share = action("share", "give a machine another share")
    share.add_argument("share", metavar="N", type=int, help="its share, beside those of the others")
    snapshot = action("snapshot", "write a machine to a file, for ring1 resume; it goes on")
    snapshot.add_argument("file", metavar="FILE")
    engine = action("engine", "have a machine go on under another engine")
    engine.add_argument("engine", metavar="ENGINE")
    migrate = action("migrate", "have a machine go on in another host, live")
    migrate.add_argument("--to", metavar="HOST:PORT", required=True, help="where that listens")
    migrate.add_argument("--key", metavar="FILE", required=True, help="the key that both hosts share")
    migrate.add_argument("--engine", metavar="ENGINE", help="the engine there (default: as here)")
    migrate.add_argument("--ca", metavar="FILE", help="certificates (PEM) that its own is to be signed by, for TLS")
    add = action("add", "add the machines of a plan", False)
    add.add_argument("plan", metavar="PLAN", nargs="?", help="a file in TOML")
    add.add_argument("--from", metavar="SNAPSHOT", dest="template", help="add a machine that begins from a snapshot")
    add.add_argument("--name", metavar="NAME", help="its name")
    add.add_argument("--disk", metavar="FILE", help="its disk, with the contents that it had in the snapshot")
    parts = actions.add_parser("partitions", help="run a plan with schedules", description=PARTITIONS)
    parts.add_argument("plan", metavar="PLAN", help="a file in TOML")
    parts.add_argument("--frames", metavar="N", type=count, default=100, help="major frames (default: 100)")
    parts.add_argument("--timeline", metavar="FILE", help="write a trace for Perfetto")
    parts.add_argument("--html", metavar="FILE", help="write what they have done as one web page")
    action("shutdown", "end the host with all its machines", False)


def count(text: str) -> int:
    """Read a number of frames."""
    found = integer(text)
    if found < 1:
        raise argparse.ArgumentTypeError(f"{text}: one at least")
    return found


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.hosting.socket_file import HostError, Line, connect

    if arguments.action == "run":
        return run(arguments)
    if arguments.action == "partitions":
        return partitions(arguments)
    try:
        with connect(arguments.socket) as link:
            line = Line(link)
            if arguments.action == "console":
                line.ask({"verb": "console", "name": arguments.machine})
                return console(line)
            return asked(arguments, line.ask)
    except HostError as error:
        raise Failure(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    """Run a plan. Raises PlanError, MachineError, Failure."""
    from ring1.dbt.api.errors import MachineError
    from ring1.dbt.hosting.control import Control
    from ring1.dbt.hosting.host import Host
    from ring1.dbt.hosting.plan import read
    from ring1.dbt.hosting.socket_file import HostError

    registry: Registry = arguments.registry
    plan = read(arguments.plan, registry)
    try:
        host = Host(plan, registry)
    except MachineError as error:
        raise Failure(str(error)) from None
    with contextlib.closing(host):
        try:
            control = Control(host, arguments.socket)
        except HostError as error:
            raise Failure(str(error)) from None
        with contextlib.closing(control), landing(host, arguments):
            host.start()
            show = shown if streams.terminal(sys.stderr) and not arguments.quiet else unseen
            show(host, lambda: control.ended.is_set() or (not arguments.stay and host.over()))
            rows = host.rows()
    if not arguments.quiet:
        streams.write("".join(f"{row.name}: {row.state}{' (' + row.why + ')' if row.why else ''}\n" for row in rows))
    return 0 if all(row.why in ("", "exit 0", "interrupt") for row in rows) else 1


@contextlib.contextmanager
def landing(host: Any, arguments: argparse.Namespace) -> Iterator[None]:
    """Accept machines from other hosts meanwhile, if that is asked for. Raises Failure, OSError."""
    if arguments.listen is None:
        yield
        return
    from ring1.dbt.hosting.channel import key_of
    from ring1.dbt.hosting.landing import Landing

    if arguments.key is None:
        raise Failure("--listen needs --key: machines come from those alone who have it")
    if arguments.disks is not None and not os.path.isdir(arguments.disks):
        raise Failure(f"--disks {arguments.disks}: there is no such folder")
    where, port = place("--listen", arguments.listen)
    context = None
    if arguments.tls is not None:
        import ssl

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        try:
            context.load_cert_chain(arguments.tls)
        except ssl.SSLError as error:
            raise Failure(f"--tls {arguments.tls}: {error}") from None
    try:
        made = Landing(host, (where, port), key_of(arguments.key), arguments.disks or "", context)
    except ValueError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        if error.filename is not None:
            raise
        raise Failure(f"--listen {arguments.listen}: {error.strerror or error}") from None
    streams.say(f"machines may come to port {made.port}")
    with contextlib.closing(made):
        yield


def place(option: str, text: str) -> tuple[str, int]:
    """Return host and port. Raises Failure."""
    host, _, behind = text.rpartition(":")
    try:
        return host.strip("[]") or "127.0.0.1", port(behind)
    except ValueError:
        raise Failure(f"{option} {text}: write HOST:PORT") from None


def partitions(arguments: argparse.Namespace) -> int:
    """Run a plan of partitions. Raises PlanError, MachineError, Failure, OSError."""
    from ring1.dbt.api.errors import MachineError
    from ring1.dbt.cli import files
    from ring1.dbt.partition.partitions import Partitions, Ran
    from ring1.dbt.partition.plan import read
    from ring1.dbt.partition.report import report
    from ring1.dbt.partition.timeline import trace

    plan = read(arguments.plan, arguments.registry)
    slots: list[Ran] = []
    try:
        made = Partitions(plan, arguments.registry)
    except MachineError as error:
        raise Failure(str(error)) from None
    if arguments.timeline is not None and arguments.timeline == arguments.html:
        raise Failure("--timeline and --html name one file")
    with contextlib.closing(made), contextlib.ExitStack() as opened:
        timeline, html = (
            None if path is None else opened.enter_context(files.open_text(path, [arguments.plan]))
            for path in (arguments.timeline, arguments.html)
        )
        made.run(arguments.frames, slots.append)
        streams.write(report(made, slots))
        if timeline is not None:
            files.put(timeline, trace(list(made.parts), slots, made.failures, made.channels))
        if html is not None:
            from ring1.dbt.partition.page import page

            files.put(html, page(made, slots))
    return 0


def unseen(host: Any, over: Callable[[], bool]) -> None:
    while not host.wait(EVERY, over):
        pass


def shown(host: Any, over: Callable[[], bool]) -> None:
    """Show the machines in a table that is kept up to date, as long as there are few enough for the terminal."""
    from rich.console import Console
    from rich.live import Live

    from ring1.dbt.hosting.table import table

    with Live(console=Console(stderr=True), auto_refresh=False) as live:
        before: dict[str, Mapping[str, Any]] = {}
        at, done = time.monotonic(), False
        while not done:
            done = host.wait(EVERY, over)
            rows = [vars_of(row) for row in host.rows()]
            now = time.monotonic()
            live.update(table(rows, before, max(now - at, 1e-3)), refresh=True)
            before, at = {row["name"]: row for row in rows}, now


def vars_of(row: Any) -> dict[str, Any]:
    return {field: getattr(row, field) for field in row.__match_args__}


def asked(arguments: argparse.Namespace, ask: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Do what needs one question, or two for rates."""
    verb = arguments.action
    message: dict[str, Any] = {"verb": verb}
    for field in ("machine", "share"):
        if hasattr(arguments, field):
            message["name" if field == "machine" else field] = getattr(arguments, field)
    if verb == "snapshot":
        message["path"] = os.path.abspath(arguments.file)
    if verb == "engine":
        message["engine"] = arguments.engine
    if verb == "migrate":
        where, port = place("--to", arguments.to)
        message |= {"host": where, "port": port, "key": os.path.abspath(arguments.key), "engine": arguments.engine}
        if arguments.ca is not None:
            message["ca"] = os.path.abspath(arguments.ca)
    if verb == "add":
        message |= added(arguments)
    if verb == "stats":
        message["names"] = arguments.names
    answer = ask(message)
    if verb == "stats":
        from ring1.dbt.hosting.table import figures

        streams.write(json.dumps(answer, indent=2) + "\n" if arguments.json else figures(answer))
    if verb == "ps":
        rows = answer["machines"]
        if arguments.json:
            streams.write(json.dumps(rows, indent=2) + "\n")
            return 0
        at, before = time.monotonic(), {row["name"]: row for row in rows}
        time.sleep(EVERY / 4)
        rows = ask(message)["machines"]
        from rich.console import Console

        from ring1.dbt.hosting.table import table

        made = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160)
        made.print(table(rows, before, time.monotonic() - at))
    if verb == "migrate":
        tell(arguments.machine, arguments.to, answer["journey"])
    for name in answer.get("added", ()):
        streams.say(f"{name} has been added")
    return 0


def added(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the text of the plan whose machines are to be added, and the folder of its files. Raises PlanError,
    Failure, OSError."""
    from ring1.dbt.hosting.plan import read

    if (arguments.plan is None) == (arguments.template is None):
        raise Failure("add what? A PLAN, or --from SNAPSHOT")
    if arguments.plan is not None:
        if arguments.name is not None or arguments.disk is not None:
            raise Failure("--name and --disk are for --from: a plan says so itself")
        read(arguments.plan, arguments.registry)  # its faults are told here, with its own name
        with open(arguments.plan, encoding="utf-8-sig") as file:
            return {"text": file.read(), "folder": os.path.dirname(os.path.abspath(arguments.plan))}
    name = arguments.name or os.path.basename(arguments.template).partition(".")[0]
    given = {"template": arguments.template, "disk": arguments.disk}
    lines = [f"{key} = {json.dumps(os.path.abspath(value))}" for key, value in given.items() if value is not None]
    return {"text": f"[machine.{json.dumps(name)}]\n" + "\n".join(lines) + "\n", "folder": os.getcwd()}


def tell(name: str, to: str, journey: Mapping[str, Any]) -> None:
    """Say how a machine has left."""
    each = zip(journey["rounds"], journey["bytes"], strict=True)
    rounds = ", ".join(f"{pages:,} in {size:,} bytes" for pages, size in each)
    sent, touched, seconds = (journey[field] for field in ("sent", "touched", "seconds"))
    streams.say(f"{name} has gone to {to} in {seconds:.2f} s, and ran nowhere for {journey['downtime'] * 1e3:.1f} ms")
    streams.say(f"pages in rounds: {rounds}; {sent:,} bytes for {touched:,} touched: {sent / max(touched, 1):.2f}")


def console(line: Any) -> int:
    """Copy between this terminal and a console, until Ctrl-], or the end of input that is no terminal."""
    import select
    import termios
    import tty

    fd, terminal = sys.stdin.fileno(), sys.stdin.isatty()
    kept = termios.tcgetattr(fd) if terminal else None
    if terminal:
        streams.say("Ctrl-] leaves")
        tty.setcbreak(fd)
    try:
        sources: list[Any] = [fd, line.link]
        streams.write(line.rest)
        while True:
            ready = select.select(sources, [], [])[0]
            if line.link in ready:
                data = line.link.recv(1 << 16)
                if not data:
                    return 0
                streams.write(data)
            if fd in ready:
                typed = os.read(fd, 1 << 12)
                if terminal and (not typed or LEAVE in typed):
                    return 0
                if typed:
                    line.link.sendall(typed)
                else:
                    line.link.shutdown(socket.SHUT_WR)
                    sources.remove(fd)
    finally:
        if kept is not None:
            termios.tcsetattr(fd, termios.TCSADRAIN, kept)
