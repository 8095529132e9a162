"""An assembled and linked program, and what its addresses mean to its author."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ring1.isa.asm.lines import head
from ring1.isa.source import Position

Line = tuple[int, int, Position]
"""Address, length in bytes, and the statement that put them there."""


@dataclass(frozen=True)
class Program:
    image: bytes
    """Loaded at physical address 0, or where it was linked for. Zeros at its end may be left out."""
    entry: int
    """Address of `_start`, 0 if there is none."""
    size: int
    """Where the program ends in memory, with .bss and what was left out of the image: its bytes, if it begins at 0."""
    symbols: dict[str, int]
    """Globals and each file's labels; where labels clash, the global, else the first one."""
    labels: tuple[tuple[int, str], ...]
    """Addresses with the name that suits each best, sorted."""
    lines: tuple[Line, ...]
    """Sorted by address; no two overlap."""
    calls: dict[int, tuple[tuple[str, Position], ...]]
    """Where a line came from a macro: its address -> the macros called, innermost first, and from where."""
    sources: tuple[tuple[str, str], ...]
    """Every file read, included ones too, with its text; "" for those of .incbin."""
    code: tuple[tuple[int, int], ...] = ()
    """Where instructions are, begin and end, sorted, of a program that comes without lines; empty if nobody knows."""

    def where(self, address: int) -> Position | None:
        """The statement whose bytes `address` is in."""
        n = bisect_right(self.starts, address) - 1
        if n < 0 or address >= self.lines[n][0] + self.lines[n][1]:
            return None
        return self.lines[n][2]

    def is_code(self, address: int) -> bool:
        """Is the byte at `address` part of an instruction, as far as that is known? Of a raw image it may be."""
        statement = self.where(address)
        if statement is None:
            return not self.lines and 0 <= address < len(self.image)
        begin = head(statement.text[statement.column - 1 :])
        return not begin.word.startswith(".")

    def symbol(self, address: int) -> str:
        """`symbol+offset`, or the bare address where that says nothing."""
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
