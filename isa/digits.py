"""Decimal digits that a user or a client has written for a number."""

from __future__ import annotations

import re

DIGITS = re.compile(r"[0-9]{1,40}")
"""More digits than any number has that means something here, and fewer than Python refuses to convert. Digits of other
scripts, some of which are no numbers to Python, are none."""


def whole(text: str) -> int:
    """Return the number that a text of digits stands for. Raises ValueError for another text, and for too long ones."""
    if DIGITS.fullmatch(text) is None:
        raise ValueError(f"{text!r:.50} is no whole number")
    return int(text)
