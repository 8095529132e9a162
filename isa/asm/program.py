"""An assembled and linked program, with its symbols and source lines."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ring1.isa.asm.lines import head
from ring1.isa.source import Position

Line = tuple[int, int, Position]
"""Address, length in bytes, and the statement that the bytes come from."""


@dataclass(frozen=True)
class Program:
    image: bytes
    """Bytes to load at physical address 0, or at the address linked for. Trailing zeros may be omitted."""
    entry: int
    """Address of `_start`, of the image if there is none."""
    size: int
    """Address at which the program ends in memory, with .bss and the zeros omitted from the image; the size in bytes if
    the program begins at 0."""
    symbols: dict[str, int]
    """Globals and each file's labels; where labels clash, the global, else the first one."""
    labels: tuple[tuple[int, str], ...]
    """Addresses with the best name of each, sorted."""
    lines: tuple[Line, ...]
    """Sorted by address, without overlaps."""
    calls: dict[int, tuple[tuple[str, Position], ...]]
    """For lines from a macro: address -> the macros called, innermost first, and where each was called."""
    sources: tuple[tuple[str, str], ...]
    """Every file read, included ones too, with its text; "" for those of .incbin."""
    code: tuple[tuple[int, int], ...] = ()
    """Ranges of code, begin and end, sorted, for a program without lines; empty if they are not known."""
    base: int = 0
    """Address at which the image begins."""
    data: bytes = b""
    """What is in writable sections, if these were linked for an address of their own."""

    @property
    def room(self) -> int:
        """Bytes of memory, from its beginning on, that the program needs."""
        return self.size - self.base

    def bytes(self, address: int, length: int) -> bytes:
        """Return the bytes at an address as they are loaded."""
        at = address - self.base
        return self.image[max(at, 0) : max(at + length, 0)].ljust(length, b"\0")

    def where(self, address: int) -> Position | None:
        """Return the statement that the byte at `address` comes from."""
        n = bisect_right(self.starts, address) - 1
        if n < 0 or address >= self.lines[n][0] + self.lines[n][1]:
            return None
        return self.lines[n][2]

    def is_code(self, address: int) -> bool:
        """Is the byte at `address` part of an instruction, as far as is known? In a raw image any byte may be."""
        statement = self.where(address)
        if statement is None:
            return not self.lines and 0 <= address - self.base < len(self.image)
        begin = head(statement.text[statement.column - 1 :])
        return not begin.word.startswith(".")

    def symbol(self, address: int) -> str:
        """Return `symbol+offset`, or the bare address where that is outside of the program or precedes all labels."""
        n = bisect_right(self.labelled, address) - 1
        if n < 0 or not 0 <= address < max(self.size, 1):
            return f"{address:#x}"
        base, name = self.labels[n]
        return name if base == address else f"{name}+{address - base:#x}"

    @cached_property
    def starts(self) -> list[int]:
        return [line[0] for line in self.lines]

    @cached_property
    def labelled(self) -> list[int]:
        return [address for address, _ in self.labels]
