"""The sections of one file while it is assembled."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.model import WORD

MOST_BYTES = 1 << 28
"""Of an image, and of what one file puts into its sections."""
MOST_ZEROS = 4096
"""More zeros than this are not kept as bytes: they are a gap between chunks."""


class Kind(IntEnum):
    """What a section holds; the order in which the linker lays them out."""

    TEXT = 0
    RODATA = 1
    READONLY = 2
    DATA = 3
    BSS = 4
    UNLOADED = 5
    """For debuggers: not part of the program."""


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
"""The sections that need no flags, as GNU's; the first that fits counts."""


def kind_of(name: str, flags: str | None = None, nobits: bool = False) -> Kind:
    """The kind of a section: by its name's prefix, else by its flags x, w and a, as ELF has them."""
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
    """Bytes without a gap; `piece` is the statement that began them."""

    start: int
    data: bytearray
    piece: Piece


@dataclass(slots=True, eq=False)
class Room:
    """What all sections of a file together may still hold."""

    left: int = MOST_BYTES


@dataclass(slots=True, eq=False)
class Section:
    """What a file has put into the section called `name`."""

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
    """Offset, length and statement of everything put here, in the order of the statements."""
    backward: list[tuple[Piece, int]] = field(default_factory=list)
    """The .org directives that went back, with the column of their operand."""
    moved: bool = False
    """By .org."""
    open: bool = False
    """May the last chunk be added to?"""

    def put(self, data: bytes, piece: Piece) -> tuple[Chunk, int]:
        """Add bytes; the chunk they are in and where. Raises Mistake if the section cannot hold them."""
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
        """Add `count` zero bytes."""
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
        """Continue at another offset, with zeros in between; `at` is where the directive says so."""
        if not 0 <= offset < 1 << WORD:
            raise Mistake(f"{offset:#x} is not an address", at)
        self.moved = True
        if offset < self.offset:
            self.backward.append((piece, at))
        if offset != self.offset:
            self.open = False
        self.offset = offset
        self.end = max(self.end, offset)
