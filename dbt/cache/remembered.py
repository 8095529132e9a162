"""Translations of an earlier run of the same program, so that a warm start translates next to nothing.

A translation is taken over only where memory still holds the words it was made from; what else it depends on, the
machine, the policy, the pinned registers, is in the key of the entry.
"""

from __future__ import annotations

from collections.abc import Callable

from dbt.translate.translation import Frames, Translation
from isa import store
from isa.record import replace

Path = tuple[int, ...]
MOST = 1 << 22
"""Bytes of host code that are kept of a program."""


class Remembered:
    """Translations by mode, path and way of translating. With an empty `name` nothing is loaded or kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[tuple[int, bool, Path, Frames], Translation] = (name and store.load("blocks", name)) or {}
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
        key = mode, checked, path, frames
        known = self.known.get(key)
        if known is not None and all(fetch(pc) == word for pc, word in zip(known.pcs, known.words, strict=True)):
            return known
        made = make()
        self.known[key] = made
        self.changed = True
        return made

    def save(self) -> None:
        """Keep what has been learnt, if anything has and it is not too much."""
        if self.changed and sum(len(t.host.code) for t in self.known.values()) <= MOST:
            store.save("blocks", self.name, {key: replace(made, guests=()) for key, made in self.known.items()})
        self.changed = False
