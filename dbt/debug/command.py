"""A command of the debugger, and the errors of commands."""

from __future__ import annotations

import re
from collections.abc import Callable

from ring1.dbt.api.errors import MachineError
from ring1.dbt.debug.session import Session
from ring1.isa.record import Record

FORMAT = re.compile(r"\s*/(?P<count>[0-9]{0,9})(?P<letters>[a-z]*)\s*(?P<rest>.*)", re.DOTALL)
NUMBER = re.compile(r"([0-9][0-9_,]{0,40}|0[xX][0-9a-fA-F]{1,40})([kKMG]?)")
NO_FILES = "no command names files of the host's here"
SCALES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}


class BadCommand(MachineError):
    """A command is not as its usage says."""


class Command(Record):
    """`names`: the command's name, and shorter ones. `usage`: what follows the name. `text`: a line of help."""

    names: tuple[str, ...]
    usage: str
    text: str
    run: Callable[[Session, str], None]
    repeats: bool = False
    """Does an empty line do it again, going on where that makes sense?"""


def formatted(rest: str) -> tuple[int | None, str, str]:
    """Return count and letters of a format, as in `/4xw`, and what follows it."""
    match = FORMAT.fullmatch(rest)
    if match is None:
        return None, "", rest.strip()
    return int(match["count"]) if match["count"] else None, match["letters"], match["rest"].strip()


def number(text: str, what: str) -> int:
    """Return a whole number, with k, M or G. Raises BadCommand."""
    match = NUMBER.fullmatch(text.strip())
    if match is None:
        raise BadCommand(f"{text.strip()!r} is no {what}")
    digits = match[1].replace(",", "").replace("_", "")
    return int(digits, 16 if digits[:2] in ("0x", "0X") else 10) * SCALES[match[2]]


def times(rest: str) -> int:
    """Return how often a command is to be done."""
    return number(rest, "count") if rest.strip() else 1


def none(rest: str) -> None:
    """Raise BadCommand if anything follows a command that takes nothing."""
    if rest.strip():
        raise BadCommand(f"{rest.strip()!r} is one word too many")
