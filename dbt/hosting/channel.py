"""A connection between two hosts that share a key: nobody else can say anything on it, or change what is said.

    32 bytes   each end's nonce, sent first
    frames:    1 byte kind, 4 bytes length, the payload, 32 bytes HMAC-SHA256

A frame's code covers its direction, its number, kind and payload, under a key made of the shared one and both nonces.
What is said can be read by whoever listens, unless TLS is below (see `secured`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import ssl
import struct

NONCE = 32
HEAD = struct.Struct("<BI")
COUNT = struct.Struct("<BQ")
CODE = 32
MOST_FRAME = 1 << 24
"""Bytes of a payload."""
LEAST_KEY = 16
"""Bytes of a shared key."""
PATIENCE = 10.0
"""Seconds for which the other end may be silent."""


class Broken(Exception):
    """The connection is of no use any more; the message says why."""


class Channel:
    """One end. `first`: it is that of who has connected."""

    def __init__(self, link: socket.socket, key: bytes, first: bool) -> None:
        """Raises Broken."""
        self.link = link
        self.first = first
        self.sent, self.received = 0, 0
        """Frames."""
        self.written = 0
        """Bytes sent."""
        link.settimeout(PATIENCE)
        mine = os.urandom(NONCE)
        self.put(mine)
        other = self.get(NONCE)
        nonces = mine + other if first else other + mine
        self.key = hmac.digest(key, nonces, "sha256")

    def code(self, first: bool, number: int, head: bytes, payload: bytes) -> bytes:
        made = hmac.new(self.key, COUNT.pack(first, number) + head, hashlib.sha256)
        made.update(payload)
        return made.digest()

    def send(self, kind: int, payload: bytes = b"") -> None:
        """Raises Broken."""
        head = HEAD.pack(kind, len(payload))
        self.put(b"".join((head, payload, self.code(self.first, self.sent, head, payload))))
        self.sent += 1

    def receive(self) -> tuple[int, bytes]:
        """Return kind and payload of the next frame. Raises Broken."""
        head = self.get(HEAD.size)
        kind, length = HEAD.unpack(head)
        if length > MOST_FRAME:
            raise Broken("the other end has another key, or speaks otherwise")
        payload, code = self.get(length), self.get(CODE)
        if not hmac.compare_digest(code, self.code(not self.first, self.received, head, payload)):
            raise Broken("the other end has another key, or what it said was changed on the way")
        self.received += 1
        return kind, payload

    def put(self, data: bytes) -> None:
        try:
            self.link.sendall(data)
        except OSError as error:
            raise Broken(f"the connection is lost: {error.strerror or error}") from None
        self.written += len(data)

    def get(self, length: int) -> bytes:
        parts = []
        while length:
            try:
                part = self.link.recv(min(length, 1 << 20))
            except OSError as error:
                raise Broken(f"the connection is lost: {error.strerror or error}") from None
            if not part:
                raise Broken("the other end has closed the connection")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def secured(link: socket.socket, context: ssl.SSLContext | None, name: str = "") -> socket.socket:
    """Return the connection with TLS over it, or as it is without a context. `name`: of the host that it is to be; the
    listening end has none. Raises Broken."""
    if context is None:
        return link
    try:
        return context.wrap_socket(link, server_side=not name, server_hostname=name or None)
    except (OSError, ssl.SSLError) as error:
        raise Broken(f"TLS: {error}") from None


def key_of(path: str) -> bytes:
    """Return the key in a file. Raises ValueError, OSError."""
    with open(path, "rb") as file:
        key = file.read(1 << 16).strip()
    if len(key) < LEAST_KEY:
        raise ValueError(f"{path}: a key has {LEAST_KEY} bytes at least")
    return key
