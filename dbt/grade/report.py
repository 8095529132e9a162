"""The report of a grading as text, for whoever has handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ring1.dbt.grade.verdict import BROKEN, Graded, Verdict

MARKS = {True: "ok", False: "FAIL"}
INDENT = " " * 6


def plain(text: str) -> str:
    """Return a text without characters that do something to a terminal or are no XML."""
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)


def number(value: float) -> str:
    return f"{value:g}"


def case_lines(verdict: Verdict) -> Iterator[str]:
    """Yield what is told of one case."""
    figures = f"  ({verdict.insns:,} instructions)" if verdict.passed and verdict.insns else ""
    yield f"{MARKS[verdict.passed]:<4}  {verdict.case}{figures}"
    for complaint in verdict.complaints:
        yield from (f"{INDENT}{line}" for line in complaint.text.split("\n"))
        yield from (f"{INDENT}  {line}" for line in complaint.details)
    if verdict.hint:
        yield f"{INDENT}hint: {verdict.hint}"


def summary(graded: Graded) -> str:
    """Return a submission in one line."""
    if graded.refused:
        return f"{graded.name}: not graded: {graded.refused}"
    passed, count = sum(verdict.passed for verdict in graded.verdicts), len(graded.verdicts)
    most = sum(verdict.most for verdict in graded.verdicts)
    points = f", {number(graded.points)} of {number(most)} points" if most != count else ""
    broken = sum(verdict.state == BROKEN for verdict in graded.verdicts)
    share = f"; {graded.share:.0%} are asked for" if graded.share < 1 else ""
    could = f"; {broken} could not be run" if broken else ""
    return f"{graded.name}: {passed} of {count} {graded.what}{points}{could}{share}"


def lines(graded: Graded) -> Iterator[str]:
    """Yield the whole report of a submission."""
    said: tuple[str, ...] = ()
    for verdict in graded.verdicts:
        texts = tuple(complaint.text + "\n".join(complaint.details) for complaint in verdict.complaints)
        if verdict.state == BROKEN and texts == said:
            yield f"{MARKS[False]:<4}  {verdict.case}"
            yield f"{INDENT}the same"
            continue
        said = texts
        yield from case_lines(verdict)
    yield summary(graded)


def as_text(graded: Graded) -> str:
    return plain("\n".join(lines(graded)) + "\n")


def table(all_: Sequence[Graded]) -> str:
    """Return all submissions, a line each."""
    width = max(len(each.name) for each in all_)
    rows = []
    for each in all_:
        marks = "".join("." if verdict.passed else "x" for verdict in each.verdicts)
        rows.append(f"{each.name:<{width}}  {summary(each).partition(': ')[2]}{'  ' if marks else ''}{marks}")
    return plain("\n".join(rows) + "\n")
