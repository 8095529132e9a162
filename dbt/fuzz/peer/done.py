"""What a peer has done with a batch."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.fuzz.peer import layout
from ring1.isa.record import Record


class Cut(Record):
    """Where a round was when it was cut: the program is not begun again."""

    registers: Mapping[str, int]
    """pc, priv (the mode), x1 to x31 and the control registers of a record."""


class Done(Record):
    ram: bytes
    """RAM as it is left."""
    ended: bool
    """Has the image come to its end?"""
    cuts: Mapping[int, Cut]
    """Number of a round (its program's, times the rounds that each has, and its own) -> where it was cut."""
    rom: bytes
    """The peer's ROM (cpu.ROM)."""


def following(words: memoryview, at: int = 0) -> None:
    """Have the harness begin with the next program. `words` has its own from index `at` on."""
    done, record, number = (at + (offset >> 2) for offset in (layout.DONE, layout.RECORD, layout.ROUND))
    words[done] += 1
    words[record] = layout.BASE + layout.record(words[done])
    words[number] = 0
