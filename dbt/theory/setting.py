"""Settings for experiments: some pages of memory that a program sees, kept twice in different frames of real memory.

Nothing here knows the format of a machine's page tables: entries are drawn until the description's own predicates
accept them, and the root table is put where randomly drawn control registers say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import NamedTuple

from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.theory.subject import Situation, Subject
from ring1.isa.model import WORD, Bits

ONES = (1 << WORD) - 1
PAGES = 4
"""The number of pages that a program sees, of which the first has its code."""
LOW = MOST // 2
"""Everything is below this address, so that a machine with less RAM can hold it."""
TRIES, FEW = 20_000, 500
KINDS = ("any use", "any", "the supervisor's")
"""Kinds of pages, by what they may be used for."""


class Unplaceable(Exception):
    """No placement was found; this machine may not allow any."""


class Placement(NamedTuple):
    words: int
    """The control bits that address translation depends on, without the mode (see Situation.words)."""
    frames: tuple[int, ...]
    """Physical page numbers of the pages."""
    entries: tuple[tuple[tuple[int, int], ...], ...]
    """For each page, the table entries (physical address, word) on the way to it, the leaf last, from each root in
    turn."""


class Setting(NamedTuple):
    pages: tuple[int, ...]
    """The page numbers that the program sees."""
    contents: tuple[bytes, ...]
    placements: tuple[Placement, Placement]
    seen: dict[int, int]
    """Physical page number -> page number that the program sees."""
    places: tuple[int, ...]
    """Addresses in the pages."""
    pool: tuple[int, ...]
    """Words that are meaningful in this setting, as values for registers."""


class Placer:
    """Makes settings in a subject's memory."""

    def __init__(self, subject: Subject, rng: Random, constants: Sequence[int] = ()) -> None:
        """`constants` are words to be found in the memory."""
        self.subject = subject
        self.rng = rng
        self.constants = constants
        self.used: set[int] = set()
        self.kinds: tuple[str, ...] = ("any use",)
        """Kinds of the first pages of a setting, of which the code's can be used in any way."""
        isa = subject.isa
        self.modes = range(isa.mode.count) if isa.mode else range(1)

    def settings(self, count: int) -> list[Setting]:
        """Make `count` settings: most with paging on, if the machine has paging that can be understood, and some with
        paging in only one placement."""
        made = list[Setting]()
        for number in range(count):
            places = ((False, False), (True, True), (True, True), (False, True), (True, True))[number % 5]
            # Every kind of page is next to every other.
            self.kinds = ("any use", KINDS[len(made) % 3], KINDS[len(made) // 3 % 3])
            try:
                made.append(self.setting(places, min(8 << number, LOW // PAGE)))
            except Unplaceable:
                continue
        return made

    def setting(self, paged: tuple[bool, bool], most: int) -> Setting:
        """Make one setting with paging in both placements, in one or in none; with none, its pages are below page
        `most`. Raises Unplaceable."""
        rng = self.rng
        if all(paged):
            # Adjacent pages, two of which may be restricted, the ends of the address space among them, and a page far
            # away. All are below LOW if a mode may go without paging.
            last = rng.choice((MOST, LOW)) // PAGE - 1
            start = rng.getrandbits(20) & last
            pages = tuple(dict.fromkeys((start, start + 1 & last, start + 2 & last, rng.getrandbits(20) & last)))
            if self.constants and rng.random() < 0.5:  # a page that some constant is the address of
                pages = (*pages[:-1], rng.choice(self.constants) >> 12 & last)
                pages = tuple(dict.fromkeys(pages))
        else:
            pages = tuple(self.free(most) for _ in range(PAGES))
        contents = tuple(map(self.page, pages))
        flags: dict[int, int] = {}
        placements = self.placement(pages, paged[0], flags), self.placement(pages, paged[1], flags)
        for placement in placements:
            for frame, data in zip(placement.frames, contents, strict=True):
                self.subject.memory.bytes[frame * PAGE : (frame + 1) * PAGE] = data
        seen = {f: page for placement in placements for f, page in zip(placement.frames, pages, strict=True)}
        places = [page << 12 | rng.getrandbits(12) & rng.choice((~3, ~1, ~0)) for page in pages for _ in range(8)]
        places += [(page << 12) + PAGE - rng.randrange(1, 4) for page in pages]
        numbers = [0, 1, 2, 31, ONES, ONES - 1, 1 << 31, (1 << 31) - 1, *(rng.getrandbits(WORD) for _ in range(12))]
        pool = (places + numbers) * 8
        return Setting(pages, contents, placements, seen, tuple(places), tuple(pool[:256]))

    def page(self, number: int) -> bytes:
        """Draw the contents of a page."""
        data = bytearray(self.rng.randbytes(PAGE))
        words = memoryview(data).cast("I")
        places = self.rng.choices(range(len(words)), k=len(words) // 4) if self.constants else ()
        for place, word in zip(places, self.rng.choices(self.constants or (0,), k=len(places)), strict=True):
            words[place] = word
        return bytes(data)

    def free(self, most: int = LOW // PAGE) -> int:
        """Return a physical page that is not in use yet."""
        while True:
            page = self.rng.randrange(most)
            if page not in self.used:
                self.used.add(page)
                return page

    def placement(self, pages: tuple[int, ...], paged: bool, flags: dict[int, int]) -> Placement:
        """Place the pages, with the same rights (`flags`, by page) in every placement. Raises Unplaceable."""
        subject, tables = self.subject, self.subject.isa.paging
        if paged and tables is not None and 1 << tables.page != PAGE:
            raise Unplaceable
        for _ in range(TRIES):
            words = self.rng.getrandbits(8 * subject.size) & subject.context_mask & subject.stored
            roots = self.roots(words)
            if roots is None or paged != any(root is not None for root in roots):
                continue
            # If a mode goes without paging, all modes see memory at its physical addresses.
            identity = None in roots
            if identity and any(page >= LOW // PAGE for page in pages):
                raise Unplaceable
            frames = tuple(page if identity else self.free() for page in pages)
            found = sorted({root for root in roots if root is not None})
            self.used.update(found)
            chains = [self.map(words, root, pages, frames, flags) for root in found]
            entries = tuple(tuple(e for chain in chains for e in chain[n]) for n in range(len(pages)))
            return Placement(words, frames, entries)
        raise Unplaceable

    def roots(self, words: int) -> list[int | None] | None:
        """Return each mode's root table, None for a mode without paging; None for all if a root cannot be used, or
        pages are of another size."""
        subject = self.subject
        found: list[int | None] = []
        for mode in self.modes:
            subject.enter(Situation(subject.in_mode(words, mode), 0, MOST, 0, 0))
            if subject.walker is None or not subject.walker.translates():
                found.append(None)
                continue
            if 1 << subject.walker.paging.page != PAGE:
                return None
            root = subject.walker.root(subject)
            if root >= LOW // PAGE - 1 or root in self.used:
                return None
            found.append(root)
        return found

    def map(
        self, words: int, root: int, pages: tuple[int, ...], frames: tuple[int, ...], flags: dict[int, int]
    ) -> list[list[tuple[int, int]]]:
        """Build the tables at `root`. Returns the entries on the way to each page."""
        subject = self.subject
        assert subject.walker is not None
        p = subject.walker.paging
        ways: list[list[tuple[int, int]]] = []
        for number, (page, frame) in enumerate(zip(pages, frames, strict=True)):
            table, shift = root << p.page, WORD
            way: list[tuple[int, int]] = []
            for level, bits in enumerate(p.levels):
                shift -= bits
                at = table + (page << 12 >> shift & (1 << bits) - 1) * p.entry
                entry = subject.memory.words[at >> 2]
                if level == len(p.levels) - 1:
                    if number not in flags:
                        kind = self.kinds[number] if number < len(self.kinds) else self.rng.choice(KINDS)
                        flags[number] = self.leaf(words, kind) & ~p.frame.mask
                    entry = flags[number] | frame << p.frame.lo
                elif not entry:
                    entry = self.pointer(words) & ~p.frame.mask | self.free() << p.frame.lo
                subject.memory.words[at >> 2] = entry
                way.append((at, entry))
                table = part(entry, p.frame) << p.page
            ways.append(way)
        return ways

    def pointer(self, words: int) -> int:
        """Draw an entry that leads to another table."""
        m, w = self.subject, self.subject.walker
        assert w is not None
        return self.entry(words, lambda mode, e: not w.invalid(m, e) and not w.leaf(m, e))

    def leaf(self, words: int, kind: str) -> int:
        """Draw an entry that maps a page: usable in any way in any mode, for the supervisor alone if that is possible,
        or with whatever rights result."""
        m, w, modes = self.subject, self.subject.walker, self.subject.isa.mode
        assert w is not None

        def fits(mode: int, e: int) -> bool:
            if w.invalid(m, e) or not w.leaf(m, e):
                return False
            usable = not any(denied(m, e) for denied in w.denials) and all(may(m, e) for may, _ in w.rights)
            if kind == "any use" or (kind == "the supervisor's" and modes and mode == modes.supervisor):
                return usable
            return kind == "any" or not (modes and mode == modes.user and usable)

        try:
            found = self.entry(words, fits, TRIES if kind != "the supervisor's" else FEW)
        except Unplaceable:
            if kind != "the supervisor's":
                raise
            return self.leaf(words, "any")
        return found | w.paging.accessed | w.paging.dirty

    def entry(self, words: int, fits: Callable[[int, int], bool], tries: int = TRIES) -> int:
        """Draw an entry that `fits` in every mode. Raises Unplaceable."""
        subject, rng = self.subject, self.rng
        for attempt in range(tries):
            made = rng.getrandbits(WORD)
            for _ in range(attempt % 3):  # with many bits set, and with few
                made &= rng.getrandbits(WORD)
            if fits_everywhere(subject, self.modes, words, made, fits):
                return made
        raise Unplaceable


def fits_everywhere(
    subject: Subject, modes: Collection[int], words: int, entry: int, fits: Callable[[int, int], bool]
) -> bool:
    for mode in modes:
        subject.enter(Situation(subject.in_mode(words, mode), 0, MOST, 0, 0))
        if not fits(mode, entry):
            return False
    return True


def part(word: int, bits: Bits) -> int:
    return (word & bits.mask) >> bits.lo
