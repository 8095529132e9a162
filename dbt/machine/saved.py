"""What parts of a machine say of themselves in a snapshot, and how they read it back: nothing in it is believed."""

from __future__ import annotations

from typing import Any

Saved = dict[str, Any]
"""The state of one part, of what JSON can hold, and bytes. Reading it raises KeyError, TypeError, ValueError if it is
none."""


class Misfit(ValueError):
    """A state that a machine can have, and this one cannot: says why."""


def integer(value: object, most: int) -> int:
    """A number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r:.40} is no number up to {most:#x}")
    return value


def integers(value: object, count: int, most: int) -> list[int]:
    """So many numbers from 0 to `most`."""
    if not isinstance(value, list) or len(value) != count:
        raise ValueError(f"{value!r:.40} is no list of {count}")
    return [integer(each, most) for each in value]


def boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is neither true nor false")
    return value


def some_bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError(f"{value!r:.40} where bytes are wanted")
    return value
