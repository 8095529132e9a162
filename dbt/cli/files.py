"""Files that a command writes, beside stdout."""

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
    """Raises Failure if a file to be written is an input of the command, or by its name an author's, unless it is of
    the `kind` that the command makes."""
    if os.path.splitext(path)[1].lower() in SOURCES and not (kind and path.endswith(kind)):
        raise Failure(f"{path} looks like a source file, and would be overwritten")
    for name in inputs:
        with contextlib.suppress(OSError):
            if os.path.samefile(path, name):
                raise Failure(f"{path} is the input, and would be overwritten")


def distinct(written: Iterable[tuple[str, str]]) -> None:
    """Raises Failure if a file is to be written for two options, each with its path."""
    seen: dict[str, str] = {}
    for option, path in written:
        place = os.path.realpath(path)
        if place in seen and (os.path.isfile(place) or not os.path.exists(place)):
            raise Failure(f"{option}: {path} is what {seen[place]} writes")
        seen[place] = option


def open_text(path: str, inputs: Iterable[str] = ()) -> TextIO:
    """A file to write text to, - meaning stderr. Raises Failure if it cannot be written or should not be."""
    if path == "-":
        return open(2, "w", closefd=False)
    spare(path, inputs)
    try:
        return open(path, "w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise Failure(because(error)) from None


def open_bytes(path: str, inputs: Iterable[str] = (), kind: str = "") -> IO[bytes]:
    """A file to write bytes to (see `spare`). Raises Failure if it cannot be written or should not be."""
    spare(path, inputs, kind)
    try:
        return open(path, "wb")
    except OSError as error:
        raise Failure(because(error)) from None


def digest(path: str) -> bytes:
    """Of a file's contents; empty if it cannot be read."""
    try:
        return blake2b(contents(path), digest_size=16).digest()
    except OSError:
        return b""


def put(file: IO[Any], data: str | bytes) -> None:
    """Write to a file of this module, all the way. Raises Failure if the host does not take it."""
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise unwritten(file, error) from None


def unwritten(file: IO[Any], error: OSError) -> Failure:
    """A file is lost: what is buffered for it must not be tried again."""
    with contextlib.suppress(OSError):
        file.close()
    return Failure(f"{file.name}: {because(error)}", UNWRITTEN)
