"""A small client of the remote protocol, in this process, and a stub that it talks to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import ring1
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.link import Link
from ring1.dbt.debug.session import Session
from ring1.dbt.gdb.packets import framed, unescaped
from ring1.dbt.gdb.server import attended

SECONDS = 20


class Client:
    """Sends packets, and waits for their answers."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.socket.settimeout(SECONDS)
        self.waiting = b""
        self.shown = b""
        """What has come as console output."""

    def raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> str:
        """The next packet that is no console output."""
        while True:
            while b"#" not in self.waiting or len(self.waiting) < self.waiting.index(b"#") + 3:
                data = self.socket.recv(1 << 16)
                assert data, "the stub has gone"
                self.waiting += data
            start, end = self.waiting.index(b"$"), self.waiting.index(b"#")
            body, self.waiting = unescaped(self.waiting[start + 1 : end]), self.waiting[end + 3 :]
            text = body.decode("latin-1")
            if text[:1] == "O" and text != "OK":
                self.shown += bytes.fromhex(text[1:])
                continue
            return text

    def __call__(self, packet: str | bytes) -> str:
        self.raw(framed(packet.encode("latin-1") if isinstance(packet, str) else packet))
        return self.receive()

    def impatient(self, packet: str) -> str:
        """Send a packet; stop the guest if it has not been answered in a second."""
        timer = threading.Timer(1.0, self.raw, (b"\x03",))
        timer.start()
        try:
            return self(packet)
        finally:
            timer.cancel()

    def monitor(self, command: str) -> str:
        answer = self("qRcmd," + command.encode().hex())
        return "" if answer == "OK" else bytes.fromhex(answer).decode()

    @property
    def pc(self) -> int:
        return int.from_bytes(bytes.fromhex(self("p10")), "little")


@contextmanager
def served(source: str, engine: str = "interp", **options: Any) -> Iterator[tuple[Client, list[bool], ring1.Machine]]:
    """A client of a machine, which is served by another thread; what `attended` returned is in the list."""
    ours, theirs = socket.socketpair()
    results: list[bool] = []
    with ring1.Machine("pg32", text=source, engine=engine, ram=1 << 20, input=b"", **options) as machine:
        debugger = Debugger(Session(machine, lambda text: None))

        def serve() -> None:
            results.append(attended(debugger, Link.of(theirs), lambda stub: None))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Client(ours), results, machine
        finally:
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            ours.close()
            thread.join(SECONDS)
            assert not thread.is_alive()
            theirs.close()
