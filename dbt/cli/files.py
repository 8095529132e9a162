"""Files that a command writes, besides stdout."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from hashlib import blake2b
from typing import IO, Any, TextIO

from ring1.dbt.cli.outcome import UNWRITTEN, Failure, because
from ring1.isa.files import contents

SOURCES = (".s", ".asm", ".c", ".isa")


def spare(path: str, inputs: Iterable[str] = (), kind: str = "") -> None:
    """Raise Failure if a file to be written is an input of the command or, by its name, an author's source, unless it
    is of the `kind` that the command makes."""
    if os.path.splitext(path)[1].lower() in SOURCES and not (kind and path.endswith(kind)):
        raise Failure(f"{path} looks like a source file, and would be overwritten")
    for name in inputs:
        with contextlib.suppress(OSError):
            if os.path.samefile(path, name):
                raise Failure(f"{path} is the input, and would be overwritten")


def distinct(written: Iterable[tuple[str, str]]) -> None:
    """Raise Failure if two options, each given with its path, would write the same file."""
    seen: dict[str, str] = {}
    for option, path in written:
        place = os.path.realpath(path)
        if place in seen and (os.path.isfile(place) or not os.path.exists(place)):
            raise Failure(f"{option}: {path} is what {seen[place]} writes")
        seen[place] = option


def open_text(path: str, inputs: Iterable[str] = ()) -> TextIO:
    """Open a file to write text to, or stderr for -. Raises Failure if it cannot or should not be written."""
    if path == "-":
        return open(2, "w", closefd=False)
    spare(path, inputs)
    try:
        return open(path, "w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise Failure(because(error)) from None


def open_bytes(path: str, inputs: Iterable[str] = (), kind: str = "") -> IO[bytes]:
    """Open a file to write bytes to (see `spare`). Raises Failure if it cannot or should not be written."""
    spare(path, inputs, kind)
    try:
        return open(path, "wb")
    except OSError as error:
        raise Failure(because(error)) from None


def digest(path: str) -> bytes:
    """Return a digest of a file's contents; empty if it cannot be read."""
    try:
        return blake2b(contents(path), digest_size=16).digest()
    except OSError:
        return b""


def put(file: IO[Any], data: str | bytes) -> None:
    """Write to a file opened by this module, and flush it. Raises Failure if the host does not accept the data."""
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise unwritten(file, error) from None


def unwritten(file: IO[Any], error: OSError) -> Failure:
    """Give up a file, so that its buffer is not written again when it is closed. Returns the error."""
    with contextlib.suppress(OSError):
        file.close()
    return Failure(f"{file.name}: {because(error)}", UNWRITTEN)
