"""The sections of one file during assembly."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.model import WORD

MOST_BYTES = 1 << 28
"""The most bytes of an image, and of one file's sections."""
MOST_ZEROS = 4096
"""Longer runs of zeros are stored as gaps between chunks."""


class Kind(IntEnum):
    """The kinds of sections, in the order in which the linker lays them out."""

    TEXT = 0
    RODATA = 1
    READONLY = 2
    DATA = 3
    BSS = 4
    UNLOADED = 5
    """Debugging information, not part of the program in memory."""


PREFIXES = {
    ".text": Kind.TEXT,
    ".rodata": Kind.RODATA,
    ".data": Kind.DATA,
    ".sdata": Kind.DATA,
    ".bss": Kind.BSS,
    ".sbss": Kind.BSS,
    ".tdata": Kind.DATA,
    ".tbss": Kind.BSS,
    **dict.fromkeys((".preinit_array", ".init_array", ".fini_array", ".ctors", ".dtors"), Kind.DATA),
    **dict.fromkeys((".init", ".fini"), Kind.TEXT),
}
"""Name prefixes of sections that need no flags, as in GNU as; the first that matches counts."""


def kind_of(name: str, flags: str | None = None, nobits: bool = False) -> Kind:
    """Return the kind of a section: by its name's prefix, else by its ELF flags x, w and a."""
    for prefix, kind in PREFIXES.items():
        if name.startswith(prefix):
            return kind
    if flags is None:
        return Kind.UNLOADED
    if "x" in flags:
        return Kind.TEXT
    if "w" in flags:
        return Kind.BSS if nobits else Kind.DATA
    return Kind.READONLY if "a" in flags else Kind.UNLOADED


@dataclass(slots=True, eq=False)
class Chunk:
    """Contiguous bytes; `piece` is the statement that began them."""

    start: int
    data: bytearray
    piece: Piece


@dataclass(slots=True, eq=False)
class Room:
    """The room in bytes that is left for all sections of a file."""

    left: int = MOST_BYTES


@dataclass(slots=True, eq=False)
class Section:
    """The contents of the section `name` of one file."""

    name: str
    kind: Kind
    room: Room = field(default_factory=Room)
    base: int | None = None
    offset: int = 0
    """The location counter."""
    end: int = 0
    """The highest offset reached."""
    alignment: int = 1
    chunks: list[Chunk] = field(default_factory=list)
    lines: list[tuple[int, int, Piece]] = field(default_factory=list)
    """Offset, length and statement of everything emitted, in the order of the statements."""
    backward: list[tuple[Piece, int]] = field(default_factory=list)
    """The .org directives that moved backwards, with the offset of their operand."""
    moved: bool = False
    """Has .org moved the location counter?"""
    open: bool = False
    """Can the last chunk be extended?"""

    def put(self, data: bytes, piece: Piece) -> tuple[Chunk, int]:
        """Append bytes, and return their chunk and offset. Raises Mistake if the section cannot hold them."""
        if self.kind == Kind.BSS and any(data):
            raise Mistake(f"only zeros can be put into {self.name}")
        if len(data) > self.room.left:
            raise Mistake(f"this file has more than {MOST_BYTES} bytes")
        if not self.open:
            self.chunks.append(Chunk(self.offset, bytearray(), piece))
            self.open = True
        chunk = self.chunks[-1]
        at = len(chunk.data)
        begin = self.offset
        self.advance(len(data))
        chunk.data += data
        self.room.left -= len(data)
        self.lines.append((begin, len(data), piece))
        return chunk, at

    def skip(self, count: int, piece: Piece) -> None:
        """Append `count` zero bytes."""
        if count <= MOST_ZEROS and self.kind != Kind.BSS:
            self.put(bytes(count), piece)
        else:
            begin = self.offset
            self.advance(count)
            self.lines.append((begin, count, piece))
            self.open = False

    def advance(self, count: int) -> None:
        if self.offset + count > 1 << WORD:
            raise Mistake(f"{self.name} grows beyond {WORD} bits of address")
        self.offset += count
        self.end = max(self.end, self.offset)

    def move(self, offset: int, piece: Piece, at: int) -> None:
        """Move the location counter, with zeros in between; `at` is the offset of the directive's operand."""
        if not 0 <= offset < 1 << WORD:
            raise Mistake(f"{offset:#x} is not an address", at)
        self.moved = True
        if offset < self.offset:
            self.backward.append((piece, at))
        if offset != self.offset:
            self.open = False
        self.offset = offset
        self.end = max(self.end, offset)
