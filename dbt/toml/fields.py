"""How values of TOML's keys are read: each reader returns what it stands for, or says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ring1.dbt.toml.places import Path
from ring1.isa.record import Record

SCALED = re.compile(r"([0-9]{1,40})([kKmMgG]?)")
Read = Callable[[Any], Any]


class Wrong(Exception):
    """A value is not what its key takes; `path` leads to the part that is not."""

    def __init__(self, message: str, path: Path = ()) -> None:
        self.path = path
        super().__init__(message)


class Key(Record):
    """`text` says what the value is, in the words of the manual."""

    read: Read
    text: str
    field: str = ""
    """The field of a Case, if it has another name."""


def shown(value: object) -> str:
    kinds = {bool: "a truth value", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "a time")


def text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"this is a text in quotes, not {shown(value)}")
    return value


def data(value: object) -> bytes:
    return text(value).encode()


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"this is true or false, not {shown(value)}")
    return value


def whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"this is a whole number, not {shown(value)}")
        if not least <= value <= most:
            raise Wrong(f"this is a number from {least:,} to {most:,}, not {counted(value)}")
        return value

    return read


def counted(value: int) -> str:
    """Return a number as messages show it: Python writes none of thousands of digits."""
    return f"{value:,}" if value.bit_length() <= 128 else f"one of {value.bit_length():,} bits"


def number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Wrong(f"this is a number, not {shown(value)}")
    if not 0 <= value < 1e9:
        raise Wrong("this is a number that is not negative, and below 10^9")
    return float(value)


def seconds(value: object) -> float:
    found = number(value)
    if not found:
        raise Wrong("a time of 0 seconds passes nobody")
    return found


def scaled(unit: int, example: str) -> Callable[[object], int]:
    """Return the reader of a number, or of a text like "64K" with the powers of a unit."""

    def read(value: object) -> int:
        if isinstance(value, str):
            match = SCALED.fullmatch(value)
            if match is None:
                raise Wrong(f"this is a number, or a text as {example}")
            value = int(match[1]) * unit ** " kmg".index(match[2].lower() or " ")
        return whole(1, 1 << 62)(value)

    return read


def names(value: object) -> tuple[str, ...]:
    """Read a text, or a list of texts."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise Wrong(f"this is a text in quotes or a list of them, not {shown(value)}")
    for n, each in enumerate(value):
        if not isinstance(each, str):
            raise Wrong(f"this is a text in quotes, not {shown(each)}", (n,))
    return tuple(value)


def one_of(known: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if text(value) not in known:
            raise Wrong(f"there is no {value!r} here; there are {', '.join(known)}")
        return str(value)

    return read


def table(read: Read) -> Callable[[object], tuple[tuple[str, Any], ...]]:
    """Return the reader of a table whose values are read by `read`."""

    def whole_table(value: object) -> tuple[tuple[str, Any], ...]:
        if not isinstance(value, dict):
            raise Wrong(f"this is a table of names and values, not {shown(value)}")
        made = []
        for name, each in value.items():
            try:
                made.append((name, read(each)))
            except Wrong as wrong:
                raise Wrong(str(wrong), (name, *wrong.path)) from None
        return tuple(made)

    return whole_table
