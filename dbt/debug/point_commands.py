"""Commands for breakpoints and watchpoints."""

from __future__ import annotations

import re
from collections.abc import Callable

from ring1.dbt.debug import expression
from ring1.dbt.debug.command import BadCommand, Command, number
from ring1.dbt.debug.points import KINDS, Point
from ring1.dbt.debug.session import Session

IF = re.compile(r"(?:^|\s)if\b")
SIZED = re.compile(r"(?P<place>.*?)(?:,\s*(?P<size>[^,]+))?$", re.DOTALL)


def split(rest: str) -> tuple[str, str]:
    """Return what stands before and behind `if`."""
    match = IF.search(rest)
    return (rest.strip(), "") if match is None else (rest[: match.start()].strip(), rest[match.end() :].strip())


def conditional(session: Session, point: Point, text: str) -> None:
    """Give a point a condition, or none. Raises MachineError if it cannot be read."""
    point.condition = expression.parsed(text, session.machine) if text else None
    point.condition_text = text


def breaking(temporary: bool) -> Callable[[Session, str], None]:
    def run(session: Session, rest: str) -> None:
        text, condition = split(rest)
        at = expression.place(text, session.machine) if text else session.machine.pc
        least = session.machine.isa.words.least
        if at % least:
            raise BadCommand(f"no instruction is at {at:#x}: that is no multiple of {least}")
        value = expression.parsed(condition, session.machine) if condition else None
        point = session.points.add(text or f"{at:#x}", at, temporary=temporary)
        point.condition, point.condition_text = value, condition
        session.say(described(session, point))

    return run


def watching(kind: str) -> Callable[[Session, str], None]:
    def run(session: Session, rest: str) -> None:
        text, condition = split(rest)
        sized = SIZED.fullmatch(text)
        if not text or sized is None:
            raise BadCommand("which bytes? watch counter; watch *0x1000; watch buffer, 64; watch counter if a0 == 5")
        size = number(sized["size"], "number of bytes") if sized["size"] else 4
        at = expression.place(sized["place"], session.machine)
        value = expression.parsed(condition, session.machine) if condition else None
        point = session.points.watch_bytes(sized["place"].strip(), at, size, kind)
        point.condition, point.condition_text = value, condition
        session.say(described(session, point))

    return run


def described(session: Session, point: Point) -> str:
    """Return a point in one line."""
    program = session.machine.program
    if point.kind:
        what = f"{point.text}, {point.end - point.place} bytes at {point.place:#010x}, {KINDS[point.kind]}"
        text = f"{point.name}: when {what}"
    else:
        source = program.where(point.place)
        where = f" ({program.symbol(point.place)}{f', {source.file}:{source.line}' if source else ''})"
        text = f"{point.name}: at {point.place:#010x}{where}"
    notes = [
        f"if {point.condition_text}" if point.condition_text else "",
        "once" if point.temporary else "",
        "" if point.enabled else "disabled",
        f"passed {point.skip} more times" if point.skip else "",
        f"hit {point.hits} time{'s' * (point.hits != 1)}" if point.hits else "",
    ]
    return ", ".join([text, *filter(None, notes)])


def chosen(session: Session, rest: str) -> list[Point]:
    """Return the points with these numbers, or all. Raises BadCommand, NoSuchPoint."""
    words = rest.replace(",", " ").split()
    return [session.points[number(word, "number of a breakpoint")] for word in words] or list(
        session.points.all.values()
    )


def delete(session: Session, rest: str) -> None:
    for point in chosen(session, rest):
        session.points.delete(point.number)


def clear(session: Session, rest: str) -> None:
    at = expression.place(rest, session.machine) if rest.strip() else session.machine.pc
    found = [point for point in session.points.all.values() if not point.kind and point.place == at]
    if not found:
        raise BadCommand(f"there is no breakpoint at {at:#x}")
    for point in found:
        session.points.delete(point.number)
    session.say("deleted: " + ", ".join(point.name for point in found))


def enabling(on: bool) -> Callable[[Session, str], None]:
    def run(session: Session, rest: str) -> None:
        for point in chosen(session, rest):
            point.enabled = on

    return run


def condition(session: Session, rest: str) -> None:
    which, _, text = rest.strip().partition(" ")
    conditional(session, session.points[number(which, "number of a breakpoint")], text.strip())


def ignore(session: Session, rest: str) -> None:
    words = rest.split()
    if len(words) != 2:
        raise BadCommand("ignore NUMBER COUNT")
    point = session.points[number(words[0], "number of a breakpoint")]
    point.skip = number(words[1], "count")
    session.say(described(session, point))


WATCHED = "PLACE[, BYTES] [if EXPRESSION]"
COMMANDS = (
    Command(("break", "b", "br"), "[PLACE] [if EXPRESSION]", "stop before an instruction", breaking(False)),
    Command(("tbreak", "tb"), "[PLACE] [if EXPRESSION]", "the same, once", breaking(True)),
    Command(("watch",), WATCHED, "stop when bytes (4) change", watching("change")),
    Command(("wwatch",), WATCHED, "stop when they are stored to", watching("write")),
    Command(("rwatch",), WATCHED, "stop when they are loaded", watching("read")),
    Command(("awatch",), WATCHED, "stop at either", watching("access")),
    Command(("delete", "d"), "[NUMBER...]", "delete breakpoints and watchpoints", delete),
    Command(("clear",), "[PLACE]", "delete the breakpoints at a place", clear),
    Command(("enable",), "[NUMBER...]", "have them stop the machine again", enabling(True)),
    Command(("disable",), "[NUMBER...]", "have them not", enabling(False)),
    Command(("condition",), "NUMBER [EXPRESSION]", "stop there only if it is not 0; without: always", condition),
    Command(("ignore",), "NUMBER COUNT", "pass it so many times", ignore),
)
