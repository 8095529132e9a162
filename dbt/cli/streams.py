"""The standard streams: what ring1 says goes to stderr, what it makes to stdout, and either may be gone."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO, TextIO, cast

from ring1.dbt.cli.outcome import UNWRITTEN, Failure, because


def occupy() -> None:
    """Fill the descriptors 0, 1 and 2 where they are closed, so that no other file is opened as one of them."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if descriptor == 0 else os.O_WRONLY)


def say(text: str) -> None:
    """A message of ring1's own to the user."""
    tell(f"ring1: {text}")


def tell(text: str) -> None:
    """Lines to the user. If nobody can read them, they are lost."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def lost(error: OSError) -> Failure:
    """Stdout is gone: what is buffered for it must not be tried again when Python ends."""
    with contextlib.suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
    return Failure(f"the output could not be written: {because(error)}", UNWRITTEN)


def write(text: str | bytes) -> None:
    """Write to stdout. Raises Failure if the host does not take it."""
    output = Output()
    data = text if isinstance(text, bytes) else text.encode(errors="replace")
    if data:
        output.write(data)
        output.flush()


def terminal(stream: TextIO | None) -> bool:
    """Is a stream a terminal that can do more than print, such as overwrite a line?"""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def coloured() -> bool:
    """Is what goes to stdout to have colours? The variables are those of https://no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or terminal(sys.stdout)


class Output:
    """Stdout as a stream of bytes for the guest's console. Raises Failure where the host does not take the output."""

    def __init__(self) -> None:
        self.stream = sys.stdout.buffer if sys.stdout is not None else None

    def isatty(self) -> bool:
        return self.stream is not None and self.stream.isatty()

    def write(self, data: bytes) -> int:
        if self.stream is None:
            raise Failure("the output could not be written: stdout is closed", UNWRITTEN)
        rest = memoryview(data)
        try:
            while rest:  # an unbuffered stream may take a part
                rest = rest[self.stream.write(rest) or 0 :]
        except OSError as error:
            raise lost(error) from None
        return len(data)

    def flush(self) -> None:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()  # what print has left included
        except OSError as error:
            raise lost(error) from None


def console() -> BinaryIO:
    """Stdout for a guest's console."""
    return cast(BinaryIO, Output())


class Aside:
    """Stderr as a guest's console. What nobody can read is lost."""

    def isatty(self) -> bool:
        return sys.stderr is not None and sys.stderr.isatty()

    def write(self, data: bytes) -> int:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.buffer.write(data)
        return len(data)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stderr.flush()


def aside() -> BinaryIO:
    """Stderr for a guest's console."""
    return cast(BinaryIO, Aside())


def keyboard() -> int | bytes:
    """Stdin for a guest's console: its descriptor, or an input that has ended if it is closed, or open for writing only
    as nohup makes it."""
    if sys.stdin is None:
        return b""
    try:
        os.read(0, 0)
    except OSError:
        return b""
    return 0
