"""`ring1 test`: grades programs, and descriptions of machines, by cases."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ring1.dbt.cli import streams
from ring1.dbt.cli.numbers import count
from ring1.dbt.cli.outcome import Failure, because
from ring1.dbt.engines.registry import Registry

if TYPE_CHECKING:
    from ring1.dbt.grade.assignment import Assignment
    from ring1.dbt.grade.submission import Submission
    from ring1.dbt.grade.verdict import Graded

NOT_PASSED = 1
"""Exit status if a case has failed."""

DESCRIPTION = """\
Run the cases of a folder, or of one case file (TOML): programs with their input, and what is expected of them. With
SUBMISSIONs, folders or files that were handed in, the files that the cases call `submitted` are taken from each of
them; without, they are the solution's, or the folder's own. Whoever hands in is not trusted: a submission reads no
files but its own, and whatever it does is bounded. With --mutants, mutants of the reference are made (intercepts that
are dropped, checks that are weakened, wrong rights, lost effects), and the cases have to notice them.
docs/teaching.md has the keys of cases, and three assignments.
"""

EPILOG = """\
exit status: 0 if all has passed; 1 if something has not; 2 if a case file has faults, all of which are told before
anything runs

examples:
  ring1 test examples/assignments/pagefault
  ring1 test examples/assignments/pagefault handed-in/*
  ring1 test --mutants examples/assignments/monitor handed-in/*
  ring1 test cases handed-in/* --quiet --junit=result.xml --reports feedback
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("cases", metavar="CASES", help="a folder of case files, or one of them")
    add("submissions", metavar="SUBMISSION", nargs="*", help="a folder or a file that was handed in")
    add("--mutants", action="store_true", help="make mutants of the reference, which the cases have to notice")
    add(
        "--case",
        metavar="NAME",
        action="append",
        default=[],
        help="only cases with this in their name; may be given again",
    )
    add("--jobs", metavar="N", type=count, default=os.cpu_count() or 1, help="processes (default: one for each CPU)")
    add("--quiet", action="store_true", help="a line for each submission, and no more")
    add("--junit", metavar="FILE", help="write the result as JUnit's XML (- is stdout)")
    add("--tap", metavar="FILE", help="write it in the Test Anything Protocol (- is stdout)")
    add("--reports", metavar="DIR", help="write the report of each submission to DIR/NAME.txt")


def main(arguments: argparse.Namespace) -> int:
    from ring1.dbt.grade.case_file import read
    from ring1.dbt.grade.mutation import noticed
    from ring1.dbt.grade.session import checked, grade, own
    from ring1.dbt.grade.submission import named

    registry: Registry = arguments.registry
    assignment = chosen(read(Path(arguments.cases)), arguments.case)
    jobs = max(arguments.jobs, 1)
    checked(assignment, registry, jobs)
    given: Sequence[Submission | None] = named([Path(path) for path in arguments.submissions]) or [own(assignment)]
    folder = made_folder(arguments.reports)
    graded: list[Graded] = []
    for each in (noticed if arguments.mutants else grade)(assignment, given, registry, jobs):
        graded.append(each)
        tell(each, arguments.quiet or "-" in (arguments.junit, arguments.tap), len(given) > 1)
        if folder is not None:
            report(folder, each)
    order = {each.name: n for n, each in enumerate(given) if each is not None}
    graded.sort(key=lambda each: order.get(each.name, 0))
    written(arguments, graded, assignment)
    return 0 if all(each.passed for each in graded) else NOT_PASSED


def chosen(assignment: Assignment, names: Sequence[str]) -> Assignment:
    """Return an assignment with the cases that were asked for. Raises Failure if there are none."""
    from ring1.isa.record import replace

    if not names:
        return assignment
    cases = tuple(case for case in assignment.cases if any(name in case.name for name in names))
    if not cases:
        raise Failure(f"--case: no case has {' or '.join(names)} in its name")
    return replace(assignment, cases=cases)


def tell(graded: Graded, quiet: bool, several: bool) -> None:
    """Show what has become of a submission."""
    from ring1.dbt.grade.report import as_text, plain, summary

    if quiet:
        streams.tell(plain(summary(graded)))
    else:
        streams.write(as_text(graded) + ("\n" if several else ""))


def made_folder(path: str | None) -> Path | None:
    if path is None:
        return None
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise Failure(f"--reports: {because(error)}") from None
    return Path(path)


def report(folder: Path, graded: Graded) -> None:
    """Write the report of a submission."""
    from ring1.dbt.grade.report import as_text

    name = graded.name.replace(os.sep, "_").lstrip(".") or "submission"
    put("--reports", str(folder / f"{name}.txt"), as_text(graded).encode())


def written(arguments: argparse.Namespace, graded: Sequence[Graded], assignment: Assignment) -> None:
    """Write the results for other programs."""
    if arguments.junit is not None:
        from ring1.dbt.grade.junit import as_xml

        put("--junit", arguments.junit, as_xml(graded, assignment.name))
    if arguments.tap is not None:
        from ring1.dbt.grade.tap import as_text

        put("--tap", arguments.tap, as_text(graded).encode())


def put(option: str, path: str, data: bytes) -> None:
    if path == "-":
        streams.write(data)
        return
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise Failure(f"{option}: {because(error)}") from None
