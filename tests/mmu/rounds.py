"""Rounds of events: pages used by way of an entry, the entry changed, perhaps used again, flushed, and used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from random import Random

from tests.machine.tables import A, D, R, U, V, W, X
from tests.mmu.events import (
    ALL,
    FLUSH,
    FRAMES,
    OTHER_ROOT,
    OTHER_TABLE,
    ROOT,
    TABLE,
    Entry,
    Event,
    change,
    read,
    space,
    use,
)

ENTRIES = LEAF, BESIDE, SUPER, POINTER = TABLE, TABLE + 4, ROOT + 12, ROOT + 4
KINDS = ("load", "store", "fetch", "swap", "cas")
HOWS = ("store", "store", "swap", "halves")
VIEWS: dict[Entry, tuple[int, ...]] = {
    LEAF: (0x400000, 0x800000),
    BESIDE: (0x401000, 0x801000),
    SUPER: (0xC00000, 0x1403000),
    POINTER: (0x400000, 0x401000),
}
"""Entries, and the pages that are reached by them: through two entries of a root, as superpage and as page."""


def values(entry: Entry) -> list[int]:
    """What an entry may become."""
    if entry == POINTER:
        return [TABLE | V, OTHER_TABLE | V, 0, FRAMES[4] | ALL]
    frames = (FRAMES[4], FRAMES[5]) if entry == SUPER else FRAMES[:2]
    rights = [ALL, ALL, ALL | A, ALL | A | D, V | R | U | A, V | R | W | A | D, V | X | U | A, R | W | U]
    return [frame | right for frame in frames for right in rights]


class Rounds:
    """Makes rounds by chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.events: list[Event] = []
        self.fresh = count(0x5A000001)

    def uses(self, entry: Entry, some: Sequence[int], loose: bool = False, reads: bool = False) -> None:
        """Some accesses by way of an entry."""
        r = self.random
        for _ in range(r.choice(some)):
            address, ring = r.choice(VIEWS[entry]), r.choice((0, 0, 3))
            self.events.append(use(r.choice(KINDS), address, ring, next(self.fresh), loose))
            if r.random() < 0.1:
                self.events.append(space(r.choice((ROOT, OTHER_ROOT)), r.choice((0, 0, 1))))
            if reads:
                self.events += map(read, ENTRIES)

    def one(self) -> None:
        """A round."""
        r = self.random
        entry = r.choice(ENTRIES)
        if r.random() < 0.5:
            self.events += [change(entry, values(entry)[0]), FLUSH]
        self.uses(entry, (1, 1, 2, 2, 3))
        for _ in range(r.choice((1, 1, 2))):
            self.events.append(change(entry, r.choice(values(entry)), r.choice(HOWS)))
            self.uses(entry, (0, 1, 1, 2), loose=True)
        self.events += [FLUSH, *map(read, ENTRIES)]
        self.uses(entry, (1, 2, 2, 3), reads=True)


def programs(random: Random, rounds: int) -> Iterator[list[Event]]:
    """Lists of so many rounds, without end."""
    while True:
        made = Rounds(random)
        for _ in range(rounds):
            made.one()
        yield made.events
