"""The rows of the state block, by which generated code switches address spaces: each has a context word and, for each
processor mode, the handle of a view's window. Invariant: a row has only views of its address space, or the null view.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.machine.state import ONES, ORIGIN, SPACE_ROW, SPACE_ROWS, SPACES, State
from ring1.dbt.mmu.context_words import Key
from ring1.isa.model import WORD

HASH = 0x9E3779B1
"""Knuth's multiplicative hash: 2**32 over the golden ratio."""
SPACE_SHIFT = 32 - SPACE_ROWS.bit_length() + 1
NOBODY = (1 << 64) - 1
"""Marks an unused row."""


class Rows:
    def __init__(self, state: State) -> None:
        self.quads, self.pointer = state.quads, state.pointer
        self.owners: list[Key] = [None] * SPACE_ROWS
        """The address space of each row."""
        for number in range(SPACE_ROWS):
            self.vacate(number)

    def number(self, raw: Key) -> int:
        """Return the number of the row for a context word, as generated code finds it."""
        return ((raw ^ raw >> WORD) * HASH & ONES) >> SPACE_SHIFT if isinstance(raw, int) else 0

    def address(self, number: int) -> int:
        """Return the host address of a row."""
        return self.pointer + SPACES + number * SPACE_ROW

    def holds(self, number: int, raw: Key, key: Key, mode: int, handle: int) -> bool:
        """Is a row that of a context word which stands for an address space, with this handle for a mode?"""
        at = self.first(number)
        return self.owners[number] == key and self.quads[at] == name(raw) and self.quads[at + 1 + mode] == handle

    def fill(self, number: int, raw: Key, key: Key, handles: Sequence[int]) -> None:
        """Give a row to an address space. `handles`: one for each mode."""
        self.owners[number] = key
        for i, value in enumerate([name(raw), *handles], self.first(number)):
            self.quads[i] = value

    def take(self, key: Key) -> None:
        """Remove the rows of an address space, so that generated code cannot switch to it by itself."""
        for number, owner in enumerate(self.owners):
            if owner == key:
                self.vacate(number)

    def vacate(self, number: int) -> None:
        """Have a row be nobody's."""
        self.owners[number] = None
        self.quads[State.quad(SPACES + number * SPACE_ROW)] = NOBODY

    @staticmethod
    def first(number: int) -> int:
        """Return the index of a row's first quad in the state block."""
        return (SPACES + number * SPACE_ROW + ORIGIN) // 8


def name(raw: Key) -> int:
    """Return what a row is known by: a context word; registers have none, and nobody looks for them."""
    return raw if isinstance(raw, int) else NOBODY
