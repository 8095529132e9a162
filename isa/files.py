"""Reading whole files of bounded size: a device could supply bytes without end."""

from __future__ import annotations

import errno
import os

SHIPPED = os.path.dirname(__file__)
"""The folder of the descriptions that come with ring1."""
MOST, MOST_TEXT = 1 << 28, 1 << 24
"""The most bytes read from a file that does not tell its size, such as a device or a pipe, and the most of a text."""


def place(path: str) -> str:
    """Return what names a file: for a description that comes with ring1, its path in that folder, wherever it is."""
    real, folder = os.path.realpath(path), os.path.realpath(SHIPPED)
    return os.path.relpath(real, folder) if real.startswith(folder + os.sep) else real


def contents(path: str | os.PathLike[str], most: int | None = None) -> bytes:
    """Return the contents of a file. Raises OSError if it cannot be read or is larger than `most` bytes."""
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
    """Return the text of a file, each line ended by a newline. Raises OSError, UnicodeDecodeError."""
    return contents(path, MOST_TEXT).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
