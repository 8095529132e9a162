"""The guest's code in RAM, as the translator reads it: by physical addresses, or by pc in pages that are known."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.state import ONES
from ring1.dbt.translate.translation import NO_FRAME, Frames
from ring1.isa.model import Words


class GuestCode:
    def __init__(self, memory: Memory, words: Words) -> None:
        self.memory, self.words = memory, words

    def fetch(self, pc: int) -> int:
        """Return the instruction in RAM at a physical address."""
        if self.words.mixed:
            return self.joined(pc, lambda at: at)
        return self.memory.words[pc >> 2]

    def reader(self, frames: Frames) -> Callable[[int], int]:
        """Return a function that fetches instructions in these pages, by pc."""
        if not frames:
            return self.fetch
        words, where = self.memory.words, dict(frames)
        if self.words.mixed:
            return lambda pc: self.joined(pc, lambda at: where.get(at >> 12, NO_FRAME) << 12 | at & 0xFFF)
        return lambda pc: words[where[pc >> 12] << 10 | pc >> 2 & 0x3FF]

    def joined(self, pc: int, physical: Callable[[int], int]) -> int:
        """Return the instruction at pc, where there are several lengths of them, or its first half if the other one is
        not in the pages in question."""
        memory, half = self.memory, self.words.least
        first = memory.halves[physical(pc) >> 1]
        second = physical(pc + half & ONES)
        if self.words.size(first) == half or not memory.has(second, half):
            return first
        return first | memory.halves[second >> 1] << 8 * half
