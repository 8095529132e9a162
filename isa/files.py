"""Files read whole, unless they have no end: a device may hand out zeros for as long as one takes them."""

from __future__ import annotations

import errno
import os

SHIPPED = os.path.dirname(__file__)
"""The folder of the descriptions that come with ring1."""
MOST, MOST_TEXT = 1 << 28, 1 << 24
"""Bytes of what says itself that it has fewer, such as a device or a pipe, and of a text."""


def contents(path: str | os.PathLike[str], most: int | None = None) -> bytes:
    """What a file holds. Raises OSError if it cannot be read or holds more."""
    with open(path, "rb", buffering=0) as file:
        if most is None:
            most = max(os.fstat(file.fileno()).st_size, MOST)
        parts, left = [], most + 1
        while left and (part := file.read(min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    if not left:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return b"".join(parts)


def text(path: str | os.PathLike[str], encoding: str = "utf-8") -> str:
    """The text of a file, each line ended by a newline. Raises OSError, UnicodeDecodeError."""
    return contents(path, MOST_TEXT).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
