"""The standard streams: ring1's messages go to stderr, its results to stdout, and either may be gone."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO, TextIO, cast

from ring1.dbt.cli.outcome import UNWRITTEN, Failure, because


def occupy() -> None:
    """Open the descriptors 0, 1 and 2 if they are closed, so that no other file gets one of these numbers."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if descriptor == 0 else os.O_WRONLY)


def say(text: str) -> None:
    """Print a message of ring1's own to the user."""
    tell(f"ring1: {text}")


def tell(text: str) -> None:
    """Print lines to the user. If nobody can read them, they are lost."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def lost(error: OSError) -> Failure:
    """Give up stdout, so that its buffer is not written again when Python exits. Returns the error."""
    with contextlib.suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
    return Failure(f"the output could not be written: {because(error)}", UNWRITTEN)


def write(text: str | bytes) -> None:
    """Write to stdout. Raises Failure if the host does not accept the data."""
    output = Output()
    data = text if isinstance(text, bytes) else text.encode(errors="replace")
    if data:
        output.write(data)
        output.flush()


def terminal(stream: TextIO | None) -> bool:
    """Is a stream a terminal that can do more than print, such as overwrite a line?"""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def coloured() -> bool:
    """Is output to stdout to be coloured? The variables are those of https://no-color.org and force-color.org."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or terminal(sys.stdout)


class Output:
    """Stdout as a byte stream for the guest's console. Raises Failure if the host does not accept the output."""

    def __init__(self) -> None:
        self.stream = sys.stdout.buffer if sys.stdout is not None else None

    def isatty(self) -> bool:
        return self.stream is not None and self.stream.isatty()

    def write(self, data: bytes) -> int:
        if self.stream is None:
            raise Failure("the output could not be written: stdout is closed", UNWRITTEN)
        rest = memoryview(data)
        try:
            while rest:  # an unbuffered stream may accept only a part
                rest = rest[self.stream.write(rest) or 0 :]
        except OSError as error:
            raise lost(error) from None
        return len(data)

    def flush(self) -> None:
        try:
            if sys.stdout is not None:
                sys.stdout.flush()  # with what print has buffered
        except OSError as error:
            raise lost(error) from None


def console() -> BinaryIO:
    """Return stdout for a guest's console."""
    return cast(BinaryIO, Output())


class Aside:
    """Stderr as a byte stream for a guest's console. What cannot be written is lost."""

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
    """Return stderr for a guest's console."""
    return cast(BinaryIO, Aside())


def keyboard() -> int | bytes:
    """Return stdin for a guest's console: its descriptor, or an empty input if it is closed, or open for writing only,
    as by nohup."""
    if sys.stdin is None:
        return b""
    try:
        os.read(0, 0)
    except OSError:
        return b""
    return 0
