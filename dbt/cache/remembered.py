"""Translations remembered from earlier runs of the same program, so that a warm start translates next to nothing, and
from this one, since programs that end and begin again come to the same pages.

A translation is reused only if memory holds the words that it was made from, and the same instructions of it have
exceptions. Those that observers ask for are not kept for other runs. Everything else that it depends on, such as
machine, policy and pinned registers, is in the key of the store's entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from weakref import WeakValueDictionary

from ring1.dbt.translate.policy import NO_SITES, Site, Sites
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import store
from ring1.isa.record import replace

Path = tuple[object, ...]
"""The pc of a block, or a Trace as a plain tuple."""
Key = tuple[int, bool, Path, Frames]
Page = tuple[int, int, Frames]
"""Processor mode, page, and its frame."""
Made = tuple[tuple[Translation, Sites], ...]
"""The translations of a place, the last one made first, and the exceptions among their instructions."""
Jumps = set[tuple[int, int, Frames]]
MOST_OTHERS = 8
"""Most translations kept for one place: different programs may use the same pages in turn."""
MOST = 1 << 24
"""Most bytes of host code kept for a program."""
WHOLE, MORE = "blocks", "more blocks"
"""Kinds of entries of the store: the translations of a program, and those that have been added since."""
FEW = 8
"""Fewer than one in so many places with new translations are saved apart: saving all takes as long as making some."""


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
        self.known: dict[Key, Made] = {}
        """Translations."""
        self.jumps: Jumps = set()
        """The places that indirect jumps have led to."""
        self.new: set[Key] = set()
        """Places whose translations have changed since all were saved together."""
        self.apart = False
        """Some have been saved apart."""
        for kind in (WHOLE, MORE) if name else ():
            known, jumps = store.load(kind, name) or ({}, set())
            self.known |= known
            self.jumps |= jumps
            if kind == MORE:
                self.new, self.apart = set(known), bool(known)
        self.changed = False
        self.pages: dict[Page, list[int]] = {}
        """Where there are blocks that do not check themselves."""
        self.frames: dict[tuple[int, int], Frames | None] = {}
        """Mode and page, with paging on -> the frame if these blocks have always been in the same one, else None."""
        for key in self.known:
            self.note(*key)

    def note(self, mode: int, checked: bool, path: Path, frames: Frames) -> None:
        if len(path) == 1 and isinstance(path[0], int) and not checked:
            page = path[0] >> 12
            pcs = self.pages.get((mode, page, frames))
            if pcs is not None:
                pcs.append(path[0])
                return
            self.pages[mode, page, frames] = [path[0]]
            if frames:
                self.frames[mode, page] = None if (mode, page) in self.frames else frames

    def alone(self, mode: int, paged: bool) -> list[Page]:
        """Return the pages of a mode's code that have always been in the same frames, with paging on or off."""
        pages = list(self.pages)  # others may add to it meanwhile
        return [
            page
            for page in pages
            if page[0] == mode and bool(page[2]) == paged and (not paged or self.frames.get(page[:2]))
        ]

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
        if keeps(exceptions):
            self.changed = True
            self.new.add(key)
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

    def blocks(self, page: Page, data: bytes, sites: Sites) -> Iterator[Translation]:
        """Yield the blocks in one piece in a page that memory holds, given all bytes of the page now, and that have the
        same exceptions (see `recall`)."""
        mode, _, frames = page
        for pc in self.pages.get(page, ()):
            for known, exceptions in self.known.get((mode, False, (pc,), frames), ()):
                text = known.text
                if text is not None and data.startswith(text, pc & 0xFFF) and exceptions == within(known, sites):
                    yield known
                    break

    def save(self) -> None:
        """Save the translations if there are new ones, and at most MOST bytes of host code."""
        if self.changed:
            known, new = dict(self.known), set(self.new)  # others may add to them meanwhile
            if sum(len(translation.host.code) for made in known.values() for translation, _ in made) <= MOST:
                if FEW * len(new) < len(known):
                    self.put(MORE, {key: known[key] for key in new if key in known})
                    self.apart = True
                else:
                    self.put(WHOLE, known)
                    if self.apart:
                        self.put(MORE, {})
                    self.new -= new
        self.changed = False

    def put(self, kind: str, known: dict[Key, Made]) -> None:
        kept: dict[Key, Made] = {
            key: tuple((replace(translation, guests=()), sites) for translation, sites in made if keeps(sites))
            for key, made in known.items()
        }
        store.save(kind, self.name, ({key: made for key, made in kept.items() if made}, set(self.jumps)))


# Module-level state, on purpose: it is a view of the store, which is the process's as well.
_present: WeakValueDictionary[str, Remembered] = WeakValueDictionary()
_lock = Lock()


def keeps(exceptions: Sites) -> bool:
    """Is a translation with these exceptions kept for other runs? What somebody observes is another time."""
    return Site.CALL not in exceptions.values()


def within(translation: Translation, sites: Sites) -> Sites:
    """Return the exceptions among the instructions of a translation."""
    return {pc: sites[pc] for pc in translation.pcs if pc in sites} if sites else NO_SITES
