"""Translations of an earlier run of the same program, so that a warm start translates next to nothing.

A translation is taken over only where memory still holds the words it was made from; what else it depends on, the
machine, the policy, the pinned registers, is in the key of the entry.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import store
from ring1.isa.record import replace

Path = tuple[int, ...]
MOST_OTHERS = 8
"""Translations of one place that are kept: programs take turns in the same pages."""
MOST = 1 << 22
"""Bytes of host code that are kept of a program."""


class Remembered:
    """Translations by mode, path and way of translating. With an empty `name` nothing is loaded or kept."""

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
        """The translation of the block at path[0], or along the path if that is longer; `make` makes it."""
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
        """The same, if it is known."""
        for known in self.known.get((mode, checked, path, frames), ()):
            if all(fetch(pc) == word for pc, word in zip(known.pcs, known.words, strict=True)):
                return known
        return None

    def save(self) -> None:
        """Keep what has been learnt, if anything has and it is not too much."""
        if self.changed and sum(len(t.host.code) for made in self.known.values() for t in made) <= MOST:
            plain = {key: tuple(replace(t, guests=()) for t in made) for key, made in self.known.items()}
            store.save("blocks", self.name, plain)
        self.changed = False
