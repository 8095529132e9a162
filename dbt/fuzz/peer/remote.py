"""The peer as a debugger sees it: a client of GDB's remote serial protocol (GDB manual, appendix E), which stops a
machine, reads and writes what it has, and lets it go."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Iterable, Mapping
from time import monotonic

STOPPED = (b"T", b"S", b"W", b"X")
ANSWERS = 65536
"""Bytes of an answer that are read at once."""

MOST = 1024
"""Bytes of memory that are asked for at once."""


class Lost(Exception):
    """The peer does not answer, or answers what is no answer."""


class Gone(Lost):
    """The peer has ended."""


class Remote:
    """A machine behind two files, of which one takes requests and the other gives answers."""

    def __init__(self, requests: int, answers: int, seconds: float) -> None:
        """`requests`, `answers`: file descriptors; `seconds`: how long to wait for an answer. Raises Lost."""
        self.requests, self.answers, self.seconds = requests, answers, seconds
        self.got = b""
        self.numbers: dict[str, int] = {}
        """The numbers of the registers that have been asked for by name."""

    def send(self, request: str) -> None:
        data = request.encode()
        self.put(b"$%s#%02x" % (data, sum(data) & 0xFF))

    def put(self, data: bytes) -> None:
        try:
            os.write(self.requests, data)
        except BrokenPipeError:
            raise Gone("it has ended") from None

    def answer(self) -> bytes:
        """Return the next answer. Raises Lost."""
        until = monotonic() + self.seconds
        while not (found := re.search(rb"\$([^#]*)#..", self.got, re.DOTALL)):
            left = until - monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                raise Lost("it does not answer")
            more = os.read(self.answers, ANSWERS)
            if not more:
                raise Gone("it has ended")
            self.got += more
        self.got = self.got[found.end() :]
        self.put(b"+")
        return found[1]

    def ask(self, request: str) -> bytes:
        self.send(request)
        return self.answer()

    def begin(self) -> None:
        """Agree on how to talk, and learn the registers' numbers. Raises Lost."""
        self.ask("qSupported:xmlRegisters=riscv")
        at = 0
        for file in re.findall(r'include href="([^"]+)"', self.document("target.xml")):
            for tag in re.findall(r"<reg [^>]*>", self.document(file)):
                parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
                at = int(parts["regnum"]) if "regnum" in parts else at
                self.numbers[parts["name"]] = at
                at += 1

    def document(self, name: str) -> str:
        """Return a description that the peer has."""
        text = b""
        while True:
            answer = self.ask(f"qXfer:features:read:{name}:{len(text):x},7ff")
            text += answer[1:]
            if answer[:1] != b"m":
                return text.decode(errors="replace")

    def go(self) -> None:
        """Let the machine run."""
        self.send("c")

    def stop(self) -> None:
        """Stop the machine that runs. Raises Lost."""
        self.put(b"\x03")
        while not self.answer().startswith(STOPPED):
            pass
        self.ask("Hg1")  # whichever hart has stopped first

    def read(self, names: Iterable[str]) -> dict[str, int]:
        """Return words of the machine that has been stopped, by the names of registers. Raises Lost."""
        found = {}
        for name in names:
            answer = self.ask(f"p{self.numbers[name]:x}")
            if len(answer) != 8:
                raise Lost(f"register {name} is {answer!r}")
            found[name] = int.from_bytes(bytes.fromhex(answer.decode()), "little")
        return found

    def write(self, words: Mapping[str, int]) -> None:
        """Write registers of the machine that has been stopped. Raises Lost."""
        for name, word in words.items():
            if self.ask(f"P{self.numbers[name]:x}={word.to_bytes(4, 'little').hex()}") != b"OK":
                raise Lost(f"register {name} cannot be written")

    def memory(self, places: range) -> bytes:
        """Return what is at physical addresses of the machine that has been stopped, with paging off. Raises Lost."""
        found = bytearray()
        for at in range(places.start, places.stop, MOST):
            size = min(MOST, places.stop - at)
            answer = self.ask(f"m{at:x},{size:x}")
            if len(answer) != 2 * size:
                raise Lost(f"memory at {at:#x} is {answer[:20]!r}")
            found += bytes.fromhex(answer.decode())
        return bytes(found)
