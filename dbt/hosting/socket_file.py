"""The local socket of a host, and the messages on it: one JSON object a line, answered by one."""

from __future__ import annotations

import json
import os
import socket
import stat
from contextlib import suppress
from typing import Any

MOST_MESSAGE = 1 << 22
"""Bytes of a message."""


class HostError(Exception):
    """There is no host, or it refuses; the message says why."""


def listen(path: str) -> socket.socket:
    """Listen on a socket file, which only its owner may use; one that a dead host has left is replaced. Raises
    HostError."""
    made = socket.socket(socket.AF_UNIX)
    try:
        with suppress(FileNotFoundError):
            if not stat.S_ISSOCK(os.stat(path).st_mode):
                raise HostError(f"{path}: there is a file of that name, which is no socket")
            try:
                connect(path).close()
            except HostError:
                os.unlink(path)
            else:
                raise HostError(f"{path}: another host listens there")
        before = os.umask(0o177)
        try:
            made.bind(path)
        finally:
            os.umask(before)
        made.listen(16)
    except OSError as error:
        made.close()
        raise HostError(f"{path}: {error.strerror or error}") from None
    except HostError:
        made.close()
        raise
    return made


def connect(path: str) -> socket.socket:
    """Connect to the host that listens on a socket file. Raises HostError."""
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(path)
    except OSError as error:
        made.close()
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            raise HostError(f"{path}: no host listens there; `ring1 host run PLAN` starts one") from None
        raise HostError(f"{path}: {error.strerror or error}") from None
    return made


class Line:
    """One end of a connection."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self.rest = b""
        """What has come behind the last message."""

    def send(self, message: dict[str, Any]) -> None:
        """Send a message. Raises OSError."""
        self.link.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> dict[str, Any] | None:
        """Return the next message; None at the end. Raises HostError for what is none, OSError."""
        while b"\n" not in self.rest:
            data = self.link.recv(1 << 16)
            if not data:
                return None
            self.rest += data
            if len(self.rest) > MOST_MESSAGE:
                raise HostError("a message is too long")
        text, _, self.rest = self.rest.partition(b"\n")
        try:
            made = json.loads(text)
        except (ValueError, RecursionError):
            made = None
        if not isinstance(made, dict):
            raise HostError("a message is one JSON object in a line")
        return made

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and return the answer. Raises HostError, also if the host refuses."""
        try:
            self.send(message)
            answer = self.receive()
        except OSError as error:
            raise HostError(f"the host has gone: {error.strerror or error}") from None
        if answer is None:
            raise HostError("the host has gone")
        if "error" in answer:
            raise HostError(str(answer["error"]))
        return answer
