"""`ring1 bench`: measures software against hardware virtualization."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ring1.dbt.cli import files, streams
from ring1.dbt.cli.numbers import integer
from ring1.dbt.cli.outcome import INTERRUPTED, Failure
from ring1.dbt.cli.run import registered

if TYPE_CHECKING:
    from ring1.dbt.engines.technique import Technique
    from ring1.dbt.measure.result import Object
    from ring1.dbt.measure.run import Progress
    from ring1.dbt.report.bench.baseline import Change

SUITES = ("nano", "macro", "kernels")
PARTITIONS = "partitions"
"""A suite that has other questions, and is measured when it is named."""

DESCRIPTION = """\
Measure the engines against each other: operations that virtualization makes dear (nano), an operating system's work
(macro), computation (kernels). Every engine does the same work, by turns; lower quartiles with 95 % intervals are
shown.
"""

EPILOG = """\
examples:
  ring1 bench --quick
  ring1 bench --suite nano --engines bare,bt --json=nano.json
  ring1 bench --suite partitions --html=partitions.html
  ring1 bench --html=report.html --baseline=last.json --json=this.json
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add(
        "--suite",
        metavar="A,B,...|all",
        default="all",
        help=f"which of {', '.join(SUITES)} (all: these), and {PARTITIONS}",
    )
    add("--engines", metavar="A,B,...|all", default="all", help=f"which of {', '.join(registered(parser))}")
    add("--quick", action="store_true", help="within 40 seconds instead of 5 minutes, and less sure")
    add(
        "--json",
        metavar="FILE",
        help="write the result as a JSON object (docs/bench.md); - is stdout, instead of tables",
    )
    add("--html", metavar="FILE", help="write the result as one web page, with charts")
    add("--baseline", metavar="OLD.json", help="an earlier result: say what has changed beyond noise")
    add("--seed", metavar="N", type=integer, default=0, help="of the bootstrap (default: 0)")


def main(arguments: argparse.Namespace) -> int:
    named = list(SUITES) if arguments.suite == "all" else chosen("--suite", arguments.suite, (*SUITES, PARTITIONS))
    suites = [name for name in named if name != PARTITIONS]
    names = chosen("--engines", arguments.engines, tuple(arguments.registry))
    engines = [arguments.registry[name] for name in names]
    if arguments.json is not None and arguments.json == arguments.html:
        raise Failure("--json and --html name one file")
    old = None if arguments.baseline is None else baseline(arguments.baseline)
    inputs = [arguments.baseline] if arguments.baseline else []
    with contextlib.ExitStack() as stack:
        # Opened before the run: a long run must not end with a result that cannot be written.
        json_file, html_file = (
            stack.enter_context(files.open_text(path, inputs)) if path not in (None, "-") else None
            for path in (arguments.json, arguments.html)
        )
        from ring1.dbt.measure.run import Request, run

        request = Request(suites, engines, arguments.quick, arguments.seed)
        with progress() as told:
            found = run(request, told)
        if PARTITIONS in named and not found["partial"]:
            found[PARTITIONS] = partitioned(arguments, engines)
        compared = None if old is None else changes(found, old)
        if json_file is not None:
            files.put(json_file, written(found))
        if html_file is not None:
            from ring1.dbt.report.bench.page import page

            files.put(html_file, page(found, compared))
    if arguments.json == "-":
        streams.write(written(found))
    else:
        show(found, compared)
    return INTERRUPTED if found["partial"] else 0


def partitioned(arguments: argparse.Namespace, engines: list[Technique]) -> Object:
    """Measure what is asked of static partitioning, and say on a terminal how far that is."""
    from ring1.dbt.partition.measure import measure

    def step(what: str) -> None:
        if streams.terminal(sys.stderr):
            streams.say(f"{PARTITIONS}: {what}")

    return measure(engines, arguments.registry, arguments.quick, step)


def written(found: Object) -> str:
    return json.dumps(found, indent=1) + "\n"


def baseline(path: str) -> Object:
    """Read an earlier result. Raises Failure, OSError."""
    from ring1.dbt.report.bench.baseline import read

    try:
        return read(path)
    except ValueError as error:
        raise Failure(f"--baseline: {error}") from None


def changes(found: Object, old: Object) -> list[Change]:
    """Return what has changed, after a warning about what makes that doubtful."""
    from ring1.dbt.report.bench.baseline import changes, differences

    for difference in differences(found, old):
        streams.say(f"--baseline: {difference}")
    return changes(found, old)


def chosen(option: str, text: str, names: tuple[str, ...]) -> list[str]:
    """Return the names given to an option, in the order of tables. Raises Failure."""
    if text == "all":
        return list(names)
    wanted = text.split(",")
    for name in wanted:
        if name not in names:
            raise Failure(f"{option}: there is no {name!r}; there are {', '.join(names)}, and all")
    return [name for name in names if name in wanted]


def show(found: Object, compared: list[Change] | None) -> None:
    """Print tables on stdout, as wide as they need to be if it is not a terminal."""
    import io

    from rich.console import Console

    from ring1.dbt.report.bench.text import report

    colours, width = streams.coloured(), None if streams.terminal(sys.stdout) else 200
    text = io.StringIO()
    console = Console(
        file=text, color_system="standard" if colours else None, force_terminal=colours, width=width, highlight=False
    )
    console.print(report(found, compared))
    streams.write(text.getvalue())


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """Yield a bar with the time remaining on a terminal; without one, no progress is shown."""
    from ring1.dbt.measure.run import Progress

    if not streams.terminal(sys.stderr):
        yield Progress()
        return
    from ring1.dbt.report.bench.progress import Bar

    with Bar() as bar:
        yield bar
