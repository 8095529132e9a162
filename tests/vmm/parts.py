"""A snapshot's file in pieces, to be put together again otherwise."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from typing import Any

from ring1.dbt.vmm.contents import BYTES, LENGTH, NAME, RUN, SIZE
from ring1.dbt.vmm.snapshot import HEAD, MAGIC, VERSION


def sealed(body: bytes, version: int = VERSION) -> bytes:
    """A file with the right checksum, whatever is in it."""
    data = HEAD.pack(MAGIC, version) + body
    return data + hashlib.sha256(data).digest()


class Parts:
    """What is in a snapshot's file, in pieces that can be exchanged."""

    def __init__(self, data: bytes) -> None:
        body = io.BytesIO(zlib.decompress(data[HEAD.size : -32]))
        self.name = body.read(NAME.unpack(body.read(2))[0])
        self.digest = body.read(32)
        [self.ram] = SIZE.unpack(body.read(8))
        self.text = body.read(LENGTH.unpack(body.read(4))[0])
        self.kept = body.read(self.state["bus"]["devices"]["console"]["input"][BYTES])
        self.runs = [RUN.unpack(body.read(8)) for _ in range(LENGTH.unpack(body.read(4))[0])]
        self.pages = body.read()

    @property
    def state(self) -> Any:
        """What CPU and devices have saved, as JSON has it."""
        return json.loads(self.text)

    @state.setter
    def state(self, value: object) -> None:
        self.text = json.dumps(value).encode()

    def body(self) -> bytes:
        runs = b"".join(RUN.pack(*run) for run in self.runs)
        head = NAME.pack(len(self.name)) + self.name + self.digest + SIZE.pack(self.ram)
        return (
            head + LENGTH.pack(len(self.text)) + self.text + self.kept + LENGTH.pack(len(self.runs)) + runs + self.pages
        )

    def file(self) -> bytes:
        return sealed(zlib.compress(self.body()))
