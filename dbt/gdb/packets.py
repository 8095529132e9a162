"""Packets of gdb's remote protocol (the GDB manual, appendix E, "Overview"), over a stream of bytes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from ring1.dbt.debug.link import Gone, Link

INTERRUPT = b"\x03"
"""The byte that gdb sends, outside of any packet, when the user presses Ctrl-C."""
SIZE = 1 << 14
"""Most bytes of a packet."""
ESCAPED = b"#$}*"
BEAT = 0.2


def checksum(data: bytes) -> int:
    return sum(data) & 0xFF


def framed(data: bytes) -> bytes:
    """Return a packet with these contents."""
    body = b"".join(bytes((0x7D, byte ^ 0x20)) if byte in ESCAPED else bytes((byte,)) for byte in data)
    return b"$" + body + f"#{checksum(body):02x}".encode()


def unescaped(body: bytes) -> bytes:
    found, at = bytearray(), 0
    while at < len(body):
        if body[at] == 0x7D and at + 1 < len(body):
            found.append(body[at + 1] ^ 0x20)
            at += 2
        else:
            found.append(body[at])
            at += 1
    return bytes(found)


class Packets:
    """The packets of one client, read by a thread of its own, so that an interrupt is seen while a guest runs."""

    def __init__(self, link: Link, interrupt: Callable[[], None]) -> None:
        """`interrupt` is called by the reading thread, when the client wants the guest to stop or has gone."""
        self.link = link
        self.interrupt = interrupt
        self.acknowledging = True
        self.unanswered: bytes | None = None
        """The packet that is being carried out: gdb sends it again where it waits for an acknowledgement too long."""
        self.over = False
        self.gone = False
        """Has the client closed the connection?"""
        self.sending = threading.Lock()
        self.came: queue.Queue[bytes | None] = queue.Queue()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self) -> None:
        """Read packets until the client goes, or the connection is over."""
        waiting = b""
        try:
            while not self.over:
                data = self.link.read(BEAT)
                if data is not None:
                    waiting = self.taken(waiting + data)
                    if len(waiting) > 4 * SIZE:
                        break  # this is not gdb
        except Gone:
            pass
        self.gone = True
        self.came.put(None)
        self.interrupt()

    def taken(self, data: bytes) -> bytes:
        """Take whole packets off the beginning of what has come; return the rest."""
        while data:
            if data[:1] == INTERRUPT:
                self.interrupt()
                data = data[1:]
            elif data[:1] != b"$":
                data = data[1:]  # an acknowledgement, or noise
            else:
                end = data.find(b"#")
                if end < 0 or len(data) < end + 3:
                    return data
                body, told = data[1:end], data[end + 1 : end + 3]
                data = data[end + 3 :]
                right = told == f"{checksum(body):02x}".encode()
                if self.acknowledging:
                    self.put(b"+" if right else b"-")
                if right and not (self.acknowledging and body == self.unanswered):
                    self.unanswered = body
                    self.came.put(unescaped(body))
        return data

    def put(self, data: bytes) -> None:
        with self.sending:
            self.link.write(data)

    def next(self) -> bytes:
        """Return the next packet's contents. Raises Gone."""
        found = self.came.get()
        if found is None:
            raise Gone
        return found

    def send(self, text: str | bytes) -> None:
        """Send an answer. Raises Gone."""
        self.unanswered = None
        self.put(framed(text.encode("latin-1", "replace") if isinstance(text, str) else text))

    def close(self) -> None:
        self.over = True
        self.thread.join(5 * BEAT)
