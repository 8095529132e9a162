"""Translations remembered from earlier runs of the same program, so that a warm start translates next to nothing.

A translation is reused only if memory holds the words that it was made from; everything else that it depends on, such
as machine, policy and pinned registers, is in the key of the store's entry.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import store
from ring1.isa.record import replace

Path = tuple[object, ...]
"""The pc of a block, or a Trace as a plain tuple."""
MOST_OTHERS = 8
"""Most translations kept for one place: different programs may use the same pages in turn."""
MOST = 1 << 22
"""Most bytes of host code kept for a program."""


class Remembered:
    """Translations by mode, `checked`, path and frames. With an empty `name` nothing is loaded or saved."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[tuple[int, bool, Path, Frames], tuple[Translation, ...]] = (
            name and store.load("blocks", name)
        ) or {}
        self.changed = False

    def get(
        self,
        mode: int,
        checked: bool,
        path: Path,
        frames: Frames,
        fetch: Callable[[int], int],
        make: Callable[[], Translation],
    ) -> Translation:
        """Return the translation of a block or trace; `make` makes it if it is unknown."""
        if not self.name:
            return make()
        known = self.recall(mode, checked, path, frames, fetch)
        if known is not None:
            return known
        made, key = make(), (mode, checked, path, frames)
        self.known[key] = (made, *self.known.get(key, ())[: MOST_OTHERS - 1])
        self.changed = True
        return made

    def recall(
        self, mode: int, checked: bool, path: Path, frames: Frames, fetch: Callable[[int], int]
    ) -> Translation | None:
        """Return the translation if it is known and memory still holds its words, else None."""
        for known in self.known.get((mode, checked, path, frames), ()):
            if all(fetch(pc) == word for pc, word in zip(known.pcs, known.words, strict=True)):
                return known
        return None

    def save(self) -> None:
        """Save the translations if there are new ones, and at most MOST bytes of host code."""
        if self.changed and sum(len(t.host.code) for made in self.known.values() for t in made) <= MOST:
            plain = {key: tuple(replace(t, guests=()) for t in made) for key, made in self.known.items()}
            store.save("blocks", self.name, plain)
        self.changed = False
