"""A small client of the protocol, in this process, and an adapter that it talks to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ring1.dbt.cli.dap import launcher
from ring1.dbt.dap.adapter import Adapter
from ring1.dbt.dap.messages import Message, framed, taken
from ring1.dbt.debug.link import Link
from ring1.dbt.engines.table import ENGINES

SECONDS = 30


class Client:
    """Sends requests, and waits for answers and events."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.socket.settimeout(SECONDS)
        self.waiting = b""
        self.sent = 0
        self.events: list[Message] = []

    def receive(self) -> Message:
        while True:
            message, self.waiting = taken(self.waiting)
            if message is not None:
                return message
            data = self.socket.recv(1 << 16)
            assert data, "the adapter has gone"
            self.waiting += data

    def ask(self, command: str, **arguments: Any) -> int:
        """Send a request; return its number."""
        self.sent += 1
        message = {"seq": self.sent, "type": "request", "command": command, "arguments": arguments}
        self.socket.sendall(framed(message))
        return self.sent

    def answer(self, number: int) -> Message:
        while True:
            message = self.receive()
            if message["type"] == "response" and message["request_seq"] == number:
                return message
            assert message["type"] == "event", message
            self.events.append(message)

    def __call__(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The body of the answer to a request, which succeeds."""
        answer = self.answer(self.ask(command, **arguments))
        assert answer["success"], answer
        body: dict[str, Any] = answer["body"]
        return body

    def fails(self, command: str, **arguments: Any) -> str:
        """Why a request fails."""
        answer = self.answer(self.ask(command, **arguments))
        assert not answer["success"] and answer["message"] == answer["body"]["error"]["format"], answer
        return str(answer["message"])

    def event(self, name: str) -> dict[str, Any]:
        """The body of the next event of this name; those before it are dropped."""
        while True:
            while self.events:
                event = self.events.pop(0)
                if event["event"] == name:
                    body: dict[str, Any] = event["body"]
                    return body
            message = self.receive()
            assert message["type"] == "event", message
            self.events.append(message)

    def launch(self, program: Path, **options: Any) -> None:
        self("initialize", adapterID="ring1")
        self("launch", program=str(program), mem="1M", **options)
        self.event("initialized")

    def begin(self, program: Path, **options: Any) -> dict[str, Any]:
        """Launch; return why it has stopped at first."""
        self.launch(program, **options)
        self("configurationDone")
        return self.event("stopped")

    def variables(self, scope: str) -> dict[str, dict[str, Any]]:
        scopes = self("scopes", frameId=1)["scopes"]
        return self.inside(next(each["variablesReference"] for each in scopes if each["name"] == scope))

    def inside(self, reference: int) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self("variables", variablesReference=reference)["variables"]}

    @property
    def line(self) -> int:
        return int(self("stackTrace", threadId=1)["stackFrames"][0]["line"])


@contextmanager
def served() -> Iterator[tuple[Client, list[str]]]:
    """A client of an adapter, which runs in another thread; what `serve` returned is in the list."""
    ours, theirs = socket.socketpair()
    results: list[str] = []
    adapter = Adapter(Link.of(theirs), launcher(ENGINES))
    thread = threading.Thread(target=lambda: results.append(adapter.serve()))
    thread.start()
    try:
        yield Client(ours), results
    finally:
        with suppress(OSError):
            ours.shutdown(socket.SHUT_RDWR)
        ours.close()
        thread.join(SECONDS)
        assert not thread.is_alive()
        theirs.close()
