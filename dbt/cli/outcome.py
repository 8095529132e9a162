"""How a command can end, beside with what the guest says: the exit statuses, and the exception that carries them."""

from __future__ import annotations

USAGE = 2
"""The command line, a program or a description is wrong."""
OURS = 120
"""From here on a status may be one of those that follow, and a guest's exit code is announced."""
TRAPPED = 120
"""The guest stopped on a trap that nobody handles, or on a double fault."""
LIMITED = 121
"""A limit was reached."""
WAITING = 122
"""The guest halted with nothing to wait for."""
UNAVAILABLE = 123
"""The engine cannot run on this host, or the host refuses memory or files."""
UNWRITTEN = 124
"""Output could not be written: a closed pipe, a full disk."""
INTERNAL = 125
"""ring1 itself failed."""
INTERRUPTED = 130
"""The user stopped it: 128 + SIGINT, as shells have it."""
TERMINATED = 143
"""It was told to end: 128 + SIGTERM."""


class Terminated(KeyboardInterrupt):
    """SIGTERM."""


class Failure(Exception):
    """A command cannot go on: what the user is told in one line, and the exit status."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        self.status = status
        super().__init__(message)


def because(error: OSError) -> str:
    """What the host says of an error, with the file's name if it has one."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename is not None else reason
