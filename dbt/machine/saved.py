"""Saved state of parts of a machine, and checked conversions for reading it back: nothing in a snapshot is trusted."""

from __future__ import annotations

from typing import Any

Saved = dict[str, Any]
"""The state of one part: JSON values, and bytes. Whoever restores it raises KeyError, TypeError or ValueError if it is
malformed."""


class Misfit(ValueError):
    """A valid state that this machine cannot take on; the message says why."""


def integer(value: object, most: int) -> int:
    """Return `value` if it is an integer from 0 to `most`. Raises ValueError."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r:.40} is no number up to {most:#x}")
    return value


def integers(value: object, count: int, most: int) -> list[int]:
    """Return `value` if it is a list of `count` integers from 0 to `most`. Raises ValueError."""
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
