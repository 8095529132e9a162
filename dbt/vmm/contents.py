"""The contents of a snapshot file after its head: a zlib stream, read piece by piece and never trusted.

    2 bytes   length of the description's name, which follows
    32 bytes  digest of the description
    8 bytes   bytes of RAM
    4 bytes   length of the JSON that follows: what CPU and devices have saved. Bytes in it are {"bytes": LENGTH}
    ...       those bytes, in the same order
    4 bytes   number of runs of pages that are not all zeros
    8 bytes   each: first page and length of a run, in ascending order and not adjacent
    ...       the pages, 4096 bytes each

Numbers are little-endian. The memory that a reader uses is bounded by what a machine can have saved; the machine comes
first, and is checked to be the expected one before anything else is read.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterable
from typing import IO

from ring1.dbt.devices.host_input import MOST_GATHERED
from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.machine.saved import Saved
from ring1.isa.record import Record

CHUNK = 1 << 20
NAME, SIZE, LENGTH, RUN = struct.Struct("<H"), struct.Struct("<Q"), struct.Struct("<I"), struct.Struct("<II")
DIGEST = 32
MOST_NAME = 1 << 10
MOST_STATE = 1 << 18
"""Bytes of JSON: registers and devices take some thousands."""
MOST_BYTES = MOST_GATHERED + CHUNK
"""Most bytes stored after the JSON: console input that the guest has not read."""
BYTES = "bytes"

Run = tuple[int, int]
"""A run of adjacent pages: the first page and their number."""


class SavedMachine(Record):
    """The machine that a snapshot was taken of."""

    name: str
    digest: str
    ram: int


class Contents(Record):
    """Everything in a snapshot but the pages. `state`: the saved state of CPU and bus."""

    machine: SavedMachine
    state: Saved
    runs: tuple[Run, ...]


class Body:
    """The uncompressed bytes of a snapshot, which may be many times the size of the file."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self.file = file
        self.left = end - start
        self.packed = zlib.decompressobj()
        file.seek(start)

    def some(self, most: int) -> bytes:
        """Return the next bytes, at most `most`; empty only at the end. Raises zlib.error."""
        while True:
            data = self.packed.unconsumed_tail
            if not data and not self.packed.eof:
                data = self.file.read(min(self.left, CHUNK))
                self.left -= len(data)
            part = self.packed.decompress(data, most)
            if part or not data:
                return part

    def read(self, length: int) -> bytes:
        """Return exactly `length` bytes. Raises ValueError if there are fewer."""
        parts = []
        while length:
            part = self.some(min(length, CHUNK))
            if not part:
                raise ValueError("it ends too early")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def number(self, form: struct.Struct, most: int) -> int:
        """Return the next number. Raises ValueError if it is larger than `most`."""
        value: int
        (value,) = form.unpack(self.read(form.size))
        if value > most:
            raise ValueError(f"{value} where there can be {most} at most")
        return value


def pack(machine: SavedMachine, state: Saved, runs: Iterable[Run]) -> bytes:
    """Encode everything but the pages. Raises ValueError if the state exceeds what `unpack` accepts."""
    kept: list[bytes] = []

    def behind(value: object) -> dict[str, int]:
        if not isinstance(value, bytes):
            raise TypeError(f"{type(value).__name__} in what a device has saved")
        kept.append(value)
        return {BYTES: len(value)}

    text = json.dumps(state, default=behind, sort_keys=True, separators=(",", ":")).encode()
    name = machine.name.encode()
    if len(name) > MOST_NAME or len(text) > MOST_STATE or sum(map(len, kept)) > MOST_BYTES:
        raise ValueError("the machine's state is larger than a snapshot can hold")
    pairs = [RUN.pack(*run) for run in runs]
    head = NAME.pack(len(name)) + name + bytes.fromhex(machine.digest) + SIZE.pack(machine.ram)
    return b"".join((head, LENGTH.pack(len(text)), text, *kept, LENGTH.pack(len(pairs)), *pairs))


def unpack(body: Body, wanted: Callable[[SavedMachine], None]) -> Contents:
    """Decode everything but the pages. `wanted` gets the machine, and raises if it is another one. Raises
    ValueError."""
    name = body.read(body.number(NAME, MOST_NAME)).decode()
    machine = SavedMachine(name, body.read(DIGEST).hex(), body.number(SIZE, MOST))
    wanted(machine)
    text, left = body.read(body.number(LENGTH, MOST_STATE)), MOST_BYTES

    def whole(value: dict[str, object]) -> object:
        nonlocal left
        if value.keys() != {BYTES}:
            return value
        length = value[BYTES]
        if type(length) is not int or not 0 <= length <= left:
            raise ValueError("it has kept more bytes than there can be")
        left -= length
        return body.read(length)

    state = json.loads(text, object_hook=whole)
    pages = machine.ram // PAGE
    count = body.number(LENGTH, (pages + 1) // 2)
    runs = tuple(RUN.iter_unpack(body.read(RUN.size * count)))
    return Contents(machine, state, in_order(runs, pages))


def in_order(runs: tuple[Run, ...], pages: int) -> tuple[Run, ...]:
    """Return the runs if they ascend, are not adjacent, and lie within `pages` pages. Raises ValueError."""
    end = -1
    for first, count in runs:
        if first <= end or not count or first + count > pages:
            raise ValueError("its pages are not in order, or beyond the end of RAM")
        end = first + count
    return runs
