"""Translations remembered from earlier runs of the same program, so that a warm start translates next to nothing, and
from this one, since programs that end and begin again come to the same pages.

A translation is reused only if memory holds the words that it was made from, and the same instructions of it have
exceptions; everything else that it depends on, such as machine, policy and pinned registers, is in the key of the
store's entry.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from weakref import WeakValueDictionary

from ring1.dbt.translate.policy import NO_SITES, Sites
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import store
from ring1.isa.record import replace

Path = tuple[object, ...]
"""The pc of a block, or a Trace as a plain tuple."""
Key = tuple[int, bool, Path, Frames]
Jumps = set[tuple[int, int, Frames]]
MOST_OTHERS = 8
"""Most translations kept for one place: different programs may use the same pages in turn."""
MOST = 1 << 24
"""Most bytes of host code kept for a program."""


def shared(name: str) -> Remembered:
    """Return what is remembered under a name, which all machines of the process have in common."""
    with _lock:
        found = _present.get(name)
        if found is None:
            found = _present[name] = Remembered(name)
        return found


class Remembered:
    """Translations by mode, `checked`, path and frames. With an empty `name` nothing is loaded or saved."""

    def __init__(self, name: str) -> None:
        self.name = name
        kept: dict[Key, tuple[Translation, ...]]
        self.jumps: Jumps
        kept, self.jumps = (name and store.load("blocks", name)) or ({}, set())
        """Translations, and the places that indirect jumps have led to."""
        self.known: dict[Key, tuple[tuple[Translation, Sites], ...]] = {
            key: tuple((translation, NO_SITES) for translation in made) for key, made in kept.items()
        }
        """Key -> translations, the last one made first, and the exceptions among their instructions."""
        self.changed = False
        self.pages: dict[tuple[int, int, Frames], list[int]] = {}
        """Mode, page and frames -> where there are blocks that do not check themselves."""
        for key in kept:
            self.note(*key)

    def note(self, mode: int, checked: bool, path: Path, frames: Frames) -> None:
        if len(path) == 1 and isinstance(path[0], int) and not checked:
            self.pages.setdefault((mode, path[0] >> 12, frames), []).append(path[0])

    def jumped(self, mode: int, pc: int, frames: Frames) -> None:
        """Remember that an indirect jump has led to a block."""
        place = mode, pc, frames
        if self.name and place not in self.jumps:
            self.jumps.add(place)
            self.changed = True

    def get(
        self,
        mode: int,
        checked: bool,
        path: Path,
        frames: Frames,
        fetch: Callable[[int], int],
        sites: Sites,
        make: Callable[[], Translation],
    ) -> Translation:
        """Return the translation of a block or trace; `make` makes it if it is unknown."""
        if not self.name:
            return make()
        known = self.recall(mode, checked, path, frames, fetch, sites)
        if known is not None:
            return known
        made, key = make(), (mode, checked, path, frames)
        exceptions = within(made, sites)
        if key not in self.known:
            self.note(*key)
        self.known[key] = ((made, exceptions), *self.known.get(key, ())[: MOST_OTHERS - 1])
        self.changed |= not exceptions
        return made

    def recall(
        self, mode: int, checked: bool, path: Path, frames: Frames, fetch: Callable[[int], int], sites: Sites
    ) -> Translation | None:
        """Return the translation if it is known, memory still holds its words, and `sites` has the same exceptions
        among its instructions, else None."""
        for known, exceptions in self.known.get((mode, checked, path, frames), ()):
            if tuple(map(fetch, known.pcs)) == known.words:
                if exceptions == within(known, sites):
                    return known
        return None

    def save(self) -> None:
        """Save the translations without exceptions if there are new ones, and at most MOST bytes of host code."""
        if self.changed:
            plain = {
                key: tuple(replace(translation, guests=()) for translation, sites in made if not sites)
                for key, made in list(self.known.items())  # others may add to it meanwhile
            }
            if sum(len(translation.host.code) for made in plain.values() for translation in made) <= MOST:
                store.save("blocks", self.name, ({key: made for key, made in plain.items() if made}, set(self.jumps)))
        self.changed = False


# Module-level state, on purpose: it is a view of the store, which is the process's as well.
_present: WeakValueDictionary[str, Remembered] = WeakValueDictionary()
_lock = Lock()


def within(translation: Translation, sites: Sites) -> Sites:
    """Return the exceptions among the instructions of a translation."""
    return {pc: sites[pc] for pc in translation.pcs if pc in sites} if sites else NO_SITES
