"""Messages of the Debug Adapter Protocol ("Base Protocol"): JSON behind a header with its length."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any

from ring1.dbt.debug.link import Gone, Link
from ring1.isa.digits import whole

Message = dict[str, Any]
LENGTH = b"content-length:"
END = b"\r\n\r\n"
MOST_HEADER = 1 << 12
MOST = 1 << 26
"""Most bytes of a message."""
BEAT = 0.2


class Malformed(Exception):
    """What has come is no message of the protocol's; what follows it cannot be told apart."""


def framed(message: Mapping[str, Any]) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def taken(data: bytes) -> tuple[Message | None, bytes]:
    """Take a message off the beginning of what has come; None if it is not all there. Raises Malformed."""
    head, end, rest = data.partition(END)
    if not end:
        if len(data) > MOST_HEADER:
            raise Malformed("the header of a message does not end")
        return None, data
    lengths = [line[len(LENGTH) :].strip() for line in head.split(b"\r\n") if line.lower().startswith(LENGTH)]
    try:
        (length,) = (whole(text.decode("latin-1")) for text in lengths)
    except ValueError:
        length = MOST + 1
    if length > MOST:
        raise Malformed("the header of a message has no Content-Length")
    if len(rest) < length:
        return None, data
    try:
        message = json.loads(rest[:length])
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise Malformed("a message is no JSON object")
    return message, rest[length:]


class Messages:
    """The messages of one client, read by a thread of its own, so that a guest that runs can be stopped."""

    def __init__(self, link: Link, heard: Callable[[Message | None], None]) -> None:
        """`heard` is called by the reading thread when a message has come, with None when no more will."""
        self.link = link
        self.heard = heard
        self.sent = 0
        self.over = False
        self.wrong = ""
        """Why the client is not listened to any more."""
        self.came: queue.Queue[Message | None] = queue.Queue()
        self.thread = threading.Thread(target=self.listen, daemon=True)

    def begin(self) -> None:
        self.thread.start()

    def listen(self) -> None:
        """Read messages until the client goes, says what is no message, or the connection is over."""
        waiting = b""
        try:
            while not self.over:
                waiting += self.link.read(BEAT) or b""
                message, waiting = taken(waiting)
                while message is not None:
                    self.put(message)
                    message, waiting = taken(waiting)
        except Gone:
            pass
        except Malformed as error:
            self.wrong = str(error)
        self.put(None)

    def put(self, message: Message | None) -> None:
        self.came.put(message)
        self.heard(message)

    def next(self) -> Message:
        """Return the next message. Raises Gone."""
        found = self.came.get()
        if found is None:
            raise Gone
        return found

    def waiting(self) -> Message | None:
        """Return a message that has come already; None if there is none. Raises Gone."""
        try:
            found = self.came.get_nowait()
        except queue.Empty:
            return None
        if found is None:
            raise Gone
        return found

    def send(self, kind: str, **fields: Any) -> None:
        """Send a message. Raises Gone."""
        self.sent += 1
        self.link.write(framed({"seq": self.sent, "type": kind, **fields}))

    def event(self, name: str, **body: Any) -> None:
        """Tell the client of something. Raises Gone."""
        self.send("event", event=name, body=body)

    def close(self) -> None:
        self.over = True
        self.thread.join(5 * BEAT)
