"""The user's view of an exception that has ended a command."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ring1.dbt.cli.outcome import INTERNAL, INTERRUPTED, TERMINATED, UNAVAILABLE, USAGE, Failure, Terminated, because

if TYPE_CHECKING:
    from ring1.isa.source import SourceError

SHORT = (errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT)
"""Errors by which the host says that it has run out of something."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The exit status, the lines for stderr, and the errors one by one as objects for JSON, with file, line and column
    where these are known."""

    status: int
    lines: tuple[str, ...]
    errors: tuple[dict[str, Any], ...]


def plain(status: int, message: str, *before: str) -> Complaint:
    """Return one message of ring1's own, after lines that explain it."""
    return Complaint(status, (*before, f"ring1: {message}"), ({"message": message},))


def complaint(error: BaseException) -> Complaint:
    """Explain why there is no result."""
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, KeyboardInterrupt | Terminated):
        error = error.__cause__  # until Python 3.12 a signal within `__set_name__`, while classes are made, is wrapped
    if isinstance(error, Failure):
        return plain(error.status, str(error))
    if isinstance(error, Terminated):
        return plain(TERMINATED, "stopped by SIGTERM")
    if isinstance(error, KeyboardInterrupt):
        return plain(INTERRUPTED, "stopped by Ctrl-C")
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in SHORT):
        reason = because(error) if isinstance(error, OSError) else "no more memory"
        return plain(UNAVAILABLE, f"the host refuses: {reason}")
    if isinstance(error, OSError) and error.filename is not None:
        return plain(USAGE, because(error))
    from ring1.dbt.native.tools import Absent
    from ring1.isa.source import SourceError

    if isinstance(error, SourceError):
        return faults(error)
    if isinstance(error, Absent):
        return plain(UNAVAILABLE, str(error))
    before = list(getattr(error, "__notes__", ()))
    if os.environ.get("RING1_DEBUG"):
        import traceback

        before = [*"".join(traceback.format_exception(error)).splitlines(), *before]
    what = " ".join(str(error).split())
    message = f"internal error: {type(error).__name__}: {what} (RING1_DEBUG=1 shows where)"
    return plain(INTERNAL, message, *before)


def faults(error: SourceError) -> Complaint:
    """Show an author's faults as compilers do; those that concern no line are shown as plain messages."""
    lines, errors = [], []
    for fault in error.faults:
        at = fault.position
        lines.append(str(fault) if at.line else f"ring1: {at.file}: {fault.message}")
        placed = {"line": at.line, "column": at.column} if at.line else {}
        errors.append({"file": at.file, **placed, "message": fault.message})
    if any(fault.position.line for fault in error.faults):
        lines.append(f"ring1: {len(errors)} error{'s' if len(errors) != 1 else ''}")
    return Complaint(USAGE, tuple(lines), tuple(errors))
