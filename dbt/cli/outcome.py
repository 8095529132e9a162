"""How a command ends, apart from what the guest decides: the exit statuses, and the exception that carries them."""

from __future__ import annotations

USAGE = 2
"""The command line, a program or a description is wrong."""
OURS = 120
"""From here on, a status may be one of the following, so that a guest's exit code in this range is announced."""
TRAPPED = 120
"""The guest stopped on a trap without a handler, or on a double fault."""
LIMITED = 121
"""A limit was reached."""
WAITING = 122
"""The guest waits, and nothing can end the wait."""
UNAVAILABLE = 123
"""The engine cannot run on this host, or the host refuses memory or files."""
UNWRITTEN = 124
"""Output could not be written: a closed pipe, a full disk."""
INTERNAL = 125
"""ring1 itself failed."""
INTERRUPTED = 130
"""The user stopped it: 128 + SIGINT, as shells have it."""
TERMINATED = 143
"""The process was told to end: 128 + SIGTERM."""


class Terminated(KeyboardInterrupt):
    """SIGTERM was received."""


class Failure(Exception):
    """A command cannot continue; carries the one-line message for the user, and the exit status."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        self.status = status
        super().__init__(message)


def because(error: OSError) -> str:
    """Return the host's message for an error, with the file's name if there is one."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename is not None else reason
